//! One exchange with a desk, as a machine without hands: `step(state, event)` says what to do next. What it asks
//! for is rows of the ledger; whoever drives it fetches and keeps them, all in one transaction.
//!
//! It must not know a clock, a network, a database or chance.

use jitasa_domain::{
    Timestamp,
    change::{Change, Outcome},
    sown,
    sum::fields_covered,
};
use jitasa_protocol::{
    Code, Hash, PROTOCOL, Problem, limits,
    payload::{Answer, AnswerHead, OwnerSum, Repair, Request},
};
use uuid::Uuid;

use crate::{
    book::{Book, ConfirmedDevice, Device, Scope, Status, Taken},
    deliver::Page,
    ledger::Standing,
    plan::{self, Run},
};

/// A desk that was heard this recently need not be noted again: who only asks should not cost a flush.
const SEEN_EVERY_MS: u64 = 60_000;

/// How a device shows that it is the one.
pub trait Proof {
    /// Whether it is this device's.
    fn holds_for(&self, device: &Device) -> bool;
    /// Whether it comes with a chain, an epoch and the name of the server it is meant for; protocol 1 has none.
    fn is_signed(&self) -> bool;
}

/// What was asked.
#[derive(Debug)]
pub struct Asked<P> {
    /// The request. Of protocol 1, what that does not know is left at its default.
    pub request: Request,
    /// Its proof.
    pub proof: P,
    /// What the answer is to.
    pub in_reply_to: Hash,
    /// When it came, by the server's clock.
    pub now: Timestamp,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The exchange begins.
    Start,
    /// The province and the device, as they are kept.
    Found(Option<Standing>, Option<Box<Device>>),
    /// What the changes speak of.
    Opened(Box<Book>),
    /// It was kept.
    Kept,
    /// What the office is told.
    Paged(Page),
    /// The sums of the scopes it may see.
    Summed(Vec<(Scope, u64)>),
}

/// What to do next; its outcome is the next event.
#[derive(Debug)]
pub enum Effect {
    /// Look up the province and a device.
    Look(Uuid),
    /// Lay open what the request's changes speak of.
    Open(Box<ConfirmedDevice>),
    /// Keep what they led to.
    Keep(Box<ConfirmedDevice>, Box<Book>, Box<Taken>),
    /// Keep the device as it is now.
    Save(Box<Device>),
    /// Read what the device's office is told.
    Page {
        /// Whose.
        device: Box<ConfirmedDevice>,
        /// After which sequence.
        cursor: u64,
        /// The last one given.
        head: u64,
        /// How many rows it wants at most.
        limit: u32,
        /// Whether who fetches the whole is told also what this device wrote alone: the server was put back, and what
        /// others wrote over that since may be here no longer, but on the desk.
        tells_own: bool,
        /// Instead: the records of one owner as they stand.
        repair: Option<Repair>,
    },
    /// Read the sums of an office's scopes.
    Sum(String),
    /// Answer.
    Reply(Box<Answer>),
}

/// What is being kept.
#[derive(Debug, Clone, Copy, Default)]
enum Phase {
    #[default]
    Looking,
    Taking,
    Noting,
    Refusing,
}

/// An exchange under way.
#[derive(Debug)]
pub struct State<P> {
    asked: Asked<P>,
    phase: Phase,
    standing: Option<Standing>,
    device: Option<Device>,
    answer: Answer,
    head: u64,
    /// Whether the device has to be kept, however lately it was heard.
    has_moved: bool,
}

impl<P: Proof> State<P> {
    /// An exchange that is about to begin.
    pub fn new(asked: Asked<P>) -> Self {
        let head = AnswerHead {
            protocol: PROTOCOL,
            to_device: asked.request.head.device_id,
            in_reply_to: asked.in_reply_to,
            cursor: asked.request.head.cursor,
            server_now: asked.now.0,
            ..AnswerHead::default()
        };
        Self {
            asked,
            phase: Phase::default(),
            standing: None,
            device: None,
            answer: Answer {
                head,
                ..Answer::default()
            },
            head: 0,
            has_moved: false,
        }
    }

