//! A number as a QR code, drawn as one path: sharp on every printer.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::PrintError;

/// Light modules around the code that a reader needs.
const QUIET: usize = 4;

/// The dark squares of a code: `side` x `side`, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Squares {
    pub(crate) side: usize,
    pub(crate) dark: Vec<bool>,
}

/// The code of a text; a quarter of it may be smudged (level Q).
pub(crate) fn squares(text: &str) -> Result<Squares, PrintError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).map_err(|_| PrintError::Qr)?;
    let dark = code
        .to_colors()
        .into_iter()
        .map(|color| color == Color::Dark)
        .collect();
    Ok(Squares {
        side: code.width(),
        dark,
    })
}

/// The code as an SVG picture with its quiet border.
pub(crate) fn svg(squares: &Squares) -> String {
    let size = squares.side + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in squares.dark.chunks(squares.side).enumerate() {
        let mut x = 0;
        while x < row.len() {
            let run = row[x..].iter().take_while(|dark| **dark).count();
            if run > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}"><path d="{path}"/></svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paints the path of the SVG, as a printer would, `scale` dots a square.
    fn painted(svg: &str, scale: usize) -> (usize, Vec<bool>) {
        let size: usize = svg
            .split("width=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let side = size * scale;
        let mut dots = vec![false; side * side];
        let path = svg.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
        for run in path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, _) = rest.split_once('v').unwrap();
            let [x, y, length] =
                [x, y, length].map(|number| number.parse::<usize>().unwrap() * scale);
            for row in y..y + scale {
                dots[row * side + x..row * side + x + length].fill(true);
            }
        }
        (side, dots)
    }

    #[test]
    fn the_drawn_code_reads_back_as_the_number() {
        for number in ["450905-69-00123", "450905-69-มอ0012"] {
            let (side, dots) = painted(&svg(&squares(number).unwrap()), 5);
            let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
                if dots[y * side + x] { 0 } else { 255 }
            });
            let grids = picture.detect_grids();
            assert_eq!(grids.len(), 1);
            assert_eq!(grids[0].decode().unwrap().1, number);
        }
    }

    #[test]
    fn what_does_not_fit_a_code_is_refused() {
        assert_eq!(squares(&"9".repeat(9_000)), Err(PrintError::Qr));
    }
}
