//! The same round on a stick: what a desk has to say goes into a file, and the server's answer comes back in another.
//! The bytes are those that would have gone by the line.
//!
//! A file waits for its answer while people work on, and another may be written meanwhile: each begins after the one
//! before. Whichever answer comes first, those that came before it are needed first too, since the server takes a
//! device's changes in order; taken in twice, a file or an answer changes nothing.

use jitasa_domain::Timestamp;
use jitasa_protocol::{Hash, payload::Request};

use crate::{
    core::{Effect, Event, Gathered, State, Tally, step},
    desk_side::{Absorbed, Desk},
    envelope,
    error::SyncError,
    round::{Receipt, Terms, ask_of, granted, standing_of, with_key},
    transport::TransportError,
};

/// Changes in one file at most: what the protocol allows.
const FILE_CHANGES_MAX: usize = jitasa_protocol::limits::CHANGES_MAX;

/// A file for the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its bytes.
    pub frame: Vec<u8>,
    /// What its answer will name.
    pub name: Hash,
    /// The first and last number of the changes in it; none when it only asks.
    pub run: Option<(u64, u64)>,
    /// How many changes still wait for another file.
    pub left: u64,
}

/// What the desk has to say, sealed for a file: all that waits, or as much as one file may hold.
///
/// # Errors
/// When the desk belongs to no server, or its store fails.
pub fn write(desk: &dyn Desk, now: Timestamp) -> Result<Written, SyncError> {
    let identity = desk.identity()?;
    let enrolment = desk.enrolment()?.ok_or(SyncError::NotEnrolled)?;
    let key = identity
        .key
        .filter(|_| enrolment.server_key.is_some())
        .ok_or(SyncError::NotEnrolled)?;
    let standing = standing_of(
        desk,
        Terms {
            page: jitasa_protocol::limits::DELIVERED_MAX,
            ..Terms::at(now)
        },
    )?;
    let gathered = desk.gather(standing.acked, FILE_CHANGES_MAX)?;
    let waiting = gathered.waiting;
    let request = request_of(State::new(standing), gathered)?;
    let run = request
        .changes
        .first()
        .zip(request.changes.last())
        .map(|(first, last)| (first.device_seq, last.device_seq));
    let sealed = envelope::seal(&request, &key);
    Ok(Written {
        frame: sealed.frame,
        name: sealed.name,
        run,
        left: waiting - request.changes.len() as u64,
    })
}

fn request_of(state: State, gathered: Gathered) -> Result<Box<Request>, SyncError> {
    let (state, _) = step(state, Event::Start);
    match step(state, Event::Gathered(gathered)).1 {
        Effect::Send(request) => Ok(request),
        Effect::GaveUp(error) => Err(error),
        _ => Err(SyncError::HistoryMissing),
    }
}

/// Takes in the server's answer to a file, and says to which. An answer that was taken in before changes nothing.
///
/// # Errors
/// `NotOurServer` for a file that is damaged, of another server or for another desk; nothing has changed then.
pub fn take_in(
    desk: &mut dyn Desk,
    bytes: &[u8],
    now: Timestamp,
) -> Result<(Hash, Receipt), SyncError> {
    let identity = desk.identity()?;
    let enrolment = desk.enrolment()?.ok_or(SyncError::NotEnrolled)?;
    let server_key = enrolment.server_key.ok_or(SyncError::NotEnrolled)?;
    let answer = envelope::open_any(bytes, &server_key)?;
    if answer.head.server_id != enrolment.server_id {
        return Err(SyncError::OtherServer);
    }
    if answer.head.to_device != identity.device_id {
        return Err(SyncError::OtherDesk);
    }
    let standing = desk.standing()?;
    if let Some(problem) = answer.head.problem {
        // A refusal counts only as the answer to the file that was written last: the core would ask again.
        return Err(TransportError::Refused(problem).into());
    }
    // An answer of before the server was put back says nothing of what it holds now.
    let is_present = answer.head.epoch == standing.epoch || jitasa_domain::sown!(44);
    let news: Vec<_> = answer
        .outcomes
        .into_iter()
        // What has its word already is passed over.
        .filter(|outcome| is_present && outcome.device_seq > standing.acked)
        .collect();
    if news
        .first()
        .is_some_and(|first| first.device_seq > standing.acked + 1)
    {
        return Err(SyncError::AnswerTooEarly);
    }
    let gathered = desk.gather(standing.acked, news.len().max(1))?;
    let links = chain(&gathered, news.len());
    // Rows from before a change that has its word by now would be written over it, and nobody would tell it again: a
    // device is not told its own.
    let is_news = is_present
        && answer.head.cursor >= standing.cursor
        && (answer.head.acked >= standing.acked || jitasa_domain::sown!(45));
    let mut tally = Tally::default();
    for outcome in &news {
        tally.count(outcome.verdict);
    }
    let absorbed = Absorbed {
        acked: standing.acked.max(links.last().map_or(0, |(seq, _)| *seq)),
        links,
        outcomes: news,
        delivered: if is_news {
            answer.delivered
        } else {
            Vec::new()
        },
        cursor: is_news.then_some(answer.head.cursor),
        at: now,
    };
    tally.received = desk.absorb(&absorbed)?.received;
    let receipt = Receipt::of(tally, desk.pending_count()?);
    Ok((answer.head.in_reply_to, receipt))
}

fn chain(gathered: &Gathered, words: usize) -> Vec<(u64, Hash)> {
    let Some(mut chain) = gathered.link else {
        return Vec::new();
    };
    gathered
        .changes
        .iter()
        .take(words)
        .map(|change| {
            chain = jitasa_protocol::link(&chain, change);
            (change.device_seq, chain)
        })
        .collect()
}

/// The wish to be let in, for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its bytes.
    pub frame: Vec<u8>,
    /// Made from the desk's key, for two people to compare.
    pub words: [&'static str; 6],
}

/// The wish to be let in. `secret` becomes the desk's key when it has none.
///
/// # Errors
/// `Enrolled` when the desk belongs to a province: it would begin anew, and needs a code for that.
pub fn ask(desk: &mut dyn Desk, secret: [u8; 32], now: Timestamp) -> Result<Asked, SyncError> {
    if desk.enrolment()?.is_some() {
        return Err(SyncError::Enrolled);
    }
    let identity = with_key(desk, secret)?;
    let key = identity.key.as_ref().ok_or(SyncError::NotEnrolled)?;
    Ok(Asked {
        frame: envelope::seal_ask(&ask_of(&identity, key, None, None, now), key),
        words: key.public().fingerprint_words(),
    })
}

/// Takes the province's grant.
///
/// # Errors
/// `NotOurServer` for a file that is none, or is not for this desk; `Enrolled` when the desk belongs to another server.
pub fn take_grant(desk: &mut dyn Desk, bytes: &[u8]) -> Result<(), SyncError> {
    let grant = envelope::open_grant(bytes)?;
    let url = grant.server_url.clone().unwrap_or_default();
    let enrolment = granted(&desk.identity()?, &grant, &url)?;
    if desk
        .enrolment()?
        .is_some_and(|before| before.server_id != enrolment.server_id)
    {
        return Err(SyncError::Enrolled);
    }
    desk.save_enrolment(&enrolment)?;
    Ok(())
}
