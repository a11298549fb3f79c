//! Slips for volunteers: what he takes with him, with a QR of the assignment's number and nothing personal in it.
//! That he was told by it is the clerk's to say.

use jitasa_domain::{ActionKind, Timestamp};
use jitasa_print::{FIELD_LETTERS_MAX, PARAGRAPH_LETTERS_MAX, Slip, SlipNeed, Slips};
use jitasa_store::{Connection, StoreError};

use crate::{
    ApiError, App,
    messages::{self, Letters, Task},
    no_ids::without_ids,
    paper,
    views::print::{PrintDone, SlipsRequest},
};

/// Tasks that are one slip: of one volunteer in one case, when they are one visit.
fn visits(tasks: &[Task]) -> Vec<Vec<&Task>> {
    let mut visits: Vec<Vec<&Task>> = Vec::new();
    for task in tasks {
        let own = &task.line.assignment;
        let same = |of: &&mut Vec<&Task>| {
            let first = &of[0].line.assignment;
            own.visit_id.is_some()
                && first.visit_id == own.visit_id
                && first.case_id == own.case_id
                && first.volunteer_id == own.volunteer_id
        };
        match visits.iter_mut().find(same) {
            Some(visit) => visit.push(task),
            None => visits.push(vec![task]),
        }
    }
    visits
}

fn slip(conn: &Connection, letters: &Letters, visit: &[&Task]) -> Result<Slip, StoreError> {
    let first = &visit[0].line;
    let case = &first.line.case;
    let field = |text: &str| paper::short(&without_ids(text), FIELD_LETTERS_MAX);
    let name = messages::name_of(conn, visit[0])?;
    let until = visit
        .iter()
        .filter_map(|task| task.line.assignment.expires_at)
        .min();
    let words = letters.filled(&template(letters, visit), &name, visit);
    // An assignment of an earlier program has no number of its own.
    let number = match first.assignment.number.as_str() {
        "" => case.number.clone(),
        own => own.to_string(),
    };
    // He is told of with his team's name already.
    let volunteer = match first.assignment.hands() {
        1 => first.assignment.volunteer_label.clone(),
        all => format!("{} รวม {all} คน", first.assignment.volunteer_label),
    };
    Ok(Slip {
        number,
        volunteer: field(&volunteer),
        person: field(&paper::known(&first.line.person.full_name())),
        house: field(&case.house_no),
        village: field(&letters.village(&case.area_code)),
        landmark: field(&case.landmark),
        needs: visit
            .iter()
            .map(|task| SlipNeed {
                // Each is told of by its own number; the first stands at the head.
                number: if visit.len() > 1 {
                    task.line.assignment.number.clone()
                } else {
                    String::new()
                },
                name: field(&letters.need_in_full(task)),
                hands: task.hands,
            })
            .collect(),
        deadline: until.map(paper::short_moment).unwrap_or_default(),
        paragraphs: words
            .lines()
            .map(|line| paper::short(line, PARAGRAPH_LETTERS_MAX))
            .collect(),
    })
}

/// The office's text of a slip as a paper says it: a time in the form of all papers, with its day, since it is read on
/// other days too; and no word to call where the office has given no number.
fn template(letters: &Letters, visit: &[&Task]) -> String {
    let mut template = letters.rules.value("texts.slip").to_string();
    if let Some(at) = letters.answer_by(visit) {
        template = template.replace("{answer_by}", &paper::short_moment(at));
    }
    if letters.office_phone.trim().is_empty() {
        template = without_calling(&template);
    }
    template
}

/// The lines without `{office_phone}` and the words before it that only lead to it. A line that names nothing else
/// stays: it is left out where its field is empty.
fn without_calling(template: &str) -> String {
    const FIELD: &str = "{office_phone}";
    const LEADING: &[&str] = &[
        "โทรกลับที่",
        "โทรศัพท์ที่",
        "โทรที่",
        "โทรกลับ",
        "โทรศัพท์",
        "โทร.",
        "โทร",
        "เบอร์",
        "หมายเลข",
        "หรือ",
        ":",
    ];
    let cut = |line: &str| {
        let mut parts = line.split(FIELD).collect::<Vec<_>>();
        let last = parts.pop().unwrap_or_default();
        let mut out = String::new();
        for part in parts {
            let mut kept = part.trim_end();
            while let Some(shorter) = LEADING.iter().find_map(|word| kept.strip_suffix(word)) {
                kept = shorter.trim_end();
            }
            out.push_str(kept);
        }
        // What stood between brackets leaves none behind.
        (out + last).replace(" ()", "")
    };
    let lines = template.lines().map(|line| {
        let without = cut(line);
        if without.contains('{') {
            without
        } else {
            line.to_string()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) fn print(app: &App, request: SlipsRequest) -> Result<PrintDone, ApiError> {
    app.reader(ActionKind::AssignmentMove)?;
    let ids = messages::ids(&request.assignment_ids)?;
    let letters = Letters::of(app)?;
    let slips = app.store()?.read(|conn| {
        let tasks = messages::tasks(conn, &ids)?;
        let visits = visits(&tasks);
        let slips = visits.iter().map(|visit| slip(conn, &letters, visit));
        slips.collect::<Result<Vec<_>, _>>()
    })?;
    let count = slips.len();
    let page = Slips {
        head: paper::head(app)?,
        call_back: letters.office_phone.clone(),
        slips,
    };
    let bytes = jitasa_print::slips(&page)?;
    let name = file_name(app.env().now());
    paper::done(name, &bytes, request.path.as_deref(), count)
}

/// `slips-2569-11-22-1430.pdf`
fn file_name(now: Timestamp) -> String {
    let clock = now.in_bangkok();
    format!(
        "slips-{}-{:02}{:02}.pdf",
        paper::file_day(clock.date()),
        clock.hour(),
        clock.minute()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_number_no_word_to_call_is_left() {
        for (written, left) in [
            ("โปรดแจ้ง {office} โทร {office_phone}", "โปรดแจ้ง {office}"),
            ("แจ้ง {office} (โทร. {office_phone}) ทันที", "แจ้ง {office} ทันที"),
            ("แจ้ง {office} หรือโทร {office_phone}", "แจ้ง {office}"),
            ("แจ้ง {office}", "แจ้ง {office}"),
            // Left out whole when it is filled.
            ("โทรกลับ {office_phone}", "โทรกลับ {office_phone}"),
        ] {
            assert_eq!(without_calling(written), left);
        }
    }
}
