//! What was keyed, line by line: which code of which list, what it would do, what has changed since
//! the print, and what is wrong with it. Nothing is written here.

use std::collections::HashMap;

use jitasa_domain::{
    Assignment, Denied, Entity, Review, ReviewState, TickList, Timestamp,
    lifecycle::{self, AssignmentMove},
    tick::{Answer, Code, Effect, Line},
};
use jitasa_store::{
    Connection, StoreError,
    act::{TickLineId, TickWord},
    query::tick_lists::{self, Standing},
};
use jitasa_thai::{
    text,
    tick_answers::{self, Answered, Keyed, Tick},
};
use uuid::Uuid;

use super::{
    asked::Asked,
    lists::{Lists, Target, in_hand, one_of},
};
use crate::{
    ApiError, App, forms,
    places::Villages,
    views::review::{TickEntry, TickNewer},
};

/// How far back a code is looked for: paper that is older has its number keyed before it.
const LOOKED_BACK_MS: i64 = 180 * 24 * 3_600_000;
/// The longest note of a line.
const NOTE_LETTERS_MAX: usize = 500;

/// An entry, and the word it comes to when nothing is wrong with it.
pub(super) struct Read {
    pub(super) entry: TickEntry,
    pub(super) word: Option<TickWord>,
    /// The line has its word already, which this one takes the place of.
    pub(super) corrects: Option<TickLineId>,
    open: Option<Open>,
}

/// An entry whose line is found and whose answer is read: what it does is still to be judged.
struct Open {
    list: TickList,
    line: Line,
    standing: Standing,
    answer: Answer,
    note: Option<String>,
    signed_at: Timestamp,
}

pub(super) fn read(app: &App, asked: &Asked) -> Result<Vec<Read>, ApiError> {
    if asked.text.chars().count() > forms::NOTE_LETTERS_MAX {
        return Err(ApiError::field("text_too_long", "text").with("max", forms::NOTE_LETTERS_MAX));
    }
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let now = app.env().now();
    let mut read = store.read(|conn| {
        let lists = Lists::of(tick_lists::all_since(conn, now.plus_ms(-LOOKED_BACK_MS))?);
        let keyed = tick_answers::read(&asked.text, &|word| lists.fit(word));
        let targets: Vec<_> = keyed
            .iter()
            .map(|keyed| lists.targets(conn, keyed))
            .collect::<Result<_, _>>()?;
        let in_hand = in_hand(&targets);
        let mut read: Vec<_> = keyed
            .iter()
            .zip(targets)
            .map(|(keyed, targets)| {
                let target = one_of(targets, &in_hand);
                lists.found(keyed, target, &villages, asked, now)
            })
            .collect();
        each_thing_once(&mut read);
        Ok(read)
    })?;
    drop(store);
    for each in &mut read {
        take_back_first(app, each)?;
    }
    in_order_of_application(&mut read);
    let store = app.store()?;
    store.read(|conn| {
        for each in &mut read {
            each.judge(conn, asked)?;
        }
        Ok(())
    })?;
    Ok(read)
}

/// The same thing keyed twice, be it from two lists.
fn each_thing_once(read: &mut [Read]) {
    let mut seen: HashMap<(Entity, Uuid), String> = HashMap::new();
    for each in read {
        let Some(open) = &each.open else { continue };
        let code = open.line.code.to_string();
        match seen.get(&(open.line.entity, open.line.id)) {
            Some(first) => {
                each.entry.same_as = Some(first.clone());
                each.refuse("tick_twice");
            }
            None => {
                let _ = seen.insert((open.line.entity, open.line.id), code);
            }
        }
    }
}

