//! How the calls of the thirty days come in: quiet, then a flood; how steep it is and where the office
//! stands in it depends on the size. It must not know what a call is.

/// How the calls of the thirty days come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wave {
    /// Calls of each day, beside those of the others.
    pub(super) days: [usize; 30],
    /// So many in a hundred of the last day's calls came just now, whatever the hour: while the water
    /// stands the telephone does not wait for the morning.
    pub(super) just_now_percent: usize,
}

/// A subdistrict's flood: it rises steeply around the twentieth day, then the water goes down slowly.
pub(super) const SUBDISTRICT: Wave = Wave {
    days: [
        2, 2, 3, 2, 2, 1, 2, 3, 2, 2, 2, 3, 2, 2, 3, 6, 12, 32, 56, 58, 44, 34, 26, 21, 19, 18, 18,
        17, 16, 14,
    ],
    just_now_percent: 65,
};

/// A district's: the water moves on from one subdistrict to the next and is at its highest these days.
pub(super) const DISTRICT: Wave = Wave {
    days: [
        26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 40, 70, 110, 140, 160, 180,
        200, 210, 220, 240, 260, 310, 380, 550, 540,
    ],
    just_now_percent: 50,
};

/// What is measured with: benches compare runs over months, so it stays as it is.
pub(super) const MEASURED: Wave = Wave {
    days: [
        3, 2, 4, 3, 3, 2, 3, 4, 3, 3, 2, 4, 3, 3, 3, 6, 12, 30, 55, 60, 48, 38, 30, 24, 18, 15, 12,
        10, 9, 7,
    ],
    just_now_percent: 0,
};

/// What came just now came within so many minutes.
pub(super) const JUST_NOW_MIN: i64 = 230;