    /// What was asked.
    pub fn asked(&self) -> &Asked<P> {
        &self.asked
    }

    /// What was asked, to be asked again from the beginning.
    pub fn into_asked(self) -> Asked<P> {
        self.asked
    }

    /// The changes that were sent.
    pub fn changes(&self) -> &[Change] {
        &self.asked.request.changes
    }

    /// The province's code, once it has been looked up.
    pub fn province_code(&self) -> &str {
        let standing = self.standing.as_ref();
        standing.map_or("", |standing| standing.province_code.as_str())
    }
}

/// One step of an exchange.
pub fn step<P: Proof>(state: &mut State<P>, event: Event) -> Effect {
    let next = match event {
        Event::Start => Ok(Effect::Look(state.asked.request.head.device_id)),
        Event::Found(standing, device) => found(state, standing, device),
        Event::Opened(book) => opened(state, book),
        Event::Kept => kept(state),
        Event::Paged(page) => paged(state, page),
        Event::Summed(sums) => Ok(summed(state, &sums)),
    };
    next.unwrap_or_else(|problem| refuse(state, problem))
}

fn reply<P>(state: &mut State<P>) -> Effect {
    Effect::Reply(Box::new(std::mem::take(&mut state.answer)))
}

fn refuse<P: Proof>(state: &mut State<P>, problem: Problem) -> Effect {
    state.answer.outcomes.clear();
    state.answer.delivered.clear();
    state.answer.head.problem = Some(problem);
    // A request that says nothing new may only have been long under way, or on a stick: the desk is told, and if it is
    // well it never hears it. Only what contradicts this history is a proof of another.
    let head = &state.asked.request.head;
    let last = state.device.as_ref().map_or(0, |device| device.last_seq);
    let says_less = state.asked.request.changes.is_empty() && head.acked < last;
    let forked = problem.code == Code::DeviceForked && !says_less;
    if let Some(device) = state
        .device
        .as_mut()
        .filter(|device| forked && device.status == Status::Confirmed)
    {
        // From now on neither of the two is believed: which of them is the desk, nobody here can tell.
        device.status = Status::Forked;
        state.phase = Phase::Refusing;
        return Effect::Save(Box::new(device.clone()));
    }
    reply(state)
}

fn found<P: Proof>(
    state: &mut State<P>,
    standing: Option<Standing>,
    device: Option<Box<Device>>,
) -> Result<Effect, Problem> {
    // Known from here on: a refusal may have to keep something in this province too.
    state.standing = standing;
    let standing = state.standing.as_ref().ok_or(Code::DeviceUnknown)?;
    state.head = standing.head;
    state.answer.head.server_id = standing.server_id;
    state.answer.head.epoch = standing
        .epochs
        .last()
        .map(|epoch| epoch.id)
        .unwrap_or_default();
    let head = &state.asked.request.head;
    let device = device
        .filter(|device| state.asked.proof.holds_for(device))
        .filter(|device| device.office_code == head.office_code)
        .ok_or(Code::DeviceUnknown)?;
    let is_signed = state.asked.proof.is_signed();
    if is_signed && head.server_id != standing.server_id {
        return Err(Code::OtherServer.into());
    }
    let device = *device;
    state.device = Some(device.clone());
    let confirmed = ConfirmedDevice::of(device)?;
    if is_signed {
        same_epoch(head.epoch, standing, &confirmed)?;
        same_history(&state.asked.request, &confirmed)?;
    } else if standing.epochs.len() > 1 {
        return Err(Code::CursorUnknown.into());
    }
    if head.cursor > standing.head {
        return Err(Code::CursorUnknown.into());
    }
    state.answer.head.acked = confirmed.last_seq;
    if state.asked.request.changes.is_empty() {
        return Ok(page_of(state, &confirmed));
    }
    state.phase = Phase::Taking;
    Ok(Effect::Open(Box::new(confirmed)))
}

