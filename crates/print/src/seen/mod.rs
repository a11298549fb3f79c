//! What stands where on a page, as Typst laid it out: the tests of the forms look at this, because a PDF keeps glyphs and
//! not every reader turns Thai glyphs back into what was written.

use typst::foundations::Dict;
use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use crate::engine::{self, Template};

mod forms;
mod hostile;

/// A line of letters; millimetres from the left and top of its page, `y` is the base line.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    x: f64,
    y: f64,
    width: f64,
    text: String,
    /// Every letter has a drawing in its face.
    drawn: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Page {
    width: f64,
    height: f64,
    /// In the order they were set; what follows on the same base line is one.
    runs: Vec<Seen>,
}

impl Page {
    /// The letters of the page, without spaces.
    fn packed(&self) -> String {
        packed(
            &self
                .runs
                .iter()
                .map(|run| run.text.as_str())
                .collect::<String>(),
        )
    }

    /// Whether it stands in one line.
    fn has(&self, text: &str) -> bool {
        self.runs.iter().any(|seen| seen.text.contains(text))
    }

    fn y_of(&self, text: &str) -> f64 {
        self.runs
            .iter()
            .find(|run| run.text.contains(text))
            .unwrap()
            .y
    }
}

fn packed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn laid_out(template: Template, values: Dict) -> Vec<Page> {
    engine::work(template, values, |document: &PagedDocument| {
        Ok(document
            .pages()
            .iter()
            .map(|page| page_of(&page.frame))
            .collect())
    })
    .unwrap()
}

fn page_of(frame: &Frame) -> Page {
    let mut runs = Vec::new();
    collect(frame, Point::zero(), &mut runs);
    Page {
        width: frame.width().to_mm(),
        height: frame.height().to_mm(),
        runs,
    }
}

fn collect(frame: &Frame, origin: Point, runs: &mut Vec<Seen>) {
    for (at, item) in frame.items() {
        let at = origin + *at;
        match item {
            FrameItem::Group(group) => collect(
                &group.frame,
                at + Point::new(group.transform.tx, group.transform.ty),
                runs,
            ),
            FrameItem::Text(text) => {
                // Typst sets a mark that its face raises as a run of its own, and names the letter under it again.
                if text.glyphs.iter().all(|glyph| glyph.x_advance.get() == 0.0) {
                    continue;
                }
                let (x, y) = (at.x.to_mm(), at.y.to_mm());
                let drawn = text.glyphs.iter().all(|glyph| glyph.id != 0);
                match runs.last_mut() {
                    Some(last) if (last.y - y).abs() < 0.01 && x >= last.x => {
                        last.text.push_str(&text.text);
                        last.width = x + text.width().to_mm() - last.x;
                        last.drawn &= drawn;
                    }
                    _ => runs.push(Seen {
                        x,
                        y,
                        width: text.width().to_mm(),
                        text: text.text.to_string(),
                        drawn,
                    }),
                }
            }
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => {}
        }
    }
}

/// The pages of every form with what a test puts into it.
fn nothing_leaves_the_paper(pages: &[Page], margin_mm: f64) {
    for (number, page) in pages.iter().enumerate() {
        for run in &page.runs {
            assert!(
                run.x > margin_mm - 0.3
                    && run.x + run.width < page.width - margin_mm + 0.3
                    && run.y > 3.0
                    && run.y < page.height - 3.0,
                "page {}: {run:?}",
                number + 1
            );
        }
    }
}
