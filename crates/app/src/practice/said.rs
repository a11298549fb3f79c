//! What made-up people say in the course of the work: reasons, outcomes, notes. It must not know whom
//! it is said of.

use jitasa_domain::{ClosingReason, ReviewState, lifecycle::AssignmentMove};

/// What a note says when there may be danger to life.
pub(super) const GRAVE: [&str; 13] = [
    "หอบเหนื่อย",
    "ไข้สูง",
    "ปวดท้องเป็นพัก",
    "ปลายนิ้ว 91",
    "เหลือไม่ถึงครึ่งถัง",
    "เครื่องผลิตออกซิเจนใช้ไม่ได้",
    "วัดความดันได้สูง",
    "เดินไม่ได้",
    "น้ำท่วมทางเข้าบ้าน",
    "น้ำเข้าบ้านสูง",
    "ตลิ่งทรุด",
    "ไปศูนย์พักพิงก่อนค่ำ",
    "อยู่บ้านกับหลานเล็ก",
];

/// What a note says about who is in the house.
pub(super) const SIGNS: [(&str, &str); 15] = [
    ("ติดเตียง", "bedridden"),
    ("ตั้งครรภ์", "pregnant"),
    ("เด็กเล็ก", "infant"),
    ("ขวบ", "infant"),
    ("แม่ลูกอ่อน", "infant"),
    ("หลานเล็ก", "infant"),
    ("ผู้สูงอายุ", "elderly"),
    ("ผู้พิการ", "disabled"),
    ("รถเข็น", "disabled"),
    ("ฟอกไต", "dialysis"),
    ("ออกซิเจน", "oxygen"),
    ("เบาหวาน", "chronic"),
    ("ความดัน", "chronic"),
    ("หลอดเลือดสมอง", "chronic"),
    ("ถุงลมโป่งพอง", "chronic"),
];

/// What a clerk adds to a call.
pub(super) const REMARKS: [&str; 12] = [
    "โทรกลับได้หลัง 17.00 น.",
    "โทรไม่ติด ให้ติดต่อผ่าน อสม. ในหมู่บ้าน",
    "อยู่กับหลานสองคน ลูกทำงานกรุงเทพฯ",
    "น้ำท่วมถึงหน้าบ้าน รถเล็กเข้าไม่ได้",
    "มีสุนัขดุ ให้เรียกก่อนเข้า",
    "หูตึง ต้องพูดดัง ๆ",
    "เคยได้ถุงยังชีพแล้วครั้งหนึ่ง",
    "ขอให้มาช่วงเช้า",
    "ญาติเป็นผู้แจ้งแทน ผู้ป่วยพูดโทรศัพท์ไม่ได้",
    "ไฟฟ้าในบ้านใช้ไม่ได้",
    "ยกของขึ้นชั้นสองแล้ว ยังไม่ยอมออกจากบ้าน",
    "ย้ายไปพักบ้านญาติในหมู่บ้านเดียวกันชั่วคราว",
];

pub(super) const REFERRAL_NOTES: [&str; 2] = [
    "บ้านอยู่ติดเขต ขอให้ตำบลท่าสีดาช่วยนำเรือเข้าไป",
    "รถกู้ชีพของตำบลออกงานหมด ขอสนับสนุนรถ 1 คัน",
];

/// What was found when somebody looked again: nobody has come yet, somebody has taken it, help came.
pub(super) const STILL_WAITS: [&str; 3] = [
    "โทรแล้ว ยังรอความช่วยเหลือ อาการคงเดิม",
    "โทรแล้ว ยังรออยู่ แจ้งว่ากำลังหาคนไปช่วย",
    "ให้ อสม. แวะดูแล้ว ยังรอของ",
];
pub(super) const ON_THE_WAY: [&str; 2] = [
    "มีจิตอาสารับเรื่องแล้ว แจ้งเจ้าของบ้านให้รอ",
    "โทรถามจิตอาสาแล้ว กำลังเดินทาง",
];
pub(super) const HELP_CAME: [&str; 2] = [
    "เจ้าของบ้านบอกว่าได้รับแล้ว รอผู้ใหญ่บ้านรับรอง",
    "มีคนไปช่วยแล้ว รอผู้ใหญ่บ้านยืนยัน",
];

