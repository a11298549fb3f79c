//! WGS 84 points in Thailand, read from two cells, a pasted pair or a map link. It exists because a
//! swapped pair or a link's view centre puts a boat in the wrong province. It must not know what lies
//! at the point, and it never opens a link.

use crate::text::arabic_digits;
use std::ops::RangeInclusive;

/// Thailand with a margin, degrees north.
const LAT_DEG: RangeInclusive<f64> = 5.6..=20.5;
/// Thailand with a margin, degrees east.
const LON_DEG: RangeInclusive<f64> = 97.3..=105.7;
/// A pasted pair is short; longer text is prose.
const LONGEST_PAIR_CHARS: usize = 120;
/// Map links are long, but not longer than this.
const LONGEST_LINK_BYTES: usize = 4096;

/// A point inside the bounds of Thailand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointReading {
    /// Degrees north, WGS 84.
    pub lat: f64,
    /// Degrees east, WGS 84.
    pub lon: f64,
    /// The two came in the other order and have been put right; the person should see it.
    pub swapped: bool,
}

/// Why a text is not a point. Carries no coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoordinateError {
    /// 0, 0: a device without a fix, or a form filled to get past it.
    #[error("zero coordinates")]
    Zero,
    /// Outside Thailand in either order.
    #[error("outside Thailand")]
    Outside,
    /// No pair of degrees can be seen.
    #[error("not a coordinate")]
    Unreadable,
    /// A short link says where only when it is opened.
    #[error("a short map link holds no coordinate")]
    ShortLink,
}

impl CoordinateError {
    /// The stable code of the word catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Zero => "coordinate_zero",
            Self::Outside => "coordinate_outside",
            Self::Unreadable => "coordinate_unreadable",
            Self::ShortLink => "coordinate_short_link",
        }
    }
}

/// Two cells: `16.3096`, `16,3096`, `๑๖.๓๐๙๖`, `16.3096° N`, `16°18'34.6"N`.
pub fn read_pair(lat: &str, lon: &str) -> Result<PointReading, CoordinateError> {
    check(read_degrees(lat)?, read_degrees(lon)?)
}

/// Puts two numbers to the bounds of Thailand, turning them round where only that fits.
pub fn check(lat: f64, lon: f64) -> Result<PointReading, CoordinateError> {
    if !lat.is_finite() || !lon.is_finite() {
        return Err(CoordinateError::Unreadable);
    }
    if lat == 0.0 && lon == 0.0 {
        return Err(CoordinateError::Zero);
    }
    if LAT_DEG.contains(&lat) && LON_DEG.contains(&lon) {
        return Ok(PointReading {
            lat,
            lon,
            swapped: false,
        });
    }
    if LAT_DEG.contains(&lon) && LON_DEG.contains(&lat) {
        return Ok(PointReading {
            lat: lon,
            lon: lat,
            swapped: true,
        });
    }
    Err(CoordinateError::Outside)
}

/// One pasted text: a pair (`16.31, 104.20`, `16.31 104.20`) or a map link. In a link the pin
/// (`!3d…!4d…`) comes before the centre of the view (`@lat,lon`), and both before the query.
pub fn read_text(text: &str) -> Result<PointReading, CoordinateError> {
    if text.len() > LONGEST_LINK_BYTES {
        return Err(CoordinateError::Unreadable);
    }
    let text = percent_decoded(&arabic_digits(text)).to_lowercase();
    if let Some(pair) = pin(&text).or_else(|| view(&text)).or_else(|| query(&text)) {
        return check(pair.0, pair.1);
    }
    if text.contains("maps.app.goo.gl") || text.contains("goo.gl/maps") {
        return Err(CoordinateError::ShortLink);
    }
    plain_pair(&text)
}

/// `16.309600, 104.203000`: latitude first, six decimals (11 cm).
pub fn format(lat: f64, lon: f64) -> String {
    format!("{lat:.6}, {lon:.6}")
}

/// Degrees from one cell.
fn read_degrees(text: &str) -> Result<f64, CoordinateError> {
    if text.chars().nth(LONGEST_PAIR_CHARS).is_some() {
        return Err(CoordinateError::Unreadable);
    }
    degrees(&arabic_digits(text).to_lowercase()).ok_or(CoordinateError::Unreadable)
}

/// Decimal degrees, or degrees, minutes and seconds, of a text in lower case with Arabic digits.
fn degrees(text: &str) -> Option<f64> {
    let text = text.trim().trim_start_matches(['\'', '’']).trim();
    let (text, sign) = without_hemisphere(text);
    let text = text.trim();
    let Some((whole, rest)) = text.split_once(['°', 'º', '˚']) else {
        return Some(sign * number(text)?);
    };
    let mut parts = rest
        .split(['\'', '"', '′', '″', '’', '”', ' '])
        .map(str::trim)
        .filter(|p| !p.is_empty());
    let (minutes, seconds) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let whole = number(whole)?;
    let Some(minutes) = minutes else {
        return Some(sign * whole);
    };
    let is_whole = |value: f64| value.fract() == 0.0;
    let minutes = number(minutes)?;
    let seconds = seconds.map_or(Some(0.0), number)?;
    let fits = |value: f64| (0.0..60.0).contains(&value);
    if whole < 0.0 || !is_whole(whole) || !fits(minutes) || !fits(seconds) {
        return None;
    }
    // 16°18.5'34": two fractions are two readings.
    if seconds > 0.0 && !is_whole(minutes) {
        return None;
    }
    Some(sign * (whole + minutes / 60.0 + seconds / 3600.0))
}

