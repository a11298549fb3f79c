use super::*;

fn all() -> &'static Gazetteer {
    Gazetteer::bundled()
}

fn codes(places: &[&Place]) -> Vec<&'static str> {
    places.iter().map(|place| place.code).collect()
}

#[test]
fn every_area_of_the_country_is_there_and_has_its_parent() {
    assert_eq!(all().provinces.len(), 77);
    assert_eq!(all().districts.len(), 928);
    assert_eq!(all().subdistricts.len(), 7436);
    assert_eq!(all().abolished.len(), 1583);
    for place in &all().places {
        assert!(place.code.len() == 2 || all().get(&place.code[..place.code.len() - 2]).is_some());
        assert_eq!(
            place.level == Level::Subdistrict,
            !place.postcodes.is_empty()
        );
        assert!(!place.name_th.is_empty() && !place.name_en.is_empty());
    }
    let below: usize = all()
        .provinces()
        .iter()
        .map(|p| all().children(p.code).len())
        .sum();
    assert_eq!(below, 928);
}

#[test]
fn every_successor_is_in_force_and_no_abolished_code_is() {
    for area in &all().abolished {
        assert!(all().get(area.code).is_none());
        assert!(area.successors.iter().all(|code| all().get(code).is_some()));
        assert_eq!(area.basis.is_some(), !area.successors.is_empty());
        assert_eq!(area.abolished_on.len(), 10);
    }
}

#[test]
fn nong_phok_has_its_nine_subdistricts() {
    let names: Vec<_> = all()
        .children("4509")
        .iter()
        .map(|place| place.name_th)
        .collect();
    assert_eq!(
        names,
        [
            "หนองพอก",
            "บึงงาม",
            "ภูเขาทอง",
            "กกโพธิ์",
            "โคกสว่าง",
            "หนองขุ่นใหญ่",
            "รอบเมือง",
            "ผาน้ำย้อย",
            "ท่าสีดา"
        ]
    );
    assert_eq!(all().get("450905").unwrap().postcodes, ["45210"]);
    assert!(all().children("450905").is_empty());
    assert!(all().children("4").is_empty());
}

#[test]
fn six_subdistricts_are_called_khok_sawang() {
    let six = ["190107", "310505", "342206", "450607", "450905", "480204"];
    for name in [
        "โคกสว่าง",
        "ต.โคกสว่าง",
        "ตำบลโคกสว่าง",
        "Khok Sawang",
        "khoksawang",
    ] {
        assert_eq!(codes(&all().find(name, None)), six, "{name}");
    }
    assert_eq!(
        codes(&all().find("โคกสว่าง", Some("45"))),
        ["450607", "450905"]
    );
    assert!(all().find("โคกสว่าง", Some("46")).is_empty());
    assert!(all().find("", None).is_empty());
}

#[test]
fn a_prefix_says_which_level_is_meant() {
    assert_eq!(
        codes(&all().find("หนองพอก", Some("45"))),
        ["4509", "450524", "450901"]
    );
    assert_eq!(codes(&all().find("อ.หนองพอก", Some("45"))), ["4509"]);
    assert_eq!(codes(&all().find("ต.หนองพอก", Some("4509"))), ["450901"]);
    assert_eq!(codes(&all().find("จ.ร้อยเอ็ด", None)), ["45"]);
    assert_eq!(codes(&all().find("อ.เมือง", Some("45"))), ["4501"]);
}

#[test]
fn bangkok_and_short_names_are_found() {
    assert_eq!(codes(&all().find("เขตพระนคร", None)), ["1001"]);
    assert_eq!(codes(&all().find("พระนคร", Some("10"))), ["1001"]);
    assert_eq!(codes(&all().find("กทม.", None)), ["10"]);
    assert_eq!(codes(&all().find("จ.ป.ร.", None)), ["850406"]);
    assert_eq!(codes(&all().find("ปอพาน", Some("4501"))), ["450109"]);
}

