use super::*;
use proptest::prelude::*;

/// The district office of Nong Phok.
const LAT: f64 = 16.3096;
const LON: f64 = 104.203;

fn is_office(reading: Result<PointReading, CoordinateError>, swapped: bool) -> bool {
    reading.is_ok_and(|p| {
        (p.lat - LAT).abs() < 1e-4 && (p.lon - LON).abs() < 1e-4 && p.swapped == swapped
    })
}

fn code(reading: Result<PointReading, CoordinateError>) -> &'static str {
    reading.map_or_else(|error| error.code(), |_| "read")
}

#[test]
fn two_cells_are_read_in_every_spelling() {
    for (lat, lon) in [
        ("16.3096", "104.2030"),
        ("16,3096", "104,2030"),
        ("๑๖.๓๐๙๖", "๑๐๔.๒๐๓๐"),
        ("16.3096°", "104.2030°"),
        ("16.3096° N", "104.2030° E"),
        ("N16.3096", "E 104.2030"),
        (" '16.3096 ", "+104.203"),
        ("16°18'34.56\"N", "104°12'10.8\"E"),
        ("16° 18' 34.56\"", "104° 12' 10.8\""),
        ("16°18.576'", "104°12.18'"),
    ] {
        assert!(is_office(read_pair(lat, lon), false), "{lat} {lon}");
        assert!(is_office(read_pair(lon, lat), true), "{lon} {lat}");
    }
}

#[test]
fn what_is_no_point_in_thailand_is_refused_with_its_reason() {
    for (lat, lon, expected) in [
        ("0", "0", "coordinate_zero"),
        ("0.000000", "-0", "coordinate_zero"),
        ("0", "104.2", "coordinate_outside"),
        ("51.5", "-0.12", "coordinate_outside"),
        ("163096", "1042030", "coordinate_outside"),
        ("16.3", "16.3", "coordinate_outside"),
        ("-16.3", "104.2", "coordinate_outside"),
        ("16.3 S", "104.2", "coordinate_outside"),
        ("414857.93", "1803348.40", "coordinate_outside"),
        ("", "", "coordinate_unreadable"),
        ("16.3", "", "coordinate_unreadable"),
        ("1.6e1", "104.2", "coordinate_unreadable"),
        ("nan", "inf", "coordinate_unreadable"),
        ("16.309.6", "104.2", "coordinate_unreadable"),
        ("16°75'", "104.2", "coordinate_unreadable"),
        ("16°18.5'34\"", "104.2", "coordinate_unreadable"),
        ("ไม่ทราบ", "104.2", "coordinate_unreadable"),
    ] {
        assert_eq!(code(read_pair(lat, lon)), expected, "{lat} {lon}");
    }
    assert_eq!(check(f64::NAN, LON), Err(CoordinateError::Unreadable));
    assert_eq!(check(LAT, f64::INFINITY), Err(CoordinateError::Unreadable));
}

#[test]
fn the_corners_of_thailand_are_inside() {
    for (lat, lon) in [(5.6, 97.3), (20.5, 105.7), (5.77, 101.07), (20.46, 99.95)] {
        assert_eq!(
            check(lat, lon),
            Ok(PointReading {
                lat,
                lon,
                swapped: false
            })
        );
    }
}

#[test]
fn a_pasted_pair_is_read() {
    for text in [
        "16.3096, 104.2030",
        "16.3096,104.2030",
        "16.3096 104.2030",
        "(16.3096, 104.2030)",
        "๑๖.๓๐๙๖, ๑๐๔.๒๐๓๐",
        "16,3096 104,2030",
        "16,3096; 104,2030",
        "16,3096, 104,2030",
        "พิกัด 16.3096, 104.2030",
        "16.3096\t104.2030",
        "16.3096\n104.2030",
        "lat: 16.3096 lng: 104.2030",
        "16.3096N 104.2030E",
        "16.3096° N, 104.2030° E",
        "16°18'34.6\"N 104°12'10.8\"E",
        "16°18'34.6\"N104°12'10.8\"E",
    ] {
        assert!(
            is_office(read_text(text), false),
            "{text}: {:?}",
            read_text(text)
        );
    }
    assert!(is_office(read_text("104.2030, 16.3096"), true));
}

