//! Random work on three desks of two offices, with lost answers between: in the end every desk holds
//! what a new desk of its office is given, and every change has had its one word.

use std::collections::BTreeSet;

use jitasa_domain::{ActionKind, Entity};
use jitasa_sync::{Terms, TransportError, run};
use jitasa_tests::keeper::Keeper;
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::json;

use crate::{
    desk::{MemoryDesk, fields},
    line::{House, TERMS},
};

#[derive(Debug, Clone)]
enum Deed {
    Key,
    Edit {
        case: usize,
        field: usize,
        value: u8,
    },
    Move {
        need: usize,
        state: usize,
    },
    Refer {
        case: usize,
    },
    CallBack {
        case: usize,
    },
    Sync {
        hold: u32,
        lost: u32,
    },
}

fn a_deed() -> impl Strategy<Value = (usize, Deed)> {
    let deed = prop_oneof![
        2 => Just(Deed::Key),
        6 => (any::<usize>(), 0usize..3, 0u8..3)
            .prop_map(|(case, field, value)| Deed::Edit { case, field, value }),
        3 => (any::<usize>(), 0usize..5).prop_map(|(need, state)| Deed::Move { need, state }),
        2 => any::<usize>().prop_map(|case| Deed::Refer { case }),
        1 => any::<usize>().prop_map(|case| Deed::CallBack { case }),
        5 => (0u32..4, 0u32..4).prop_map(|(hold, lost)| Deed::Sync { hold, lost }),
    ];
    (0usize..3, deed)
}

fn one_of(desk: &MemoryDesk, entity: Entity, pick: usize) -> Option<uuid::Uuid> {
    let ids: Vec<_> = desk
        .records()
        .into_keys()
        .filter(|key| key.0 == entity)
        .map(|key| key.1)
        .collect();
    (!ids.is_empty()).then(|| ids[pick % ids.len()])
}

fn does(house: &House, desk: &mut MemoryDesk, deed: &Deed) {
    match deed {
        Deed::Key => drop(desk.keys_a_case("ใหม่")),
        Deed::Edit { case, field, value } => {
            if let Some(case) = one_of(desk, Entity::Case, *case) {
                let name = ["note", "landmark", "house_no"][*field];
                desk.edits(case, json!({name: format!("แก้ {value}")}));
            }
        }
        Deed::Move { need, state } => {
            if let Some(need) = one_of(desk, Entity::Need, *need) {
                let state = ["verifying", "open", "assigned", "met", "closed"][*state];
                let moved = fields(json!({"state": state}));
                desk.write(ActionKind::NeedMove, Entity::Need, need, moved);
            }
        }
        Deed::Refer { case } | Deed::CallBack { case } => {
            if let Some(case) = one_of(desk, Entity::Case, *case) {
                let to = matches!(deed, Deed::Refer { .. }).then_some("450909");
                let referred = fields(json!({"referred_to": to}));
                desk.write(ActionKind::CaseRefer, Entity::Case, case, referred);
            }
        }
        Deed::Sync { hold, lost } => {
            let line = house.line();
            line.hold.set(*hold);
            line.lose_answer.set(*lost);
            // Small pages, so that a desk is cut off in the middle of its first sync as well.
            match run(desk, &line, Terms { page: 2, ..TERMS }) {
                Ok(_) => {}
                Err(error) => assert_eq!(error, TransportError::Timeout.into()),
            }
        }
    }
}

fn converges(ledger: Keeper, deeds: &[(usize, Deed)]) -> Result<(), TestCaseError> {
    let house = House::on(ledger);
    let mut desks = [
        house.a_desk("450905", 1),
        house.a_desk("450905", 2),
        house.a_desk("450909", 3),
    ];
    for (who, deed) in deeds {
        does(&house, &mut desks[*who], deed);
    }
    for _ in 0..2 {
        for desk in &mut desks {
            house.sync(desk);
        }
    }
    for (place, desk) in desks.iter_mut().enumerate() {
        let receipt = house.sync(desk);
        prop_assert_eq!((receipt.sent, receipt.received, receipt.pending), (0, 0, 0));
        let spoken: BTreeSet<_> = desk.outcomes.iter().map(|word| word.change_id).collect();
        prop_assert_eq!(desk.outcomes.len(), desk.outbox.len());
        prop_assert_eq!(spoken.len(), desk.outbox.len());
        let mut fresh = house.a_desk(&desk.office_code, 100 + place as u64);
        house.sync(&mut fresh);
        prop_assert_eq!(fresh.records(), desk.records());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn desks_converge_whatever_they_do(deeds in prop::collection::vec(a_deed(), 1..60)) {
        converges(Keeper::Sqlite, &deeds)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn desks_converge_whatever_they_do_on_postgres(deeds in prop::collection::vec(a_deed(), 1..60)) {
        converges(Keeper::Postgres, &deeds)?;
    }
}
