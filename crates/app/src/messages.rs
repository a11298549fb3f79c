//! What a volunteer is told in words: a message to copy into LINE and the text of a slip, from the office's own
//! templates. No template has a field for a citizen id, and one that somebody typed into a free text is hidden: what
//! leaves the office this way is passed on.

use std::collections::HashMap;

use jitasa_domain::{ActionKind, AssignmentState, KindList, Timestamp, rules, rules::Rules};
use jitasa_store::{
    Connection, StoreError, desk,
    query::{assignments as rows, assignments::AssignmentLine, cases, office, volunteers},
};
use jitasa_thai::{date, phone};
use uuid::Uuid;

use crate::{
    ApiError, App, forms, no_ids::without_ids, places, places::Villages, views::assignment::*,
};

/// Assignments of one request.
const TASKS_MAX: usize = 500;

/// Fields that differ from case to case; the lines of a message from the first to the last that name one are told
/// for each case.
const OF_A_CASE: &[&str] = &[
    "need",
    "detail",
    "person",
    "house",
    "village",
    "landmark",
    "people",
    "number",
    "case_number",
    "map",
];

/// An assignment with what its need says.
pub(crate) struct Task {
    pub(crate) line: AssignmentLine,
    pub(crate) detail: String,
    pub(crate) hands: u32,
}

/// What all texts of one request share.
pub(crate) struct Letters {
    pub(crate) office: String,
    pub(crate) office_phone: String,
    pub(crate) rules: Rules,
    kinds: HashMap<String, String>,
    pub(crate) villages: Villages,
    now: Timestamp,
}

impl Letters {
    /// Of this desk's office.
    pub(crate) fn of(app: &App) -> Result<Self, ApiError> {
        let store = app.store()?;
        let villages = Villages::of(&store)?;
        let now = app.env().now();
        Ok(store.read(|conn| {
            let rules = office::rules(conn)?;
            let kinds = office::kinds(conn, KindList::Need)?;
            Ok(Self {
                office: desk::reading::office(conn)?
                    .map(|office| office.name)
                    .unwrap_or_default(),
                office_phone: rules.value("texts.office_phone").to_string(),
                rules,
                kinds: kinds.into_iter().map(|kind| (kind.code, kind.th)).collect(),
                villages,
                now,
            })
        })?)
    }

    /// The office's word for a kind of need.
    pub(crate) fn need<'a>(&'a self, kind: &'a str) -> &'a str {
        self.kinds.get(kind).map_or(kind, String::as_str)
    }

    /// Until when the first of these is to be answered: as it was told, or as the rules say when it is told now.
    /// Who has taken all of them owes no answer.
    pub(crate) fn answer_by(&self, tasks: &[&Task]) -> Option<Timestamp> {
        let of = |task: &&Task| {
            let minutes = self
                .rules
                .by_urgency("offers.expire", task.line.line.case.urgency);
            let told = task.line.assignment.expires_at;
            told.unwrap_or_else(|| self.now.plus_ms(minutes * 60_000))
        };
        let unanswered = |task: &&&Task| {
            let state = task.line.assignment.state;
            matches!(state, AssignmentState::Proposed | AssignmentState::Offered)
        };
        tasks.iter().filter(unanswered).map(of).min()
    }

