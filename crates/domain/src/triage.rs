//! How pressing a need is: an open score of 0 to 100, made of parts that anybody can check. It puts a
//! list in order; it decides nothing and hides nothing.
//!
//! Pure and deterministic: everything it looks at is an argument, and what each part was reckoned from
//! is answered beside it. The office's rules say how much a part may add; more waiting, more people or
//! more urgency never lower the score.

use jitasa_thai::text;

use crate::{code::codes, records::Urgency, rules::Rules};

codes! {
    /// What is looked at, in the order it is shown.
    Consideration {
        Urgency = "urgency", NeedKind = "need_kind", Vulnerable = "vulnerable", Waiting = "waiting",
        SeverityWords = "severity_words", People = "people", Distance = "distance",
    }
}

/// How far the nearest help is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Help {
    /// Nobody knows where the case is, which counts a little.
    #[default]
    PlaceUnknown,
    /// Metres to the nearest volunteer or service point that could serve the need.
    At(u32),
    /// The place is known, and nobody who could serve the need.
    NoneKnown,
}

/// What a need is judged by.
#[derive(Debug, Clone, Copy, Default)]
pub struct TriageInput<'a> {
    /// Of its case.
    pub urgency: Urgency,
    /// Code of its kind.
    pub need_kind: &'a str,
    /// The office's word on how grave that kind is (`Kind.gravity`); absent: [`gravity_of`].
    pub gravity: Option<u32>,
    /// Whatever people wrote: the case's note, the need's detail.
    pub texts: [&'a str; 2],
    /// People in the case.
    pub people_count: u32,
    /// Codes of persons with specific needs.
    pub vulnerable: &'a [String],
    /// Minutes since it was reported; below zero counts as zero.
    pub waiting_min: i64,
    /// How far help is.
    pub help: Help,
}

/// The score, with its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Triage {
    /// 0 to 100: the sum of the parts.
    pub score: u32,
    /// One for each consideration, in the order of [`Consideration::ALL`].
    pub parts: Vec<Part>,
}

/// What one consideration adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub code: Consideration,
    /// What it adds.
    pub points: u32,
    /// The most it could add with the office's rules.
    pub most: u32,
    /// What it was reckoned from: a code (urgency, kind), codes or words with a comma between them, a
    /// count of people, minutes, metres; `place_unknown` or `no_help` where there are no metres.
    pub detail: Option<String>,
}

/// The office's rules made ready, for scoring many needs.
#[derive(Debug, Clone)]
pub struct Scale {
    most: Vec<u32>,
    /// As the office wrote it, and as it is compared.
    words: Vec<(String, String)>,
    /// Minutes after which waiting has given half of what it can, by urgency.
    half_waited_min: [i64; Urgency::ALL.len()],
}

/// The score of one need. For many, make the [`Scale`] once.
#[must_use]
pub fn score(input: &TriageInput, rules: &Rules) -> Triage {
    Scale::of(rules).score(input)
}

/// How grave it is to be without a kind of help, 0 to 100, where the office has not said: danger to
/// life first, then what a body cannot do without, then a roof, then the rest.
#[must_use]
pub fn gravity_of(need_kind: &str) -> u32 {
    match need_kind {
        "oxygen" => 100,
        "medical" => 95,
        "transport" => 80,
        "bed" => 75,
        "medicine" => 70,
        "food_water" => 60,
        "shelter" => 55,
        "supplies" => 40,
        "test" | "funeral" => 30,
        "vaccine" | "repair" => 25,
        _ => 35,
    }
}

/// Thousandths that a kind of vulnerable person adds; two weigh more than one.
fn weight_of(vulnerable: &str) -> u32 {
    match vulnerable {
        "oxygen" => 800,
        "dialysis" | "bedridden" => 700,
        "pregnant" | "infant" => 500,
        "disabled" => 400,
        "chronic" => 350,
        "elderly" => 300,
        "child" => 250,
        _ => 200,
    }
}

/// A whole part of whole numbers, all of it 1,000.
const WHOLE: i64 = 1_000;
/// At this distance half of what distance can add is there.
const HALF_FAR_M: i64 = 5_000;
/// People besides the first that make half of what their number can add.
const HALF_MANY: i64 = 9;
/// A place nobody knows counts as help some two kilometres away.
const PLACE_UNKNOWN: i64 = 300;

