use proptest::prelude::*;

use super::{answers::WORDS, *};
use crate::text;

/// Codes of these tests: a list prints 12AK, 12CT, 12FX and MAR7; a code of four signs is right when
/// it ends in K, T, X or 7.
fn fit(word: &str) -> Fit {
    let word = text::arabic_digits(word)
        .to_uppercase()
        .replace(['-', ' '], "");
    match word.as_str() {
        "12AK" | "12CT" | "12FX" | "MAR7" => Fit::Printed,
        "ม.569012" => Fit::List,
        _ if word.len() != 4 || !word.bytes().all(|sign| sign.is_ascii_alphanumeric()) => {
            Fit::Nothing
        }
        _ if word.bytes().all(|sign| sign.is_ascii_digit()) => Fit::Nothing,
        _ if word.ends_with(['K', 'T', 'X', '7']) => Fit::Sound,
        _ => Fit::Wrong,
    }
}

fn entries(typed: &str) -> Vec<(String, Answered, Option<String>)> {
    read(typed, &fit)
        .into_iter()
        .map(|keyed| {
            (
                text::arabic_digits(&keyed.code)
                    .to_uppercase()
                    .replace('-', ""),
                keyed.answer,
                keyed.note,
            )
        })
        .collect()
}

fn ticked(code: &str, tick: Tick) -> (String, Answered, Option<String>) {
    (code.into(), Answered::Tick(tick), None)
}

/// The box of a line that asks whether a case is so.
fn of_a_case(answer: Answered) -> Answered {
    match answer {
        Answered::Tick(Tick::Yes) => Answered::Tick(Tick::Found),
        Answered::Tick(Tick::No) => Answered::Tick(Tick::NotFound),
        other => other,
    }
}

#[test]
fn every_way_of_keying_three_lines_reads_the_same() {
    let meant = [
        ticked("12AK", Tick::Found),
        ticked("12CT", Tick::NotFound),
        ticked("12FX", Tick::Helped),
    ];
    for typed in [
        "12AK ok, 12CT ไม่พบ, 12FX เสร็จ",
        "12AK1 12CT2 12FX4",
        "12ak1,12ct2,12fx4",
        "12AK 1 12CT 2 12FX 4",
        "12AK,1,12CT,2,12FX,4",
        "12AK\tมี\n12CT\tไม่มี\n12FX\tช่วยแล้ว\n",
        "12AK=ok; 12CT: ไม่พบ; 12FX-4",
        "12AKมี 12CTไม่เจอ 12FXได้รับแล้ว",
        "12 AK 1, 12 CT 2, 12 FX 4",
        "12 AK1 12 CT2 12 FX4",
        "1 2 A K ok\n12-CT ไม่ พบ\n1 2FX ช่วย แล้ว",
        "๑๒AK ๑ ๑๒CT ๒ ๑๒FX ๔",
        "12AK, โอเค\n12CT,no\n12FX,done",
        // The keyboard in Thai, commas and all.
        "ๅ/ฟาๅ ๅ/แะ/ ๅ/ดปภ",
        "ๅ/ฟา ๅ ๅ/แะ / ๅ/ดป ภ",
        "ๅ/ฟาๅมๅ/แะ/มๅ/ดปภ",
        "ๅ/ฟา ๅม ๅ/แะ /ม ๅ/ดป ภ",
        "ๅ/ฤษ มี ๅ/ฉธ ไม่พบ ๅ/โ) เสร็จ",
        "ๅ/ ฟา มี, ๅ/ แะ ไม่พบ, ๅ/ ดป เสร็จ",
        // The keyboard in English, Thai words.
        "12AK 0ib'\n12CT w,jr[\n12FX gliH0",
        "12AK 0ib' 12CT w,j,u 12FX =j;pc]h;",
    ] {
        let read: Vec<_> = entries(typed)
            .into_iter()
            .map(|(code, answer, note)| (code, of_a_case(answer), note))
            .collect();
        assert_eq!(read, meant, "{typed}");
    }
}

