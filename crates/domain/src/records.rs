//! The records of an office: who needs what, who helps, who said it is so.
//!
//! Fields are plain (text, numbers, flags, lists of text) so that a row, the wire and a difference
//! between two versions are the same thing. Names are those of the field (see `docs/data-dictionary.md`).

use jiff::civil::Date;
use uuid::Uuid;

use crate::{Timestamp, code::codes, record::record, tick::Answer};

codes! {
    /// How pressing a case is. Danger to life is `Critical`.
    Urgency { Normal = "normal", Urgent = "urgent", VeryUrgent = "very_urgent", Critical = "critical" }
}
codes! {
    /// Where a call for help came in.
    Channel {
        WalkIn = "walk_in", Phone = "phone", Line = "line", Headman = "headman",
        Volunteer = "volunteer", Import = "import", Other = "other",
    }
}
codes! {
    /// How a place was found, from nothing to a pin somebody set.
    PlaceSource {
        None = "none", Village = "village", Landmark = "landmark", Imported = "imported",
        Pasted = "pasted", Pin = "pin",
    }
}
codes! {
    /// The life of a need (`lifecycle::NEED`).
    NeedState {
        Reported = "reported", Verifying = "verifying", Open = "open", Assigned = "assigned",
        InProgress = "in_progress", PartlyMet = "partly_met", Met = "met", Closed = "closed",
    }
}
codes! {
    /// The life of an assignment (`lifecycle::ASSIGNMENT`).
    AssignmentState {
        Proposed = "proposed", Offered = "offered", Accepted = "accepted", Declined = "declined",
        Expired = "expired", EnRoute = "en_route", OnSite = "on_site", Done = "done",
        PartlyDone = "partly_done", Failed = "failed", Confirmed = "confirmed",
        Returned = "returned", Revoked = "revoked", Reassigned = "reassigned",
    }
}
codes! {
    /// What the headman said of a case; apart from what happens to its needs.
    ReviewState {
        Unreviewed = "unreviewed", Confirmed = "confirmed", Returned = "returned",
        NotFound = "not_found", Rejected = "rejected",
    }
}

impl ReviewState {
    /// What he says is not right: the office has something to mend before anybody is sent.
    pub const SENT_BACK: [Self; 3] = [Self::Returned, Self::NotFound, Self::Rejected];
}
codes! {
    /// Where a case stands as a whole; always derived from its needs, never written by hand.
    CaseState {
        Reported = "reported", Open = "open", InProgress = "in_progress", Met = "met",
        Closed = "closed",
    }
}
codes! {
    /// Why a need was closed: the nine reasons of the field in an office's words, and untrue calls.
    ClosingReason {
        Met = "met", PartlyMet = "partly_met", MetByOthers = "met_by_others",
        NoLongerWanted = "no_longer_wanted", CannotReach = "cannot_reach",
        OutOfScope = "out_of_scope", Duplicate = "duplicate", ReferredOut = "referred_out",
        Died = "died", NotTrue = "not_true",
    }
}
codes! {
    /// Whether a volunteer can be asked today.
    Availability { Available = "available", OnLeave = "on_leave", Left = "left" }
}
codes! {
    /// Whether the office has looked at who he is. Only the vetted are suggested.
    Vetting { Unvetted = "unvetted", Vetted = "vetted", Refused = "refused" }
}
codes! {
    /// How far from home a volunteer may be sent by a suggestion. A person may send him farther.
    Reach { Subdistrict = "subdistrict", Village = "village", Office = "office" }
}
codes! {
    /// Which list of kinds an entry belongs to.
    KindList {
        Need = "need", Volunteer = "volunteer", ServicePoint = "service_point",
        Equipment = "equipment", Training = "training",
    }
}
codes! {
    /// How somebody was told of an assignment; claimed: he took it himself.
    OfferChannel {
        Phone = "phone", InPerson = "in_person", Slip = "slip", Message = "message",
        Claimed = "claimed",
    }
}
codes! {
    /// What the person in need says himself: did help come?
    ReceiverWord { Came = "came", Partly = "partly", NotCome = "not_come" }
}
codes! {
    /// How far a case that has waited too long has been taken.
    Escalation { None = "none", Supervisor = "supervisor", District = "district" }
}
codes! {
    /// How the headman's word came: on the office's screen, or on paper that was keyed back.
    ReviewMedium { Screen = "screen", Paper = "paper" }
}
codes! {
    /// Whether a service point takes people now.
    PointState { Open = "open", Full = "full", Closed = "closed" }
}
codes! {
    /// What happened, so that figures of one flood are not mixed with those of the next.
    IncidentKind {
        Other = "other", Flood = "flood", Storm = "storm", Epidemic = "epidemic",
        Drought = "drought", Fire = "fire", Landslide = "landslide", Cold = "cold",
    }
}
codes! {
    /// What kind of office works on a desk.
    OfficeLevel { Subdistrict = "subdistrict", District = "district" }
}

