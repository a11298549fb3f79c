//! What a volunteer answers for, between how people write it (`1-10, 12 ม.5`) and how it is stored
//! (`45090505:1-10,12`). It must not know whose it is.

use jitasa_domain::{ActionKind, Area, patch::Patch};
use jitasa_store::query::office;
use jitasa_thai::{houses, houses::Written, text};

use crate::{
    ApiError, App, forms,
    places::Villages,
    views::volunteer::{PatchPart, PatchRead, PatchReadRequest},
};

/// Parts of one patch, at most.
const PARTS_MAX: usize = 200;

/// Why a patch was not understood, and the piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misread {
    pub(crate) code: &'static str,
    pub(crate) piece: String,
}

impl From<Misread> for ApiError {
    fn from(misread: Misread) -> Self {
        Self::field(misread.code, "patch").with("piece", misread.piece)
    }
}

/// Reads a patch for somebody who lives in an area: each text is a stored value or what people
/// write. One part a village; a whole village takes its houses in.
pub(crate) fn read_all<T: AsRef<str>>(
    texts: &[T],
    area_code: &str,
    known: &[Area],
) -> Result<Vec<Patch>, Misread> {
    let mut parts: Vec<Patch> = Vec::new();
    for typed in texts {
        let typed = typed.as_ref();
        for part in read_one(typed, area_code, known)? {
            match parts.iter_mut().find(|other| other.area == part.area) {
                Some(other) => {
                    other.houses = match (&other.houses, &part.houses) {
                        (Some(these), Some(those)) => Some(these.with(those)),
                        _ => None,
                    };
                }
                None => parts.push(part),
            }
        }
        if parts.len() > PARTS_MAX {
            let piece = text::clean(typed).chars().take(30).collect();
            return Err(Misread {
                code: "houses_too_many",
                piece,
            });
        }
    }
    parts.sort_by(|a, b| a.area.cmp(&b.area));
    Ok(parts)
}

fn read_one(typed: &str, area_code: &str, known: &[Area]) -> Result<Vec<Patch>, Misread> {
    let plain = text::arabic_digits(&text::clean(typed));
    if let Ok(patch) = Patch::parse(&plain) {
        return match forms::area_code(&patch.area, "patch") {
            Ok(_) => Ok(vec![patch]),
            Err(_) => Err(Misread {
                code: "area_unknown",
                piece: patch.area,
            }),
        };
    }
    // Somebody who writes a code means a code: 45090505 is no house number.
    let written = houses::read(typed).map_err(|error| Misread {
        code: error.code(),
        piece: error.piece().into(),
    })?;
    written
        .into_iter()
        .map(|one| {
            Ok(Patch {
                area: village_of(&one, area_code, known)?,
                houses: one.houses,
            })
        })
        .collect()
}

/// The village that is meant: by its number in the subdistrict he lives in, by its name where only one
/// bears it, or the one he lives in.
fn village_of(one: &Written, area_code: &str, known: &[Area]) -> Result<String, Misread> {
    let misread = |code, piece: String| Err(Misread { code, piece });
    let houses = || {
        let houses = one.houses.as_ref();
        houses.map_or_else(|| "ทั้งหมู่บ้าน".into(), ToString::to_string)
    };
    let Some(subdistrict) = area_code.get(..6) else {
        return misread("patch_no_village", houses());
    };
    let key = |name: &str| text::normalize(name).replace(' ', "");
    let named = |name: &str| {
        let name = key(name);
        known
            .iter()
            .filter(move |area| area.code.starts_with(subdistrict) && key(&area.name) == name)
    };
    match (one.moo, one.village.as_deref()) {
        (Some(moo), None) => Ok(format!("{subdistrict}{moo:02}")),
        (Some(moo), Some(name)) => {
            let code = format!("{subdistrict}{moo:02}");
            let other_name = known
                .iter()
                .any(|area| area.code == code && key(&area.name) != key(name));
            if other_name {
                return misread("patch_village_name", format!("ม.{moo} บ้าน{name}"));
            }
            Ok(code)
        }
        (None, Some(name)) => {
            let mut found = named(name);
            match (found.next(), found.next()) {
                (Some(area), None) => Ok(area.code.clone()),
                (Some(_), Some(_)) => misread("patch_village_twice", format!("บ้าน{name}")),
                (None, _) => misread("patch_village_name", format!("บ้าน{name}")),
            }
        }
        (None, None) if area_code.len() == 8 => Ok(area_code.into()),
        (None, None) => misread("patch_no_village", houses()),
    }
}

