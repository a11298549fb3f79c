//! What offices write, and what must not be guessed.

use proptest::prelude::*;

use super::*;

/// `5: 1-10,12` for each village; `?` where none is said, `*` for the whole of it.
fn shown(typed: &str) -> Vec<String> {
    let read = read(typed).unwrap_or_else(|error| panic!("{typed}: {error:?}"));
    read.into_iter()
        .map(|one| {
            let moo = one.moo.map_or("?".into(), |moo| moo.to_string());
            let name = one.village.unwrap_or_default();
            let houses = one.houses.map_or("*".into(), |houses| houses.to_string());
            format!("{moo}{name}: {houses}")
        })
        .collect()
}

#[test]
fn houses_are_read_as_offices_write_them() {
    for (typed, read) in [
        ("1-10, 12, 15/2 ม.5", "5: 1-10,12,15/2"),
        ("๑-๑๐, ๑๒, ๑๕/๒ ม.๕", "5: 1-10,12,15/2"),
        ("1–10 หมู่ที่ 5", "5: 1-10"),
        ("1 ถึง 10 ม.5", "5: 1-10"),
        ("บ้านเลขที่ 1 ถึง 10", "?: 1-10"),
        ("บ้านเลขที่ ๑ - ๑๐ และ ๑๒", "?: 1-10,12"),
        ("ม.5 บ้าน 3,4,5-9", "5: 3-9"),
        ("ม.5 บ้านเลขที่ 3, 7", "5: 3,7"),
        ("ม.5: 3, 7", "5: 3,7"),
        ("ม.5 (1-10)", "5: 1-10"),
        ("หมู่ 5 1-10", "5: 1-10"),
        ("3 4 9 ม 5", "5: 3,4,9"),
        ("15 / 2 หมู่ 5", "5: 15/2"),
        ("15/1-15/4 ม.5", "5: 15/1,15/2,15/3,15/4"),
        ("15ก, 15/2ข ม.5", "5: 15ก,15/2ข"),
        ("หมู่ 5", "5: *"),
        ("ทั้งหมู่บ้าน ม.5", "5: *"),
        ("ทั้งหมู่ 5", "5: *"),
        ("ม.5 ทั้งหมู่บ้าน", "5: *"),
        ("ม.5 ทุกหลัง", "5: *"),
        ("ทั้งหมู่บ้าน", "?: *"),
        ("ม.5 บ้านเหล่าหม้อ เลขที่ 1-10, 12", "5เหล่าหม้อ: 1-10,12"),
        ("1-10 บ้านเหล่าหม้อ ม.5", "5เหล่าหม้อ: 1-10"),
        ("บ้านเหล่าหม้อ 1-10", "?เหล่าหม้อ: 1-10"),
        ("10, 3, 3, 1-4, 2", "?: 1-4,10"),
    ] {
        assert_eq!(shown(typed), [read], "{typed}");
    }
}

#[test]
fn several_villages_stand_in_one_text() {
    for (typed, read) in [
        ("1-10 ม.5; 3,4 ม.6", ["5: 1-10", "6: 3,4"]),
        ("1-10 ม.5\n3,4 ม.6", ["5: 1-10", "6: 3,4"]),
        ("1-10 ม.5, 3,4 ม.6", ["5: 1-10", "6: 3,4"]),
        ("ม.5 1-10 ม.6 บ้าน 3,4", ["5: 1-10", "6: 3,4"]),
        ("ม.5 บ้าน 1-10, ม.6 ทั้งหมู่บ้าน", ["5: 1-10", "6: *"]),
        ("ม.5, ม.6", ["5: *", "6: *"]),
        ("หมู่ 5 และหมู่ 6", ["5: *", "6: *"]),
        ("ม.5 บ้านเหล่าหม้อ; 3,4 ม.6", ["5เหล่าหม้อ: *", "6: 3,4"]),
    ] {
        assert_eq!(shown(typed), read, "{typed}");
    }
    assert_eq!(shown("1-4 ม.5; 9 ม.5"), ["5: 1-4,9"]);
    assert_eq!(shown("1-4 ม.5; ม.5"), ["5: *"], "the whole holds its part");
    assert!(shown(" \n; ").is_empty());
}

