//! Codes and devices: who may speak at all.

use jitasa_protocol::Code;
use jitasa_server::{operator::Operator, province::CodeTerms, register::RevokedHow};
use jitasa_sync::{SyncError, TransportError, enrol, run};
use jitasa_tests::keeper::Keeper;

use crate::{
    desk::MemoryDesk,
    line::{House, NOW, SECRET, SERVER, TERMS, refused},
};

story!(a_code_lets_one_device_of_its_office_in_and_no_other);
fn a_code_lets_one_device_of_its_office_in_and_no_other(ledger: Keeper) {
    let house = House::on(ledger);
    let code = house
        .province
        .new_code("450905", CodeTerms::default(), NOW)
        .unwrap();
    let line = house.line();
    let mut stranger = MemoryDesk::new("450909", 1);
    assert_eq!(
        enrol(&mut stranger, &line, SERVER, &code, SECRET, NOW),
        Err(refused(Code::CodeUnknown))
    );
    let mut desk = MemoryDesk::new("450905", 2);
    let typed = format!("{}-{}", &code[..5].to_lowercase(), &code[5..]);
    assert_eq!(
        enrol(&mut desk, &line, SERVER, &typed, SECRET, NOW)
            .unwrap()
            .province_code,
        "45"
    );
    let mut second = MemoryDesk::new("450905", 3);
    assert_eq!(
        enrol(&mut second, &line, SERVER, &code, SECRET, NOW),
        Err(refused(Code::CodeUsed))
    );
}

story!(a_device_whose_answer_was_lost_may_show_its_code_again);
fn a_device_whose_answer_was_lost_may_show_its_code_again(ledger: Keeper) {
    let house = House::on(ledger);
    let code = house
        .province
        .new_code("450905", CodeTerms::default(), NOW)
        .unwrap();
    let line = house.line();
    let mut desk = MemoryDesk::new("450905", 1);
    line.lose_answer.set(1);
    assert_eq!(
        enrol(&mut desk, &line, SERVER, &code, SECRET, NOW),
        Err(SyncError::Transport(TransportError::Timeout))
    );
    enrol(&mut desk, &line, SERVER, &code, SECRET, NOW).unwrap();
    assert_eq!(house.sync(&mut desk).sent, 0);
}

story!(after_five_wrong_tries_a_code_is_dead);
fn after_five_wrong_tries_a_code_is_dead(ledger: Keeper) {
    let house = House::on(ledger);
    let code = house
        .province
        .new_code("450905", CodeTerms::default(), NOW)
        .unwrap();
    let mut desk = MemoryDesk::new("450905", 1);
    for _ in 0..5 {
        let wrong = enrol(&mut desk, &house.line(), SERVER, "0000000000", SECRET, NOW);
        assert_eq!(wrong, Err(refused(Code::CodeUnknown)));
    }
    let right = enrol(&mut desk, &house.line(), SERVER, &code, SECRET, NOW);
    assert_eq!(right, Err(refused(Code::CodeUnknown)));
}

story!(a_server_is_of_one_province);
fn a_server_is_of_one_province(ledger: Keeper) {
    let house = House::on(ledger);
    house
        .province
        .new_code("450905", CodeTerms::default(), NOW)
        .unwrap();
    assert!(
        house
            .province
            .new_code("4509", CodeTerms::default(), NOW)
            .is_ok()
    );
    let elsewhere = house
        .province
        .new_code("500101", CodeTerms::default(), NOW)
        .unwrap_err();
    assert!(elsewhere.to_string().contains("45"), "{elsewhere}");
    assert!(
        house
            .province
            .new_code("ร้อยเอ็ด", CodeTerms::default(), NOW)
            .is_err()
    );
}

story!(a_device_that_was_shut_out_gets_nothing_more);
fn a_device_that_was_shut_out_gets_nothing_more(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    house.sync(&mut desk);
    let by = Operator {
        who: "somchai",
        now: NOW,
    };
    let shut_out = house
        .province
        .shut_out(desk.device_id, RevokedHow::Lost, "หาย", by);
    assert!(shut_out.unwrap());
    assert_eq!(house.try_sync(&mut desk), Err(refused(Code::DeviceRevoked)));
    let code = house
        .province
        .new_code("450905", CodeTerms::default(), NOW)
        .unwrap();
    // With a new code of the operator's the PC comes back as another device, with all it still holds.
    let before = desk.device_id;
    enrol(&mut desk, &house.line(), SERVER, &code, SECRET, NOW).unwrap();
    assert_ne!(desk.device_id, before);
    assert_eq!(house.sync(&mut desk).new, 3);
}

story!(a_wrong_token_and_an_unknown_device_get_the_same_answer);
fn a_wrong_token_and_an_unknown_device_get_the_same_answer(ledger: Keeper) {
    let house = House::on(ledger);
    let desk = house.a_desk("450905", 1);
    let mut stranger = MemoryDesk::new("450905", 2);
    assert_eq!(
        run(&mut stranger, &house.line(), TERMS),
        Err(SyncError::NotEnrolled)
    );
    use jitasa_sync::Desk as _;
    stranger.secret = Some(SECRET);
    stranger.save_enrolment(&desk.enrolment_now()).unwrap();
    assert_eq!(
        house.try_sync(&mut stranger),
        Err(refused(Code::DeviceUnknown))
    );
    let mut other_office = MemoryDesk::new("450909", 1);
    other_office.secret = Some([1; 32]);
    other_office.save_enrolment(&desk.enrolment_now()).unwrap();
    assert_eq!(
        house.try_sync(&mut other_office),
        Err(refused(Code::DeviceUnknown))
    );
}
