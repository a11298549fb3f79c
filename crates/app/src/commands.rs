//! The one list of commands. It feeds every host's router, the TypeScript types, the command line's
//! `call`, and the test that each command has a line of documentation.

use serde_json::Value;

use crate::{
    ApiError, App, areas, assignments, boards, care, carrying, case_views, cases, exports, imports,
    kinds, maps, messages, offers, patches, places, plans, reports, reviews, rules, search,
    shift_paper, shifts, slips, status, successors, suggest, syncing, teams, ticks, troubles,
    views::{
        Acted, ById, Nothing, area::*, assignment::*, care::*, case::*, export::*, import::*,
        kind::*, map::*, print::*, report::*, review::*, rule::*, search::*, status::*, sync::*,
        volunteer::*,
    },
    volunteers,
};

/// A command as the hosts see it.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name: `noun.verb`.
    pub name: &'static str,
    /// One line: what it does.
    pub doc: &'static str,
    /// The names of its request and response in TypeScript.
    pub types: fn(&ts_rs::Config) -> (String, String),
    /// Carries it out.
    pub run: fn(&App, Value) -> Result<Value, ApiError>,
}

macro_rules! commands {
    ($( $(#[doc = $doc:literal])+ $name:literal: $($path:ident)::+ ($request:ty) -> $response:ty; )*) => {
        /// Every command, in the order of the screens.
        pub const COMMANDS: &[Command] = &[$(
            Command {
                name: $name,
                doc: concat!($($doc),+),
                types: |config| (
                    <$request as ts_rs::TS>::name(config),
                    <$response as ts_rs::TS>::name(config),
                ),
                run: |app, request| {
                    let request: $request = read_request(request)?;
                    write_response(&$($path)::+(app, request)?)
                },
            },
        )*];

        /// Visits every type that crosses, for the generator of TypeScript.
        pub fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $( visitor.visit::<$request>(); visitor.visit::<$response>(); )*
            visitor.visit::<ApiError>();
        }
    };
}

commands! {
    /// The frame: office, people, undo, where the data is. Answers before an office is set up.
    "status.get": status::get(Nothing) -> Status;
    /// First start: practise on a made-up office, or open one's own.
    "setup.start": status::start(SetupRequest) -> Status;
    /// Who sits at the desk now.
    "actor.switch": status::switch(ActorSwitch) -> Status;
    /// The desk's preferences.
    "settings.get": status::settings(Nothing) -> SettingsView;
    /// Change the desk's preferences.
    "settings.save": status::save_settings(SettingsView) -> SettingsView;
    /// Look the store over: file, key, integrity, sync.
    "doctor.run": status::doctor(Nothing) -> DoctorReport;
    /// Take back an act, if nothing has touched its records since.
    "undo.run": status::undo(UndoRequest) -> Acted;
    /// Keep text being typed.
    "draft.save": status::save_draft(DraftSave) -> Nothing;
    /// Text kept from before.
    "draft.get": status::get_draft(DraftKey) -> DraftFound;
    /// Throw a draft away.
    "draft.discard": status::discard_draft(DraftKey) -> Nothing;

    /// The first screen.
    "today.get": reports::today(Nothing) -> Today;
    /// Figures of the situation report.
    "report.get": reports::report(ReportRequest) -> Report;

    /// Provinces, or the children of an area.
    "area.list": areas::list(AreaListRequest) -> AreaList;
    /// Areas by name or code.
    "area.find": areas::find(AreaFindRequest) -> AreaList;
    /// Villages of the office.
    "village.list": areas::villages(VillageListRequest) -> VillageList;
    /// Add or correct a village.
    "village.save": areas::save_village(VillageSave) -> Acted;
    /// Incidents of the office.
    "incident.list": areas::incidents(Nothing) -> IncidentList;
    /// Begin or correct an incident.
    "incident.save": areas::save_incident(IncidentSave) -> Acted;
    /// Work on this incident from now on.
    "incident.choose": areas::choose_incident(ById) -> Status;

    /// One of the office's lists.
    "kind.list": kinds::list(KindListRequest) -> KindList;
    /// Change an entry of a list.
    "kind.save": kinds::save(KindSave) -> Acted;

    /// Record a call for help.
    "case.create": cases::create(CaseDraft) -> Acted;
    /// Correct a case.
    "case.edit": cases::edit(CaseEdit) -> Acted;
    /// A page of cases.
    "case.list": case_views::list(CaseListRequest) -> CaseList;
    /// A case, whole.
    "case.get": case_views::get(ById) -> CaseDetail;
    /// Earlier cases that may be the one being keyed.
    "case.like": case_views::like(CaseLikeRequest) -> CaseLikeList;
    /// Close a case with a reason.
    "case.close": cases::close(CaseClose) -> Acted;
    /// Open a closed case again.
    "case.reopen": cases::reopen(CaseReopen) -> Acted;
    /// Put or move a case's pin.
    "case.place": cases::place(CasePlace) -> Acted;
    /// Ask another office to help with a case.
    "case.refer": cases::refer(CaseRefer) -> Acted;
    /// A step of a need.
    "need.move": cases::move_need(NeedMove) -> Acted;
    /// A date to look again at a case.
    "follow_up.add": cases::add_follow_up(FollowUpAdd) -> Acted;
    /// Looked again.
    "follow_up.done": cases::finish_follow_up(FollowUpDone) -> Acted;
    /// Follow-ups that are due.
    "follow_up.list": case_views::follow_ups(FollowUpListRequest) -> FollowUpList;
    /// Read a place out of a pasted text.
    "place.read": places::read(PlaceReadRequest) -> PlaceRead;

    /// Add a volunteer.
    "volunteer.create": volunteers::create(VolunteerDraft) -> Acted;
    /// Correct a volunteer.
    "volunteer.edit": volunteers::edit(VolunteerEdit) -> Acted;
    /// The register.
    "volunteer.list": volunteers::list(VolunteerListRequest) -> VolunteerList;
    /// A volunteer, whole.
    "volunteer.get": volunteers::get(ById) -> VolunteerDetail;

    /// Set a volunteer on leave, away for good, or back.
    "volunteer.away": volunteers::set_away(VolunteerAway) -> Acted;
    /// The office has looked at who they are.
    "volunteer.vet": volunteers::vet(VolunteerVet) -> Acted;
    /// Read a patch as people write it.
    "patch.read": patches::read(PatchReadRequest) -> PatchRead;
    /// Teams of volunteers.
    "team.list": teams::list(Nothing) -> TeamList;
    /// Make, change or disband a team.
    "team.save": teams::save(TeamSave) -> Acted;

    /// Needs without hands.
    "assignment.board": boards::board(BoardRequest) -> Board;
    /// Who could serve a need, best first, with reasons.
    "assignment.suggest": suggest::suggest(SuggestRequest) -> Suggestions;
    /// Give a need to a volunteer.
    "assignment.propose": assignments::propose(ProposeRequest) -> Acted;
    /// A step of an assignment.
    "assignment.move": assignments::advance(AssignmentMove) -> Acted;
    /// Assignments.
    "assignment.list": assignments::list(AssignmentListRequest) -> AssignmentList;
    /// Hands for all open needs at once, for a person to accept.
    "assignment.plan": plans::plan(PlanRequest) -> Plan;
    /// Give several needs to volunteers, in one act.
    "assignment.propose_all": plans::propose_all(ProposeAllRequest) -> ProposedAll;
    /// Not this volunteer for this need.
    "assignment.reject": offers::reject(RejectRequest) -> Acted;
    /// Consider him for it again.
    "assignment.reconsider": offers::reconsider(Pair) -> Acted;
    /// A volunteer takes a need himself.
    "assignment.claim": offers::claim(ClaimRequest) -> Acted;
    /// The same step for several assignments.
    "assignment.move_all": offers::advance_all(AssignmentMoveAll) -> Acted;
    /// Who could take over from somebody who leaves.
    "assignment.replacements": successors::replacements(ReplacementsRequest) -> Replacements;
    /// Hand over what somebody holds.
    "assignment.hand_over": offers::hand_over(HandOverRequest) -> Acted;
    /// What the person in need says of whether help came.
    "assignment.receiver_word": offers::receiver_word(ReceiverWordRequest) -> Acted;
    /// Texts to send to volunteers.
    "assignment.message": messages::messages(MessageRequest) -> Messages;
    /// How many volunteers a need takes.
    "need.hands": offers::set_hands(NeedHands) -> Acted;
    /// Slips for volunteers, as PDF.
    "print.slips": slips::print(SlipsRequest) -> PrintDone;
    /// The hand-over page, as PDF.
    "print.shift": shift_paper::shift(ShiftPrintRequest) -> PrintDone;
    /// The list of calls, as PDF.
    "print.call_list": shift_paper::call_list(CallListRequest) -> PrintDone;

    /// The headman's inbox.
    "review.inbox": reviews::inbox(InboxRequest) -> Inbox;
    /// The headman's word.
    "review.decide": reviews::decide(ReviewDecide) -> Acted;

    /// Print a village's list for its headman, as PDF.
    "tick.print": ticks::print(TickPrintRequest) -> PrintDone;
    /// Prints a list again: the same lines under the same codes.
    "tick.reprint": ticks::reprint(TickReprint) -> PrintDone;
    /// Takes a printed list out of use: its codes are then refused.
    "tick.void": ticks::void(TickVoid) -> Acted;
    /// Lists that were printed, and villages that wait for one.
    "tick.lists": ticks::lists(TickListsRequest) -> TickLists;
    /// A printed list, line by line, as it stands now.
    "tick.get": ticks::get(ById) -> TickReading;
    /// Understand codes and answers from a list that came back; changes nothing.
    "tick.read": ticks::read(TickReadRequest) -> TickReading;
    /// Apply them, in one act.
    "tick.apply": ticks::apply(TickApply) -> Acted;

    /// What falls due by the clock: offers expire, cases are taken further.
    "time.pass": care::pass_time(Nothing) -> TimePassed;
    /// Cases that were taken further.
    "escalation.list": care::escalations(Nothing) -> EscalationList;
    /// Take note of one or several, in one act.
    "escalation.seen": care::see_escalations(EscalationSeen) -> Acted;
    /// Who is to be rung.
    "recheck.list": care::rechecks(RecheckRequest) -> RecheckList;
    /// What was heard.
    "recheck.answer": care::answer_recheck(RecheckAnswer) -> Acted;
    /// What changed since somebody last looked.
    "shift.get": shifts::get(ShiftRequest) -> ShiftPage;
    /// Read up to here.
    "shift.seen": shifts::seen(ShiftSeen) -> Nothing;

    /// The office's own rules.
    "rule.list": rules::list(Nothing) -> RuleList;
    /// Set a rule, or put it back.
    "rule.save": rules::save(RuleSave) -> Acted;
    /// How a text would read.
    "text.preview": rules::preview(TextPreviewRequest) -> TextPreview;

    /// One box over cases, people, volunteers and villages.
    "search.find": search::find(SearchRequest) -> SearchHits;

    /// Pins or clusters of a box.
    "map.view": maps::view(MapViewRequest) -> MapView;
    /// Boundary layers.
    "map.layers": maps::layers(Nothing) -> MapLayers;
    /// Add a boundary layer.
    "map.layer_add": maps::add_layer(MapLayerAdd) -> MapLayers;
    /// Remove a boundary layer.
    "map.layer_remove": maps::remove_layer(ById) -> MapLayers;
    /// A boundary layer's shapes.
    "map.layer_get": maps::get_layer(ById) -> MapLayerBody;

    /// Write cases, volunteers or assignments to a file.
    "export.run": exports::run(ExportRequest) -> ExportDone;
    /// Read a list from a file; store it unless it is a dry run.
    "import.run": imports::run(ImportRequest) -> ImportReport;

    /// Outbox, batches, conflicts.
    "sync.status": syncing::status(Nothing) -> SyncStatus;
    /// Make this desk known to the provincial server.
    "sync.enrol": syncing::enrol(EnrolRequest) -> SyncStatus;
    /// Push and pull once.
    "sync.now": syncing::now(Nothing) -> SyncReceipt;
    /// More of what waits.
    "sync.outbox": syncing::outbox(OutboxRequest) -> OutboxPage;
    /// What the server did not apply: to decide, or decided.
    "sync.troubles": troubles::list(TroubleListRequest) -> TroubleList;
    /// One of them, side by side.
    "sync.trouble": troubles::get(ById) -> TroubleWhole;
    /// A person decides.
    "sync.decide": troubles::decide(TroubleDecide) -> Acted;
    /// Write what waits to a file that is carried to the server.
    "sync.batch_write": carrying::batch_write(SyncBatchPath) -> SyncBatchFile;
    /// Read the server's answer to such a file.
    "sync.batch_receipt": carrying::batch_receipt(SyncBatchPath) -> SyncReceipt;
    /// Writes the wish to be let in to a file, for a province that this desk has no line to.
    "sync.enrol_request": carrying::enrol_request(SyncBatchPath) -> SyncEnrolFile;
    /// Takes the province's enrolment file, or its grant to a wish.
    "sync.enrol_file": carrying::enrol_file(SyncBatchPath) -> SyncStatus;
}

fn read_request<T: serde::de::DeserializeOwned>(request: Value) -> Result<T, ApiError> {
    let request = if request.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        request
    };
    serde_json::from_value(request).map_err(|error| {
        // serde names the field and the kind of value, never the value of a text.
        ApiError::new("request_unreadable").with("why", error)
    })
}

fn write_response<T: serde::Serialize>(response: &T) -> Result<Value, ApiError> {
    serde_json::to_value(response).map_err(|_| ApiError::new("internal"))
}
