//! The two typefaces, inside the program, and how wide they write.
//!
//! Widths are asked before Typst sees the text: what may break is decided here (`thai_lines.rs`), and a name may break
//! only when it cannot fit.

use std::sync::OnceLock;

use ttf_parser::Face as Outline;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Points in a millimetre.
const PT_PER_MM: f64 = 72.0 / 25.4;

/// The fonts of every page; Typst looks them up by their place in this list.
const FILES: [&[u8]; 4] = [
    include_bytes!("../../../assets/fonts/NotoSansThaiLooped-Regular.ttf"),
    include_bytes!("../../../assets/fonts/NotoSansThaiLooped-Bold.ttf"),
    include_bytes!("../../../assets/fonts/Sarabun-Regular.ttf"),
    include_bytes!("../../../assets/fonts/Sarabun-Bold.ttf"),
];

/// A typeface, by the place of its bold file: widths are bold's, which is never the narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// Noto Sans Thai Looped: letters with loops, for readers who learned with them.
    Looped = 1,
    /// Sarabun: the letter of government papers.
    Sarabun = 3,
}

/// The fonts read once: for Typst with the book that it chooses from, and as outlines to measure with.
pub(crate) struct Case {
    pub(crate) fonts: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
    outlines: Vec<Outline<'static>>,
}

/// The fonts; parsed at the first call.
pub(crate) fn case() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| {
        let fonts: Vec<Font> = FILES
            .iter()
            .flat_map(|file| Font::iter(Bytes::new(*file)))
            .collect();
        let outlines = FILES
            .iter()
            .filter_map(|file| Outline::parse(file, 0).ok())
            .collect();
        Case {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            outlines,
        }
    })
}

/// Width of a text in one line, in millimetres, at a size in points, without kerning. A letter that the face lacks
/// counts as one em.
pub(crate) fn width_mm(face: Face, size_pt: f64, text: &str) -> f64 {
    let Some(outline) = case().outlines.get(face as usize) else {
        return 0.0;
    };
    let em = f64::from(outline.units_per_em());
    let advance = |c| {
        outline
            .glyph_index(c)
            .and_then(|glyph| outline.glyph_hor_advance(glyph))
    };
    let units: f64 = text.chars().map(|c| advance(c).map_or(em, f64::from)).sum();
    units / em * size_pt / PT_PER_MM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_are_inside_and_have_thai_latin_and_digits() {
        assert_eq!((case().fonts.len(), case().outlines.len()), (4, 4));
        for outline in &case().outlines {
            for c in "กฮฺูำแ๏๙฿AZaz09/()-–·“”".chars() {
                assert!(outline.glyph_index(c).is_some(), "{c}");
            }
        }
    }

    #[test]
    fn marks_above_and_below_take_no_room() {
        for face in [Face::Looped, Face::Sarabun] {
            let bare = width_mm(face, 16.0, "ทกน");
            assert!((width_mm(face, 16.0, "ที่กู้นี่") - bare).abs() < 0.01);
            assert!(bare > 9.0 && bare < 13.0, "{bare}");
        }
    }
}
