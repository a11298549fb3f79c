//! Which line of which printed list a keyed code means.

use std::collections::{HashMap, HashSet};

use jitasa_domain::{
    TickList,
    tick::{self, Code, Line},
};
use jitasa_store::{
    Connection, StoreError,
    query::tick_lists::{self, Standing},
};
use jitasa_thai::{
    text,
    tick_answers::{Fit, Keyed},
};

/// Codes that a wrong one may have been, at most.
const MEANT_MAX: usize = 5;

/// The lists a code may stand on.
pub(super) struct Lists {
    pub(super) lists: Vec<TickList>,
    codes: HashMap<Code, Vec<(usize, usize)>>,
    /// Two desks may have given the same short number.
    numbers: HashMap<String, Vec<usize>>,
}

/// A line that a code points to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) list: usize,
    pub(super) place: usize,
    /// The list was taken out of use.
    pub(super) void: bool,
    pub(super) line: Line,
    pub(super) standing: Option<Standing>,
}

/// A list's number without what people leave out.
fn number_key(number: &str) -> String {
    text::arabic_digits(number)
        .replace(['.', ' ', ':'], "")
        .replace('/', "-")
}

/// What people key for a number: with or without the village, with or without the desk's mark, which
/// lists of earlier versions have not: `ม.5-69-012กต`, `69-012กต`, `ม.5-69-012`, `69-012`.
fn short_numbers(number: &str) -> Vec<String> {
    let whole = number_key(number);
    let bare = whole.trim_end_matches(|letter: char| letter.is_alphabetic());
    let mut keys = vec![whole.clone(), bare.to_string()];
    for key in [whole.as_str(), bare] {
        if let Some((_, rest)) = key.split_once('-') {
            keys.push(rest.to_string());
        }
    }
    keys
}

impl Lists {
    pub(super) fn of(lists: Vec<TickList>) -> Self {
        let codes = tick_lists::codes_of(&lists);
        let mut numbers: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, list) in lists.iter().enumerate() {
            for key in short_numbers(&list.number) {
                let named = numbers.entry(key).or_default();
                if !named.contains(&at) {
                    named.push(at);
                }
            }
        }
        Self {
            lists,
            codes,
            numbers,
        }
    }

    pub(super) fn fit(&self, word: &str) -> Fit {
        match Code::parse(word) {
            Ok(code) if self.codes.contains_key(&code) => Fit::Printed,
            _ if self.numbers.contains_key(&number_key(word)) => Fit::List,
            Ok(_) => Fit::Sound,
            Err(tick::CodeError::Check) => Fit::Wrong,
            Err(tick::CodeError::Unreadable) => Fit::Nothing,
        }
    }

    /// Every line the code may mean: which list, and which line of it (from 0).
    fn places(&self, keyed: &Keyed) -> Vec<(usize, usize)> {
        let Ok(code) = Code::parse(&keyed.code) else {
            return Vec::new();
        };
        let named = keyed.list.as_deref().map(number_key);
        let named = named.and_then(|key| self.numbers.get(&key));
        let places = self.codes.get(&code).into_iter().flatten().copied();
        places
            .filter(|(at, _)| named.is_none_or(|named| named.contains(at)))
            .collect()
    }

    /// The same, as they stand now.
    pub(super) fn targets(
        &self,
        conn: &Connection,
        keyed: &Keyed,
    ) -> Result<Vec<Target>, StoreError> {
        let mut targets = Vec::new();
        for (at, place) in self.places(keyed) {
            let Some(list) = self.lists.get(at) else {
                continue;
            };
            let line = list.lines.get(place).and_then(|line| line.parse().ok());
            if let Some(line) = line {
                targets.push(Target {
                    void: list.void_reason.is_some(),
                    list: at,
                    place,
                    standing: tick_lists::standing(conn, list, &line)?,
                    line,
                });
            }
        }
        Ok(targets)
    }

    /// Codes that are one slip from what was typed.
    pub(super) fn meant(&self, typed: &str) -> Vec<String> {
        let mut meant: Vec<_> = self
            .codes
            .iter()
            .filter(|(code, _)| code.is_a_slip_from(typed))
            .filter_map(|(code, places)| Some((places.first()?.to_owned(), code.to_string())))
            .collect();
        meant.sort();
        meant.truncate(MEANT_MAX);
        meant.into_iter().map(|(_, code)| code).collect()
    }
}