    /// The value of a field for tasks of one volunteer in one case.
    fn value(&self, field: &str, name: &str, tasks: &[&Task]) -> Option<String> {
        let first = tasks.first()?;
        let (line, case) = (&first.line.line, &first.line.line.case);
        let joined = |each: &dyn Fn(&Task) -> String, between: &str| {
            let mut all: Vec<String> = tasks.iter().map(|task| each(task)).collect();
            all.retain(|text| !text.is_empty());
            all.join(between)
        };
        Some(match field {
            "volunteer" => name.to_string(),
            "office" => self.office.clone(),
            "office_phone" => self.office_phone.clone(),
            "need" if tasks.len() == 1 => self.need(&first.line.need_kind).to_string(),
            "need" => joined(&|task| self.need_in_full(task), " และ"),
            "detail" if tasks.len() == 1 => first.detail.clone(),
            "detail" => String::new(),
            "person" => line.person.full_name(),
            "house" if case.house_no.is_empty() => "-".into(),
            "house" => case.house_no.clone(),
            "village" => self.village(&case.area_code),
            "landmark" => case.landmark.clone(),
            "people" => case.people_count.to_string(),
            "team" => team(first)?,
            "number" => joined(&|task| task.line.assignment.number.clone(), ", "),
            "case_number" => case.number.clone(),
            "answer_by" => said(self.answer_by(tasks)?, self.now),
            "map" => {
                let (lat, lon) = case.lat.zip(case.lon)?;
                format!("https://maps.google.com/?q={lat:.6},{lon:.6}")
            }
            _ => return None,
        })
    }

    /// "น้ำดื่ม 2 แพ็ก"
    pub(crate) fn need_in_full(&self, task: &Task) -> String {
        let need = self.need(&task.line.need_kind);
        format!("{need} {}", task.detail).trim().to_string()
    }

    /// "ม.5 บ้านเหล่าหม้อ ต.โคกสว่าง"
    pub(crate) fn village(&self, area_code: &str) -> String {
        let label = self.villages.label(area_code);
        match places::moo_of(area_code) {
            Some(_) => format!("{label} ต.{}", places::subdistrict(area_code)),
            None => label,
        }
    }

    /// A template filled for tasks in one case.
    pub(crate) fn filled(&self, template: &str, name: &str, tasks: &[&Task]) -> String {
        let filled = rules::fill(template, |field| self.value(field, name, tasks));
        without_ids(&filled.unwrap_or_default())
    }

    /// A message about tasks in one case or several: what is said of a case is said of each.
    fn message(&self, template: &str, name: &str, tasks: &[&Task]) -> String {
        let mut cases: Vec<Vec<&Task>> = Vec::new();
        for task in tasks {
            let same = |of: &&mut Vec<&Task>| of[0].line.line.case.id == task.line.line.case.id;
            match cases.iter_mut().find(same) {
                Some(of) => of.push(task),
                None => cases.push(vec![task]),
            }
        }
        let lines: Vec<&str> = template.lines().collect();
        let names_one = |line: &&str| {
            OF_A_CASE
                .iter()
                .any(|field| line.contains(&format!("{{{field}}}")))
        };
        let (Some(first), Some(last)) = (
            lines.iter().position(names_one),
            lines.iter().rposition(names_one),
        ) else {
            return self.filled(template, name, tasks);
        };
        if cases.len() < 2 {
            return self.filled(template, name, tasks);
        }
        let of_all = |lines: &[&str]| self.filled(&lines.join("\n"), name, tasks);
        let mut parts = vec![of_all(&lines[..first])];
        let body = lines[first..=last].join("\n");
        for (index, of_case) in cases.iter().enumerate() {
            parts.push(format!(
                "{}) {}",
                index + 1,
                self.filled(&body, name, of_case)
            ));
        }
        parts.push(of_all(&lines[last + 1..]));
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }
}

/// Assignments by id, each once, in the order that was asked for.
pub(crate) fn tasks(conn: &Connection, ids: &[Uuid]) -> Result<Vec<Task>, StoreError> {
    let mut tasks: Vec<Task> = Vec::with_capacity(ids.len());
    for id in ids {
        if tasks.iter().any(|task| task.line.assignment.id == *id) {
            continue;
        }
        let line = rows::line(conn, *id)?
            .filter(|line| line.assignment.void_reason.is_none())
            .ok_or(StoreError::NotFound("assignment"))?;
        let need = cases::need(conn, line.assignment.need_id)?.unwrap_or_default();
        tasks.push(Task {
            line,
            detail: need.detail,
            hands: need.hands.unwrap_or(0),
        });
    }
    Ok(tasks)
}

