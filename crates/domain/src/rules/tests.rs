use super::*;

#[test]
fn every_shipped_value_is_one_its_rule_may_hold_and_no_code_is_there_twice() {
    for (index, rule) in RULES.iter().enumerate() {
        assert_eq!(
            check(rule.code, rule.shipped).as_deref(),
            Ok(rule.shipped),
            "{}",
            rule.code
        );
        assert!(
            RULES[..index].iter().all(|other| other.code != rule.code),
            "{}",
            rule.code
        );
    }
}

#[test]
fn an_offices_value_stands_over_the_shipped_one_and_an_unreadable_one_does_not() {
    let rules = Rules::new([
        ("offers.claim_limit".to_string(), "5".to_string()),
        ("offers.expire_normal".to_string(), "soon".to_string()),
    ]);
    assert_eq!(rules.whole("offers.claim_limit"), 5);
    assert_eq!(rules.by_urgency("offers.expire", Urgency::Normal), 1_440);
    assert_eq!(rules.step("matching.travel"), Step::Normal);
}

#[test]
fn a_text_may_name_its_fields_only_and_closes_its_braces() {
    assert_eq!(
        check("texts.message", "เลขบัตร {citizen_id}"),
        Err(RuleProblem::Field("citizen_id".into()))
    );
    assert_eq!(
        check("texts.message", "เรียน {volunteer"),
        Err(RuleProblem::Brace(6))
    );
    assert_eq!(
        check("texts.message", "เรียน volunteer}"),
        Err(RuleProblem::Brace(15))
    );
}

#[test]
fn a_text_that_says_nothing_is_refused_and_a_telephone_may_be_left_out() {
    for code in ["texts.message", "texts.slip"] {
        assert_eq!(check(code, " \n "), Err(RuleProblem::Empty), "{code}");
    }
    assert_eq!(check("texts.office_phone", "").as_deref(), Ok(""));
}

#[test]
fn a_field_without_a_value_leaves_no_gap_and_a_line_of_nothing_else_goes() {
    let text = "เรียน {volunteer}\nเรื่อง: {need} {detail}\nจุดสังเกต: {landmark}\nขอบคุณ";
    let filled = fill(text, |name| match name {
        "volunteer" => Some("นายก".into()),
        "need" => Some("น้ำดื่ม".into()),
        _ => None,
    });
    assert_eq!(filled.unwrap(), "เรียน นายก\nเรื่อง: น้ำดื่ม\nขอบคุณ");
}
