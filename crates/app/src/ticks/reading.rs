//! What was keyed, line by line: which code of which list, what it would do, what has changed since
//! the print, and what is wrong with it. Nothing is written here.

use std::collections::HashSet;

use jitasa_domain::{
    Assignment, Denied, Entity, ReviewState, TickList,
    lifecycle::{self, AssignmentMove},
    tick::{self, Answer, Code, Effect, Line},
};
use jitasa_store::{
    Connection, StoreError,
    act::TickWord,
    query::tick_lists::{self, Standing},
};
use jitasa_thai::{
    text,
    tick_answers::{self, Answered, Keyed, Tick},
};

use super::lists::{Lists, Target, in_hand, one_of};
use crate::{ApiError, App, forms, places::Villages, views::review::TickEntry};

/// How far back a code is looked for: paper that is older has its number keyed before it.
const LOOKED_BACK_MS: i64 = 180 * 24 * 3_600_000;
/// The longest note of a line.
const NOTE_LETTERS_MAX: usize = 500;

/// An entry, and the word it comes to when nothing is wrong with it.
pub(super) struct Read {
    pub(super) entry: TickEntry,
    pub(super) word: Option<TickWord>,
}

pub(super) fn read(app: &App, typed: &str) -> Result<Vec<Read>, ApiError> {
    if typed.chars().count() > forms::NOTE_LETTERS_MAX {
        return Err(ApiError::field("text_too_long", "text").with("max", forms::NOTE_LETTERS_MAX));
    }
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let since = app.env().now().plus_ms(-LOOKED_BACK_MS);
    Ok(store.read(|conn| {
        let lists = Lists::of(tick_lists::since(conn, since, None)?);
        let keyed = tick_answers::read(typed, &|word| lists.fit(word));
        let targets: Vec<_> = keyed
            .iter()
            .map(|keyed| lists.targets(conn, keyed))
            .collect::<Result<_, _>>()?;
        let in_hand = in_hand(&targets);
        let mut seen = HashSet::new();
        let read = keyed.into_iter().zip(targets).map(|(keyed, targets)| {
            let target = one_of(targets, &in_hand);
            let mut read = lists.judged(&keyed, target, &villages);
            let line = (read.entry.list_id.clone(), read.entry.line);
            if line.1.is_some() && !seen.insert(line) {
                read.refuse("tick_twice");
            }
            read
        });
        Ok(read.collect())
    })?)
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
    fn judged(&self, keyed: &Keyed, targets: Vec<Target>, villages: &Villages) -> Read {
        let mut read = Read {
            entry: TickEntry {
                text: keyed.text.clone(),
                note: keyed.note.clone(),
                ..TickEntry::default()
            },
            word: None,
        };
        let answer = match keyed.answer {
            Answered::Tick(tick) => Some(answer_of(tick)),
            Answered::Missing | Answered::Unknown => None,
        };
        read.entry.answer = answer.map(|answer| answer.code().into());
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
        let Some(standing) = &target.standing else {
            return read.refused("tick_unlawful");
        };
        fill(&mut read.entry, &target.line, standing, villages);
        if standing.said.is_some() {
            return read.refused("tick_done_already");
        }
        let Some(answer) = answer else {
            return read.refused(match keyed.answer {
                Answered::Missing => "tick_answer_missing",
                _ => "tick_answer_unknown",
            });
        };
        let note = keyed
            .note
            .as_deref()
            .map(text::clean)
            .filter(|note| !note.is_empty());
        if note
            .as_ref()
            .is_some_and(|note| note.chars().count() > NOTE_LETTERS_MAX)
        {
            return read.refused("text_too_long");
        }
        let entity = target.line.entity;
        let effect = tick::effect(entity, answer, standing.awaits_word, standing.in_need);
        read.entry.effect = Some(effect.code().into());
        if let Some(code) = problem_of(standing, entity, answer, effect) {
            return read.refused(code);
        }
        let confirms = answer.verdict(entity) == ReviewState::Confirmed;
        let assignment = standing.assignment.as_ref().map(|found| &found.assignment);
        read.word = Some(TickWord {
            tick_list_id: list.id,
            case_id: standing.line.case.id,
            assignment_id: assignment.map(|assignment| assignment.id),
            answer,
            reason: note.or_else(|| (!confirms).then(|| unsaid(entity, answer).into())),
        });
        read
    }
}

impl Read {
    fn refuse(&mut self, code: &str) {
        self.entry.problem.get_or_insert_with(|| code.to_string());
        self.word = None;
    }

    fn refused(mut self, code: &str) -> Self {
        self.refuse(code);
        self
    }
}

const fn answer_of(tick: Tick) -> Answer {
    match tick {
        Tick::Found => Answer::Found,
        Tick::NotFound => Answer::NotFound,
        Tick::Amend => Answer::Amend,
        Tick::Helped => Answer::Helped,
    }
}

/// The reason that stands in the record where the headman ticked a box and wrote nothing beside it.
const fn unsaid(entity: Entity, answer: Answer) -> &'static str {
    match (entity, answer) {
        (Entity::Assignment, Answer::Found) => "ยังไม่ได้รับความช่วยเหลือ ตามใบตรวจ",
        (_, Answer::NotFound) => "ไม่พบ ตามใบตรวจ",
        _ => "แก้ไขตามใบตรวจ",
    }
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
    let lawful = match standing
        .assignment
        .as_ref()
        .filter(|_| entity == Entity::Assignment)
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
    if standing.reviewed_since && !changed.contains(&"reviewed") {
        changed.push("reviewed");
    }
    entry.changed = changed.into_iter().map(Into::into).collect();
}