record! {
    /// An event an office responds to.
    Incident {
        office_code: String => Text,
        name: String => Text,
        kind: IncidentKind => Text,
        started_on: Option<Date> => Text,
        ended_on: Option<Date> => Text,
        created_at: Timestamp => Whole,
    }
}

record! {
    /// A village: DOPA code of 8 digits (subdistrict and หมู่). The name is only a label; in one
    /// subdistrict four villages may share it. Upper levels come from the gazetteer.
    Area {
        code: String => Text,
        /// Without บ้าน.
        name: String => Text,
        /// A point to stand for the village: stated, or learned from pins.
        lat: Option<f64> => Real,
        lon: Option<f64> => Real,
        office_code: String => Text,
        created_at: Timestamp => Whole,
    }
}

record! {
    /// An entry of one of the office's lists.
    Kind {
        office_code: String => Text,
        list: KindList => Text,
        code: String => Text,
        th: String => Text,
        en: String => Text,
        /// For a kind of volunteer, the kinds of need it can usually serve.
        serves: Vec<String> => List,
        /// For a kind of need, equipment that helps to serve it (codes of the list of equipment; `vehicle`).
        wants: Vec<String> => List,
        /// For a kind of need, how grave it is to be without: 0 to 100, for triage.
        gravity: Option<u32> => Whole,
        /// For a kind of need, days until somebody must look again; absent: the office's rule.
        follow_up_days: Option<u32> => Whole,
        position: u32 => Whole,
        active: bool => Flag,
    }
}

record! {
    /// Somebody who needs help, or who speaks for the household.
    Person, case_of = |person: &Person| person.case_id; {
        /// The case this person was recorded for.
        case_id: Option<Uuid> => Text,
        office_code: String => Text,
        title: String => Text,
        given_name: String => Text,
        family_name: String => Text,
        /// 13 digits; absent when unknown.
        citizen_id: Option<String> => Text,
        /// False: kept as typed, shown as unconfirmed and never used to match people.
        citizen_id_valid: bool => Flag,
        /// National form, digits only.
        phone: Option<String> => Text,
        birth_on: Option<Date> => Text,
        created_at: Timestamp => Whole,
    }
}