/// A line that has its word stands as it did before that word: what is keyed now takes its place.
fn take_back_first(app: &App, read: &mut Read) -> Result<(), ApiError> {
    let Some(open) = read
        .open
        .as_mut()
        .filter(|open| open.standing.said.is_some())
    else {
        return Ok(());
    };
    let line = TickLineId {
        tick_list_id: open.list.id,
        case_id: open.standing.line.case.id,
        assignment_id: open
            .standing
            .assignment
            .as_ref()
            .map(|found| found.assignment.id),
    };
    let (list, printed) = (&open.list, &open.line);
    let before = app.rehearse(jitasa_store::Action::TakeBackLines(vec![line]), |conn| {
        tick_lists::standing(conn, list, printed)
    });
    match before {
        Ok(Some(standing)) => {
            open.standing = standing;
            read.corrects = Some(line);
        }
        Ok(None) => read.refuse("tick_done_already"),
        // Somebody has gone on from it, or it was keyed elsewhere.
        Err(error) if error.code == "undo_touched_since" => read.refuse("tick_done_already"),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Words on help are taken before the word on its case: that one is judged by how they leave the case.
fn in_order_of_application(read: &mut [Read]) {
    let mut words: HashMap<Uuid, Vec<(Uuid, Effect)>> = HashMap::new();
    for open in read.iter().filter_map(|each| each.open.as_ref()) {
        let effect = open.effect();
        if let (Entity::Assignment, Some(effect)) = (open.line.entity, effect) {
            let of_case = words.entry(open.standing.line.case.id).or_default();
            of_case.push((open.line.id, effect));
        }
    }
    for open in read.iter_mut().filter_map(|each| each.open.as_mut()) {
        let of_case = words.get(&open.standing.line.case.id);
        for (id, effect) in of_case.into_iter().flatten() {
            if open.line.entity == Entity::Case {
                open.standing.after_word(*id, *effect);
            }
        }
    }
}

/// The lines of a list as printed, with what has come back.
pub(super) fn as_printed(
    conn: &Connection,
    list: &TickList,
    villages: &Villages,
) -> Result<Vec<TickEntry>, StoreError> {
    let mut entries = Vec::new();
    for (place, line) in tick_lists::lines_of(list) {
        let mut entry = TickEntry {
            text: line.code.to_string(),
            code: Some(line.code.to_string()),
            ..TickEntry::default()
        };
        on_list(&mut entry, list, place);
        match tick_lists::standing(conn, list, &line)? {
            Some(standing) => {
                fill(&mut entry, &line, &standing, villages);
                entry.problem = match &standing.said {
                    Some(_) => Some("tick_done_already".into()),
                    None => standing.denied.map(|denied| refusal(denied).into()),
                };
                if let Some(said) = &standing.said {
                    entry.answer = said.ticked.map(|answer| answer.code().into());
                    entry.note = said.reason.clone();
                }
            }
            None => entry.problem = Some("tick_unlawful".into()),
        }
        entries.push(entry);
    }
    Ok(entries)
}

impl Lists {
    /// The line that was meant, and its answer.
    fn found(
        &self,
        keyed: &Keyed,
        targets: Vec<Target>,
        villages: &Villages,
        asked: &Asked,
        now: Timestamp,
    ) -> Read {
        let mut read = Read {
            entry: TickEntry {
                text: keyed.text.clone(),
                note: keyed.note.clone(),
                ..TickEntry::default()
            },
            word: None,
            corrects: None,
            open: None,
        };
        match Code::parse(&keyed.code) {
            Ok(code) => read.entry.code = Some(code.to_string()),
            Err(error) => {
                read.entry.did_you_mean = self.meant(&keyed.code);
                return read.refused(error.code());
            }
        }
        let target = match <[Target; 1]>::try_from(targets) {
            Ok([target]) => target,
            Err(several) if several.is_empty() => {
                read.entry.did_you_mean = self.meant(&keyed.code);
                return read.refused("tick_code_unknown");
            }
            Err(several) => {
                let numbers = several.iter().filter_map(|each| self.lists.get(each.list));
                let numbers: Vec<_> = numbers.map(|list| list.number.as_str()).collect();
                read.entry.list_number = Some(numbers.join(", "));
                return read.refused("tick_ambiguous");
            }
        };
        let Some(list) = self.lists.get(target.list) else {
            return read.refused("tick_code_unknown");
        };
        let place = u32::try_from(target.place + 1).unwrap_or(u32::MAX);
        on_list(&mut read.entry, list, place);
        let Some(standing) = target.standing else {
            return read.refused("tick_unlawful");
        };
        fill(&mut read.entry, &target.line, &standing, villages);
        if list.void_reason.is_some() {
            return read.refused("tick_list_void");
        }
        let entity = target.line.entity;
        let answer = match keyed.answer {
            Answered::Tick(tick) => answer_of(tick, entity),
            Answered::Missing => return read.refused("tick_answer_missing"),
            Answered::Unknown => return read.refused("tick_answer_unknown"),
        };
        read.entry.answer = Some(answer.code().into());
        let note = keyed.note.as_deref().map(text::clean);
        let note = note.filter(|note| !note.is_empty());
        if let Some(said) = &standing.said {
            read.entry.was = said.ticked.map(|answer| answer.code().into());
            let reason = note
                .clone()
                .or_else(|| unsaid(entity, answer).map(Into::into));
            if said.ticked == Some(answer) && said.reason == reason {
                return read.refused("tick_done_already");
            }
        }
        if note
            .as_ref()
            .is_some_and(|note| note.chars().count() > NOTE_LETTERS_MAX)
        {
            return read.refused("text_too_long");
        }
        let Some(signed_at) = asked.signed_at(list, now) else {
            return read.refused("tick_signed_when");
        };
        read.open = Some(Open {
            list: list.clone(),
            line: target.line,
            standing,
            answer,
            note,
            signed_at,
        });
        read
    }
}

impl Open {
    fn effect(&self) -> Option<Effect> {
        self.standing
            .effect(&self.line, self.answer, self.note.is_some())
    }

    /// A word that somebody gave after the headman signed.
    fn newer(&self) -> Option<&Review> {
        let newer = self.standing.newer.as_ref();
        newer.filter(|review| review.reviewed_at > self.signed_at)
    }
}

impl Read {
    fn refuse(&mut self, code: &str) {
        self.entry.problem.get_or_insert_with(|| code.to_string());
        self.word = None;
        self.open = None;
    }

    fn refused(mut self, code: &str) -> Self {
        self.refuse(code);
        self
    }

    /// What the answer does as things stand, and the word it comes to.
    fn judge(&mut self, conn: &Connection, asked: &Asked) -> Result<(), StoreError> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let entity = open.line.entity;
        let Some(effect) = open.effect() else {
            self.refuse(match entity {
                Entity::Assignment => "tick_which_help",
                _ => "tick_which_case",
            });
            return Ok(());
        };
        self.entry.effect = Some(effect.code().into());
        if effect == Effect::OnTheWay {
            let names = tick_lists::going(conn, open.standing.line.case.id)?;
            self.entry.going = Some(names.join(", "));
        }
        if let Some(code) = problem_of(&open.standing, entity, open.answer, effect) {
            self.refuse(code);
            return Ok(());
        }
        if let Some(newer) = open.newer() {
            self.entry.newer = Some(TickNewer {
                verdict: newer.verdict.code().into(),
                reviewer: newer.reviewer.clone(),
                reviewed_at: newer.reviewed_at.0,
                medium: newer.medium.code().into(),
            });
            if !asked.is_over(open.line.code) {
                self.refuse("tick_newer_word");
                return Ok(());
            }
        }
        let assignment = open.standing.assignment.as_ref();
        let noted = open.note.is_some();
        self.word = Some(TickWord {
            tick_list_id: open.list.id,
            case_id: open.standing.line.case.id,
            assignment_id: assignment.map(|found| found.assignment.id),
            answer: open.answer,
            effect,
            reason: open
                .note
                .or_else(|| unsaid(entity, open.answer).map(Into::into)),
            noted,
            signed_at: open.signed_at,
        });
        Ok(())
    }
}

/// The box that a word stands for on a line that asks this.
const fn answer_of(tick: Tick, entity: Entity) -> Answer {
    match (tick, entity) {
        (Tick::Yes, Entity::Assignment) | (Tick::Helped, _) => Answer::Helped,
        (Tick::No, Entity::Assignment) | (Tick::NotHelped, _) => Answer::NotHelped,
        (Tick::Found | Tick::Yes, _) => Answer::Found,
        (Tick::NotFound | Tick::No, _) => Answer::NotFound,
        (Tick::Amend, _) => Answer::Amend,
    }
}

/// The reason that stands in the record where the headman ticked a box and wrote nothing beside it.
fn unsaid(entity: Entity, answer: Answer) -> Option<&'static str> {
    (answer.verdict(entity) != ReviewState::Confirmed).then_some(match answer {
        Answer::NotHelped => "ยังไม่ได้รับความช่วยเหลือ ตามใบตรวจ",
        Answer::NotFound => "ไม่พบตัวหรือบ้าน ตามใบตรวจ",
        _ => "แก้ไขข้อมูลตามใบตรวจ",
    })
}

