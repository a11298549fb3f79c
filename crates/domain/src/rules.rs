//! The office's own rules: weights, times, limits, texts. The program ships a value for each; what an
//! office sets instead is a `Rule` record, so that all its desks work alike.
//!
//! A rule is looked up by its code and checked by its kind before it is kept, so that whoever reads it
//! can rely on it.

use std::collections::BTreeMap;

use crate::{code::codes, records::Urgency};

codes! {
    /// How much something weighs, in words.
    Step { None = "none", Low = "low", Normal = "normal", High = "high", VeryHigh = "very_high" }
}

/// What a rule may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// A weight in words.
    Step,
    /// A whole number from `least` to `most` of the named unit.
    Whole { unit: Unit, least: i64, most: i64 },
    /// `yes` or `no`.
    Flag,
    /// A text with fields in braces; only these may be named.
    Text { fields: &'static [&'static str] },
    /// Words, one a line.
    Words,
}

codes! {
    /// What a number counts.
    Unit { Minutes = "minutes", Hours = "hours", Days = "days", Count = "count", Points = "points" }
}

/// A rule as the program ships it.
#[derive(Debug, Clone, Copy)]
pub struct RuleDef {
    /// `group.name`.
    pub code: &'static str,
    /// What it may hold.
    pub kind: RuleKind,
    /// The value until an office sets its own.
    pub shipped: &'static str,
}

impl RuleDef {
    /// The part of the code before the first dot.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.code.split('.').next().unwrap_or(self.code)
    }
}

const fn step(code: &'static str) -> RuleDef {
    RuleDef {
        code,
        kind: RuleKind::Step,
        shipped: "normal",
    }
}

const fn whole(
    code: &'static str,
    unit: Unit,
    (least, most): (i64, i64),
    shipped: &'static str,
) -> RuleDef {
    RuleDef {
        code,
        kind: RuleKind::Whole { unit, least, most },
        shipped,
    }
}

const fn flag(code: &'static str, shipped: &'static str) -> RuleDef {
    RuleDef {
        code,
        kind: RuleKind::Flag,
        shipped,
    }
}

const fn text(
    code: &'static str,
    fields: &'static [&'static str],
    shipped: &'static str,
) -> RuleDef {
    RuleDef {
        code,
        kind: RuleKind::Text { fields },
        shipped,
    }
}

/// Fields of a text to a volunteer. There is none for a citizen id, so no text can carry one.
pub const OFFER_FIELDS: &[&str] = &[
    "volunteer",
    "office",
    "office_phone",
    "need",
    "detail",
    "person",
    "house",
    "village",
    "landmark",
    "people",
    "number",
    "case_number",
    "answer_by",
    "map",
    "team",
];