#[test]
fn a_map_link_is_read_without_opening_it() {
    for text in [
        "https://www.google.com/maps/place/x/@16.20,104.10,17z/data=!3m1!4b1!8m2!3d16.3096!4d104.2030!16s",
        "https://www.google.com/maps/@16.3096,104.2030,15z",
        "https://www.google.com/maps/@16.3096,104.2030,500m/data=!3m1!1e3",
        "https://maps.google.com/?q=16.3096,104.2030",
        "https://maps.google.com/maps?q=loc:16.3096,104.2030&z=15",
        "https://www.google.com/maps/search/?api=1&query=16.3096%2C104.2030",
        "https://maps.apple.com/?ll=16.3096,104.2030&z=15",
        "https://www.google.com/maps/dir/?api=1&destination=16.3096%2c+104.2030",
        "geo:16.3096,104.2030?z=17",
        "geo:0,0?q=16.3096,104.2030(บ้าน)",
        "บ้านยายคำ https://maps.google.com/?q=16.3096,104.2030 หลังวัด",
    ] {
        assert!(
            is_office(read_text(text), false),
            "{text}: {:?}",
            read_text(text)
        );
    }
}

#[test]
fn a_link_without_a_coordinate_says_why() {
    for (text, expected) in [
        ("https://maps.app.goo.gl/AbCdEf123", "coordinate_short_link"),
        (
            "HTTPS://MAPS.APP.GOO.GL/AbCdEf123?g_st=il",
            "coordinate_short_link",
        ),
        ("https://goo.gl/maps/AbCdEf123", "coordinate_short_link"),
        (
            "https://maps.google.com/?q=ที่ว่าการอำเภอหนองพอก",
            "coordinate_unreadable",
        ),
        (
            "https://maps.google.com/?q=51.5,-0.12",
            "coordinate_outside",
        ),
        ("https://maps.google.com/?q=0,0", "coordinate_zero"),
        ("0, 0", "coordinate_zero"),
        ("51.5, -0.12", "coordinate_outside"),
        ("", "coordinate_unreadable"),
        ("16.3096", "coordinate_unreadable"),
        ("16.30, 104.20, 150, 7", "coordinate_unreadable"),
        ("%", "coordinate_unreadable"),
        ("ติดต่อ a@b.co", "coordinate_unreadable"),
    ] {
        assert_eq!(code(read_text(text)), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), other in any::<String>()) {
        let _ = read_text(&text);
        let _ = read_pair(&text, &other);
    }

    #[test]
    fn no_text_of_link_parts_makes_it_panic(
        text in "([0-9๐-๙]{1,3}|[-.,;°'\"@%&?+ ]|!3d|!4d|q=|geo:|loc:|n|e|%2C|%e0|พิกัด){0,16}",
    ) {
        let _ = read_text(&text);
        let _ = read_pair(&text, &text);
    }

    #[test]
    fn a_written_point_is_read_back(lat in 5_600_000..=20_500_000_i32, lon in 97_300_000..=105_700_000_i32) {
        let (lat, lon) = (f64::from(lat) / 1e6, f64::from(lon) / 1e6);
        let point = PointReading { lat, lon, swapped: false };
        prop_assert_eq!(read_text(&format(lat, lon)), Ok(point));
        prop_assert_eq!(check(lon, lat), Ok(PointReading { swapped: true, ..point }));
    }

    #[test]
    fn whatever_is_read_lies_in_thailand(lat in any::<f64>(), lon in any::<f64>()) {
        if let Ok(point) = check(lat, lon) {
            prop_assert!(LAT_DEG.contains(&point.lat) && LON_DEG.contains(&point.lon));
        }
    }
}