/// What to look at again for a kind of need, and what was found then.
pub(super) fn look_again(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "food_water" => ("โทรถามว่าข้าวและน้ำดื่มยังพอหรือไม่", "ยังพออีก 3 วัน"),
        "supplies" => ("โทรถามว่าได้รับของครบหรือยัง", "ได้รับของครบแล้ว"),
        "medicine" => ("ตรวจว่ายายังพอถึงนัดครั้งหน้า", "รับยาเพิ่มจาก รพ.สต. แล้ว"),
        "medical" => ("ให้ อสม. แวะดูอาการอีกครั้ง", "อาการดีขึ้น กินข้าวได้"),
        "transport" => ("ถามผลพบแพทย์ตามนัด", "พบแพทย์แล้ว นัดอีกครั้งเดือนหน้า"),
        "oxygen" => ("ตรวจปริมาณออกซิเจนที่เหลือ", "เหลือครึ่งถัง เปลี่ยนให้แล้ว"),
        "bed" | "test" => ("ถามผลตรวจและที่พักของผู้ป่วย", "ผลเป็นลบ กลับบ้านแล้ว"),
        "vaccine" => ("ถามอาการหลังฉีด", "ไม่มีไข้ ปกติดี"),
        "shelter" => ("ตรวจดูว่าน้ำลดพอเข้าบ้านได้หรือยัง", "น้ำลดแล้ว กลับเข้าบ้านได้"),
        "repair" => ("นัดช่างมุงหลังคา ถามความคืบหน้า", "ช่างมุงเสร็จแล้ว"),
        "funeral" => ("ถามเรื่องเอกสารค่าจัดการศพ", "ส่งเอกสารครบแล้ว"),
        _ => ("โทรถามความคืบหน้า", "โทรติดแล้ว ไม่มีอะไรขาด"),
    }
}

pub(super) const MENDINGS: [&str; 4] = [
    "แก้บ้านเลขที่ตามที่ผู้ใหญ่บ้านแจ้ง",
    "โทรถามซ้ำแล้ว จุดสังเกตถูกต้อง",
    "แก้จำนวนคนในบ้านแล้ว",
    "ตรวจทะเบียนบ้านแล้ว อยู่หมู่นี้จริง",
];

/// Why the headman does not confirm a case, or help that is said to have come.
pub(super) fn review_reasons(verdict: ReviewState, of_help: bool) -> &'static [&'static str] {
    match (verdict, of_help) {
        (ReviewState::Returned, true) => &[
            "ถามเจ้าของบ้านแล้ว ยังไม่ได้รับของ",
            "ได้ไม่ครบ ขาดน้ำดื่ม",
            "ยังไม่มีใครมาถึงบ้าน",
        ],
        (ReviewState::Returned, false) => &[
            "บ้านเลขที่ไม่ตรง ขอให้ถามใหม่",
            "จำนวนคนไม่ถูก อยู่จริง 3 คน",
            "อยู่คนละหมู่ ขอให้ตรวจอีกครั้ง",
        ],
        (ReviewState::NotFound, _) => &["ไปที่บ้านแล้วไม่พบใคร", "ไม่มีบ้านเลขที่นี้ในหมู่", "ย้ายไปอยู่กับลูกที่อื่นแล้ว"],
        (ReviewState::Rejected, _) => &["ไม่ได้เดือดร้อนจริง", "เจ้าของบ้านบอกว่าไม่ได้แจ้ง"],
        (ReviewState::Confirmed | ReviewState::Unreviewed, _) => &[],
    }
}