/// Every rule, in the order of the settings.
pub const RULES: &[RuleDef] = &[
    // How suggestions weigh, the weightiest first.
    step("matching.unserved"),
    step("matching.own_patch"),
    step("matching.equipment"),
    step("matching.travel"),
    step("matching.even_load"),
    step("matching.stability"),
    step("matching.fairness"),
    flag("matching.only_vetted", "yes"),
    // How long an offer waits for an answer, and what one may take oneself.
    whole("offers.expire_critical", Unit::Minutes, (5, 10_080), "30"),
    whole(
        "offers.expire_very_urgent",
        Unit::Minutes,
        (5, 10_080),
        "120",
    ),
    whole("offers.expire_urgent", Unit::Minutes, (5, 10_080), "480"),
    whole("offers.expire_normal", Unit::Minutes, (5, 20_160), "1440"),
    whole("offers.claim_limit", Unit::Count, (0, 20), "2"),
    // When somebody must look again, where the kind of need does not say.
    whole("care.follow_up_critical", Unit::Days, (1, 90), "1"),
    whole("care.follow_up_very_urgent", Unit::Days, (1, 90), "1"),
    whole("care.follow_up_urgent", Unit::Days, (1, 90), "3"),
    whole("care.follow_up_normal", Unit::Days, (1, 90), "7"),
    // How long a need may wait for hands before the supervisor is told, then the district.
    whole("care.supervisor_critical", Unit::Minutes, (5, 43_200), "60"),
    whole(
        "care.supervisor_very_urgent",
        Unit::Minutes,
        (5, 43_200),
        "240",
    ),
    whole("care.supervisor_urgent", Unit::Minutes, (5, 43_200), "1440"),
    whole("care.supervisor_normal", Unit::Minutes, (5, 86_400), "4320"),
    whole("care.district_critical", Unit::Minutes, (5, 43_200), "180"),
    whole(
        "care.district_very_urgent",
        Unit::Minutes,
        (5, 43_200),
        "720",
    ),
    whole("care.district_urgent", Unit::Minutes, (5, 86_400), "4320"),
    whole("care.district_normal", Unit::Minutes, (5, 129_600), "10080"),
    whole("care.overdue_to_supervisor", Unit::Days, (1, 30), "2"),
    // How long a word stays fresh.
    whole("freshness.case_fading", Unit::Hours, (1, 2_160), "24"),
    whole("freshness.case_stale", Unit::Hours, (1, 4_320), "72"),
    whole("freshness.volunteer_fading", Unit::Days, (1, 365), "30"),
    whole("freshness.volunteer_stale", Unit::Days, (1, 730), "90"),
    whole("freshness.point_fading", Unit::Hours, (1, 2_160), "24"),
    whole("freshness.point_stale", Unit::Hours, (1, 4_320), "72"),
    // The most each consideration adds to the score of 100.
    whole("triage.need_kind", Unit::Points, (0, 100), "20"),
    whole("triage.urgency", Unit::Points, (0, 100), "25"),
    whole("triage.severity_words", Unit::Points, (0, 100), "10"),
    whole("triage.people", Unit::Points, (0, 100), "10"),
    whole("triage.vulnerable", Unit::Points, (0, 100), "15"),
    whole("triage.waiting", Unit::Points, (0, 100), "15"),
    whole("triage.distance", Unit::Points, (0, 100), "5"),
    RuleDef {
        code: "triage.words",
        kind: RuleKind::Words,
        shipped: "หมดสติ\nหายใจไม่ออก\nหายใจลำบาก\nจมน้ำ\nติดอยู่\nน้ำถึงคอ\nน้ำถึงอก\nเลือดออก\nชัก\nเจ็บหน้าอก\nออกซิเจนใกล้หมด\nฟอกไต\nใกล้คลอด\nไม่ได้กิน",
    },
    // Texts.
    text(
        "texts.message",
        OFFER_FIELDS,
        "เรียน {volunteer}\n{office} ขอแรงช่วยเหลือ\nไปกับ{team}\nเรื่อง: {need} {detail}\nสถานที่: บ้านเลขที่ {house} {village} {landmark}\nงานเลขที่ {number}\nรับได้หรือไม่ กรุณาตอบภายใน {answer_by}\nโทรกลับ {office_phone}",
    ),
    text(
        "texts.slip",
        OFFER_FIELDS,
        "ขอความร่วมมือ {volunteer} ช่วยเหลือ {person} เรื่อง {need} {detail} เมื่อช่วยแล้วหรือไปแล้วไม่พบ โปรดแจ้ง {office}",
    ),
    text("texts.office_phone", &[], ""),
];

/// Why a value is no value of a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    /// There is no such rule.
    #[error("no such rule")]
    Unknown,
    /// Not one of the words or numbers it may hold.
    #[error("not a value of this rule")]
    Value,
    /// A number outside its bounds.
    #[error("out of bounds")]
    Bounds,
    /// A text names a field that is not there; the field.
    #[error("a text names an unknown field")]
    Field(String),
    /// A brace that is not closed, or closed without being opened; where, in characters.
    #[error("a brace stands alone")]
    Brace(usize),
    /// A text that says nothing.
    #[error("an empty text")]
    Empty,
    /// Longer than anybody would read.
    #[error("too long")]
    Long,
}

impl RuleProblem {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "rule_unknown",
            Self::Value => "rule_value_unreadable",
            Self::Bounds => "rule_out_of_bounds",
            Self::Field(_) => "text_field_unknown",
            Self::Brace(_) => "text_brace_open",
            Self::Empty => "text_empty",
            Self::Long => "text_too_long",
        }
    }
}

/// Letters of a text or a list of words.
pub const TEXT_LETTERS_MAX: usize = 2_000;

/// The rule with this code.
#[must_use]
pub fn definition(code: &str) -> Option<&'static RuleDef> {
    RULES.iter().find(|rule| rule.code == code)
}