#[test]
fn the_answers_of_an_office_are_known() {
    for (tick, words) in [
        (
            Tick::Found,
            [
                "มี",
                "พบ",
                "1",
                "๑",
                "เจอ",
                "found",
                "มี.",
                "Found",
                "พบแล้ว",
                "ๅ",
            ],
        ),
        (
            Tick::Yes,
            [
                "ok",
                "โอเค",
                "จริง",
                "ใช่",
                "ถูกต้อง",
                "✓",
                "OK",
                "ok.",
                "yes",
                "ถูก",
            ],
        ),
        (
            Tick::No,
            [
                "no",
                "No",
                "NO",
                "ไม่จริง",
                "ไม่ใช่",
                "ไม่มี",
                "none",
                "ไม่ มี",
                "ไม่มีจริง",
                "no.",
            ],
        ),
        (
            Tick::NotHelped,
            [
                "5",
                "๕",
                "ยังไม่ได้รับ",
                "ไม่ถึง",
                "ไม่ครบ",
                "ไม่มา",
                "บางส่วน",
                "ยังไม่ถึง",
                "ยัง ไม่ได้รับ",
                "ถ",
            ],
        ),
        (
            Tick::NotFound,
            [
                "ไม่พบ",
                "ไม่พบ.",
                "not found",
                "2",
                "๒",
                "ไม่เจอ",
                "(2)",
                "notfound",
                "ไม่ พบ",
                "2.",
            ],
        ),
        (
            Tick::Amend,
            [
                "แก้",
                "แก้ไข",
                "ผิด",
                "3",
                "๓",
                "แก้ไข.",
                "cdh",
                "ตีกลับ",
                "wrong",
                "ไม่ถูกต้อง",
            ],
        ),
        (
            Tick::Helped,
            [
                "ช่วยแล้ว",
                "เสร็จ",
                "ได้รับแล้ว",
                "done",
                "4",
                "๔",
                "Done",
                "เสร็จแล้ว",
                "helped",
                "ภ",
            ],
        ),
    ] {
        for word in words {
            assert_eq!(read_answer(word), Some(tick), "{word}");
        }
    }
    for word in ["", "/", "-", "x", "6", "0", "บ้าน", "12AK", "ม"] {
        assert_eq!(read_answer(word), None, "{word}");
    }
}

#[test]
fn no_word_stands_for_two_boxes() {
    for (tick, words) in WORDS {
        for word in words {
            assert_eq!(read_answer(word), Some(tick), "{word}");
        }
    }
}

#[test]
fn what_follows_the_answer_is_the_headmans_note() {
    let read = entries("12AK แก้ บ้านเลขที่ 45/2 ไม่ใช่ 54, ชื่อ สมหมาย, 12CT ok\n12FX 3 อยู่ 2569 ปี");
    assert_eq!(read.len(), 3);
    assert_eq!(
        read[0],
        (
            "12AK".into(),
            Answered::Tick(Tick::Amend),
            Some("บ้านเลขที่ 45/2 ไม่ใช่ 54, ชื่อ สมหมาย".into())
        )
    );
    assert_eq!(read[1], ticked("12CT", Tick::Yes));
    assert_eq!(read[2].2.as_deref(), Some("อยู่ 2569 ปี"));
}

#[test]
fn how_help_did_not_come_stays_in_the_note() {
    for (typed, note) in [
        ("12AK ไม่ครบ ขาดน้ำดื่ม", Some("ไม่ครบ ขาดน้ำดื่ม")),
        ("12AK บางส่วน", Some("บางส่วน")),
        ("12AK ยังไม่ได้รับ รอตั้งแต่เช้า", Some("รอตั้งแต่เช้า")),
        ("12AK5", None),
    ] {
        let read = entries(typed);
        assert_eq!(read[0].1, Answered::Tick(Tick::NotHelped), "{typed}");
        assert_eq!(read[0].2.as_deref(), note, "{typed}");
    }
}