/// The ids of a request.
pub(crate) fn ids(ids: &[String]) -> Result<Vec<Uuid>, ApiError> {
    if ids.is_empty() {
        return Err(ApiError::field("nothing_chosen", "assignment_ids"));
    }
    if ids.len() > TASKS_MAX {
        return Err(ApiError::new("too_large"));
    }
    ids.iter().map(|id| forms::id(id)).collect()
}

pub(crate) fn messages(app: &App, request: MessageRequest) -> Result<Messages, ApiError> {
    app.reader(ActionKind::AssignmentMove)?;
    let ids = ids(&request.assignment_ids)?;
    let letters = Letters::of(app)?;
    let template = letters.rules.value("texts.message");
    Ok(app.store()?.read(|conn| {
        let all = tasks(conn, &ids)?;
        let mut of_each: Vec<(Uuid, Vec<&Task>)> = Vec::new();
        for task in &all {
            let id = task.line.assignment.volunteer_id;
            match of_each.iter_mut().find(|(known, _)| *known == id) {
                Some((_, of_his)) => of_his.push(task),
                None => of_each.push((id, vec![task])),
            }
        }
        let mut messages = Vec::with_capacity(of_each.len());
        for (id, of_his) in of_each {
            let name = name_of(conn, of_his[0])?;
            let numbers = of_his[0].line.volunteer_phone.as_deref();
            messages.push(Message {
                volunteer_id: id.to_string(),
                phone: numbers.map(phone::format),
                text: letters.message(template, &name, &of_his),
                assignment_ids: of_his
                    .iter()
                    .map(|task| task.line.assignment.id.to_string())
                    .collect(),
                name,
            });
        }
        Ok(Messages { messages })
    })?)
}

/// "ทีมกู้ภัยโคกสว่าง รวม 4 คน"; nothing for whoever goes alone.
fn team(task: &Task) -> Option<String> {
    let name = task.line.team.as_deref()?;
    let called = if name.starts_with("ทีม") {
        ""
    } else {
        "ทีม"
    };
    let count = task.line.assignment.hands();
    Some(if count > 1 {
        format!("{called}{name} รวม {count} คน")
    } else {
        format!("{called}{name}")
    })
}

/// His name as it is now; as he was told of it, when he is no longer in the register.
pub(crate) fn name_of(conn: &Connection, task: &Task) -> Result<String, StoreError> {
    let assignment = &task.line.assignment;
    let volunteer = volunteers::line(conn, assignment.volunteer_id)?;
    Ok(volunteer.map_or_else(
        || assignment.volunteer_label.clone(),
        |line| line.volunteer.full_name(),
    ))
}

/// "วันนี้ 16.30 น.", "พรุ่งนี้ 09.00 น.", "24 พ.ย. 2569 เวลา 09.00 น."
fn said(at: Timestamp, now: Timestamp) -> String {
    let clock = at.in_bangkok();
    let time = format!("{:02}.{:02} น.", clock.hour(), clock.minute());
    let today = now.date();
    if clock.date() == today {
        format!("วันนี้ {time}")
    } else if today.tomorrow().is_ok_and(|next| next == clock.date()) {
        format!("พรุ่งนี้ {time}")
    } else {
        on_day(at)
    }
}

/// "24 พ.ย. 2569 เวลา 09.00 น."
fn on_day(at: Timestamp) -> String {
    let clock = at.in_bangkok();
    let day = date::format_short(clock.date());
    format!("{day} เวลา {:02}.{:02} น.", clock.hour(), clock.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_as_people_say_it() {
        let now = Timestamp::from_bangkok(jiff::civil::date(2026, 11, 22).at(9, 0, 0, 0));
        let after = |minutes: i64| said(now.plus_ms(minutes * 60_000), now);
        assert_eq!(after(450), "วันนี้ 16.30 น.");
        assert_eq!(after(24 * 60), "พรุ่งนี้ 09.00 น.");
        assert_eq!(after(48 * 60), "24 พ.ย. 2569 เวลา 09.00 น.");
    }
}
