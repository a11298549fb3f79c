//! Provinces, districts, subdistricts and villages.

use super::views;

views! {
    /// Children of an area, or all provinces.
    AreaListRequest {
        parent: Option<String>,
    }

    /// An area of the gazetteer.
    AreaView {
        code: String,
        /// `province`, `district`, `subdistrict`.
        level: String,
        name_th: String,
        name_en: String,
        postcodes: Vec<String>,
        /// With the levels above it.
        full_name: String,
    }

    /// Areas.
    AreaList {
        areas: Vec<AreaView>,
    }

    /// Find areas by name or code.
    AreaFindRequest {
        text: String,
    }

    /// Villages of the office, or of one subdistrict.
    VillageListRequest {
        subdistrict_code: Option<String>,
    }

    /// A village.
    VillageView {
        code: String,
        moo: u32,
        name: String,
        subdistrict_code: String,
        subdistrict: String,
        lat: Option<f64>,
        lon: Option<f64>,
    }

    /// Villages, in the order of their numbers.
    VillageList {
        villages: Vec<VillageView>,
    }

    /// A village keyed in place.
    VillageSave {
        subdistrict_code: String,
        moo: u32,
        name: String,
        lat: Option<f64>,
        lon: Option<f64>,
    }

    /// All incidents of the office.
    IncidentList {
        incidents: Vec<super::status::IncidentView>,
    }

    /// A new incident, which becomes the current one.
    IncidentSave {
        id: Option<String>,
        name: String,
        kind: String,
        started_on: Option<String>,
        ended_on: Option<String>,
    }
}
