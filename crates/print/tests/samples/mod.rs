//! Made-up villages to print.
#![allow(
    dead_code,
    reason = "each test and the example take the samples they need"
)]

use jitasa_print::{
    Asks, CallList, Cells, Column, Figure, Head, Section, ShiftPage, Slip, SlipNeed, Slips,
    TickLine, TickList,
};

const PEOPLE: [&str; 12] = [
    "นางสมศรี ใจงาม",
    "นายบุญมี แสนสุข",
    "นางสาวประกายดาว พงษ์วัฒนาสวรรค์",
    "นายทองดี มีทรัพย์",
    "นางคำปุ่น ศรีโนนสวรรค์",
    "นายสำราญ เรืองฤทธิ์เดชา",
    "นางหนูจันทร์ โพธิ์ไทร",
    "ด.ช.ธนกฤต ก้องเกียรติไพศาล",
    "นายประเสริฐ วงศ์คำมูล",
    "นางบัวลา พลเยี่ยม",
    "นายสุวิทย์ ดวงแก้ว",
    "น.ส.น้ำผึ้ง ทิพย์สิงห์",
];
const HOUSES: [&str; 12] = [
    "45/2",
    "7",
    "112/15",
    "9 (หลังวัด)",
    "31",
    "88/ก",
    "14",
    "203/1",
    "5",
    "66",
    "27/3",
    "150",
];
const NEEDS: [&[&str]; 6] = [
    &["น้ำดื่ม"],
    &["อาหาร", "น้ำดื่ม"],
    &["อพยพออกจากบ้าน"],
    &["ยาประจำตัว"],
    &["ซ่อมหลังคา", "ผ้าห่ม"],
    &["ขนย้ายสิ่งของขึ้นที่สูง"],
];
const WHO: [&str; 3] = ["นายสมชาย รักดี (อสม.)", "ทีมเรือ อบต.โคกสว่าง", "นางวันเพ็ญ คำภา"];

pub(crate) fn head() -> Head {
    Head {
        office: "ที่ว่าการอำเภอหนองพอก จังหวัดร้อยเอ็ด".into(),
        incident: "อุทกภัย ตุลาคม 2569".into(),
        printed: "23 พฤศจิกายน 2569 เวลา 16:05 น.".into(),
    }
}

/// A code that differs for each line.
pub(crate) fn code(at: usize) -> String {
    const SIGNS: &[u8] = b"ACDEFHJKMNPRTUWXY";
    let sign = |n: usize| char::from(SIGNS[n % SIGNS.len()]);
    format!(
        "{}{}{}",
        10 + at % 90,
        sign(at / 90 + at),
        sign(at * 7 + at / 17 + 3)
    )
}

pub(crate) fn tick_list(lines: usize) -> TickList {
    TickList {
        head: head(),
        number: "450905-69-0012".into(),
        village: "หมู่ที่ 6 บ้านโนนพระ ตำบลโคกสว่าง อำเภอหนองพอก".into(),
        headman: "นายสมบูรณ์ ศรีสว่าง".into(),
        lines: (0..lines)
            .map(|at| TickLine {
                code: code(at),
                name: PEOPLE[at % PEOPLE.len()].into(),
                house: HOUSES[at % HOUSES.len()].into(),
                needs: NEEDS[at % NEEDS.len()]
                    .iter()
                    .map(|need| (*need).into())
                    .collect(),
                asks: if at % 3 == 2 {
                    Asks::Help {
                        who: WHO[at % WHO.len()].into(),
                        when: "22 พ.ย. 2569".into(),
                    }
                } else {
                    Asks::Report {
                        told: "แจ้งเมื่อ 20 พ.ย. 2569".into(),
                    }
                },
            })
            .collect(),
    }
}

pub(crate) fn slip(at: usize) -> Slip {
    let needs = NEEDS[at % NEEDS.len()].iter();
    Slip {
        number: format!("450905-69-{:05}", 120 + at),
        volunteer: WHO[at % WHO.len()].into(),
        person: PEOPLE[at % PEOPLE.len()].into(),
        house: HOUSES[at % HOUSES.len()].into(),
        village: "หมู่ที่ 6 บ้านโนนพระ ตำบลโคกสว่าง".into(),
        landmark: "ถนนดินหลังวัดโนนพระ บ้านไม้สองชั้นหลังคาสีเขียว มีต้นมะขามใหญ่หน้าบ้าน".into(),
        needs: needs
            .map(|need| SlipNeed {
                number: String::new(),
                name: (*need).into(),
                hands: 2,
            })
            .collect(),
        deadline: "24 พ.ย. 2569 เวลา 12:00 น.".into(),
        paragraphs: vec![
            "ขอความร่วมมือไปช่วยตามรายการข้างต้น หากไปไม่ได้โปรดโทรแจ้งสำนักงานทันที เพื่อให้ผู้อื่นไปแทนได้ทัน".into(),
        ],
    }
}

