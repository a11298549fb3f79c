//! Names of areas for the screens, and reading a place out of pasted text.

use std::collections::HashMap;

use jitasa_domain::gazetteer::{Gazetteer, Place};
use jitasa_store::{Store, query::office};
use jitasa_thai::coordinate;

use crate::{
    ApiError, App,
    views::case::{PlaceRead, PlaceReadRequest},
};

/// Labels of villages, read once for a page.
#[derive(Debug, Default)]
pub(crate) struct Villages(HashMap<String, String>);

impl Villages {
    /// The villages the office knows.
    pub(crate) fn of(store: &Store) -> Result<Self, ApiError> {
        let villages = store.read(|conn| office::villages(conn, None))?;
        Ok(Self(
            villages
                .into_iter()
                .map(|area| (area.code, area.name))
                .collect(),
        ))
    }

    /// "ม.5 บ้านเหล่าหม้อ"; the subdistrict's name where no village is known.
    pub(crate) fn label(&self, code: &str) -> String {
        let subdistrict = code.get(..6).unwrap_or(code);
        match moo_of(code) {
            Some(moo) => match self.0.get(code) {
                Some(name) => format!("ม.{moo} บ้าน{name}"),
                None => format!("ม.{moo}"),
            },
            None => Gazetteer::bundled()
                .get(subdistrict)
                .map_or_else(|| code.to_string(), Place::titled),
        }
    }
}

/// The number of a village, from its code.
pub(crate) fn moo_of(code: &str) -> Option<u32> {
    code.get(6..8).and_then(|moo| moo.parse().ok())
}

/// The name of the subdistrict a code lies in, without ตำบล.
pub(crate) fn subdistrict(code: &str) -> &'static str {
    let code = code.get(..6).unwrap_or_default();
    Gazetteer::bundled()
        .get(code)
        .map_or("", |place| place.name_th)
}

/// "ตำบลโคกสว่าง อำเภอหนองพอก จังหวัดร้อยเอ็ด" of any code.
pub(crate) fn full_name(code: &str) -> String {
    let upper = code.get(..code.len().min(6)).unwrap_or(code);
    Gazetteer::bundled()
        .full_name(upper)
        .unwrap_or_else(|| code.to_string())
}

pub(crate) fn read(app: &App, request: PlaceReadRequest) -> Result<PlaceRead, ApiError> {
    app.store()?;
    Ok(match coordinate::read_text(&request.text) {
        Ok(point) => PlaceRead {
            lat: Some(point.lat),
            lon: Some(point.lon),
            swapped: point.swapped,
            problem: None,
        },
        Err(error) => PlaceRead {
            problem: Some(error.code().into()),
            ..PlaceRead::default()
        },
    })
}
