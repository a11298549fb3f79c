//! The cells of `data/gazetteer/*.tsv` as areas. The files are ours and tested, so a row that is
//! short is left out rather than reported.

use super::{Abolished, Basis, Level, Place};

/// Rows without the header.
pub(super) fn rows(file: &'static str) -> impl Iterator<Item = std::str::Split<'static, char>> {
    file.lines().skip(1).map(|line| line.split('\t'))
}

pub(super) fn place(mut cells: std::str::Split<'static, char>) -> Option<Place> {
    let (code, name_th, name_en) = (cells.next()?, cells.next()?, cells.next()?);
    let postcodes = cells.next().map(list).unwrap_or_default();
    Some(Place {
        code,
        level: Level::of_code(code)?,
        name_th,
        name_en,
        postcodes,
    })
}

pub(super) fn abolished_area(mut cells: std::str::Split<'static, char>) -> Option<Abolished> {
    let (code, name_th, name_en) = (cells.next()?, cells.next()?, cells.next()?);
    let abolished_on = cells.next()?;
    let successors = list(cells.next()?);
    let basis = match cells.next()? {
        "notice" => Some(Basis::Notice),
        "name" => Some(Basis::Name),
        _ => None,
    };
    let level = Level::of_code(code);
    Some(Abolished {
        code,
        level,
        name_th,
        name_en,
        abolished_on,
        successors,
        basis,
    })
}

fn list(cell: &'static str) -> Vec<&'static str> {
    cell.split(',').filter(|item| !item.is_empty()).collect()
}
