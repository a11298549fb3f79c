use super::words::{MONTHS_ENGLISH, MONTHS_SPOKEN};
use super::*;
use jiff::civil::{date, time};
use proptest::prelude::*;

/// 25 September 2569.
const TODAY: Date = date(2026, 9, 25);

fn day(text: &str) -> Result<(Date, Precision), &'static str> {
    read(text, TODAY)
        .map(|r| (r.date, r.precision))
        .map_err(|e| e.code())
}

#[test]
fn every_written_form_of_one_day_is_the_same_day() {
    for text in [
        "25/12/2564",
        "25-12-2564",
        "25.12.2564",
        "25 12 2564",
        "25-12-64",
        "25/12/64",
        "25.12.64",
        "๒๕/๑๒/๒๕๖๔",
        "๒๕/๑๒/๖๔",
        "25 ธันวาคม 2564",
        "๒๕ ธันวาคม ๒๕๖๔",
        "25 ธ.ค. 2564",
        "๒๕ ธ.ค. ๒๕๖๔",
        "25ธ.ค.2564",
        "25 ธค 64",
        "25 ธ. ค. 64",
        "25-ธ.ค.-64",
        "25 ธันวา 64",
        "25 ธันวาคม พ.ศ. 2564",
        "25 ธันวาคม พ.ศ.2564",
        "วันที่ 25 เดือนธันวาคม พ.ศ. 2564",
        "วันเสาร์ที่ 25 ธันวาคม 2564",
        "วันที่ 25 เดือน 12 ปี 2564",
        "25 ธันวาคม ค.ศ. 2021",
        "25 ธันวาคม 2021",
        "25/12/2021",
        "2021-12-25",
        "2564-12-25",
        "2564/12/25",
        "'25/12/2564",
        " 25/12/2564 ",
        "25 / 12 / 2564",
        "25 Dec 2021",
        "25 December 2564",
        "25/12/2564 พ.ศ.",
        "25\u{a0}ธันวาคม\u{200b} 2564",
        "2021-12-25 00:00:00",
        "2021-12-25T00:00:00.000",
    ] {
        assert_eq!(
            day(text),
            Ok((date(2021, 12, 25), Precision::Day)),
            "{text}"
        );
    }
}

#[test]
fn every_month_is_read_in_every_spelling() {
    for (number, index) in (1_i8..).zip(0..12) {
        let bare = MONTHS_SHORT[index].replace('.', "");
        let lists = [
            MONTHS[index],
            MONTHS_SHORT[index],
            MONTHS_SPOKEN[index],
            MONTHS_ENGLISH[index],
        ];
        for month in lists.into_iter().chain([bare.as_str()]) {
            let expected = Ok((date(2024, number, 9), Precision::Day));
            assert_eq!(day(&format!("9 {month} 2567")), expected, "{month}");
            assert_eq!(day(&format!("9{month}2567")), expected, "{month}");
            assert_eq!(day(&format!("9 {month} พ.ศ. 2567")), expected, "{month}");
        }
    }
    assert_eq!(
        day("9 กุมภาพันธ 2567"),
        Ok((date(2024, 2, 9), Precision::Day))
    );
}

#[test]
fn the_day_always_stands_before_the_month() {
    assert_eq!(day("๙/๑๒/๖๔"), Ok((date(2021, 12, 9), Precision::Day)));
    assert_eq!(day("01/02/2569"), Ok((date(2026, 2, 1), Precision::Day)));
    assert_eq!(day("12/25/2564"), Err("date_impossible"));
}

#[test]
fn a_month_or_a_year_alone_is_read_with_its_precision() {
    for text in [
        "ธันวาคม 2564",
        "ธ.ค. 64",
        "12/2564",
        "2021-12",
        "เดือนธันวาคม พ.ศ. 2564",
    ] {
        assert_eq!(
            day(text),
            Ok((date(2021, 12, 1), Precision::Month)),
            "{text}"
        );
    }
    for text in [
        "2564",
        "๒๕๖๔",
        "พ.ศ. 2564",
        "ปี 2564",
        "ปี 64",
        "2021",
        "ค.ศ. 2021",
        "2564.0",
    ] {
        assert_eq!(day(text), Ok((date(2021, 1, 1), Precision::Year)), "{text}");
    }
}

#[test]
fn days_that_never_were_are_impossible() {
    for text in [
        "31/11/2564",
        "30/02/2564",
        "29/02/2569",
        "0/12/2564",
        "25/0/2564",
        "32 ธ.ค. 2564",
    ] {
        assert_eq!(day(text), Err("date_impossible"), "{text}");
    }
    // B.E. 2567 is C.E. 2024, a leap year, though 2567 itself is none.
    assert_eq!(day("29/2/2567"), Ok((date(2024, 2, 29), Precision::Day)));
}

#[test]
fn a_year_of_neither_era_is_asked_again() {
    for text in [
        "25/12/2101",
        "25/12/2399",
        "25/12/1899",
        "25/12/0064",
        "25 ธันวาคม ค.ศ. 2564",
        "25 ธันวาคม พ.ศ. 2021",
        "25-Dec-21",
        "25 ธ.ค. ค.ศ. 21",
        "25 ธันวาคม",
    ] {
        assert_eq!(day(text), Err("date_year_unclear"), "{text}");
    }
    assert_eq!(day("25/12/2100"), Ok((date(2100, 12, 25), Precision::Day)));
    assert_eq!(day("25/12/2400"), Ok((date(1857, 12, 25), Precision::Day)));
}

