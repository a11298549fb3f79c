//! A fast beginning: auctions, one after another, with smaller and smaller raises, until the prices that come out prove
//! that the units are nearly the best, or searches had better go on.
//!
//! The first one shows roughly what units will cost. The next ones begin there and not at the bottom: whoever sold all
//! he has asks a little less than he got (his *reserve*), so that prices climb the last steps only. Units that nobody
//! wants at that are seen in the gap; when it does not fall, the reserves go lower, and the last auction of all, with
//! the smallest raise, knows none.
//!
//! Units are near the best long before prices prove it, so prices are levelled as soon as that may be enough.

use super::{Flow, TaskState, auction::Auction, level::Level, number};

/// The first raise is so small a part of the dearest way out; one or two auctions later it is right.
const FIRST_RAISE: i64 = 64;
/// A reserve is so many raises of the auction before below the price there. With fewer, prices that were driven too
/// high stay there.
const RESERVE_BELOW: i64 = 2;
/// Levelling makes the gap so many times smaller at best; where that is not enough, it is not begun.
const LEVEL_GAINS: i64 = 3;
/// A further sweep gains at best so small a part of what the one before it gained.
const NEXT_SWEEP: i64 = 8;
/// Levelling lets prices fall by so many raises, more only where it must.
const LEVEL_FALL: i64 = 2;
/// With a raise so many halves of what the gap is to become smaller by, levelled prices mostly prove enough.
const RAISE_HALVES: i128 = 5;
/// Searches go on from where a way costs about so many raises: they choose between ways, whatever the whole costs. A few
/// units that reserves have left at the wrong place weigh much in the gap, but are soon found by searches.
const WAY_IN_RAISES: i64 = 4;
/// On the way there, the raise gets at most so many times smaller at once.
const STEEPEST: i64 = 32;

impl Flow {
    /// Settles a flow from nothing: quicker than [`Flow::settle`] where most is new.
    pub fn settle_from_nothing(&mut self) {
        let mut auction = Auction::first(self);
        auction.hold();
        loop {
            let small = (auction.way() / WAY_IN_RAISES).max(1);
            if auction.raise <= 2 * small {
                break;
            }
            auction.set_reserves(RESERVE_BELOW * auction.raise);
            auction.raise = small.max(auction.raise / STEEPEST);
            auction.hold();
        }
        let fall = LEVEL_FALL * auction.raise;
        Level::new(auction.flow).sweep(auction.flow, fall);
        auction.write_down();
        self.settle();
    }

    /// Finds units for all tasks, so near to the cheapest that nothing could save more than `permille` of a thousand
    /// parts of the cost; [`Flow::cost`] and [`Flow::dual_bound`] are the proof. What was there before is forgotten.
    pub fn approach(&mut self, permille: i64) {
        let mut auction = Auction::first(self);
        let (mut from_nothing, mut below) = (true, RESERVE_BELOW);
        let mut gap_before = i64::MAX;
        loop {
            auction.hold();
            let cost = auction.cost();
            let enough = cost.abs() / 1_000 * permille;
            let last = auction.raise == 1 && from_nothing;
            let mut level = Level::new(auction.flow);
            let mut gap = cost - level.bound(auction.flow);
            let mut hoped = gap / LEVEL_GAINS;
            while !last && gap > enough && hoped <= enough {
                let before = gap;
                level.sweep(auction.flow, LEVEL_FALL * auction.raise);
                gap = cost - level.bound(auction.flow);
                hoped = gap - (before - gap) / NEXT_SWEEP;
            }
            if gap <= enough || last {
                auction.write_down();
                return;
            }
            if gap >= gap_before {
                // The reserves themselves are what is wrong.
                below *= 2;
            }
            gap_before = gap;
            from_nothing = auction.raise == 1;
            if from_nothing {
                auction.forget_reserves();
            } else {
                auction.set_reserves(below * auction.raise);
            }
            let [raise, wanted, there] = [auction.raise, enough, gap].map(i128::from);
            let smaller = i64::try_from(raise * wanted * RAISE_HALVES / (there * 2)).unwrap_or(1);
            auction.raise = smaller.min(auction.raise / 2).max(1);
        }
    }

    /// Makes what an auction left fit for searches: nobody keeps what is not the cheapest.
    pub(super) fn plane(&mut self) {
        for task in 0..number(self.tasks.len()) {
            self.give_back_what_is_dear(task);
        }
        self.loose = (0..number(self.agents.len())).collect();
    }
}

impl<'a> Auction<'a> {
    /// The first one to hold.
    fn first(flow: &'a mut Flow) -> Self {
        let dearest = |task: &TaskState| task.edges.first().map_or(0, |edge| edge.cost.abs());
        let dearest = flow.tasks.iter().map(dearest).max().unwrap_or(0);
        let mut auction = Self::new(flow);
        auction.raise = (dearest / FIRST_RAISE).max(1);
        auction
    }
}