/// Lists that some code of the box stands on and no other list has: the paper in the clerk's hand.
pub(super) fn in_hand(targets: &[Vec<Target>]) -> HashSet<usize> {
    targets
        .iter()
        .filter_map(|targets| match targets.as_slice() {
            [only] => Some(only.list),
            _ => None,
        })
        .collect()
}

/// Which line a code means that stands on several lists: one of a list that counts, and of these the
/// one that is still out; if several are, the one on the paper in hand.
pub(super) fn one_of(mut targets: Vec<Target>, in_hand: &HashSet<usize>) -> Vec<Target> {
    if targets.iter().any(|target| !target.void) {
        targets.retain(|target| !target.void);
    }
    let is_out = |target: &Target| {
        let standing = target.standing.as_ref();
        standing.is_some_and(|standing| standing.said.is_none())
    };
    if targets.len() > 1 && targets.iter().any(is_out) {
        targets.retain(is_out);
    }
    if targets.len() > 1
        && targets
            .iter()
            .filter(|each| in_hand.contains(&each.list))
            .count()
            == 1
    {
        targets.retain(|each| in_hand.contains(&each.list));
    }
    targets
}

#[cfg(test)]
mod tests {
    use jitasa_domain::{Entity, ReviewState, tick::Shown};
    use jitasa_thai::tick_answers::{self, Answered, Tick};

    use super::*;

    fn a_list(number: &str, code: Code, case: u128) -> TickList {
        let line = Line {
            code,
            entity: Entity::Case,
            id: uuid::Uuid::from_u128(case),
            shown: Shown {
                state: "open".into(),
                review: ReviewState::Unreviewed,
                place: 0,
                needs: 0,
            },
        };
        TickList {
            number: number.into(),
            lines: vec![line.to_string()],
            ..TickList::default()
        }
    }

    /// Which lists the one piece of the box may mean.
    fn meant(lists: &Lists, typed: &str) -> Vec<usize> {
        let keyed = tick_answers::read(typed, &|word| lists.fit(word));
        assert_eq!(keyed.len(), 1, "{typed}: {keyed:?}");
        assert_eq!(keyed[0].answer, Answered::Tick(Tick::Found), "{typed}");
        lists
            .places(&keyed[0])
            .into_iter()
            .map(|(at, _)| at)
            .collect()
    }

    #[test]
    fn a_code_on_two_desks_lists_is_settled_by_naming_the_list() {
        let code = Code::at(77);
        let lists = Lists::of(vec![
            a_list("ม.5-69-012กต", code, 1),
            a_list("ม.5-69-012งจ", code, 2),
            // As earlier versions numbered them, of another village.
            a_list("ม.6-69-012", code, 3),
        ]);
        for (typed, both) in [
            (format!("{code}1"), &[0, 1, 2][..]),
            (format!("ม.5-69-012กต: {code}1"), &[0]),
            (format!("ใบ ม.5-69-012งจ {code} 1"), &[1]),
            (format!("69-012งจ {code}1"), &[1]),
            (format!("ม.๕-๖๙-๐๑๒งจ {code}1"), &[1]),
            (format!("ม.5-69-012 {code}1"), &[0, 1]),
            (format!("69-012 {code}1"), &[0, 1, 2]),
            (format!("ม.6-69-012 {code}1"), &[2]),
        ] {
            assert_eq!(meant(&lists, &typed), both, "{typed}");
        }
    }
}