/// A value as it is kept, if the rule may hold it.
///
/// # Errors
/// Why not.
pub fn check(code: &str, value: &str) -> Result<String, RuleProblem> {
    let rule = definition(code).ok_or(RuleProblem::Unknown)?;
    if value.chars().count() > TEXT_LETTERS_MAX {
        return Err(RuleProblem::Long);
    }
    match rule.kind {
        RuleKind::Step => Step::from_code(value)
            .map(|step| step.code().to_string())
            .ok_or(RuleProblem::Value),
        RuleKind::Flag => match value {
            "yes" | "no" => Ok(value.to_string()),
            _ => Err(RuleProblem::Value),
        },
        RuleKind::Whole { least, most, .. } => {
            let number: i64 = value.trim().parse().map_err(|_| RuleProblem::Value)?;
            if (least..=most).contains(&number) {
                Ok(number.to_string())
            } else {
                Err(RuleProblem::Bounds)
            }
        }
        // A number to call may be left out; a message or a slip that says nothing is a mistake.
        RuleKind::Text { fields } if !fields.is_empty() && value.trim().is_empty() => {
            Err(RuleProblem::Empty)
        }
        RuleKind::Text { fields } => {
            for piece in pieces(value)? {
                if let Piece::Field(name) = piece
                    && !fields.contains(&name)
                {
                    return Err(RuleProblem::Field(name.to_string()));
                }
            }
            Ok(value.trim().to_string())
        }
        RuleKind::Words => {
            let words: Vec<&str> = value
                .lines()
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .collect();
            Ok(words.join("\n"))
        }
    }
}

enum Piece<'a> {
    Plain(&'a str),
    Field(&'a str),
}

/// A text in its plain pieces and its fields.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, RuleProblem> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let at = |offset: usize| {
            let begun = text.len() - rest.len();
            RuleProblem::Brace(text[..begun + offset].chars().count())
        };
        let (plain, braced) = rest.split_at(open);
        found.push(Piece::Plain(plain));
        let inner = braced.strip_prefix('{').ok_or_else(|| at(open))?;
        let close = inner.find(['{', '}']).ok_or_else(|| at(open))?;
        if !inner[close..].starts_with('}') {
            return Err(at(open));
        }
        found.push(Piece::Field(&inner[..close]));
        rest = &inner[close + 1..];
    }
    found.push(Piece::Plain(rest));
    Ok(found)
}

/// A text with its fields filled; a field without a value is left out, and what that leaves is tidied:
/// double spaces become one, and a line on which nothing but a label was left goes.
///
/// # Errors
/// When a brace stands alone, which no kept rule has.
pub fn fill(text: &str, value_of: impl Fn(&str) -> Option<String>) -> Result<String, RuleProblem> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut written = String::new();
        let (mut named, mut filled) = (0, 0);
        for piece in pieces(line)? {
            match piece {
                Piece::Plain(plain) => written.push_str(plain),
                Piece::Field(name) => {
                    named += 1;
                    if let Some(value) = value_of(name).filter(|value| !value.trim().is_empty()) {
                        filled += 1;
                        written.push_str(&value);
                    }
                }
            }
        }
        if named == 0 || filled > 0 {
            let words: Vec<&str> = written.split_whitespace().collect();
            lines.push(words.join(" "));
        }
    }
    Ok(lines.join("\n").trim().to_string())
}

/// An office's rules: its own values over the shipped ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    own: BTreeMap<String, String>,
}

impl Rules {
    /// From the office's own values. A value this program cannot read (another version wrote it) is left
    /// aside: the shipped one stands.
    #[must_use]
    pub fn new(own: impl IntoIterator<Item = (String, String)>) -> Self {
        let own = own
            .into_iter()
            .filter(|(code, value)| check(code, value).is_ok())
            .collect();
        Self { own }
    }

    /// The value in force; empty for a code that is no rule.
    #[must_use]
    pub fn value(&self, code: &str) -> &str {
        match self.own.get(code) {
            Some(value) => value,
            None => definition(code).map_or("", |rule| rule.shipped),
        }
    }

    /// A weight in words.
    #[must_use]
    pub fn step(&self, code: &str) -> Step {
        Step::from_code(self.value(code)).unwrap_or(Step::Normal)
    }

    /// A whole number.
    #[must_use]
    pub fn whole(&self, code: &str) -> i64 {
        self.value(code).parse().unwrap_or(0)
    }

    /// A yes or no.
    #[must_use]
    pub fn flag(&self, code: &str) -> bool {
        self.value(code) == "yes"
    }

    /// A whole number that depends on urgency: `prefix` is all of the code but the urgency.
    #[must_use]
    pub fn by_urgency(&self, prefix: &str, urgency: Urgency) -> i64 {
        self.whole(&format!("{prefix}_{}", urgency.code()))
    }
}

#[cfg(test)]
mod tests;
