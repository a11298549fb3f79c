//! A text into villages and houses: first into words, then which houses belong to which village. It
//! must not know what a volunteer is.

use super::{HouseNo, Houses, HousesError, PARTS_MAX, RUN_HOUSES_MAX, is_thai};
use crate::text;

/// Houses of one village, as somebody wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The village's number; `None` when the text does not say one.
    pub moo: Option<u8>,
    /// The village's name without บ้าน, when the text says it (`ม.5 บ้านเหล่าหม้อ`).
    pub village: Option<String>,
    /// `None`: the whole village.
    pub houses: Option<Houses>,
}

/// Reads `1-10, 12, 15/2 ม.5`, `ม.5 บ้าน 3,4,5-9`, `บ้านเลขที่ 1 ถึง 10`, `หมู่ 5, หมู่ 6`,
/// `ทั้งหมู่บ้าน ม.5`, and several villages apart by `;` or a new line. Nothing written is nothing read.
///
/// # Errors
/// With the piece that was not understood.
pub fn read(typed: &str) -> Result<Vec<Written>, HousesError> {
    let mut all: Vec<Written> = Vec::new();
    for group in typed.split(['\n', '\r', ';']) {
        let key = text::normalize(group);
        for one in sort_out(&key, words(&key)?)? {
            match all
                .iter_mut()
                .find(|known| known.moo == one.moo && known.village == one.village)
            {
                Some(known) => {
                    known.houses = match (&known.houses, &one.houses) {
                        (Some(these), Some(those)) => Some(these.with(those)),
                        _ => None,
                    };
                }
                None => all.push(one),
            }
        }
    }
    Ok(all)
}

/// A word of the text, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Moo(u8),
    Name(String),
    Run(u32, u32),
    House(HouseNo),
    Whole,
    /// `บ้าน`, `เลขที่`, `:`: houses follow.
    Marker,
    Comma,
}

/// Words of the text, longest first where one begins another.
const WORDS: [(&str, Sign); 24] = [
    ("บ้านเลขที่", Sign::Marker),
    ("เลขที่", Sign::Marker),
    ("หมู่บ้านที่", Sign::Moo),
    ("หมู่ที่", Sign::Moo),
    ("หมู่บ้าน", Sign::Village),
    ("หมู่", Sign::Moo),
    ("ม.", Sign::Moo),
    ("ทุกหลังคาเรือน", Sign::Whole),
    ("ทุกหลัง", Sign::Whole),
    ("ทุกบ้าน", Sign::Whole),
    ("ทั้งหมด", Sign::Whole),
    ("ทั้ง", Sign::Whole),
    ("ถึง", Sign::Dash),
    ("และ", Sign::Comma),
    ("กับ", Sign::Comma),
    ("บ้าน", Sign::Village),
    ("บ.", Sign::Village),
    ("ม", Sign::Moo),
    (":", Sign::Marker),
    (",", Sign::Comma),
    ("-", Sign::Dash),
    ("–", Sign::Dash),
    ("—", Sign::Dash),
    ("−", Sign::Dash),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Marker,
    Moo,
    /// Before a number the houses', before letters the name of a village.
    Village,
    Whole,
    Dash,
    Comma,
}

/// The piece of the text from here to the next comma, for the clerk to find it by.
fn piece(key: &str, at: usize) -> String {
    let rest = &key[at..];
    let end = rest
        .char_indices()
        .skip(1)
        .take(30)
        .find(|(_, letter)| matches!(letter, ',' | ' '))
        .map_or(rest.len(), |(end, _)| end);
    rest[..end].chars().take(30).collect()
}

