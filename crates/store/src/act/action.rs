//! What can be done: one action a thing a person (or the clock) does, with what it needs to know. How it
//! is carried out is in the module of its noun.

use jitasa_domain::ActionKind;
use uuid::Uuid;

use super::{
    Away, CloseCase, Decide, DecideTroubles, EditCase, HandOver, ImportedCase, ImportedVillage,
    Looked, MoveAssignment, MoveNeed, NewCase, NewKind, NewTickList, NewVillage, PlaceCase,
    Propose, ReceiverSaid, RecheckAnswer, Reject, SourceFile, TeamFields, TickLineId, TickWord,
    VolunteerFields,
};

/// One thing a person does.
#[derive(Debug, Clone)]
pub enum Action {
    /// Record a call for help.
    CreateCase(NewCase),
    /// Correct a case.
    EditCase(EditCase),
    /// Put or move its pin.
    PlaceCase(PlaceCase),
    /// Ask another office to help, or take that back.
    ReferCase {
        id: Uuid,
        office_code: Option<String>,
        note: Option<String>,
    },
    /// Close all its needs.
    CloseCase(CloseCase),
    /// Open its closed needs again.
    ReopenCase { id: Uuid, note: String },
    /// A step of one need.
    MoveNeed(MoveNeed),
    /// Add somebody who helps.
    CreateVolunteer(VolunteerFields),
    /// Correct a volunteer.
    EditVolunteer {
        id: Uuid,
        version: i64,
        fields: VolunteerFields,
    },
    /// He cannot be asked for a while, has left, or is back.
    SetAway(Away),
    /// The office has looked at who they are.
    Vet {
        ids: Vec<Uuid>,
        vetting: jitasa_domain::Vetting,
    },
    /// Make, change or disband a team.
    SaveTeam(TeamFields),
    /// Give a need to a volunteer.
    Propose(Propose),
    /// Give several needs to volunteers: those that can be, each checked after the ones before it; the
    /// answer says which could not.
    ProposeAll(Vec<Propose>),
    /// Not this volunteer for this need.
    Reject(Reject),
    /// He may be considered for it again.
    Reconsider { need_id: Uuid, volunteer_id: Uuid },
    /// A volunteer takes a need himself.
    Claim(Propose),
    /// A step of an assignment.
    MoveAssignment(MoveAssignment),
    /// The same step of several; all or none.
    MoveAssignments(Vec<MoveAssignment>),
    /// What somebody who leaves was holding goes to others.
    HandOver(HandOver),
    /// What the person in need says.
    ReceiverSaid(ReceiverSaid),
    /// How many volunteers a need takes.
    SetHands { need_id: Uuid, hands: u32 },
    /// Offers that nobody answered in time.
    ExpireOffers,
    /// Cases that have waited too long are taken further.
    EscalateCases,
    /// Whoever they were taken to has taken note.
    SeeEscalations {
        case_ids: Vec<Uuid>,
        note: Option<String>,
    },
    /// What was heard on a call.
    AnswerRecheck(RecheckAnswer),
    /// The headman's word.
    Decide(Decide),
    /// A village's list goes on paper.
    PrintTickList(NewTickList),
    /// A printed list is taken out of use.
    VoidTickList { id: Uuid, reason: String },
    /// The headman's words on paper are keyed back; all or none.
    KeyBack(Vec<TickWord>),
    /// Set one of the office's rules, or put it back.
    SaveRule { code: String, value: Option<String> },
    /// A date to look again.
    AddFollowUp {
        case_id: Uuid,
        due_on: jiff::civil::Date,
        note: String,
    },
    /// Looked again.
    FinishFollowUp(Looked),
    /// Add or correct a village.
    SaveVillage(NewVillage),
    /// Begin or correct an incident.
    SaveIncident(jitasa_domain::Incident),
    /// Add or correct a service point.
    SaveServicePoint(jitasa_domain::ServicePoint),
    /// Add or change an entry of a list.
    SaveKind(NewKind),
    /// Cases from a file.
    ImportCases {
        file: SourceFile,
        cases: Vec<ImportedCase>,
    },
    /// Villages from a file.
    ImportVillages {
        file: SourceFile,
        villages: Vec<ImportedVillage>,
    },
    /// Take back what single lines of a key-back did, so that they can be keyed again.
    TakeBackLines(Vec<TickLineId>),
    /// A person decides what becomes of changes that the server did not apply.
    DecideTroubles(DecideTroubles),
    /// Take an act back.
    Undo { act_id: Uuid },
}

impl Action {
    /// Its name in permissions, audit and undo.
    #[must_use]
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::CreateCase(_) => ActionKind::CaseCreate,
            Self::EditCase(_) => ActionKind::CaseEdit,
            Self::PlaceCase(_) => ActionKind::CasePlace,
            Self::ReferCase { .. } => ActionKind::CaseRefer,
            Self::CloseCase(_) => ActionKind::CaseClose,
            Self::ReopenCase { .. } => ActionKind::CaseReopen,
            Self::MoveNeed(_) => ActionKind::NeedMove,
            Self::CreateVolunteer(_) => ActionKind::VolunteerCreate,
            Self::EditVolunteer { .. } | Self::Vet { .. } => ActionKind::VolunteerEdit,
            Self::SetAway(_) => ActionKind::VolunteerAway,
            Self::SaveTeam(_) => ActionKind::TeamSave,
            Self::Propose(_) | Self::ProposeAll(_) => ActionKind::AssignmentPropose,
            Self::Reject(_) | Self::Reconsider { .. } => ActionKind::AssignmentReject,
            Self::Claim(_) => ActionKind::AssignmentClaim,
            Self::MoveAssignment(_) | Self::MoveAssignments(_) => ActionKind::AssignmentMove,
            Self::HandOver(_) => ActionKind::AssignmentHandOver,
            Self::ReceiverSaid(_) => ActionKind::ReceiverWord,
            Self::SetHands { .. } => ActionKind::NeedHands,
            Self::ExpireOffers => ActionKind::OffersExpire,
            Self::EscalateCases => ActionKind::CasesEscalate,
            Self::SeeEscalations { .. } => ActionKind::EscalationSeen,
            Self::AnswerRecheck(_) => ActionKind::RecheckAnswer,
            Self::Decide(_) => ActionKind::ReviewDecide,
            Self::PrintTickList(_) => ActionKind::TickListPrint,
            Self::VoidTickList { .. } => ActionKind::TickListVoid,
            Self::KeyBack(_) => ActionKind::TickListKeyBack,
            Self::SaveRule { .. } => ActionKind::RuleSave,
            Self::AddFollowUp { .. } => ActionKind::FollowUpAdd,
            Self::FinishFollowUp(_) => ActionKind::FollowUpDone,
            Self::SaveVillage(_) => ActionKind::VillageSave,
            Self::SaveIncident(_) => ActionKind::IncidentSave,
            Self::SaveServicePoint(_) => ActionKind::ServicePointSave,
            Self::SaveKind(_) => ActionKind::KindSave,
            Self::ImportCases { .. } => ActionKind::CasesImport,
            Self::ImportVillages { .. } => ActionKind::VillagesImport,
            Self::DecideTroubles(_) => ActionKind::TroubleDecide,
            Self::Undo { .. } | Self::TakeBackLines(_) => ActionKind::Undo,
        }
    }
}