/// Takes N, E, S or W (or its Thai word) off either end; south and west are negative.
fn without_hemisphere(text: &str) -> (&str, f64) {
    const MARKS: [(&str, f64); 8] = [
        ("เหนือ", 1.0),
        ("ตะวันออก", 1.0),
        ("ตะวันตก", -1.0),
        ("ใต้", -1.0),
        ("n", 1.0),
        ("e", 1.0),
        ("s", -1.0),
        ("w", -1.0),
    ];
    for (mark, sign) in MARKS {
        if let Some(rest) = text.strip_prefix(mark).or_else(|| text.strip_suffix(mark)) {
            return (rest, sign);
        }
    }
    (text, 1.0)
}

/// Digits with at most one decimal mark, a point or a comma. No exponent, no `inf`.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['-', '+', '−']).unwrap_or(text);
    let marks = unsigned.matches(['.', ',']).count();
    let is_number = unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if !is_number || marks > 1 {
        return None;
    }
    let value: f64 = unsigned.replace(',', ".").parse().ok()?;
    Some(if text.starts_with(['-', '−']) {
        -value
    } else {
        value
    })
}

/// `…!3d16.3096!4d104.2030…`: the place itself.
fn pin(link: &str) -> Option<(f64, f64)> {
    link.match_indices("!3d").find_map(|(at, mark)| {
        let (lat, rest) = leading_number(&link[at + mark.len()..])?;
        let (lon, _) = leading_number(rest.strip_prefix("!4d")?)?;
        Some((lat, lon))
    })
}

/// `…/@16.3096,104.2030,17z`: the centre of what was on the screen.
fn view(link: &str) -> Option<(f64, f64)> {
    link.match_indices('@')
        .find_map(|(at, mark)| leading_pair(&link[at + mark.len()..]))
}

/// `?q=16.3096,104.2030` and its kin, and `geo:16.3096,104.2030`.
fn query(link: &str) -> Option<(f64, f64)> {
    const KEYS: [&str; 5] = ["q=", "query=", "ll=", "destination=", "geo:"];
    KEYS.iter().find_map(|key| {
        link.match_indices(key).find_map(|(at, _)| {
            let stands_alone = link[..at]
                .chars()
                .next_back()
                .is_none_or(|c| !c.is_alphanumeric());
            let value = &link[at + key.len()..];
            let value = value.strip_prefix("loc:").unwrap_or(value);
            // geo:0,0?q=16.3,104.2 says "no point here, look behind the question mark".
            let pair = leading_pair(value).filter(|pair| *pair != (0.0, 0.0) || *key != "geo:");
            if stands_alone { pair } else { None }
        })
    })
}

fn leading_pair(text: &str) -> Option<(f64, f64)> {
    let (lat, rest) = leading_number(text)?;
    // A query writes a space as a plus.
    let rest = rest
        .trim_start()
        .strip_prefix(',')?
        .trim_start_matches(['+', ' ']);
    let (lon, _) = leading_number(rest)?;
    Some((lat, lon))
}

/// The number at the front, and what follows it. Links always write a decimal point.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let length = digits
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(digits.len());
    let (taken, rest) = text.split_at(text.len() - digits.len() + length);
    Some((number(taken)?, rest))
}

/// A pair without a link. Every place where it could be parted is tried; the one that lies in
/// Thailand is meant, so `16,3096 104,2030` and `16.3096,104.2030` both come out.
fn plain_pair(text: &str) -> Result<PointReading, CoordinateError> {
    const LABELS: [&str; 9] = [
        "พิกัด",
        "ละติจูด",
        "ลองจิจูด",
        "latitude",
        "longitude",
        "lat",
        "long",
        "lng",
        "lon",
    ];
    if text.chars().nth(LONGEST_PAIR_CHARS).is_some() {
        return Err(CoordinateError::Unreadable);
    }
    let mut text = text.replace(['(', ')', '[', ']', ':', '='], " ");
    for label in LABELS {
        text = text.replace(label, " ");
    }
    let text = text.trim();
    let mut failure = CoordinateError::Unreadable;
    for (at, c) in text.char_indices() {
        let is_mark = matches!(c, ',' | ';' | '/') || c.is_whitespace();
        // The letter of the hemisphere parts a pair too: 16°18'34.6"N104°12'10.8"E
        let is_end = matches!(c, 'n' | 's' | 'e' | 'w' | '"');
        let behind = at + c.len_utf8();
        let before = if is_mark { at } else { behind };
        if !is_mark && !is_end {
            continue;
        }
        let Some((lat, lon)) = degrees(&text[..before]).zip(degrees(&text[behind..])) else {
            continue;
        };
        match check(lat, lon) {
            Ok(point) => return Ok(point),
            Err(error) if failure == CoordinateError::Unreadable => failure = error,
            Err(_) => {}
        }
    }
    Err(failure)
}

/// `%2C` and its kin; what does not decode to UTF-8 is replaced.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| behind.get(..2))
            .flatten()
            .filter(|code| code.iter().all(u8::is_ascii_hexdigit))
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