fn words(key: &str) -> Result<Vec<(Word, usize)>, HousesError> {
    let mut words: Vec<(Word, usize)> = Vec::new();
    let mut at = 0;
    let skip = |at: usize| {
        let spaces = key[at..].len() - key[at..].trim_start_matches([' ', '(', ')']).len();
        at + spaces
    };
    loop {
        at = skip(at);
        let rest = &key[at..];
        if rest.is_empty() {
            return Ok(words);
        }
        if let Some((house, length)) = HouseNo::at_start(rest) {
            let begin = at;
            at += length;
            let dash = skip(at);
            match sign_at(&key[dash..]) {
                Some((Sign::Dash, length)) => {
                    let to = skip(dash + length);
                    let (last, length) = HouseNo::at_start(&key[to..])
                        .ok_or_else(|| HousesError::Unreadable(piece(key, begin)))?;
                    at = to + length;
                    add_run(&mut words, house, last, begin, &key[begin..at])?;
                }
                _ => words.push((Word::House(house), begin)),
            }
            continue;
        }
        let unreadable = || HousesError::Unreadable(piece(key, at));
        let (sign, length) = sign_at(rest).ok_or_else(unreadable)?;
        let behind = skip(at + length);
        let next = key[behind..].chars().next();
        let number_follows = next.is_some_and(|letter| letter.is_ascii_digit());
        let (word, end) = match sign {
            Sign::Comma => (Word::Comma, at + length),
            Sign::Whole => (Word::Whole, at + length),
            Sign::Marker | Sign::Village if number_follows && rest[..length] != *"หมู่บ้าน" => {
                (Word::Marker, at + length)
            }
            Sign::Village if rest[length..].starts_with(is_thai) => {
                let name = rest[length..].chars().take_while(|letter| is_thai(*letter));
                let name: String = name.collect();
                let end = at + length + name.len();
                (Word::Name(name), end)
            }
            Sign::Moo | Sign::Village if number_follows => {
                let digits = key[behind..].bytes().take_while(u8::is_ascii_digit).count();
                let end = behind + digits;
                let moo = key[behind..end].parse().ok();
                let moo = moo.filter(|moo| (1..=99).contains(moo));
                let runs_on = key[end..].starts_with('/')
                    || matches!(sign_at(&key[skip(end)..]), Some((Sign::Dash, _)));
                if runs_on {
                    return Err(unreadable());
                }
                let refused = || HousesError::MooUnreadable(key[at..end].to_owned());
                (Word::Moo(moo.ok_or_else(refused)?), end)
            }
            // ทั้งหมู่บ้าน, ทั้งหมู่: the village is said elsewhere, or not at all.
            Sign::Moo | Sign::Village if matches!(words.last(), Some((Word::Whole, _))) => {
                at += length;
                continue;
            }
            Sign::Moo => return Err(HousesError::MooUnreadable(piece(key, at))),
            Sign::Village | Sign::Marker | Sign::Dash => return Err(unreadable()),
        };
        words.push((word, at));
        at = end;
    }
}

fn sign_at(rest: &str) -> Option<(Sign, usize)> {
    WORDS
        .iter()
        .find(|(word, _)| rest.starts_with(word))
        // `ม 5`, not มะม่วง.
        .filter(|(word, _)| *word != "ม" || !rest[word.len()..].starts_with(is_thai))
        .map(|(word, sign)| (*sign, word.len()))
}

/// `1-10`, or `15/1-15/4`.
fn add_run(
    words: &mut Vec<(Word, usize)>,
    first: HouseNo,
    last: HouseNo,
    at: usize,
    piece: &str,
) -> Result<(), HousesError> {
    let piece = || piece.to_owned();
    let (from, to) = match (first.part, last.part) {
        _ if first.letter.is_some() || last.letter.is_some() => {
            return Err(HousesError::Unreadable(piece()));
        }
        (None, None) => (first.number, last.number),
        (Some(from), Some(to)) if first.number == last.number => (from, to),
        _ => return Err(HousesError::Unreadable(piece())),
    };
    if from > to {
        return Err(HousesError::Reversed(piece()));
    }
    let count = to - from + 1;
    if first.part.is_none() {
        if count > RUN_HOUSES_MAX {
            return Err(HousesError::TooMany(piece()));
        }
        words.push((Word::Run(from, to), at));
        return Ok(());
    }
    if count > 100 {
        return Err(HousesError::TooMany(piece()));
    }
    words.extend((from..=to).map(|part| {
        let part = Some(part);
        (Word::House(HouseNo { part, ..first }), at)
    }));
    Ok(())
}