#[test]
fn a_wrong_code_is_an_entry_of_its_own_wherever_it_stands() {
    for typed in [
        "12AK 1 12CA 2",
        "12AK1 12CA2",
        "12AK ok, 12CA no",
        "12AK 1 12 CA 2",
    ] {
        let read = entries(typed);
        let of = |at: usize| (read[at].0.as_str(), of_a_case(read[at].1));
        assert_eq!(of(0), ("12AK", Answered::Tick(Tick::Found)), "{typed}");
        assert_eq!(of(1), ("12CA", Answered::Tick(Tick::NotFound)), "{typed}");
    }
    let read = entries("12A ok\nบ้าน 5");
    assert_eq!((read[0].0.as_str(), read[0].1), ("12A", Answered::Unknown));
    assert_eq!((read[1].0.as_str(), read[1].1), ("บ้าน", Answered::Unknown));
}

#[test]
fn what_is_missing_or_odd_is_said_and_never_guessed() {
    let answers = |typed: &str| {
        entries(typed)
            .into_iter()
            .map(|entry| entry.1)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        answers("12AK 12CT 2"),
        [Answered::Missing, Answered::Tick(Tick::NotFound)]
    );
    assert_eq!(answers("12AK"), [Answered::Missing]);
    assert_eq!(answers("12AK 7"), [Answered::Unknown]);
    assert_eq!(
        answers("12AK /"),
        [Answered::Unknown],
        "a tick mark is not key 2 on the other layout"
    );
    assert_eq!(answers("12AK บ้านดำ"), [Answered::Unknown]);
    assert_eq!(answers("12AK 1 2"), [Answered::Unknown], "two boxes");
    assert_eq!(
        answers("12AK ok มี"),
        [Answered::Tick(Tick::Found)],
        "the same box twice"
    );
    assert_eq!(answers("12AK ใช่ ได้รับแล้ว"), [Answered::Tick(Tick::Helped)]);
    assert_eq!(answers("12AK ใช่ ไม่พบ"), [Answered::Unknown]);
    assert!(answers("").is_empty());
    assert!(answers(" ,;\n , ").is_empty());
}

#[test]
fn a_list_can_be_named_before_its_lines() {
    let read = read(
        "12CT 1\nม.5-69-012: 12AK 1, 12CT 2\nใบ ม.๕-๖๙-๐๑๒ 12FX 4",
        &fit,
    );
    let lists: Vec<_> = read.iter().map(|keyed| keyed.list.is_some()).collect();
    assert_eq!(lists, [false, true, true, true]);
    assert_eq!(read[3].answer, Answered::Tick(Tick::Helped));
}

#[test]
fn thirty_lines_take_six_keys_each() {
    let typed = "12AK1 ".repeat(30);
    assert_eq!(typed.chars().count(), 180);
    assert_eq!(entries(&typed), vec![ticked("12AK", Tick::Found); 30]);
}

proptest! {
    #[test]
    fn nothing_typed_is_too_strange(typed in any::<String>()) {
        let _ = read(&typed, &fit);
    }

    #[test]
    fn nothing_a_clerk_types_is_too_strange_and_every_word_is_in_some_entry(
        words in proptest::collection::vec(
            prop_oneof!["12AK|12CT|MAR7|12CA|12A|1|2|4|ok|แก้|ไม่พบ|ๅ/ฟาๅ|ม|,|;|\n|บ้าน 5/1|/|-|ใบ|ม.5-69-012", "[ -~ก-๛]{0,6}"],
            0..30,
        ),
    ) {
        let typed = words.join(" ");
        let read = read(&typed, &fit);
        // The pieces stand in what was typed, one after another: the screen marks them there.
        let mut rest = typed.as_str();
        for keyed in read {
            prop_assert!(!keyed.code.is_empty() && !keyed.text.is_empty());
            let at = rest.find(&keyed.text);
            prop_assert!(at.is_some(), "{:?} in {:?}", keyed.text, typed);
            rest = &rest[at.unwrap() + keyed.text.len()..];
        }
    }
}