#[test]
fn what_is_not_understood_is_refused_with_the_piece() {
    for (typed, code, piece) in [
        ("10-1 ม.5", "houses_reversed", "10-1"),
        ("15/4-15/1", "houses_reversed", "15/4-15/1"),
        ("1-10000 ม.5", "houses_too_many", "1-10000"),
        ("1-10, สิบสอง ม.5", "houses_unreadable", "สิบสอง"),
        ("1-10 จำนวน 10 หลัง", "houses_unreadable", "จำนวน"),
        ("5/11/2569", "houses_unreadable", "/2569"),
        ("15/1-4", "houses_unreadable", "15/1-4"),
        ("1-", "houses_unreadable", "1-"),
        ("-5", "houses_unreadable", "-5"),
        ("0, 3", "houses_unreadable", "0"),
        ("1.5", "houses_unreadable", ".5"),
        ("1234567", "houses_unreadable", "1234567"),
        ("บ้าน", "houses_unreadable", "บ้าน"),
        ("ม.5-7", "houses_unreadable", "ม.5-7"),
        ("1-10 ม.100", "moo_unreadable", "ม.100"),
        ("1-10 ม.", "moo_unreadable", "ม."),
        ("1-10 หมู่", "moo_unreadable", "หมู่"),
        ("ม.5, 12", "houses_village_unclear", "12"),
        ("ม.5 3,4 ม.6", "houses_village_unclear", "ม.6"),
        ("1-10 ม.5, 12", "houses_village_unclear", "12"),
        ("1-10 ม.5, ม.6", "houses_village_unclear", "ม.6"),
        ("ม.5 ทั้งหมู่บ้าน 3", "houses_village_unclear", "หมู่บ้าน"),
        ("1-10 มะม่วง", "houses_unreadable", "มะม่วง"),
    ] {
        let error = read(typed).unwrap_err();
        assert_eq!((error.code(), error.piece()), (code, piece), "{typed}");
    }
}

#[test]
fn a_house_with_a_stroke_belongs_to_the_run_of_its_number() {
    let houses = Houses::read("1-20, 31/2").unwrap();
    let has = |typed: &str| houses.has(HouseNo::read(typed).unwrap());
    for his in ["1", "20", "15/2", "15/2 ก", "15 ก", "บ้านเลขที่ ๑๕/๒", "31/2"]
    {
        assert!(has(his), "{his}");
    }
    for other in ["21", "31", "31/1", "31/2 ก", "200"] {
        assert!(!has(other), "{other}");
    }
    for none in ["", "ไม่มีเลขที่", "12-14", "5/11/2569", "หลังวัด"]
    {
        assert_eq!(HouseNo::read(none), None, "{none}");
    }
    assert_eq!(houses.count(), 21);
}

fn house() -> impl Strategy<Value = HouseNo> {
    let letter = prop_oneof![4 => Just(None), 1 => prop::char::range('ก', 'ภ').prop_map(Some)];
    let part = prop::option::of(1u32..40);
    (1u32..400, part, letter).prop_map(|(number, part, letter)| HouseNo {
        number,
        part,
        letter,
    })
}

fn houses() -> impl Strategy<Value = Houses> {
    let run = (1u32..400, 0u32..30).prop_map(|(first, more)| (first, first + more));
    let runs = prop::collection::vec(run, 0..6);
    (runs, prop::collection::vec(house(), 0..6)).prop_map(|(runs, one)| Houses::new(&runs, &one))
}

proptest! {
    #[test]
    fn what_is_written_reads_back(houses in houses(), moo in 1u8..=99) {
        prop_assume!(!houses.is_empty());
        let written = houses.to_string();
        prop_assert_eq!(&Houses::read(&written).unwrap(), &houses);
        let loose = text::thai_digits(&format!("บ้านเลขที่ {} ม.{moo}", written.replace(',', ", ")));
        let read = read(&loose).unwrap();
        prop_assert_eq!(read.len(), 1);
        prop_assert_eq!((read[0].moo, read[0].houses.as_ref()), (Some(moo), Some(&houses)));
    }

    #[test]
    fn a_house_is_in_a_list_when_its_number_is_in_one_of_its_runs(
        houses in houses(), house in house(),
    ) {
        let in_a_run = houses.runs().iter().any(|(a, b)| *a <= house.number && house.number <= *b);
        prop_assert_eq!(houses.has(house), in_a_run || houses.named().contains(&house));
        prop_assert_eq!(HouseNo::read(&house.to_string()), Some(house));
        prop_assert!(houses.with(&Houses::new(&[], &[house])).has(house));
    }

    #[test]
    fn runs_are_in_order_and_apart(houses in houses()) {
        prop_assert!(houses.runs().iter().all(|(first, last)| first <= last));
        prop_assert!(houses.runs().windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
        prop_assert!(houses.named().is_sorted());
    }

    #[test]
    fn no_text_is_too_strange(typed in any::<String>()) {
        let _ = read(&typed);
        let _ = HouseNo::read(&typed);
    }

    #[test]
    fn what_is_read_of_almost_a_list_reads_back(
        typed in "([0-9]{1,3}|[-/,; ]|ม\\.|หมู่ |บ้าน|ทั้ง|ถึง|ก){1,14}",
    ) {
        match read(&typed) {
            Ok(all) => for one in all {
                if let Some(houses) = one.houses {
                    prop_assert!(!houses.is_empty());
                    prop_assert_eq!(Houses::read(&houses.to_string()).unwrap(), houses);
                }
            },
            Err(error) => prop_assert!(!error.piece().is_empty()),
        }
    }
}