/// What a village is given within a group.
#[derive(Debug, Default)]
struct Share {
    runs: Vec<(u32, u32)>,
    single: Vec<HouseNo>,
    whole: bool,
}

impl Share {
    fn is_empty(&self) -> bool {
        !self.whole && self.runs.is_empty() && self.single.is_empty()
    }
}

/// Which houses belong to which village. Either every village of a group has its houses before it
/// (`1-10 ม.5, 3 ม.6`) or every one behind it (`ม.5 1-10 ม.6 3`), or there are only villages.
fn sort_out(key: &str, words: Vec<(Word, usize)>) -> Result<Vec<Written>, HousesError> {
    let unclear = |at: usize| HousesError::VillageUnclear(piece(key, at));
    let is_village = |word: &Word| matches!(word, Word::Moo(_) | Word::Name(_));
    let first = words
        .iter()
        .find(|(word, _)| !matches!(word, Word::Comma | Word::Marker));
    let village_first = first.is_some_and(|(word, _)| is_village(word));
    let has_village = words.iter().any(|(word, _)| is_village(word));
    let mut found: Vec<(Written, Share, usize)> = Vec::new();
    // Houses that wait for their village, when it comes behind them.
    let (mut waiting, mut waiting_at) = (Share::default(), 0);
    let (mut comma, mut marked, mut joins) = (false, false, false);
    for (word, at) in words {
        match word {
            Word::Comma => (comma, joins) = (true, false),
            Word::Marker => (marked, joins) = (true, false),
            Word::Moo(_) | Word::Name(_) => {
                let (moo, village) = match word {
                    Word::Moo(moo) => (Some(moo), None),
                    Word::Name(name) => (None, Some(name)),
                    _ => (None, None),
                };
                match found.last_mut() {
                    Some((one, ..)) if joins && moo.is_some() && one.moo.is_none() => {
                        one.moo = moo;
                    }
                    Some((one, ..)) if joins && village.is_some() && one.village.is_none() => {
                        one.village = village;
                    }
                    _ => {
                        let share = if village_first {
                            Share::default()
                        } else {
                            std::mem::take(&mut waiting)
                        };
                        let one = Written {
                            moo,
                            village,
                            houses: None,
                        };
                        found.push((one, share, at));
                    }
                }
                (comma, marked, joins) = (false, false, true);
            }
            Word::Run(..) | Word::House(_) | Word::Whole => {
                let share = match found.last_mut() {
                    Some((_, share, _)) if village_first => {
                        // `ม.5, 12`: house 12 of หมู่ 5, or หมู่ 12?
                        if share.is_empty() && comma && !marked {
                            return Err(unclear(at));
                        }
                        share
                    }
                    _ => {
                        waiting_at = at;
                        &mut waiting
                    }
                };
                if share.whole || word == Word::Whole && !share.is_empty() {
                    return Err(unclear(at));
                }
                match word {
                    Word::Run(from, to) => share.runs.push((from, to)),
                    Word::House(house) => share.single.push(house),
                    _ => share.whole = true,
                }
                if share.single.len() > PARTS_MAX || share.runs.len() > PARTS_MAX {
                    return Err(HousesError::TooMany(piece(key, at)));
                }
                joins = false;
            }
        }
    }
    if !waiting.is_empty() {
        if has_village {
            return Err(unclear(waiting_at));
        }
        found.push((Written::default(), waiting, waiting_at));
    }
    let some_counted = found.iter().any(|(_, share, _)| !share.is_empty());
    if let Some((.., at)) = found
        .iter()
        .find(|(_, share, _)| some_counted && share.is_empty())
    {
        return Err(unclear(*at));
    }
    let finished = found.into_iter().map(|(one, share, _)| Written {
        houses: (!share.whole && !share.is_empty())
            .then(|| Houses::new(&share.runs, &share.single)),
        ..one
    });
    Ok(finished.collect())
}
