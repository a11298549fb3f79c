//! Acts on needs: verified, opened, met, closed, opened again. Hands come and go through assignments.

use jitasa_domain::{
    Assignment, Case, ClosingReason, Need, NeedState, lifecycle, lifecycle::NeedMove,
};
use uuid::Uuid;

use super::{Act, case::with_line};
use crate::{StoreError, rows};

/// A closing.
#[derive(Debug, Clone)]
pub struct CloseCase {
    pub id: Uuid,
    pub reason: ClosingReason,
    pub note: Option<String>,
}

/// A step of a need.
#[derive(Debug, Clone)]
pub struct MoveNeed {
    pub id: Uuid,
    pub step: NeedMove,
    pub reason: Option<ClosingReason>,
    pub note: Option<String>,
}

pub(super) fn close(act: &mut Act, close: &CloseCase) -> Result<Uuid, StoreError> {
    let (case, _) = act.get::<Case>(close.id)?;
    let under_way = active_assignments(act, case.id)?;
    if !under_way.is_empty() {
        return Err(StoreError::Invalid {
            code: "case_has_assignments",
            field: "assignments",
        });
    }
    let open: Vec<_> = needs_of(act, case.id)?
        .into_iter()
        .filter(|need| need.state != NeedState::Closed)
        .collect();
    if open.is_empty() {
        return Err(StoreError::Invalid {
            code: "case_closed_already",
            field: "needs",
        });
    }
    for need in open {
        close_need(act, need, close.reason, close.note.clone())?;
    }
    Ok(close.id)
}

fn close_need(
    act: &mut Act,
    need: Need,
    reason: ClosingReason,
    note: Option<String>,
) -> Result<(), StoreError> {
    let mut need = need;
    if lifecycle::need_after(need.state, NeedMove::Close).is_err() {
        // Nobody is on the way any more (the caller has checked), so the need is set free and then
        // closed: two steps, each of which the server knows.
        need = need.stepped(NeedMove::Release, act.now, None)?;
        act.update(&need)?;
    }
    act.update(&need.stepped(NeedMove::Close, act.now, Some((reason, note)))?)?;
    Ok(())
}

pub(super) fn active_assignments(act: &Act, case_id: Uuid) -> Result<Vec<Assignment>, StoreError> {
    let mut all = rows::select::<Assignment>(
        act.conn(),
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL",
        &[&case_id.to_string()],
    )?;
    all.retain(|assignment| assignment.state.is_active());
    Ok(all)
}

pub(super) fn reopen(act: &mut Act, id: Uuid, note: &str) -> Result<Uuid, StoreError> {
    let (case, _) = act.get::<Case>(id)?;
    let done: Vec<_> = needs_of(act, id)?
        .into_iter()
        .filter(|need| matches!(need.state, NeedState::Closed | NeedState::Met))
        .collect();
    if done.is_empty() {
        return Err(StoreError::Invalid {
            code: "case_not_closed",
            field: "needs",
        });
    }
    for need in done {
        act.update(&need.stepped(NeedMove::Reopen, act.now, None)?)?;
    }
    if !note.is_empty() {
        let note = with_line(&case.note, note);
        act.update(&Case { note, ..case })?;
    }
    Ok(id)
}

pub(super) fn move_need(act: &mut Act, step: &MoveNeed) -> Result<Uuid, StoreError> {
    let (need, _) = act.get::<Need>(step.id)?;
    let case_id = need.case_id;
    let busy = active_assignments(act, case_id)?
        .iter()
        .any(|each| each.need_id == need.id);
    if busy
        && matches!(
            step.step,
            NeedMove::Close | NeedMove::Meet | NeedMove::Release
        )
    {
        return Err(StoreError::Invalid {
            code: "case_has_assignments",
            field: "assignments",
        });
    }
    if step.step == NeedMove::Close && step.reason.is_none() {
        return Err(StoreError::Invalid {
            code: "reason_missing",
            field: "reason",
        });
    }
    let closing = step.reason.map(|reason| (reason, step.note.clone()));
    act.update(&need.stepped(step.step, act.now, closing)?)?;
    Ok(case_id)
}

/// The needs of a case that count, as they were keyed.
pub(super) fn needs_of(act: &Act, case_id: Uuid) -> Result<Vec<Need>, StoreError> {
    rows::select(
        act.conn(),
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL ORDER BY r.pk",
        &[&case_id.to_string()],
    )
}
