//! One auction: prices, and nearly the best units, without looking further than one task at a time. (Bertsekas, *Network
//! Optimization*, ch. 7; every unit of an agent is an object with its own bid.)
//!
//! A task in need takes the edge that is cheapest with the agent's price added, and bids for it as much as it can
//! before the next best is cheaper, and a little (the *raise*) more, so that two never wait for each other. Whoever had
//! the lowest bid there looks for another. Units nobody wanted keep the price they began with.
//!
//! Knows one auction only; which ones are held, one after another, is said in `approach`.

use std::{cmp::Reverse, collections::BinaryHeap, ops::Range};

use super::{Curve, Edge, Flow, at, number};

/// No reserve: from the first unit's cost.
const FROM_NOTHING: i64 = i64::MIN;
/// The price of one who has nothing to sell; far from the ends of the numbers, so that sums stay within.
pub(super) const NOBODY_PAYS: i64 = i64::MAX / 8;

pub(super) struct Auction<'a> {
    pub(super) flow: &'a mut Flow,
    /// By how much a bid is at least above what was asked.
    pub(super) raise: i64,
    /// Tasks, those with the same way out and the same first edge together: they outbid each other, and what lies
    /// together is in the processor's reach together.
    bidders: Vec<Bidder>,
    /// All edges, those of a bidder together, in the order of the bidders.
    edges: Vec<Edge>,
    /// By agent, what he needs to sell, together.
    sellers: Vec<Seller>,
    /// Bidders in need, the next one last.
    waiting: Vec<u32>,
    /// What the edges cost by which units are taken.
    spent: i64,
}

struct Bidder {
    task: u32,
    wants: u32,
    /// The way out is the first.
    edges: Range<usize>,
}

struct Seller {
    curve: Curve,
    load: u32,
    /// What he asks at least for any unit.
    reserve: i64,
    /// Those he sold to, lowest first.
    bids: BinaryHeap<Reverse<Bid>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bid {
    price: i64,
    bidder: u32,
    /// Its place among all edges.
    edge: u32,
}

/// What is the cheapest for a bidder at present, and what the next costs.
struct Best {
    place: usize,
    least: i64,
    second: i64,
}

impl Best {
    fn of(offers: impl Iterator<Item = i64>) -> Self {
        let (mut least, mut second, mut place) = (i64::MAX, i64::MAX, 0);
        for (here, offer) in offers.enumerate() {
            // No branches: which edge is the cheapest cannot be foretold.
            second = second.min(offer.max(least));
            place = if offer < least { here } else { place };
            least = least.min(offer);
        }
        Self {
            place,
            least,
            second,
        }
    }
}

impl<'a> Auction<'a> {
    pub(super) fn new(flow: &'a mut Flow) -> Self {
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
        let bidders = bidders.collect();
        let sellers = flow.agents.iter().map(|agent| Seller {
            curve: agent.curve,
            load: 0,
            reserve: FROM_NOTHING,
            bids: BinaryHeap::new(),
        });
        Self {
            bidders,
            edges,
            sellers: sellers.collect(),
            raise: 1,
            waiting: Vec::new(),
            spent: 0,
            flow,
        }
    }

    /// Whoever sold all he has asks next time so much less than he got; whoever has units left, what they cost.
    pub(super) fn set_reserves(&mut self, below: i64) {
        for (seller, price) in self.sellers.iter_mut().zip(&self.flow.prices) {
            seller.reserve = if seller.load < seller.curve.units {
                FROM_NOTHING
            } else {
                price - below
            };
        }
    }

    pub(super) fn forget_reserves(&mut self) {
        for seller in &mut self.sellers {
            seller.reserve = FROM_NOTHING;
        }
    }

    /// One auction, in which each bid is at least the raise above what was asked: the smaller, the nearer and the
    /// longer.
    pub(super) fn hold(&mut self) {
        for (seller, price) in self.sellers.iter_mut().zip(&mut self.flow.prices) {
            seller.load = 0;
            seller.bids.clear();
            *price = seller.asks().unwrap_or(NOBODY_PAYS);
        }
        self.spent = 0;
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
    }

