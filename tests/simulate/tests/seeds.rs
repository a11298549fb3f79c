//! One seed decides everything.

use jitasa_simulate::{Fault, world};

#[test]
fn the_same_seed_gives_the_same_hash_and_another_seed_another() {
    let hash = |seed| world(seed, Fault::ALL, false).map(|ran| ran.hash).ok();
    assert!(hash(7).is_some());
    assert_eq!(hash(7), hash(7));
    assert_ne!(hash(7), hash(8));
}