#[test]
fn what_is_not_a_date_is_not_guessed() {
    for text in [
        "",
        " ",
        "-",
        "ไม่ทราบ",
        "148-๑ 64",
        "25-12 64",
        "25--12-64",
        "25/12",
        "12/64",
        "64",
        "25",
        "44555",
        "25122564",
        "1/2/3",
        "1/2/345",
        "25/12/25640",
        "123/12/2564",
        "12.2564",
        "3.5",
        "ขึ้น 5 ค่ำ เดือน 12 ปี 2564",
        "25/12/2564-26/12/2564",
        "25-27 ธ.ค. 2564",
        "ธ.ค.",
        "-25/12/2564",
        "25 ธ.ค. ม.ค. 2564",
        "ธ.ค. 2564 10:32",
        "ระยะ 25/12/2564",
        "25/12/2564 10:32 10:32",
    ] {
        assert_eq!(day(text), Err("date_unreadable"), "{text}");
    }
}

#[test]
fn two_digits_are_of_the_century_of_today() {
    assert_eq!(day("1/1/00"), Ok((date(1957, 1, 1), Precision::Day)));
    assert_eq!(day("1/1/99"), Ok((date(2056, 1, 1), Precision::Day)));
    let later = read("1/1/05", date(2060, 6, 1)).unwrap();
    assert_eq!(later.date, date(2062, 1, 1));
}

#[test]
fn a_time_behind_the_date_is_read() {
    let at = |text| {
        read_date_time(text, TODAY)
            .map(|r| (r.date, r.time))
            .map_err(|e| e.code())
    };
    let (christmas, clock) = (date(2021, 12, 25), time(10, 32, 0, 0));
    for text in [
        "25/12/2564 10:32",
        "25/12/2564 10:32 น.",
        "25 ธ.ค. 2564 เวลา 10.32 น.",
        "25 ธ.ค. 2564 10.32น.",
        "๒๕ ธ.ค. ๖๔ ๑๐.๓๒ น.",
        "25.12.2564 10.32 น.",
        "2021-12-25T10:32",
        "25/12/2564, 10:32",
        "2021-12-25T10:32:00+07:00",
        "25 ธันวาคม 2564 เวลา 10:32 นาฬิกา",
        "2021-12-25 10:32:00.000",
    ] {
        assert_eq!(at(text), Ok((christmas, Some(clock))), "{text}");
    }
    assert_eq!(
        at("25/12/2564 10:32:05"),
        Ok((christmas, Some(time(10, 32, 5, 0))))
    );
    assert_eq!(at("25/12/2564"), Ok((christmas, None)));
    assert_eq!(at("1 เม.ย. 2564"), Ok((date(2021, 4, 1), None)));
    for text in [
        "25/12/2564 24:00",
        "25/12/2564 10:60",
        "25/12/2564 25.00 น.",
    ] {
        assert_eq!(at(text), Err("date_impossible"), "{text}");
    }
    for text in [
        "10:32",
        "25/12/2564 10:",
        "25/12/2564 10:32Z",
        "25/12/2564 10.32",
        "10.32 น.",
    ] {
        assert_eq!(at(text), Err("date_unreadable"), "{text}");
    }
}

#[test]
fn a_date_is_written_in_the_buddhist_era() {
    let christmas = date(2021, 12, 25);
    assert_eq!(format_long(christmas), "25 ธันวาคม 2564");
    assert_eq!(format_short(christmas), "25 ธ.ค. 2564");
    assert_eq!(format_long_thai_digits(christmas), "๒๕ ธันวาคม ๒๕๖๔");
    assert_eq!(buddhist_year(christmas), 2564);
    for edge in [Date::MIN, Date::MAX] {
        assert_eq!(buddhist_year(edge), edge.year() + 543);
        assert!(!format_long_thai_digits(edge).is_empty());
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..80_000_i32).prop_map(|days| {
        date(1900, 1, 1)
            .checked_add(jiff::Span::new().days(days))
            .unwrap()
    })
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = read_date_time(&text, TODAY);
    }

    #[test]
    fn no_text_of_date_letters_makes_it_panic(
        text in "([0-9๐-๙]{1,4}|[-/:., ]|ธ\\.ค\\.|กุมภาพันธ์|พ\\.ศ\\.|ค\\.ศ\\.|น\\.|เวลา|ปี|t|may){0,12}",
        edge in prop_oneof![Just(Date::MIN), Just(Date::MAX), Just(TODAY)],
    ) {
        let _ = read_date_time(&text, edge);
    }

    #[test]
    fn what_is_written_is_read_back(date in any_day()) {
        let expected = Ok((date, Precision::Day));
        prop_assert_eq!(day(&format_long(date)), expected);
        prop_assert_eq!(day(&format_short(date)), expected);
        prop_assert_eq!(day(&format_long_thai_digits(date)), expected);
        let year = buddhist_year(date);
        prop_assert_eq!(day(&format!("{}/{}/{year}", date.day(), date.month())), expected);
        if date.year() <= 2100 {
            prop_assert_eq!(day(&date.to_string()), expected);
        }
    }
}