/// Rises from 0, is half the whole at `half`, and never reaches it: nothing that waits is ever "full".
fn saturating(value: i64, half: i64) -> i64 {
    let value = value.clamp(0, i64::MAX / (2 * WHOLE));
    value * WHOLE / (value + half.max(1))
}

impl Scale {
    /// From the office's rules. Where these add up to more than 100 points they are taken as shares of
    /// 100, so that the score never passes it.
    #[must_use]
    pub fn of(rules: &Rules) -> Self {
        let points: Vec<i64> = Consideration::ALL
            .iter()
            .map(|each| rules.whole(&format!("triage.{}", each.code())).max(0))
            .collect();
        let sum: i64 = points.iter().sum::<i64>().max(100);
        // Shares of a running sum, so that what rounding takes from one the next one gets.
        let mut before = 0;
        let most = points
            .iter()
            .map(|own| {
                let share = (before + own) * 100 / sum - before * 100 / sum;
                before += own;
                u32::try_from(share).unwrap_or(0)
            })
            .collect();
        let words = rules
            .value("triage.words")
            .lines()
            .map(|word| (word.trim().to_string(), text::normalize(word)))
            .filter(|(_, key)| !key.is_empty())
            .collect();
        // The office's own patience: at the moment the supervisor is told, half is there. More urgent is
        // never more patient, whatever was set.
        let mut half_waited_min = [0; Urgency::ALL.len()];
        let mut least = i64::MAX;
        for (half, urgency) in half_waited_min.iter_mut().zip(Urgency::ALL) {
            least = least.min(rules.by_urgency("care.supervisor", *urgency).max(1));
            *half = least;
        }
        Self {
            most,
            words,
            half_waited_min,
        }
    }

    /// The score of one need.
    #[must_use]
    pub fn score(&self, input: &TriageInput) -> Triage {
        let parts: Vec<Part> = Consideration::ALL
            .iter()
            .zip(&self.most)
            .map(|(code, most)| {
                let (share, detail) = self.share(*code, input);
                let points = i64::from(*most) * share.clamp(0, WHOLE) / WHOLE;
                Part {
                    code: *code,
                    points: u32::try_from(points).unwrap_or(0),
                    most: *most,
                    detail,
                }
            })
            .collect();
        Triage {
            score: parts.iter().map(|part| part.points).sum(),
            parts,
        }
    }

    /// Thousandths of what a consideration could add, and what that was reckoned from.
    fn share(&self, code: Consideration, input: &TriageInput) -> (i64, Option<String>) {
        match code {
            Consideration::Urgency => {
                let share = match input.urgency {
                    Urgency::Normal => 100,
                    Urgency::Urgent => 400,
                    Urgency::VeryUrgent => 700,
                    Urgency::Critical => WHOLE,
                };
                (share, Some(input.urgency.code().into()))
            }
            Consideration::NeedKind => {
                let gravity = input.gravity.unwrap_or_else(|| gravity_of(input.need_kind));
                (
                    i64::from(gravity.min(100)) * 10,
                    Some(input.need_kind.into()),
                )
            }
            Consideration::Vulnerable => {
                let sum: u32 = input.vulnerable.iter().map(|each| weight_of(each)).sum();
                let detail = (!input.vulnerable.is_empty()).then(|| input.vulnerable.join(", "));
                (i64::from(sum), detail)
            }
            Consideration::Waiting => {
                let waited = input.waiting_min.max(0);
                let half = self.half_waited_min[input.urgency as usize];
                (saturating(waited, half), Some(waited.to_string()))
            }
            Consideration::SeverityWords => {
                let found = self.words_in(&input.texts);
                let share = match found.len() {
                    0 => 0,
                    1 => 600,
                    2 => 850,
                    _ => WHOLE,
                };
                (share, (share > 0).then(|| found.join(", ")))
            }
            Consideration::People => {
                let people = input.people_count.max(1);
                (
                    saturating(i64::from(people), HALF_MANY),
                    Some(people.to_string()),
                )
            }
            Consideration::Distance => match input.help {
                Help::PlaceUnknown => (PLACE_UNKNOWN, Some("place_unknown".into())),
                Help::At(metres) => (
                    saturating(i64::from(metres), HALF_FAR_M),
                    Some(metres.to_string()),
                ),
                Help::NoneKnown => (WHOLE, Some("no_help".into())),
            },
        }
    }