/// Whether the desk goes by the present epoch; else where its own went apart from it.
fn same_epoch(epoch: Uuid, standing: &Standing, device: &Device) -> Result<(), Problem> {
    let place = standing.epochs.iter().position(|each| each.id == epoch);
    let (code, later) = match place {
        Some(place) if place + 1 == standing.epochs.len() || sown!(36) => return Ok(()),
        Some(place) => (Code::EpochChanged, &standing.epochs[place + 1..]),
        None => (
            Code::EpochUnknown,
            &standing.epochs[standing.epochs.len().saturating_sub(1)..],
        ),
    };
    Err(Problem {
        code,
        expected: Some(device.last_seq + 1),
        cut: Some(
            later
                .iter()
                .map(|epoch| epoch.cut)
                .min()
                .unwrap_or_default(),
        ),
    })
}

/// Whether the device's past is the one that was told here.
fn same_history(request: &Request, device: &Device) -> Result<(), Problem> {
    let head = &request.head;
    if head.acked > device.last_seq {
        // It was acknowledged more than is here: the server was put back, and does not know.
        return Err(Code::CursorUnknown.into());
    }
    let says_no_more = request.changes.is_empty();
    let has_lost_its_own = says_no_more && head.acked < device.last_seq;
    let another = head.acked == device.last_seq
        && device.link.is_some_and(|link| link != head.link)
        && !sown!(22);
    if (has_lost_its_own || another) && !sown!(37) {
        return Err(Code::DeviceForked.into());
    }
    Ok(())
}

fn opened<P: Proof>(state: &mut State<P>, mut book: Box<Book>) -> Result<Effect, Problem> {
    let device = confirmed(state)?;
    let request = &state.asked.request;
    let batch = request.head.batch.as_ref();
    let run = Run {
        changes: &request.changes,
        previous: batch
            .filter(|_| state.asked.proof.is_signed())
            .map(|batch| batch.previous),
        base_cap: batch.and_then(|batch| batch.base_cap),
    };
    let taken = Box::new(plan::absorb(&mut book, &device, run)?);
    if taken.outcomes.len() > 1 && bytes_of_values(&taken.outcomes) > limits::OUTCOMES_BYTES {
        // No desk would read the answer; of fewer changes it is shorter.
        return Err(Code::TooLarge.into());
    }
    state.head = book.head;
    state.answer.outcomes.clone_from(&taken.outcomes);
    state.answer.head.acked = taken.device_seq;
    // Also when nothing of it was new, because another device had offered it before.
    state.has_moved |= taken.device_seq > device.last_seq;
    let stays = sown!(38) && taken.entries.is_empty();
    if let Some(device) = state.device.as_mut().filter(|_| !stays) {
        device.last_seq = taken.device_seq;
        device.link = taken.link;
    }
    if (taken.entries.is_empty() && taken.kept.is_empty()) || sown!(39) {
        return Ok(page_of(state, &device));
    }
    state.has_moved = true;
    Ok(Effect::Keep(Box::new(device), book, taken))
}

/// Of most outcomes there are none.
fn bytes_of_values(outcomes: &[Outcome]) -> usize {
    outcomes
        .iter()
        .flat_map(|outcome| [&outcome.theirs, &outcome.since])
        .filter(|values| !values.is_empty())
        .map(|values| serde_json::to_string(values).map_or(0, |json| json.len()))
        .sum()
}

fn confirmed<P>(state: &State<P>) -> Result<ConfirmedDevice, Problem> {
    let device = state.device.clone().ok_or(Code::DeviceUnknown)?;
    Ok(ConfirmedDevice::of(device)?)
}

