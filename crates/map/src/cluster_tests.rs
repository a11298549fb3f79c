use super::*;
use proptest::prelude::*;

const DISTRICT: BBox = BBox {
    west: 104.0,
    south: 16.1,
    east: 104.4,
    north: 16.5,
};

fn pin(id: u128, lat: f64, lon: f64) -> Pin {
    Pin {
        id,
        lat,
        lon,
        state: 0,
    }
}

fn shown(view: &View) -> u64 {
    view.pins.len() as u64
        + view
            .clusters
            .iter()
            .map(|c| u64::from(c.count))
            .sum::<u64>()
}

/// Villages of pins, as households lie: tight together, far from the next.
fn villages(count: u32) -> Vec<Pin> {
    (0..count)
        .map(|i| {
            let (village, house) = (i % 85, i / 85);
            let lat = 16.15 + f64::from(village % 9) * 0.03 + f64::from(house % 23) * 0.0003;
            let lon = 104.07 + f64::from(village / 9) * 0.03 + f64::from(house % 19) * 0.0003;
            Pin {
                id: u128::from(i),
                lat,
                lon,
                state: u8::try_from(i % 5).unwrap(),
            }
        })
        .collect()
}

#[test]
fn nothing_in_the_box_is_an_empty_view() {
    assert_eq!(
        cluster([pin(1, 13.7, 100.5)], DISTRICT, 11.0, 2000),
        View::default()
    );
    assert_eq!(
        cluster([pin(1, f64::NAN, 104.2)], DISTRICT, 11.0, 2000),
        View::default()
    );
}

