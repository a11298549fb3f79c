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
    numbers: HashMap<String, usize>,
}

/// A line that a code points to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) list: usize,
    pub(super) place: usize,
    pub(super) line: Line,
    pub(super) standing: Option<Standing>,
}

/// A list's number without what people leave out.
fn number_key(number: &str) -> String {
    text::arabic_digits(number)
        .replace(['.', ' ', ':'], "")
        .replace('/', "-")
}

impl Lists {
    pub(super) fn of(lists: Vec<TickList>) -> Self {
        let codes = tick_lists::codes_of(&lists);
        let mut numbers = HashMap::new();
        for (at, list) in lists.iter().enumerate() {
            let whole = number_key(&list.number);
            // The serial is the office's, so the village may be left out: `69-012`.
            let short = whole.split_once('-').map(|(_, rest)| rest.to_string());
            for key in [Some(whole), short].into_iter().flatten() {
                numbers.entry(key).or_insert(at);
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

    /// Every line the code may mean.
    pub(super) fn targets(
        &self,
        conn: &Connection,
        keyed: &Keyed,
    ) -> Result<Vec<Target>, StoreError> {
        let Ok(code) = Code::parse(&keyed.code) else {
            return Ok(Vec::new());
        };
        let named = keyed.list.as_deref().map(number_key);
        let named = named.and_then(|key| self.numbers.get(&key).copied());
        let mut targets = Vec::new();
        for (at, place) in self.codes.get(&code).into_iter().flatten() {
            let Some(list) = self.lists.get(*at) else {
                continue;
            };
            let line = list.lines.get(*place).and_then(|line| line.parse().ok());
            if let Some(line) = line
                && named.is_none_or(|named| named == *at)
            {
                targets.push(Target {
                    list: *at,
                    place: *place,
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

/// Which line a code means that stands on several lists: the one that is still out; if several are,
/// the one on the paper in hand.
pub(super) fn one_of(mut targets: Vec<Target>, in_hand: &HashSet<usize>) -> Vec<Target> {
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