fn kept<P: Proof>(state: &mut State<P>) -> Result<Effect, Problem> {
    match state.phase {
        Phase::Taking => {
            let device = confirmed(state)?;
            Ok(page_of(state, &device))
        }
        Phase::Noting => Ok(after_noting(state)),
        Phase::Looking | Phase::Refusing => Ok(reply(state)),
    }
}

fn page_of<P: Proof>(state: &mut State<P>, device: &ConfirmedDevice) -> Effect {
    let request = &state.asked.request;
    let told_up_to = request.changes.last().map(|change| change.device_seq);
    let owes_its_word = told_up_to.is_some_and(|last| last < state.answer.head.acked);
    if owes_its_word {
        // Answers were lost, and the device asks again with fewer changes. It has to hear of all its
        // own before it hears what others wrote over them.
        state.answer.head.more = true;
        return noted(state);
    }
    Effect::Page {
        device: Box::new(device.clone()),
        cursor: request.head.cursor,
        head: state.head,
        limit: request.head.limit,
        tells_own: state
            .standing
            .as_ref()
            .is_some_and(|standing| standing.epochs.len() > 1)
            && !sown!(48),
        repair: request.head.repair.clone(),
    }
}

fn paged<P: Proof>(state: &mut State<P>, page: Page) -> Result<Effect, Problem> {
    state.answer.head.cursor = page.cursor;
    state.answer.head.more = page.more;
    state.answer.delivered = page.delivered;
    let is_repair = state.asked.request.head.repair.is_some();
    if let Some(device) = state.device.as_mut().filter(|_| !is_repair) {
        let moved = (device.scan_from, device.live_from) != (page.scan_from, page.live_from);
        state.has_moved |= moved;
        (device.scan_from, device.live_from) = (page.scan_from, page.live_from);
    }
    Ok(noted(state))
}

/// Notes what the device said of itself, when it is worth a flush.
fn noted<P: Proof>(state: &mut State<P>) -> Effect {
    let head = &state.asked.request.head;
    let now = state.asked.now;
    let is_signed = state.asked.proof.is_signed();
    let Some(device) = state.device.as_mut() else {
        return refuse(state, Code::DeviceUnknown.into());
    };
    let seen_lately = device
        .last_seen_at
        .is_some_and(|seen| now.0.abs_diff(seen.0) < SEEN_EVERY_MS);
    if is_signed {
        device.program.clone_from(&head.program);
        device.protocol = head.protocol;
        device.waiting = head.waiting;
        device.skew_ms = head.claimed_at.saturating_sub(now.0);
    }
    device.last_cursor = state.answer.head.cursor;
    state.phase = Phase::Noting;
    if seen_lately && !state.has_moved {
        return after_noting(state);
    }
    device.last_seen_at = Some(now);
    Effect::Save(Box::new(device.clone()))
}

fn after_noting<P: Proof>(state: &mut State<P>) -> Effect {
    let head = &state.asked.request.head;
    let compares = head.fields == fields_covered() && !state.answer.head.more;
    state.answer.head.head = state.head;
    if compares && state.asked.proof.is_signed() {
        return Effect::Sum(head.office_code.clone());
    }
    reply(state)
}

fn summed<P: Proof>(state: &mut State<P>, sums: &[(Scope, u64)]) -> Effect {
    let total = sums
        .iter()
        .fold(0u64, |total, (_, sum)| total.wrapping_add(*sum));
    state.answer.head.sum = Some(total);
    if state.asked.request.head.want_sums {
        let mut owners: Vec<OwnerSum> = Vec::new();
        for (scope, sum) in sums {
            match owners
                .last_mut()
                .filter(|last| last.owner == scope.office_code)
            {
                Some(last) => last.sum = last.sum.wrapping_add(*sum),
                None => owners.push(OwnerSum {
                    owner: scope.office_code.clone(),
                    sum: *sum,
                }),
            }
        }
        owners.truncate(limits::OWNERS_MAX);
        state.answer.head.sums = owners;
    }
    reply(state)
}
