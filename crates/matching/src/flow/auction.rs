//! A fast beginning: an auction that finds good prices, and nearly the best units, without looking further than one
//! task at a time. (Bertsekas, *Network Optimization*, ch. 7; every unit of an agent is an object with its own bid.)
//!
//! A task in need takes the edge that is cheapest with the agent's price added, and bids for it as much as it can
//! before the next best is cheaper, and a little (the *raise*) more, so that two never wait for each other. Whoever had
//! the lowest bid there looks for another. Units nobody wanted keep the price they began with, so the prices that come
//! out prove a bound.
//!
//! A first auction with a large raise shows roughly what units will cost. The next ones, with smaller raises, begin
//! there and not at the bottom: whoever sold all he has asks a little less than he got (his *reserve*), so that prices
//! climb the last steps only. Units that nobody wants at that are seen in the gap; when it does not fall, the reserves go
//! lower, and the last auction of all, with the smallest raise, knows none.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    ops::Range,
};

use super::{Edge, Flow, TaskState, at, number};

/// What tasks bid for the units of an agent, lowest first.
type Bids = BinaryHeap<Reverse<(i64, u32)>>;

/// The first raise is so small a part of the dearest way out; one to three auctions later it is right.
const FIRST_RAISE: i64 = 64;
/// A reserve is so many raises of the auction before below the price there. With fewer, prices that were driven too
/// high stay there.
const RESERVE_BELOW: i64 = 2;
/// No reserve: from the first unit's cost.
const FROM_NOTHING: i64 = i64::MIN;
/// Where the searches go on, so many thousandth parts above the cheapest at most.
const SEARCH_BELOW: i64 = 2;
/// The price of one who has nothing to sell; far from the ends of the numbers, so that sums stay within.
const NOBODY_PAYS: i64 = i64::MAX / 8;

struct Auction<'a> {
    flow: &'a mut Flow,
    /// Tasks, those with the same way out and the same first edge together: they outbid each other, and what lies
    /// together is in the processor's reach together.
    bidders: Vec<Bidder>,
    edges: Vec<Edge>,
    bids: Vec<Bids>,
    /// By agent: what he asks at least for any unit.
    reserves: Vec<i64>,
    raise: i64,
    /// Bidders in need, the next one last.
    waiting: Vec<u32>,
}

struct Bidder {
    task: u32,
    wants: u32,
    edges: Range<usize>,
}

impl Flow {
    /// Settles a flow from nothing: quicker than [`Flow::settle`] where most is new.
    pub fn settle_from_nothing(&mut self) {
        self.approach(SEARCH_BELOW);
        self.settle();
    }

    /// Finds units for all tasks, so near to the cheapest that nothing could save more than `permille` of a thousand
    /// parts of the cost; [`Flow::cost`] and [`Flow::dual_bound`] are the proof. What was there before is forgotten.
    pub fn approach(&mut self, permille: i64) {
        let dearest = |task: &TaskState| task.edges.first().map_or(0, |edge| edge.cost.abs());
        let dearest = self.tasks.iter().map(dearest).max().unwrap_or(0);
        let mut auction = Auction::new(self);
        auction.raise = (dearest / FIRST_RAISE).max(1);
        let (mut from_nothing, mut below) = (true, RESERVE_BELOW);
        let mut gap_before = i64::MAX;
        loop {
            auction.hold();
            let cost = auction.flow.cost();
            let gap = cost - auction.flow.dual_bound();
            let enough = cost.abs() / 1_000 * permille;
            let finest = auction.raise == 1;
            if gap <= enough || (finest && from_nothing) {
                return;
            }
            if gap >= gap_before {
                // The reserves themselves are what is wrong.
                below *= 2;
            }
            gap_before = gap;
            from_nothing = finest;
            if from_nothing {
                auction.reserves.fill(FROM_NOTHING);
            } else {
                auction.set_reserves(below * auction.raise);
            }
            // From so large a raise the gap falls faster than the raise does.
            let share = i128::from(auction.raise) * i128::from(enough) * 8 / (i128::from(gap) * 5);
            let smaller = i64::try_from(share).unwrap_or(1).min(auction.raise / 2);
            auction.raise = smaller.max(1);
        }
    }

    /// Makes what an auction left fit for searches: prices below what the last bids drove them to, so that searches
    /// mostly let them rise (to let one fall means to look at all who could come), and nobody keeps what is not
    /// cheapest.
    pub(super) fn plane(&mut self, raise: i64) {
        for (agent, price) in self.agents.iter().zip(&mut self.prices) {
            if let Some(last) = agent.curve.last(agent.load)
                && agent.load >= agent.curve.units
            {
                *price = (*price - raise - raise / 2).max(last);
            }
        }
        for task in 0..number(self.tasks.len()) {
            self.give_back_what_is_dear(task);
        }
        self.loose = (0..number(self.agents.len())).collect();
    }
}