record! {
    /// One household or person in an incident, with place, urgency and one or more needs.
    Case, case_of = |case: &Case| Some(case.id); {
        /// What people say on the phone: `450905-69-00123`.
        number: String => Text,
        incident_id: Option<Uuid> => Text,
        /// The office that answers for the case.
        office_code: String => Text,
        /// An office that has been asked to help with it.
        referred_to: Option<String> => Text,
        referral_note: Option<String> => Text,
        channel: Channel => Text,
        reported_at: Timestamp => Whole,
        /// Who called, when it was not the person in need.
        reporter: Option<String> => Text,
        /// The person to speak to.
        person_id: Option<Uuid> => Text,
        /// DOPA code: 8 digits when the village is known, else 6.
        area_code: String => Text,
        house_no: String => Text,
        landmark: String => Text,
        lat: Option<f64> => Real,
        lon: Option<f64> => Real,
        /// Radius in metres within which the place is believed to be.
        accuracy_m: Option<u32> => Whole,
        place_source: PlaceSource => Text,
        people_count: u32 => Whole,
        /// Codes of persons with specific needs: bedridden, pregnant, infant, elderly, ...
        vulnerable: Vec<String> => List,
        urgency: Urgency => Text,
        note: String => Text,
        review_state: ReviewState => Text,
        /// When somebody last said that this is still so.
        confirmed_at: Option<Timestamp> => Whole,
        confirmed_by: Option<String> => Text,
        /// Calls nobody answered since somebody was last heard of, and the last of them.
        tries: u32 => Whole,
        tried_at: Option<Timestamp> => Whole,
        /// To whom it has been taken because it waited too long, when, and the code of the reason.
        escalation: Escalation => Text,
        escalated_at: Option<Timestamp> => Whole,
        escalation_reason: Option<String> => Text,
        /// Who has taken note of that.
        escalation_seen_at: Option<Timestamp> => Whole,
        escalation_seen_by: Option<String> => Text,
        /// The import that brought it, and its row there.
        import_id: Option<Uuid> => Text,
        created_at: Timestamp => Whole,
        created_by: Option<Uuid> => Text,
    }
}

record! {
    /// One thing a case needs.
    Need, case_of = |need: &Need| Some(need.case_id); {
        case_id: Uuid => Text,
        /// Code of the office's list of needs.
        kind: String => Text,
        detail: String => Text,
        /// How many volunteers it takes; absent: one.
        hands: Option<u32> => Whole,
        state: NeedState => Text,
        state_since: Timestamp => Whole,
        /// Since when it has waited for hands; absent: since the case was reported. It begins anew when
        /// hands let go or the need is opened again, and not when somebody has only verified it.
        waiting_since: Option<Timestamp> => Whole,
        closing_reason: Option<ClosingReason> => Text,
        closing_note: Option<String> => Text,
        created_at: Timestamp => Whole,
    }
}

record! {
    /// Somebody who helps.
    Volunteer {
        office_code: String => Text,
        title: String => Text,
        given_name: String => Text,
        family_name: String => Text,
        phone: Option<String> => Text,
        /// Codes of the office's list of volunteer kinds.
        kinds: Vec<String> => List,
        /// Kinds of need this person can serve.
        skills: Vec<String> => List,
        /// Codes of the office's list of equipment: boat, saw, PPE, ...
        equipment: Vec<String> => List,
        vehicle: Option<String> => Text,
        /// People it takes besides the driver.
        vehicle_seats: Option<u32> => Whole,
        /// What it can carry: `goods`, `wheelchair`, `stretcher`, `oxygen`, `infected`.
        vehicle_carries: Vec<String> => List,
        /// Where he lives: a village's code, or the subdistrict's.
        area_code: String => Text,
        house_no: String => Text,
        lat: Option<f64> => Real,
        lon: Option<f64> => Real,
        /// What he answers for: whole villages (`45090505`) or houses of one (`45090505:1-10,12,15/2`;
        /// see `patch`).
        patch: Vec<String> => List,
        /// His own subdistrict, his own village and those he answers for, or wherever the office works.
        reach: Reach => Text,
        max_open_tasks: u32 => Whole,
        availability: Availability => Text,
        /// When he can be asked, one entry a day of the week (`1 08:00-16:30`, Monday is 1; see
        /// `hours`); none: at any time.
        hours: Vec<String> => List,
        /// Leave: first and last day; the last absent while nobody knows.
        away_from: Option<Date> => Text,
        away_until: Option<Date> => Text,
        vetting: Vetting => Text,
        vetted_at: Option<Timestamp> => Whole,
        vetted_by: Option<String> => Text,
        /// `2026-05-01 first_aid`: day and code of the list of trainings (or free text).
        training: Vec<String> => List,
        /// When somebody last heard from him that this is still so.
        confirmed_at: Option<Timestamp> => Whole,
        confirmed_by: Option<String> => Text,
        /// Calls nobody answered since somebody was last heard of, and the last of them.
        tries: u32 => Whole,
        tried_at: Option<Timestamp> => Whole,
        note: String => Text,
        created_at: Timestamp => Whole,
    }
}