/// "ม.5 บ้านเหล่าหม้อ เลขที่ 1-10, 12".
pub(crate) fn label(patch: &Patch, villages: &Villages) -> String {
    let village = villages.label(&patch.area);
    match &patch.houses {
        Some(houses) => format!("{village} เลขที่ {}", houses.to_string().replace(',', ", ")),
        None => village,
    }
}

/// The same of a stored value; one that cannot be read as it is.
pub(crate) fn label_of(value: &str, villages: &Villages) -> String {
    Patch::parse(value).map_or_else(|_| value.into(), |patch| label(&patch, villages))
}

pub(crate) fn read(app: &App, request: PatchReadRequest) -> Result<PatchRead, ApiError> {
    app.reader(ActionKind::VolunteerEdit)?;
    let typed = forms::note(&request.text, "text")?;
    let area_code = text::arabic_digits(&text::clean(&request.area_code));
    let store = app.store()?;
    let known = store.read(|conn| office::villages(conn, area_code.get(..6)))?;
    let villages = Villages::of(&store)?;
    Ok(match read_all(&[typed], &area_code, &known) {
        Ok(parts) => PatchRead {
            parts: parts
                .iter()
                .map(|part| PatchPart {
                    value: part.to_string(),
                    label: label(part, &villages),
                    houses: part.houses.as_ref().map(houses::Houses::count),
                })
                .collect(),
            ..PatchRead::default()
        },
        Err(misread) => PatchRead {
            problem: Some(misread.code.into()),
            piece: Some(misread.piece),
            ..PatchRead::default()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<Area> {
        [
            ("45090501", "หนองพอก"),
            ("45090502", "หนองพอก"),
            ("45090505", "เหล่าหม้อ"),
            ("45090605", "โนนสูง"),
        ]
        .map(|(code, name)| Area {
            code: code.into(),
            name: name.into(),
            ..Area::default()
        })
        .into()
    }

    fn values(typed: &str, lives_in: &str) -> Result<Vec<String>, (&'static str, String)> {
        read_all(&[typed], lives_in, &known())
            .map(|parts| parts.iter().map(ToString::to_string).collect())
            .map_err(|misread| (misread.code, misread.piece))
    }

    #[test]
    fn a_patch_is_read_within_the_subdistrict_he_lives_in() {
        let ok = |values: &[&str]| Ok(values.iter().map(ToString::to_string).collect());
        assert_eq!(values("1-10, 12 ม.5", "450905"), ok(&["45090505:1-10,12"]));
        assert_eq!(values("1-10, 12", "45090505"), ok(&["45090505:1-10,12"]));
        assert_eq!(values("๔๕๐๙๐๕๐๕", "45090501"), ok(&["45090505"]));
        assert_eq!(
            values("45090505:1-3,2-9", "45090501"),
            ok(&["45090505:1-9"])
        );
        assert_eq!(
            values("ม.5 บ้านเหล่าหม้อ เลขที่ 3", "450905"),
            ok(&["45090505:3"])
        );
        assert_eq!(values("3 บ้านเหล่าหม้อ", "45090501"), ok(&["45090505:3"]));
        assert_eq!(
            values("3 ม.6; 1 ม.5; ม.6", "450905"),
            ok(&["45090505:1", "45090506"])
        );
        assert_eq!(values("", "450905"), ok(&[]));
    }

    #[test]
    fn a_village_that_is_not_clear_is_refused() {
        let refused = |code, piece: &str| Err((code, piece.to_string()));
        assert_eq!(
            values("1-10", "450905"),
            refused("patch_no_village", "1-10")
        );
        assert_eq!(values("1-10 ม.5", ""), refused("patch_no_village", "1-10"));
        assert_eq!(
            values("1 บ้านหนองพอก", "450905"),
            refused("patch_village_twice", "บ้านหนองพอก")
        );
        assert_eq!(
            values("1 บ้านโนนสูง", "450905"),
            refused("patch_village_name", "บ้านโนนสูง")
        );
        assert_eq!(
            values("ม.5 บ้านหนองพอก เลขที่ 3", "450905"),
            refused("patch_village_name", "ม.5 บ้านหนองพอก")
        );
        assert_eq!(
            values("99999901", "450905"),
            refused("area_unknown", "99999901")
        );
        assert_eq!(
            values("10-1 ม.5", "450905"),
            refused("houses_reversed", "10-1")
        );
    }
}