#[test]
fn a_name_stands_for_the_nearest_subdistrict_and_never_for_one_of_several() {
    let named = |name, near| all().subdistrict_named(name, near);
    assert_eq!(named("ต.โคกสว่าง", "450905"), Resolution::One("450905"));
    assert_eq!(named("โคกสว่าง", "450909"), Resolution::One("450905"));
    assert_eq!(named("โคกสว่าง", "4506"), Resolution::One("450607"));
    // From elsewhere in the province two are equally near.
    assert_eq!(
        named("โคกสว่าง", "4501"),
        Resolution::Many(vec!["450607", "450905"])
    );
    // From a province without one, all six.
    assert!(matches!(named("โคกสว่าง", "50"), Resolution::Many(six) if six.len() == 6));
    assert_eq!(named("ผาน้ำย้อย", "10"), Resolution::One("450908"));
    assert_eq!(named("ไม่มีตำบลนี้", "450905"), Resolution::None);
    assert_eq!(named("อ.หนองพอก", "450905"), Resolution::None);
    assert_eq!(named("", "450905"), Resolution::None);
    // A village is no subdistrict, whatever its name.
    assert_eq!(named("บ้านโคกสว่าง", "450905"), Resolution::None);
    assert_eq!(named("จ.ป.ร.", "8504"), Resolution::One("850406"));
    // Typed with the two halves of ำ, and with a space after the prefix.
    assert_eq!(named("ต. ผาน้\u{e4d}าย้อย", "4509"), named("ผาน้ำย้อย", "4509"));
    assert_eq!(named("ตำบล ท่าสีดา", "4509"), Resolution::One("450909"));
    assert_eq!(named("โคกสว่าง", "ไม่ใช่รหัส"), named("โคกสว่าง", ""));
}

#[test]
fn an_abolished_subdistrict_stands_for_its_successors() {
    // Moved to a new district under the same name.
    assert_eq!(
        all().subdistrict_named("ปาฝา", "4501"),
        Resolution::One("451702")
    );
    // Split: a person chooses.
    assert_eq!(
        all().subdistrict_named("แขวงบางนา", "1047"),
        Resolution::Abolished {
            code: "104701",
            successors: vec!["104702", "104703"]
        }
    );
    // No successor known, and namesakes elsewhere are not offered as if they were.
    assert_eq!(
        all().subdistrict_named("บึงงาม", "4505"),
        Resolution::Abolished {
            code: "450512",
            successors: vec![]
        }
    );
    let gone = all().abolished("450107").unwrap();
    assert_eq!((gone.name_th, gone.basis), ("ปาฝา", Some(Basis::Name)));
    assert!(all().abolished("450905").is_none());
}

#[test]
fn full_names_read_as_an_office_writes_them() {
    let full = |code| all().full_name(code);
    let khok_sawang = "ตำบลโคกสว่าง อำเภอหนองพอก จังหวัดร้อยเอ็ด";
    assert_eq!(full("450905").as_deref(), Some(khok_sawang));
    assert_eq!(full("45090507"), Some(format!("หมู่ที่ 7 {khok_sawang}")));
    assert_eq!(full("4509").as_deref(), Some("อำเภอหนองพอก จังหวัดร้อยเอ็ด"));
    assert_eq!(
        full("100101").as_deref(),
        Some("แขวงพระบรมมหาราชวัง เขตพระนคร กรุงเทพมหานคร")
    );
    for wrong in [
        "",
        "4",
        "450",
        "459999",
        "4509050",
        "ตำบล",
        "450905ab",
        "450107",
    ] {
        assert_eq!(full(wrong), None, "{wrong}");
    }
}

#[test]
fn codes_are_read_as_people_and_tables_write_them() {
    for typed in [
        "450905",
        " TH450905 ",
        "th450905",
        "๔๕๐๙๐๕",
        "45-09-05",
        "45090500",
    ] {
        assert_eq!(parse_code(typed).as_deref(), Some("450905"), "{typed}");
    }
    assert_eq!(parse_code("45000000").as_deref(), Some("45"));
    assert_eq!(parse_code("10").as_deref(), Some("10"));
    for wrong in [
        "",
        "TH",
        "4",
        "45090",
        "4509051",
        "090905",
        "45a905",
        "โคกสว่าง",
        "0000",
    ] {
        assert_eq!(parse_code(wrong), None, "{wrong}");
    }
}
