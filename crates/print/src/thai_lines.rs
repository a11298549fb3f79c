//! Where a Thai line may end. Thai writes no space between words, so somebody must say where they are. Typst asks an
//! LSTM, which cuts names in the middle (`นายสมชายใจ|ดี`, `ตำ|บลผา`), and offers no way to ask otherwise. So a text goes to
//! a template in pieces that it sets as boxes: lines end between boxes and at spaces, never inside. No invisible signs
//! are put into the text, so what is searched or copied from the PDF is what was written.
//!
//! The words are those of ICU4X's dictionary. A dictionary knows words, not people, so there are two ways: [`prose`] may
//! break between any words; [`name`] keeps what stands between spaces whole (a name, `12/15`, `081-234-5678`) unless it is
//! wider than the place it stands in. Nothing runs off its place: what does not fit even so breaks between letters with
//! their marks.

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{GraphemeClusterSegmenter, LineSegmenter};

/// The piece that is a space.
pub(crate) const SPACE: &str = " ";

/// Pieces of a text that may break between words. `fits` says whether a piece fits its place in one line.
pub(crate) fn prose(text: &str, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    spaced(text, &mut |part, out| words(part, fits, out))
}

/// Pieces of a text that breaks at spaces only, if each part between spaces fits its place.
pub(crate) fn name(text: &str, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    spaced(text, &mut |part, out| {
        if fits(part) {
            out.push(part.to_owned());
        } else {
            words(part, fits, out);
        }
    })
}

fn spaced(text: &str, push: &mut dyn FnMut(&str, &mut Vec<String>)) -> Vec<String> {
    let mut out = Vec::new();
    for (at, part) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(SPACE.to_owned());
        }
        if !part.is_empty() {
            push(part, &mut out);
        }
    }
    out
}

/// The words of a part without spaces, with what must not be parted from them: marks, ๆ, brackets, points.
fn words(part: &str, fits: &dyn Fn(&str) -> bool, out: &mut Vec<String>) {
    let ends = LineSegmenter::new_dictionary(LineBreakOptions::default()).segment_str(part);
    let mut from = 0;
    for to in ends.filter(|end| *end > 0) {
        if to < part.len() && !may_end(&part[..to], &part[to..]) {
            continue;
        }
        push_fitting(&part[from..to], fits, out);
        from = to;
    }
}

/// Unicode's rules leave Thai to the dictionary, which does not mind these: no line begins with a mark, ๆ or ฯ, and none
/// ends with a vowel that is written before its consonant.
fn may_end(before: &str, after: &str) -> bool {
    !before.ends_with(|c| matches!(c, 'เ'..='ไ'))
        && !after.starts_with(|c| matches!(c, 'ฯ'..='ฺ' | 'ๅ'..='๎'))
}

fn push_fitting(piece: &str, fits: &dyn Fn(&str) -> bool, out: &mut Vec<String>) {
    if fits(piece) {
        out.push(piece.to_owned());
        return;
    }
    let mut from = 0;
    for to in GraphemeClusterSegmenter::new()
        .segment_str(piece)
        .filter(|end| *end > 0)
    {
        out.push(piece[from..to].to_owned());
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wide(_: &str) -> bool {
        true
    }

    fn letters(max: usize) -> impl Fn(&str) -> bool {
        move |piece| piece.chars().count() <= max
    }

    #[test]
    fn prose_may_break_between_the_words_of_the_dictionary() {
        assert_eq!(
            prose("ต้องการอาหารและน้ำดื่ม น้ำท่วมสูง", &wide).join("|"),
            "ต้องการ|อาหาร|และ|น้ำ|ดื่ม| |น้ำ|ท่วม|สูง"
        );
    }

    #[test]
    fn a_name_and_a_house_number_are_never_cut() {
        for text in [
            "นางสาวสมใจ",
            "นายสมชายใจดี",
            "45/2",
            "12/ก",
            "081-234-5678",
            "(หลังวัดผาน้ำย้อย)",
        ] {
            assert_eq!(name(text, &wide), [text]);
        }
        assert_eq!(
            name("นางสาวสมใจ รักษ์โนนสวรรค์", &wide),
            ["นางสาวสมใจ", " ", "รักษ์โนนสวรรค์"]
        );
    }

    #[test]
    fn a_name_wider_than_its_place_breaks_between_words_rather_than_run_off() {
        let pieces = name("วัดโนนสวรรค์วนาราม", &letters(10));
        assert!(pieces.len() > 1 && pieces.len() < 6, "{pieces:?}");
        assert!(pieces.iter().all(|piece| letters(10)(piece)), "{pieces:?}");
    }

    #[test]
    fn what_has_no_word_in_it_breaks_between_letters_with_their_marks() {
        assert_eq!(prose(&"A".repeat(30), &letters(10)).len(), 30);
        assert!(
            prose("กี่กี่กี่กี่กี่กี่", &letters(2))
                .iter()
                .all(|piece| piece == "กี่")
        );
    }

    #[test]
    fn no_line_begins_with_mai_yamok_or_a_mark() {
        for text in ["บ้านต่างๆในหมู่บ้าน", "กรุงเทพฯและปริมณฑล", "ๆๆๆ", "เ่เ่ก"]
        {
            let pieces = prose(text, &wide);
            for piece in &pieces[1..] {
                assert!(
                    !piece.starts_with(['ๆ', 'ฯ', '่', 'ะ', 'า', 'ำ']),
                    "{pieces:?}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_or_added(text in "[ก-๛a-z0-9 /().#*\\[\\]-]{0,60}", max in 1_usize..20) {
            prop_assert_eq!(prose(&text, &letters(max)).concat(), text.clone());
            prop_assert_eq!(name(&text, &letters(max)).concat(), text);
        }
    }
}