/// Why a step was taken that needs a reason.
pub(super) fn step_reasons(step: AssignmentMove) -> &'static [&'static str] {
    use AssignmentMove as M;
    match step {
        M::Decline => &["ติดงานบุญ", "รถเสีย", "ออกไปช่วยอีกหมู่อยู่", "ไม่สบาย"],
        M::Fail => &["น้ำแรง เข้าไม่ถึงบ้าน", "ไปถึงแล้วไม่มีใครอยู่", "ของหมดระหว่างทาง"],
        M::Revoke => &["มอบหมายผิดคน", "มีผู้อื่นไปช่วยแล้ว"],
        M::Reassign => &["เปลี่ยนให้คนที่อยู่ใกล้กว่า", "เปลี่ยนให้คนที่มีเรือ"],
        M::Offer
        | M::Accept
        | M::Expire
        | M::Depart
        | M::Arrive
        | M::Finish
        | M::FinishPartly
        | M::Confirm
        | M::Return => &[],
    }
}

/// What was given or done.
pub(super) fn outcome(kind: &str, partly: bool) -> &'static str {
    if partly {
        return match kind {
            "food_water" | "supplies" => "ให้ได้ครึ่งหนึ่ง ที่เหลือรอของเข้า",
            "repair" => "คลุมผ้าใบไว้ก่อน รอสังกะสี",
            "medicine" => "ได้ยาพอ 3 วัน ที่เหลือรอ รพ.สต.",
            _ => "ช่วยได้บางส่วน ต้องไปอีกครั้ง",
        };
    }
    match kind {
        "food_water" => "มอบข้าวสาร 5 กก. อาหารแห้ง และน้ำดื่ม 2 แพ็ก",
        "supplies" => "มอบถุงยังชีพ 1 ชุด",
        "medicine" => "นำยาไปส่งถึงบ้านแล้ว",
        "medical" => "วัดความดัน ทำแผล ให้คำแนะนำแล้ว",
        "transport" => "รับส่งถึงโรงพยาบาลและกลับบ้านเรียบร้อย",
        "oxygen" => "นำถังออกซิเจนไปเปลี่ยนแล้ว",
        "bed" => "เข้าศูนย์พักคอยแล้ว",
        "test" => "ตรวจ ATK ครบทุกคนในบ้าน",
        "vaccine" => "พาไปฉีดแล้ว",
        "shelter" => "พาไปศูนย์พักพิงแล้ว",
        "funeral" => "ช่วยจัดงานและประสานวัดแล้ว",
        "repair" => "ซ่อมเสร็จแล้ว",
        _ => "ดำเนินการให้แล้ว",
    }
}

/// What the clerk notes when he closes a case; an empty text is no note.
pub(super) fn closing_notes(reason: ClosingReason) -> &'static [&'static str] {
    use ClosingReason as C;
    match reason {
        C::Met => &["ช่วยครบแล้วตั้งแต่วันแรก", ""],
        C::PartlyMet => &["ได้เท่าที่มี เจ้าของบ้านพอใจแล้ว"],
        C::MetByOthers => &["กาชาดมอบให้แล้ว", "ญาติมารับไปดูแลแล้ว", "วัดช่วยแล้ว"],
        C::NoLongerWanted => &["น้ำลดแล้ว ไม่ต้องการแล้ว", "เจ้าของบ้านขอยกเลิก"],
        C::CannotReach => &["โทรไม่ติด 3 ครั้ง", "ไม่ทราบที่อยู่ ติดต่อไม่ได้"],
        C::OutOfScope => &["แนะนำให้ติดต่อการไฟฟ้า", "เป็นเรื่องที่ดินเอกชน"],
        C::Duplicate => &["เรื่องเดียวกับที่แจ้งไว้ก่อนแล้ว", ""],
        C::ReferredOut => &["ส่งต่อ พมจ. แล้ว", "ส่งต่อโรงพยาบาลแล้ว"],
        C::Died => &["ญาติแจ้งว่าเสียชีวิตแล้ว"],
        C::NotTrue => &["ผู้ใหญ่บ้านตรวจแล้วไม่เป็นความจริง"],
    }
}