impl<'a> Auction<'a> {
    fn new(flow: &'a mut Flow) -> Self {
        let mut tasks: Vec<u32> = (0..number(flow.tasks.len())).collect();
        let place = |task: &u32| {
            let mut edges = flow.tasks[at(*task)].edges.iter().map(|edge| edge.agent);
            (edges.next(), edges.next())
        };
        tasks.sort_by_cached_key(place);
        let mut edges = Vec::with_capacity(flow.tasks.iter().map(|task| task.edges.len()).sum());
        let bidders = tasks.into_iter().map(|task| {
            let state = &flow.tasks[at(task)];
            let begin = edges.len();
            edges.extend_from_slice(&state.edges);
            Bidder {
                task,
                wants: state.wants,
                edges: begin..edges.len(),
            }
        });
        Self {
            bidders: bidders.collect(),
            edges,
            bids: vec![Bids::new(); flow.agents.len()],
            reserves: vec![FROM_NOTHING; flow.agents.len()],
            raise: 1,
            waiting: Vec::new(),
            flow,
        }
    }

    /// Whoever sold all he has asks next time so much less than he got; whoever has units left, what they cost.
    fn set_reserves(&mut self, below: i64) {
        let agents = self.flow.agents.iter().zip(&self.flow.prices);
        let reserves = agents.map(|(agent, price)| {
            if agent.load < agent.curve.units {
                FROM_NOTHING
            } else {
                price - below
            }
        });
        self.reserves.clear();
        self.reserves.extend(reserves);
    }

    /// One auction, in which each bid is at least the raise above what was asked: the smaller, the nearer and the
    /// longer.
    fn hold(&mut self) {
        let agents = self.flow.agents.iter_mut().zip(&self.reserves);
        for ((agent, reserve), price) in agents.zip(&mut self.flow.prices) {
            agent.load = 0;
            *price = if agent.curve.units == 0 {
                NOBODY_PAYS
            } else {
                agent.curve.first.max(*reserve)
            };
        }
        self.bids.iter_mut().for_each(BinaryHeap::clear);
        for edge in &mut self.edges {
            edge.taken = 0;
        }
        for (place, bidder) in self.bidders.iter().enumerate().rev() {
            self.waiting
                .extend((0..bidder.wants).map(|_| number(place)));
        }
        while let Some(bidder) = self.waiting.pop() {
            self.bid(bidder);
        }
        self.write_down();
    }

    fn bid(&mut self, bidder: u32) {
        let Bidder { wants, edges, .. } = &self.bidders[at(bidder)];
        let edges = &mut self.edges[edges.clone()];
        let prices = &self.flow.prices;
        let (mut least, mut second, mut place) = (i64::MAX, i64::MAX, 0);
        let mut units = *wants;
        for (here, edge) in edges.iter().enumerate() {
            let pays = if edge.taken < units {
                edge.cost + prices[at(edge.agent)]
            } else {
                i64::MAX
            };
            // No branches: which edge is the cheapest cannot be foretold.
            second = second.min(pays.max(least));
            place = if pays < least { here } else { place };
            least = least.min(pays);
            units = 1;
        }
        edges[place].taken += 1;
        let agent = edges[place].agent;
        // With nothing beside it a task bids no more than the raise: its way out has no end of units.
        let room = if second == i64::MAX {
            0
        } else {
            second - least
        };
        self.sell(agent, bidder, prices[at(agent)] + room + self.raise);
    }

    /// Sells a unit; whoever bid least gives one back when there is none free, or none as cheap as his. The price is
    /// then what a unit more would take.
    fn sell(&mut self, agent: u32, bidder: u32, bid: i64) {
        let state = &mut self.flow.agents[at(agent)];
        let bids = &mut self.bids[at(agent)];
        let reserve = self.reserves[at(agent)];
        let lowest = bids.peek().map_or(i64::MAX, |lowest| lowest.0.0);
        let mut loser = None;
        if state
            .curve
            .next(state.load)
            .is_some_and(|next| next.max(reserve) <= lowest)
        {
            state.load += 1;
            bids.push(Reverse((bid, bidder)));
        } else {
            let in_its_stead =
                |mut lowest: PeekMut<_>| std::mem::replace(&mut *lowest, Reverse((bid, bidder)));
            loser = bids.peek_mut().map(in_its_stead);
        }
        let lowest = bids.peek().map_or(i64::MAX, |lowest| lowest.0.0);
        let next = state.curve.next(state.load);
        let next = next.map_or(i64::MAX, |next| next.max(reserve));
        self.flow.prices[at(agent)] = next.min(lowest);
        if let Some(Reverse((_, loser))) = loser {
            let edges = &mut self.edges[self.bidders[at(loser)].edges.clone()];
            if let Some(edge) = edges.iter_mut().find(|edge| edge.agent == agent) {
                edge.taken -= 1;
            }
            self.waiting.push(loser);
        }
    }

    /// Puts into the flow who takes whose units.
    fn write_down(&mut self) {
        for bidder in &self.bidders {
            let state = &mut self.flow.tasks[at(bidder.task)];
            state
                .edges
                .copy_from_slice(&self.edges[bidder.edges.clone()]);
            state.has = bidder.wants;
            self.flow.only[at(bidder.task)] = state.only();
        }
        for (agent, bids) in self.flow.agents.iter_mut().zip(&self.bids) {
            agent.held.clear();
            let tasks = bids
                .iter()
                .map(|Reverse((_, bidder))| self.bidders[at(*bidder)].task);
            agent.held.extend(tasks);
            agent.held.sort_unstable();
            agent.held.dedup();
        }
        self.flow.short.clear();
        self.flow.rough = Some(self.raise);
    }
}