record! {
    /// Volunteers who go together, with somebody who leads them.
    Team {
        office_code: String => Text,
        name: String => Text,
        leader_id: Option<Uuid> => Text,
        /// Ids of volunteers, the leader among them.
        members: Vec<String> => List,
        note: String => Text,
        created_at: Timestamp => Whole,
    }
}

record! {
    /// One need given to one volunteer.
    Assignment, case_of = |assignment: &Assignment| Some(assignment.case_id); {
        /// On slips and in messages: the case's number and a serial, `450905-69-00123-02`. A label;
        /// the key is the id.
        number: String => Text,
        case_id: Uuid => Text,
        need_id: Uuid => Text,
        volunteer_id: Uuid => Text,
        /// The team he goes with.
        team_id: Option<Uuid> => Text,
        /// Ids of the volunteers of that team who go along with him, as it was when he was asked.
        companions: Vec<String> => List,
        /// Assignments of one visit share it: several needs served in one go.
        visit_id: Option<Uuid> => Text,
        /// The assignment it took over from.
        replaces_id: Option<Uuid> => Text,
        /// Put there by hand: a new plan leaves it as it is.
        pinned: bool => Flag,
        /// The office does not want this volunteer for this need: he is not suggested for it again.
        set_aside: bool => Flag,
        /// The volunteer's name and kind as they were told, for slips and history elsewhere.
        volunteer_label: String => Text,
        state: AssignmentState => Text,
        state_since: Timestamp => Whole,
        /// Why it was declined, failed, returned or revoked.
        reason: Option<String> => Text,
        /// What was given or done.
        outcome: Option<String> => Text,
        /// Minutes of his time that it took.
        minutes_given: Option<u32> => Whole,
        /// How and when he was told, and until when an answer is awaited.
        offered_by: Option<OfferChannel> => Text,
        offered_at: Option<Timestamp> => Whole,
        expires_at: Option<Timestamp> => Whole,
        /// What the person in need says himself, when, and what he added.
        receiver_word: Option<ReceiverWord> => Text,
        receiver_note: Option<String> => Text,
        receiver_said_at: Option<Timestamp> => Whole,
        distance_m: Option<u32> => Whole,
        /// Codes of the reasons it was suggested for.
        why: Vec<String> => List,
        created_at: Timestamp => Whole,
        created_by: Option<Uuid> => Text,
    }
}

record! {
    /// The headman's word on a case, or on an assignment of it.
    Review, case_of = |review: &Review| Some(review.case_id); {
        case_id: Uuid => Text,
        /// Present when the word is on whether help came.
        assignment_id: Option<Uuid> => Text,
        verdict: ReviewState => Text,
        reason: Option<String> => Text,
        reviewer: String => Text,
        reviewed_at: Timestamp => Whole,
        medium: ReviewMedium => Text,
        /// The paper it was on, and who keyed it back.
        tick_list_id: Option<Uuid> => Text,
        keyed_by: Option<String> => Text,
        /// The box he ticked on it.
        ticked: Option<Answer> => Text,
    }
}

record! {
    /// A village's list as it was printed for its headman.
    TickList {
        office_code: String => Text,
        area_code: String => Text,
        /// As printed at its head.
        number: String => Text,
        /// The headman whose word it asks for.
        reviewer: String => Text,
        reviewer_id: Option<Uuid> => Text,
        /// `CODE entity id state`, one a line as printed (see `tick`).
        lines: Vec<String> => List,
        created_at: Timestamp => Whole,
        created_by: Option<Uuid> => Text,
    }
}

