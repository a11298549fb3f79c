//! Exchanges that share a transaction, and what becomes of them when it fails.

use std::sync::mpsc;

use jitasa_protocol::{Code, payload::Answer};

use crate::{
    core::{Asked, Effect, Event, State, step},
    deliver::{self, After},
    ledger::{Ledger, LedgerError, Pages, Refusal},
    province::Shown,
};

/// An exchange that waits for the ledger, and where its answer is waited for.
pub(crate) struct Job {
    pub(crate) asked: Asked<Shown>,
    pub(crate) answer: mpsc::SyncSender<Result<Answer, Refusal>>,
}

/// Serves exchanges in one transaction, and answers each once it is kept. When that fails, each is served once more by
/// itself: what one of them cannot have is no reason to refuse the others, and who fell victim to another transaction
/// goes through when it is over.
pub(crate) fn serve_together(ledger: &mut dyn Ledger, jobs: Vec<Job>) {
    let alone = jobs.len() == 1;
    let mut senders = Vec::with_capacity(jobs.len());
    let mut states = Vec::with_capacity(jobs.len());
    for job in jobs {
        senders.push(job.answer);
        states.push(State::new(job.asked));
    }
    let error = match kept(ledger, &mut states) {
        Ok(answers) => {
            for (sender, answer) in senders.into_iter().zip(answers) {
                // Who no longer listens has gone; what he sent is kept, and he will ask again.
                let _ = sender.send(Ok(answer));
            }
            return;
        }
        Err(error) => error,
    };
    tracing::error!(error = %error, cause = cause(&error), together = states.len(), "the ledger failed");
    // A database that does not answer one does not answer the others either.
    let is_final = (alone || error.is_busy()) && !ledger.fell_victim();
    let refusal = refused(&error);
    for (sender, state) in senders.into_iter().zip(states) {
        let answer = if is_final {
            Err(refusal.into())
        } else {
            kept(ledger, &mut [State::new(state.into_asked())])
                .map_err(|error| refused(&error).into())
                .and_then(|answers| answers.into_iter().next().ok_or(Code::Internal.into()))
        };
        let _ = sender.send(answer);
    }
}

/// The answers to exchanges that were kept in one transaction.
fn kept(ledger: &mut dyn Ledger, states: &mut [State<Shown>]) -> Result<Vec<Answer>, LedgerError> {
    let mut pages = ledger.begin()?;
    let answers = states
        .iter_mut()
        .map(|state| serve(pages.as_mut(), state))
        .collect::<Result<_, _>>()?;
    pages.commit()?;
    Ok(answers)
}

/// What a desk is told of a failure of ours.
fn refused(error: &LedgerError) -> Code {
    if error.is_busy() {
        Code::Busy
    } else {
        Code::Internal
    }
}

/// What lies under a failure: the database's words on its own state, never a row's content.
fn cause(error: &LedgerError) -> Option<String> {
    std::error::Error::source(error).map(ToString::to_string)
}

/// Drives one exchange over a transaction.
fn serve(pages: &mut dyn Pages, state: &mut State<Shown>) -> Result<Answer, LedgerError> {
    let now = state.asked().now;
    let mut event = Event::Start;
    loop {
        let effect = step(state, event);
        let province = state.province_code().to_string();
        event = match effect {
            Effect::Look(id) => {
                let standing = pages.standing()?;
                let device = match &standing {
                    Some(standing) => pages.device(&standing.province_code, id)?,
                    None => None,
                };
                Event::Found(standing, device.map(Box::new))
            }
            Effect::Open(device) => {
                Event::Opened(Box::new(pages.open(&province, &device, state.changes())?))
            }
            Effect::Keep(device, book, taken) => {
                pages.keep(&province, &device, &book, &taken, now)?;
                Event::Kept
            }
            Effect::Save(device) => {
                pages.save_device(&province, &device)?;
                Event::Kept
            }
            Effect::Page {
                device,
                cursor,
                head,
                limit,
                tells_own,
                repair,
            } => Event::Paged(match repair {
                Some(repair) => {
                    deliver::repair(pages, &province, &device, &repair.owner, repair.after)?
                }
                None => {
                    let after = After {
                        cursor,
                        head,
                        limit,
                        tells_own,
                    };
                    deliver::page(pages, &province, &device, after)?
                }
            }),
            Effect::Sum(office_code) => Event::Summed(pages.sums(&province, &office_code)?),
            Effect::Reply(answer) => return Ok(*answer),
        };
    }
}
