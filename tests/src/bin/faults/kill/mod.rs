//! Desks and the server are killed at random moments under load, round after round.

mod desk;
mod world;

use jitasa_domain::ids::SeededIds;
use jitasa_tests::postgres::Cluster;

use self::world::{Came, World};
use crate::{Outcome, say};

/// What keeps a world's ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeper {
    Sqlite,
    Postgres,
}

impl Keeper {
    /// As the command line calls it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "sqlite" => Some(Self::Sqlite),
            "postgres" => Some(Self::Postgres),
            _ => None,
        }
    }
}

/// Rounds of one world: then its files are large enough, and another begins.
const ROUNDS_OF_A_WORLD: u32 = 100;
/// Of ten worlds, this one is kept by PostgreSQL.
const OF_TEN: u32 = 1;

pub(crate) fn run(rounds: u32, seed: u64, on: Option<Keeper>) -> Outcome<()> {
    let has_postgres = Cluster::is_installed();
    if !has_postgres {
        say("PostgreSQL is not installed (Debian: postgresql): all worlds are kept in files");
    }
    let mut chance = SeededIds(seed);
    let (mut done, mut number, mut sum) = (0, 0, Came::default());
    while done < rounds {
        let keeper = on.unwrap_or(match number % 10 {
            OF_TEN if has_postgres => Keeper::Postgres,
            _ => Keeper::Sqlite,
        });
        let share = ROUNDS_OF_A_WORLD.min(rounds - done);
        let came = world(number, keeper, share, chance.next_u64())?;
        done += share;
        number += 1;
        sum.changes += came.changes;
        sum.acts += came.acts;
        sum.synced += came.synced;
        sum.cut_off += came.cut_off;
        sum.deaths.desks += came.deaths.desks;
        sum.deaths.servers += came.deaths.servers;
        say(&format!(
            "{done} of {rounds} rounds: {} desks and {} servers killed, {} acts acknowledged, {} changes at the \
             servers, {} syncs and {} cut off; nothing lost, nothing doubled",
            sum.deaths.desks, sum.deaths.servers, sum.acts, sum.changes, sum.synced, sum.cut_off,
        ));
    }
    Ok(())
}

/// One world. When something is wrong in it, its folder stays.
fn world(number: u32, keeper: Keeper, rounds: u32, seed: u64) -> Outcome<Came> {
    let folder = tempfile::Builder::new().prefix("jitasa-faults").tempdir()?;
    let mut round = 0;
    let outcome = (|| {
        let mut world = World::begin(folder.path(), keeper, seed)?;
        while round < rounds {
            round += 1;
            world.round()?;
        }
        world.end()
    })();
    outcome.map_err(|error| {
        format!(
            "world {number} ({keeper:?}, seed {seed}), round {round}: {error}\nits files: {}",
            folder.keep().display()
        )
        .into()
    })
}
