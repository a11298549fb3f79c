//! The office's own rules: what they are, setting one, how a text would read.

use jitasa_domain::{
    ActionKind,
    rules::{self, RULES, RuleDef, RuleKind, RuleProblem, Rules},
};
use jitasa_store::{Action, query::office};

use crate::{
    ApiError, App,
    views::{Acted, Nothing, rule::*},
};

pub(crate) fn list(app: &App, _: Nothing) -> Result<RuleList, ApiError> {
    app.reader(ActionKind::Read)?;
    let in_force = app.store()?.read(office::rules)?;
    let mut groups: Vec<RuleGroup> = Vec::new();
    for rule in RULES {
        let view = view_of(rule, &in_force);
        match groups.iter_mut().find(|group| group.code == rule.group()) {
            Some(group) => group.rules.push(view),
            None => groups.push(RuleGroup {
                code: rule.group().into(),
                rules: vec![view],
            }),
        }
    }
    Ok(RuleList { groups })
}

fn view_of(rule: &RuleDef, in_force: &Rules) -> RuleView {
    let (kind, least, most, fields): (&str, _, _, &[&str]) = match rule.kind {
        RuleKind::Step => ("step", None, None, &[]),
        RuleKind::Whole { unit, least, most } => (unit.code(), Some(least), Some(most), &[]),
        RuleKind::Flag => ("flag", None, None, &[]),
        RuleKind::Text { fields } => ("text", None, None, fields),
        RuleKind::Words => ("words", None, None, &[]),
    };
    RuleView {
        code: rule.code.into(),
        kind: kind.into(),
        value: in_force.value(rule.code).into(),
        shipped: rule.shipped.into(),
        least,
        most,
        fields: fields.iter().map(ToString::to_string).collect(),
    }
}

pub(crate) fn save(app: &App, request: RuleSave) -> Result<Acted, ApiError> {
    let value = match request.value {
        Some(typed) => {
            let typed = arabic(&typed);
            let checked = rules::check(&request.code, &typed);
            Some(checked.map_err(|problem| refusal(problem, &typed))?)
        }
        None => None,
    };
    app.act(Action::SaveRule {
        code: request.code,
        value,
    })
}

/// Thai digits in a number field are digits; a text keeps what was typed.
fn arabic(typed: &str) -> String {
    let digits = jitasa_thai::text::arabic_digits(typed.trim());
    if digits.parse::<i64>().is_ok() {
        digits
    } else {
        typed.to_string()
    }
}

fn refusal(problem: RuleProblem, typed: &str) -> ApiError {
    let refused = ApiError::field(problem.code(), "value");
    match problem {
        RuleProblem::Field(piece) => refused.with("piece", piece),
        RuleProblem::Brace(at) => {
            let (line, piece) = beside(typed, at);
            refused.with("line", line).with("piece", piece)
        }
        RuleProblem::Long => refused.with("max", rules::TEXT_LETTERS_MAX),
        RuleProblem::Unknown | RuleProblem::Value | RuleProblem::Bounds | RuleProblem::Empty => {
            refused
        }
    }
}

/// Letters of the piece that is shown of a text.
const PIECE_LETTERS: usize = 16;

/// The line of a place in a text, from 1, and what stands there.
fn beside(text: &str, at: usize) -> (usize, String) {
    let before = text.chars().take(at);
    let line = before.filter(|letter| *letter == '\n').count() + 1;
    let after = text.chars().skip(at).take_while(|letter| *letter != '\n');
    (line, after.take(PIECE_LETTERS).collect())
}

/// Made-up values for a preview.
fn sample(field: &str) -> Option<String> {
    let value = match field {
        "volunteer" => "นางสาวพิมพ์ใจ ตัวอย่าง",
        "office" => "องค์การบริหารส่วนตำบลตัวอย่าง",
        "office_phone" => "043-000-000",
        "need" => "อาหารและน้ำดื่ม",
        "detail" => "น้ำดื่ม 2 แพ็ก",
        "person" => "นายสมมติ ใจดี",
        "house" => "15/2",
        "village" => "ม.5 บ้านตัวอย่าง",
        "landmark" => "หลังวัด บ้านสีฟ้า",
        "people" => "3",
        "number" => "450905-69-00123-02",
        "case_number" => "450905-69-00123",
        "answer_by" => "วันนี้ 16.30 น.",
        "map" => "https://maps.google.com/?q=16.231500,104.326200",
        "team" => "ทีมกู้ภัยตัวอย่าง รวม 3 คน",
        _ => return None,
    };
    Some(value.into())
}

pub(crate) fn preview(app: &App, request: TextPreviewRequest) -> Result<TextPreview, ApiError> {
    app.reader(ActionKind::Read)?;
    let read =
        rules::check(&request.code, &request.value).and_then(|value| rules::fill(&value, sample));
    Ok(match read {
        Ok(text) => TextPreview {
            text,
            ..TextPreview::default()
        },
        Err(problem) => TextPreview {
            problem: Some(problem.code().into()),
            piece: refusal(problem.clone(), &request.value)
                .details
                .remove("piece"),
            line: match problem {
                RuleProblem::Brace(at) => u32::try_from(beside(&request.value, at).0).ok(),
                _ => None,
            },
            ..TextPreview::default()
        },
    })
}