    /// The office's words that stand in what was written, however they were spelt; not where they are
    /// denied (`ไม่หมดสติ`).
    fn words_in(&self, texts: &[&str]) -> Vec<&str> {
        if texts.iter().all(|text| text.is_empty()) {
            return Vec::new();
        }
        let written: Vec<String> = texts.iter().map(|each| text::normalize(each)).collect();
        self.words
            .iter()
            .filter(|(_, key)| written.iter().any(|text| is_said(text, key)))
            .map(|(word, _)| word.as_str())
            .collect()
    }
}

/// Words of every day within which a word of severity stands and is not meant: Thai writes no gaps between words.
const OTHER_WORDS: &[&str] = &[
    "ชักช้า",
    "ชักชวน",
    "ชักนำ",
    "ชักจูง",
    "ชักโครก",
    "ชักเย่อ",
    "ชักรอก",
    "ชักธง",
    "ชักใย",
    "ลิ้นชัก",
];

fn is_said(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].trim_end();
        let denied = ["ไม่", "ไม่มี", "ไม่ได้"]
            .iter()
            .any(|not| before.ends_with(not));
        !denied && !is_within_another(text, at, word)
    })
}

/// Whether what stands there is a piece of another word, longer than what is looked for.
fn is_within_another(text: &str, at: usize, word: &str) -> bool {
    let end = at + word.len();
    OTHER_WORDS
        .iter()
        .filter(|other| other.len() > word.len())
        .any(|other| {
            let mut found = text.match_indices(other);
            found.any(|(begin, _)| begin <= at && end <= begin + other.len())
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(triage: &Triage, code: Consideration) -> &Part {
        triage.parts.iter().find(|part| part.code == code).unwrap()
    }

    #[test]
    fn danger_to_life_comes_before_a_roof_to_mend_and_each_part_says_why() {
        let rules = Rules::default();
        let bedridden = ["bedridden".to_string(), "oxygen".to_string()];
        let grave = score(
            &TriageInput {
                urgency: Urgency::Critical,
                need_kind: "oxygen",
                texts: ["น้ำถึงอกแล้ว ออกซิเจนใกล้หมด", ""],
                people_count: 4,
                vulnerable: &bedridden,
                waiting_min: 60,
                help: Help::At(5_000),
                ..TriageInput::default()
            },
            &rules,
        );
        let roof = score(
            &TriageInput {
                need_kind: "repair",
                people_count: 4,
                waiting_min: 60,
                help: Help::At(5_000),
                ..TriageInput::default()
            },
            &rules,
        );
        assert!(grave.score >= 80, "{grave:?}");
        assert!(roof.score < 20, "{roof:?}");
        let words = part(&grave, Consideration::SeverityWords);
        assert_eq!(words.detail.as_deref(), Some("น้ำถึงอก, ออกซิเจนใกล้หมด"));
        assert_eq!(part(&grave, Consideration::Waiting).points, 7);
        assert_eq!(part(&roof, Consideration::Vulnerable).detail, None);
    }

    #[test]
    fn a_severity_word_is_known_however_it_is_spelt_but_not_when_it_is_denied() {
        let scale = Scale::of(&Rules::default());
        assert_eq!(scale.words_in(&["นํ้าถึงคอ", ""]), ["น้ำถึงคอ"]);
        assert_eq!(scale.words_in(&["", "หมดสติ"]), ["หมดสติ"]);
        assert!(scale.words_in(&["ไม่หมดสติ ไม่มีเลือดออก", ""]).is_empty());
        assert_eq!(scale.words_in(&["หายใจไม่ออก", ""]), ["หายใจไม่ออก"]);
    }

    #[test]
    fn a_severity_word_within_another_word_is_not_meant() {
        let scale = Scale::of(&Rules::default());
        for harmless in ["รถมาชักช้า", "ชักชวนเพื่อนบ้านมาช่วย", "ส้วมชักโครกตัน", "ยาอยู่ในลิ้นชัก"]
        {
            assert!(scale.words_in(&[harmless, ""]).is_empty(), "{harmless}");
        }
        assert_eq!(scale.words_in(&["เด็กชัก รถมาชักช้า", ""]), ["ชัก"]);
        assert_eq!(scale.words_in(&["ชักเกร็ง", ""]), ["ชัก"]);
        // What an office looks for by itself is meant.
        let own = Rules::new([("triage.words".to_string(), "ชักช้า".to_string())]);
        assert_eq!(Scale::of(&own).words_in(&["รถมาชักช้า", ""]), ["ชักช้า"]);
    }

    #[test]
    fn points_beyond_a_hundred_are_shares_of_a_hundred() {
        let rules = Rules::new(
            Consideration::ALL
                .iter()
                .map(|each| (format!("triage.{}", each.code()), "100".to_string())),
        );
        let scale = Scale::of(&rules);
        assert_eq!(scale.most.iter().sum::<u32>(), 100);
    }

    #[test]
    fn a_consideration_the_office_sets_to_nothing_adds_nothing() {
        let rules = Rules::new([("triage.waiting".to_string(), "0".to_string())]);
        let triage = score(
            &TriageInput {
                waiting_min: 100_000,
                ..TriageInput::default()
            },
            &rules,
        );
        assert_eq!(part(&triage, Consideration::Waiting).points, 0);
        assert_eq!(part(&triage, Consideration::Waiting).most, 0);
    }

    #[test]
    fn an_unknown_place_counts_a_little() {
        let at = |help| {
            let input = TriageInput {
                help,
                ..TriageInput::default()
            };
            part(&score(&input, &Rules::default()), Consideration::Distance).points
        };
        assert!(at(Help::At(100)) < at(Help::PlaceUnknown));
        assert!(at(Help::PlaceUnknown) < at(Help::NoneKnown));
    }

    fn any_rules() -> impl Strategy<Value = Rules> {
        (
            proptest::collection::vec(0_u32..=100, Consideration::ALL.len()),
            proptest::collection::vec(5_i64..=43_200, Urgency::ALL.len()),
        )
            .prop_map(|(points, limits)| {
                let points = Consideration::ALL
                    .iter()
                    .zip(points)
                    .map(|(each, own)| (format!("triage.{}", each.code()), own.to_string()));
                let limits = Urgency::ALL.iter().zip(limits).map(|(each, own)| {
                    (format!("care.supervisor_{}", each.code()), own.to_string())
                });
                Rules::new(points.chain(limits))
            })
    }

    proptest! {
        #[test]
        fn more_of_anything_never_lowers_the_score_and_it_never_passes_a_hundred(
            rules in any_rules(),
            urgency in 0_usize..4,
            more_urgent in 0_usize..4,
            gravity in 0_u32..=100,
            waiting in 0_i64..2_000_000,
            longer in 0_i64..2_000_000,
            people in 0_u32..100_000,
            more_people in 0_u32..100_000,
            metres in 0_u32..1_000_000,
            farther in 0_u32..1_000_000,
            words in 0_usize..4,
            more_words in 0_usize..4,
        ) {
            let said = ["หมดสติ", "ชัก", "จมน้ำ", "ติดอยู่", "เลือดออก", "ฟอกไต"];
            let note = |count: usize| said[..count.min(6)].join(" ");
            let (few, more) = (note(words), note(words + more_words));
            let elderly = vec!["elderly".to_string()];
            let both = vec!["elderly".to_string(), "infant".to_string()];
            let less = TriageInput {
                urgency: Urgency::ALL[urgency],
                need_kind: "food_water",
                gravity: Some(gravity),
                texts: [&few, ""],
                people_count: people,
                vulnerable: &elderly,
                waiting_min: waiting,
                help: Help::At(metres),
            };
            let scale = Scale::of(&rules);
            let base = scale.score(&less);
            prop_assert!(base.score <= 100);
            prop_assert_eq!(base.score, base.parts.iter().map(|part| part.points).sum::<u32>());
            for part in &base.parts {
                let rule = rules.whole(&format!("triage.{}", part.code.code()));
                prop_assert!(part.points <= part.most && i64::from(part.most) <= rule);
            }
            let greater = [
                TriageInput { urgency: Urgency::ALL[urgency.max(more_urgent)], ..less },
                TriageInput { waiting_min: waiting + longer, ..less },
                TriageInput { people_count: people + more_people, ..less },
                TriageInput { help: Help::At(metres + farther), ..less },
                TriageInput { texts: [&more, ""], ..less },
                TriageInput { vulnerable: &both, ..less },
                TriageInput { gravity: Some(100), ..less },
            ];
            for each in greater {
                prop_assert!(scale.score(&each).score >= base.score, "{:?}", each);
            }
        }
    }
}