/// Why a word cannot be given as things stand.
fn problem_of(
    standing: &Standing,
    entity: Entity,
    answer: Answer,
    effect: Effect,
) -> Option<&'static str> {
    let confirms_help = effect == Effect::ConfirmHelp;
    let denied = standing
        .denied
        .or(standing.help_denied.filter(|_| confirms_help));
    if let Some(denied) = denied {
        return Some(refusal(denied));
    }
    let of_help = matches!(effect, Effect::ConfirmHelp | Effect::ReturnHelp);
    let lawful = match standing
        .assignment
        .as_ref()
        .filter(|_| entity == Entity::Assignment && of_help)
    {
        Some(found) => may_follow(&found.assignment, confirms_help),
        None => {
            let (from, to) = (standing.line.case.review_state, answer.verdict(entity));
            from == to || lifecycle::review_after(from, to).is_ok()
        }
    };
    (!lawful).then_some("tick_unlawful")
}

fn may_follow(assignment: &Assignment, confirms: bool) -> bool {
    let step = if confirms {
        AssignmentMove::Confirm
    } else {
        AssignmentMove::Return
    };
    lifecycle::assignment_after(assignment.state, step).is_ok()
}

fn refusal(denied: Denied) -> &'static str {
    match denied {
        Denied::OwnWork => denied.code(),
        // The case has moved to another village, or the role is none that judges.
        Denied::Role | Denied::Scope | Denied::Village => "tick_unlawful",
    }
}

