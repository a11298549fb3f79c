//! The made-up register of volunteers.

use jitasa_domain::patch::Patch;

use super::*;

#[test]
fn a_villages_houses_are_counted_out_to_its_health_volunteers() {
    let desk = practised(11);
    let patches = desk.texts(
        "SELECT value FROM volunteer, json_each(patch) WHERE instr(kinds, 'vhv') AND length(value) > 8",
    );
    let patches: Vec<Patch> = patches
        .iter()
        .map(|value| Patch::parse(value).unwrap())
        .collect();
    for village in ground::lay_out("450905", 11) {
        let own: Vec<_> = patches
            .iter()
            .filter(|part| part.area == village.code)
            .collect();
        assert!(own.len() > 5);
        for house in 1..=ground::HOUSES {
            let house = house.to_string();
            let his = |part: &&&Patch| part.covers(village.code, &house).is_some();
            let count = own.iter().filter(his).count();
            assert_eq!(count, 1, "house {house} of {}", village.code);
        }
    }
    let own = "SELECT count(*) FROM assignment WHERE instr(why, 'own_house')";
    assert!(desk.number(own) > 20, "{}", desk.number(own));
}

#[test]
fn the_register_has_what_an_office_knows_of_its_volunteers() {
    let desk = practised(12);
    for (sql, least, most) in [
        ("vetting = 'vetted'", 122, 138),
        ("vetting <> 'vetted'", 4, 18),
        ("availability = 'on_leave' AND away_from IS NOT NULL", 5, 18),
        (
            "availability = 'on_leave' AND away_until < '2026-11-23'",
            1,
            8,
        ),
        ("json_array_length(hours) > 0", 8, 40),
        ("json_array_length(kinds) > 1", 10, 60),
        ("json_array_length(equipment) > 0", 70, 140),
        ("json_array_length(training) > 0", 70, 140),
        ("vehicle IS NOT NULL AND vehicle_seats IS NOT NULL", 70, 125),
        ("vehicle IS NULL AND vehicle_seats IS NOT NULL", 0, 0),
        ("confirmed_at > created_at", 122, 139),
    ] {
        let count = desk.number(&format!("SELECT count(*) FROM volunteer WHERE {sql}"));
        assert!((least..=most).contains(&count), "{count}: {sql}");
    }
    for (sql, least) in [
        ("SELECT count(*) FROM team WHERE leader_id IS NOT NULL", 2),
        (
            "SELECT count(*) FROM assignment WHERE state = 'confirmed' AND minutes_given >= 20",
            20,
        ),
        ("SELECT count(DISTINCT offered_by) FROM assignment", 3),
    ] {
        let count = desk.number(sql);
        assert!(count >= least, "{count}: {sql}");
    }
    let unsaid =
        "SELECT count(*) FROM assignment WHERE state = 'confirmed' AND minutes_given IS NULL";
    assert_eq!(desk.number(unsaid), 0);
    let codes = |sql: &str| desk.codes(sql);
    let shipped: BTreeSet<String> = crate::setup::shipped_kinds()
        .into_iter()
        .filter(|kind| matches!(kind.list, KindList::Equipment | KindList::Training))
        .map(|kind| kind.code)
        .collect();
    let equipment = codes("SELECT DISTINCT value FROM volunteer, json_each(equipment)");
    let training = codes("SELECT DISTINCT substr(value, 12) FROM volunteer, json_each(training)");
    assert!(equipment.is_subset(&shipped) && training.is_subset(&shipped));
    let latest = desk.texts("SELECT max(value) FROM volunteer, json_each(training)");
    assert!(latest[0].as_str() < "2026-11-23", "{latest:?}");
}