record! {
    /// One of the office's own rules: a weight, a limit, a time, a text. What it leaves alone stays
    /// as the program ships it (see `rules`).
    Rule {
        office_code: String => Text,
        code: String => Text,
        value: String => Text,
    }
}

record! {
    /// A date on which somebody must look again.
    FollowUp, case_of = |follow_up: &FollowUp| Some(follow_up.case_id); {
        case_id: Uuid => Text,
        due_on: Date => Text,
        note: String => Text,
        /// Set by the office's rule rather than by a person.
        by_rule: bool => Flag,
        done_at: Option<Timestamp> => Whole,
        outcome: Option<String> => Text,
        created_at: Timestamp => Whole,
    }
}

record! {
    /// A place that serves people: screening point, field hospital, shelter, ...
    ServicePoint {
        office_code: String => Text,
        kind: String => Text,
        name: String => Text,
        area_code: String => Text,
        lat: Option<f64> => Real,
        lon: Option<f64> => Real,
        phone: Option<String> => Text,
        capacity: Option<u32> => Whole,
        free: Option<u32> => Whole,
        state: PointState => Text,
        hours: String => Text,
        confirmed_at: Option<Timestamp> => Whole,
        confirmed_by: Option<String> => Text,
        /// Calls nobody answered since somebody was last heard of, and the last of them.
        tries: u32 => Whole,
        tried_at: Option<Timestamp> => Whole,
        created_at: Timestamp => Whole,
    }
}

/// An office: the owner of a desk's records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Office {
    /// The code of its area: 6 digits for a subdistrict, 4 for a district.
    pub code: String,
    /// As it stands on its letterhead.
    pub name: String,
}

impl Office {
    /// Whether this office works for a subdistrict or a district.
    #[must_use]
    pub fn level(&self) -> OfficeLevel {
        if self.code.len() == 4 {
            OfficeLevel::District
        } else {
            OfficeLevel::Subdistrict
        }
    }
}

/// One line of what was done: never changed, never removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The act this line belongs to.
    pub act_id: Uuid,
    /// What was done.
    pub action: crate::ActionKind,
    /// Who did it, as shown to people.
    pub actor: String,
    /// When his desk says he did it.
    pub at: Timestamp,
    /// On which record.
    pub entity: crate::Entity,
    /// Its id.
    pub entity_id: Uuid,
    /// Names of the fields that changed; values stay in the record and its changes.
    pub fields: Vec<String>,
}

impl Case {
    /// What permission needs to know of it.
    #[must_use]
    pub fn subject(&self) -> crate::Subject<'_> {
        crate::Subject {
            office_code: &self.office_code,
            referred_to: self.referred_to.as_deref(),
            area_code: Some(&self.area_code),
            entered_by: self.created_by,
            done_by: &[],
        }
    }
}

impl Assignment {
    /// All who go: the volunteer who was asked, and those of his team who go along.
    pub fn who_go(&self) -> impl Iterator<Item = Uuid> + '_ {
        let along = self.companions.iter().filter_map(|id| id.parse().ok());
        std::iter::once(self.volunteer_id).chain(along)
    }

    /// How many hands of its need it is.
    #[must_use]
    pub fn hands(&self) -> usize {
        1 + self.companions.len()
    }
}

impl Person {
    /// Title, given and family name as one says them.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.title, &self.given_name, &self.family_name)
    }
}

impl Volunteer {
    /// Title, given and family name as one says them.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.title, &self.given_name, &self.family_name)
    }
}

/// The Thai way: the title stands against the given name, a space before the family name.
#[must_use]
pub fn full_name(title: &str, given: &str, family: &str) -> String {
    format!("{title}{given} {family}").trim().to_string()
}