#[test]
fn zoomed_in_each_house_is_its_own_pin_even_where_pins_overlap() {
    let house = |id| pin(id, 16.268, 104.275);
    let view = cluster([house(1), house(2), house(3)], DISTRICT, 15.0, 2000);
    assert_eq!(
        view.pins.iter().map(|p| p.id).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(view.clusters.is_empty());
}

#[test]
fn pins_that_hide_each_other_are_clustered_when_zoomed_out() {
    let view = cluster(
        [pin(1, 16.268, 104.275), pin(2, 16.2681, 104.2751)],
        DISTRICT,
        11.0,
        2000,
    );
    assert!(view.pins.is_empty());
    assert_eq!(view.clusters.len(), 1);
    assert_eq!(view.clusters[0].count, 2);
    assert!((view.clusters[0].lat - 16.268_05).abs() < 1e-9);
}

#[test]
fn few_pins_far_apart_stay_pins_at_any_zoom() {
    let view = cluster(
        [pin(1, 16.2, 104.1), pin(2, 16.4, 104.3)],
        DISTRICT,
        9.0,
        2000,
    );
    assert_eq!(view.pins.len(), 2);
}

#[test]
fn near_neighbours_across_a_cell_edge_become_one_symbol() {
    // A cell edge runs at 104.0625 E on every grid from zoom 12 on (90 + 360 * 5 / 128).
    let view = cluster(
        [pin(1, 16.2, 104.062_4), pin(2, 16.2, 104.062_6)],
        DISTRICT,
        12.0,
        2000,
    );
    assert_eq!((view.pins.len(), view.clusters.len()), (0, 1));
}

#[test]
fn a_lone_pin_among_clusters_keeps_its_id() {
    let mut points = villages(2000);
    points.push(pin(9999, 16.49, 104.39));
    let view = cluster(points, DISTRICT, 11.0, 2000);
    assert_eq!(view.pins.iter().map(|p| p.id).collect::<Vec<_>>(), [9999]);
    assert!(view.clusters.len() > 10);
}

#[test]
fn classes_are_counted_apart_and_unknown_ones_in_the_last() {
    let classes = [0, 1, 1, 15, 16, 255];
    let points = classes.map(|state| Pin {
        id: 1,
        lat: 16.2,
        lon: 104.2,
        state,
    });
    let view = cluster(points, DISTRICT, 10.0, 2000);
    let mut states = [0; CLASSES];
    (states[0], states[1], states[CLASSES - 1]) = (1, 2, 3);
    assert_eq!(view.clusters[0].states, states);
}

#[test]
fn panning_by_whole_tiles_moves_no_symbol() {
    let zoom = 12.3;
    let points = villages(5000);
    let window = BBox {
        west: 104.10,
        south: 16.20,
        east: 104.25,
        north: 16.30,
    };
    let moved = BBox {
        west: 104.12,
        east: 104.27,
        ..window
    };
    let [a, b] = [window, moved].map(|w| cluster(points.clone(), whole_tiles(w, zoom), zoom, 2000));
    // Everything a clerk sees in both windows, away from the rim where a cut neighbour may differ.
    let inner = BBox {
        west: 104.14,
        south: 16.22,
        east: 104.23,
        north: 16.28,
    };
    let seen = |view: &View| {
        let mut list: Vec<_> = view
            .clusters
            .iter()
            .filter(|c| {
                inner.contains(LatLon {
                    lat: c.lat,
                    lon: c.lon,
                })
            })
            .map(|c| (c.lat.to_bits(), c.lon.to_bits(), c.count))
            .collect();
        list.sort_unstable();
        list
    };
    assert!(seen(&a).len() > 3);
    assert_eq!(seen(&a), seen(&b));
}

#[test]
fn a_million_points_at_the_deepest_zoom_still_fit_the_limit() {
    let view = cluster(villages(1_000_000), DISTRICT, 22.0, 500);
    assert!(view.pins.len() + view.clusters.len() <= 500);
    assert_eq!(shown(&view), 1_000_000);
}

#[test]
fn whole_tiles_hold_the_window() {
    let window = BBox {
        west: 104.1,
        south: 16.2,
        east: 104.25,
        north: 16.3,
    };
    for zoom in [0.0, 7.4, 12.0, 22.0, 99.0, f64::NAN, -3.0] {
        assert_eq!(
            whole_tiles(window, zoom).union(window),
            whole_tiles(window, zoom)
        );
    }
}

fn a_pin() -> impl Strategy<Value = Pin> {
    // Half of the pins share a few spots, so that cells with many members occur.
    let spot = prop_oneof![
        (16.0..16.6f64, 103.9..104.5f64),
        (0u8..5, 0u8..5)
            .prop_map(|(a, b)| (16.2 + f64::from(a) / 20.0, 104.1 + f64::from(b) / 20.0)),
        (-90.0..=90.0f64, -180.0..=180.0f64),
    ];
    (any::<u128>(), spot, any::<u8>()).prop_map(|(id, (lat, lon), state)| Pin {
        id,
        lat,
        lon,
        state,
    })
}

proptest! {
    #[test]
    fn counts_add_up_to_the_points_in_the_box(
        points in proptest::collection::vec(a_pin(), 0..600),
        zoom in -1.0..25.0f64,
        max_features in 0usize..400,
        west in 103.0..104.2f64, south in 15.0..16.3f64,
        width in 0.0..80.0f64, height in 0.0..70.0f64,
    ) {
        let box_asked = BBox { west, south, east: west + width, north: south + height };
        let inside: Vec<Pin> =
            points.iter().copied().filter(|p| box_asked.contains(position(p))).collect();
        let view = cluster(points, box_asked, zoom, max_features);

        prop_assert_eq!(u64::from(view.total), inside.len() as u64);
        prop_assert_eq!(shown(&view), inside.len() as u64);
        prop_assert!(view.pins.len() + view.clusters.len() <= max_features.max(1));

        let mut by_class = [0u32; CLASSES];
        for p in &inside { by_class[usize::from(p.state).min(CLASSES - 1)] += 1; }
        let mut counted = [0u32; CLASSES];
        for p in &view.pins { counted[usize::from(p.state).min(CLASSES - 1)] += 1; }
        for c in &view.clusters {
            prop_assert_eq!(c.states.iter().sum::<u32>(), c.count);
            prop_assert!(c.count >= 2);
            let centroid = LatLon { lat: c.lat, lon: c.lon };
            prop_assert!(c.bounds.contains(centroid));
            for (sum, n) in counted.iter_mut().zip(c.states) { *sum += n; }
        }
        prop_assert_eq!(counted, by_class);
        for p in &view.pins { prop_assert!(inside.contains(p)); }
    }

    #[test]
    fn the_order_of_points_changes_no_count(
        points in proptest::collection::vec(a_pin(), 0..300),
        zoom in 5.0..16.0f64,
    ) {
        let mut reversed = points.clone();
        reversed.reverse();
        let counts = |view: View| {
            let mut list: Vec<_> = view.clusters.iter().map(|c| c.count).collect();
            list.sort_unstable();
            (list, view.pins.len())
        };
        prop_assert_eq!(
            counts(cluster(points, DISTRICT, zoom, 2000)),
            counts(cluster(reversed, DISTRICT, zoom, 2000))
        );
    }
}