fn on_list(entry: &mut TickEntry, list: &TickList, place: u32) {
    entry.list_id = Some(list.id.to_string());
    entry.list_number = Some(list.number.clone());
    entry.line = Some(place);
}

/// Whose house it is and where it stands now.
fn fill(entry: &mut TickEntry, line: &Line, standing: &Standing, villages: &Villages) {
    let case = &standing.line.case;
    entry.kind = Some(line.entity.code().into());
    entry.case_id = Some(case.id.to_string());
    entry.case_number = Some(case.number.clone());
    entry.name = Some(standing.line.person.full_name());
    entry.house_no = Some(case.house_no.clone());
    entry.village = Some(villages.label(&case.area_code));
    entry.needs = match &standing.assignment {
        Some(found) => vec![found.need_kind.clone()],
        None => standing
            .line
            .needs
            .iter()
            .map(|need| need.kind.clone())
            .collect(),
    };
    entry.assignment_id = standing
        .assignment
        .as_ref()
        .map(|found| found.assignment.id.to_string());
    entry.state = Some(standing.shown.state.clone());
    if standing.said.is_some() {
        // What has changed is what this very line has done.
        return;
    }
    let mut changed = line.shown.changed(&standing.shown, standing.line.state);
    if standing.newer.is_some() && !changed.contains(&"reviewed") {
        changed.push("reviewed");
    }
    entry.changed = changed.into_iter().map(Into::into).collect();
}