    fn bid(&mut self, bidder: u32) {
        let Bidder { wants, edges, .. } = &self.bidders[at(bidder)];
        let offers = &self.edges[edges.clone()];
        let prices = self.flow.prices.as_slice();
        let pays = |edge: &Edge| edge.cost + prices[at(edge.agent)];
        let Best {
            place,
            least,
            second,
        } = if *wants == 1 {
            // Nearly all are, and take nothing when they bid.
            Best::of(offers.iter().map(pays))
        } else {
            let open = |(place, edge): (usize, &Edge)| {
                let units = if place == 0 { *wants } else { 1 };
                if edge.taken < units {
                    pays(edge)
                } else {
                    i64::MAX
                }
            };
            Best::of(offers.iter().enumerate().map(open))
        };
        let begin = edges.start;
        // With nothing beside it a task bids no more than the raise: its way out has no end of units.
        let room = if second == i64::MAX {
            0
        } else {
            second - least
        };
        let edge = &mut self.edges[begin + place];
        edge.taken += 1;
        self.spent += edge.cost;
        let agent = edge.agent;
        let bid = Bid {
            price: prices[at(agent)] + room + self.raise,
            bidder,
            edge: number(begin + place),
        };
        if let Some(lost) = self.sellers[at(agent)].sell(bid) {
            let edge = &mut self.edges[at(lost.edge)];
            edge.taken -= 1;
            self.spent -= edge.cost;
            self.waiting.push(lost.bidder);
        }
        self.flow.prices[at(agent)] = self.sellers[at(agent)].price();
    }

    /// What a unit's edge costs in the middle, ways out left aside.
    pub(super) fn way(&self) -> i64 {
        let (mut sum, mut units) = (self.spent, 0);
        for bidder in self.bidders.iter().filter(|bidder| bidder.wants > 0) {
            let way_out = self.edges[bidder.edges.start];
            sum -= way_out.cost * i64::from(way_out.taken);
            units += i64::from(bidder.wants - way_out.taken);
        }
        sum.abs() / units.max(1)
    }

    /// What it all costs.
    pub(super) fn cost(&self) -> i64 {
        let units = self.sellers.iter();
        let units = units.map(|seller| seller.curve.total(seller.load));
        self.spent + units.sum::<i64>()
    }

    /// Puts into the flow who takes whose units.
    pub(super) fn write_down(&mut self) {
        for bidder in &self.bidders {
            let state = &mut self.flow.tasks[at(bidder.task)];
            state
                .edges
                .copy_from_slice(&self.edges[bidder.edges.clone()]);
            state.has = bidder.wants;
            self.flow.only[at(bidder.task)] = state.only();
        }
        for (state, seller) in self.flow.agents.iter_mut().zip(&self.sellers) {
            state.load = seller.load;
            state.held.clear();
            let bids = seller.bids.iter();
            let tasks = bids.map(|Reverse(bid)| self.bidders[at(bid.bidder)].task);
            state.held.extend(tasks);
            state.held.sort_unstable();
            state.held.dedup();
        }
        self.flow.short.clear();
        self.flow.rough = true;
    }
}

impl Seller {
    /// What he asks for a unit more; `None` when he has none left.
    fn asks(&self) -> Option<i64> {
        let next = self.curve.next(self.load)?;
        Some(next.max(self.reserve))
    }

    /// The lowest bid, which the next one may take the place of.
    fn lowest(&self) -> i64 {
        self.bids.peek().map_or(i64::MAX, |lowest| lowest.0.price)
    }

    /// Sells a unit; whoever bid least gives one back when there is none free, or none as cheap as his.
    fn sell(&mut self, bid: Bid) -> Option<Bid> {
        if self.asks().is_some_and(|asks| asks <= self.lowest()) {
            self.load += 1;
            self.bids.push(Reverse(bid));
            return None;
        }
        let mut lowest = self.bids.peek_mut()?;
        Some(std::mem::replace(&mut *lowest, Reverse(bid)).0)
    }

    /// What a unit more would take.
    fn price(&self) -> i64 {
        self.asks().unwrap_or(i64::MAX).min(self.lowest())
    }
}