pub(crate) fn slips() -> Slips {
    let mut list: Vec<Slip> = (0..4).map(slip).collect();
    let many = [
        "น้ำดื่ม 4 แพ็ก",
        "ข้าวสาร 10 กก.",
        "ยาประจำตัว",
        "ผ้าห่ม 3 ผืน",
        "ซ่อมหลังคา",
        "ขนย้ายสิ่งของขึ้นที่สูง",
        "พาไปศูนย์พักพิง",
    ];
    list[3].needs = (1..)
        .zip(many)
        .map(|(serial, need)| SlipNeed {
            number: format!("{}-{serial:02}", list[3].number),
            name: need.into(),
            hands: 2,
        })
        .collect();
    Slips {
        head: head(),
        call_back: "043-579-123".into(),
        slips: list,
    }
}

fn column(title: &str, cells: Cells) -> Column {
    Column {
        title: title.into(),
        cells,
    }
}

pub(crate) fn section(title: &str, count: u32, shown: usize, reason: &str) -> Section {
    Section {
        title: title.into(),
        count,
        columns: vec![
            column("ชื่อ เลขที่เคส", Cells::Whole),
            column("หมู่บ้าน", Cells::Whole),
            column("ความต้องการ", Cells::Prose),
            column("ความเร่งด่วน", Cells::Whole),
            column("เมื่อ", Cells::Line),
            column("หมายเหตุ", Cells::Prose),
        ],
        rows: (0..shown)
            .map(|at| {
                vec![
                    format!(
                        "{} 450905-69-{:05}",
                        PEOPLE[(at + shown) % PEOPLE.len()],
                        310 + at
                    ),
                    "ม.6 บ้านโนนพระ".into(),
                    NEEDS[at % NEEDS.len()].join(", "),
                    "ด่วนมาก".into(),
                    format!("23 พ.ย. {:02}:41", 23 - at % 24),
                    reason.into(),
                ]
            })
            .collect(),
        more: u32::try_from(shown).map_or(0, |shown| count - shown),
    }
}

pub(crate) fn shift() -> ShiftPage {
    let figure = |name: &str, value: &str, change: &str| Figure {
        name: name.into(),
        value: value.into(),
        change: change.into(),
    };
    ShiftPage {
        head: head(),
        from: "22 พ.ย. 2569 เวลา 20:00 น.".into(),
        to: "23 พ.ย. 2569 เวลา 08:00 น.".into(),
        hands_over: "นางสาวกมลวรรณ ศรีบุญ".into(),
        takes_over: String::new(),
        figures: vec![
            figure("เคสทั้งหมด", "412", "+38"),
            figure("ความต้องการที่ยังไม่มีคน", "57", "+12"),
            figure("กำลังไปช่วย", "23", "-4"),
            figure("ช่วยแล้วรอผู้ใหญ่บ้านยืนยัน", "41", "+19"),
        ],
        sections: vec![
            section(
                "อันตรายถึงชีวิต รายใหม่",
                2,
                2,
                "น้ำถึงชั้นสอง ผู้ป่วยติดเตียง โทรติดแล้ว กำลังหาเรือ",
            ),
            section("รอนานที่สุด", 14, 5, "ยังไม่มีจิตอาสาที่มีรถ"),
            section("เสนองานแล้วไม่มีคำตอบ", 3, 3, "โทรไม่ติดสองครั้ง"),
            section("ติดตามเกินกำหนด", 0, 0, ""),
            section("ส่งต่อหัวหน้าแล้ว", 1, 1, "ขอรถสูงจากอำเภอ"),
        ],
        notes: vec!["สะพานบ้านโนนพระรถเล็กผ่านไม่ได้ตั้งแต่ 02:00 น. ให้อ้อมทางบ้านหนองเม็ก".into()],
    }
}

pub(crate) fn call_list(rows: usize) -> CallList {
    CallList {
        head: head(),
        title: "รายการโทรยืนยันสภาพ".into(),
        asks: "ถามว่ายังต้องการอยู่หรือไม่ มีใครไปช่วยแล้วหรือยัง และมีอะไรเปลี่ยนไปบ้าง".into(),
        caller: String::new(),
        columns: vec![
            column("เลขที่", Cells::Whole),
            column("ชื่อ", Cells::Whole),
            column("โทรศัพท์", Cells::Whole),
            column("ความต้องการ", Cells::Prose),
            column("ยืนยันล่าสุด", Cells::Whole),
        ],
        rows: (0..rows)
            .map(|at| {
                vec![
                    format!("69-{:05}", 310 + at),
                    PEOPLE[at % PEOPLE.len()].into(),
                    format!("080-000-{:04}", at),
                    NEEDS[at % NEEDS.len()].join(", "),
                    "3 วันก่อน".into(),
                ]
            })
            .collect(),
        ticks: ["ยังต้องการ", "ได้รับแล้ว", "ไม่รับสาย"].map(Into::into).to_vec(),
        more: 12,
    }
}
