// Written by `cargo xtask codegen` from crates/app; do not edit.

/**
 * What a change did: the screen reloads these kinds of record, and offers to undo it.
 */
export type Acted = { 
/**
 * Names of entities that changed: `case`, `need`, `assignment`, ...
 */
changed: Array<string>, 
/**
 * The act, for undo.
 */
act_id: string, 
/**
 * Code of what was done, for "ย้อน ...".
 */
action: string, 
/**
 * The record that was made or changed, where there is one.
 */
id: string | null, 
/**
 * Tasks that a volunteer still holds whom the act says is not there.
 */
still_holds: number, };

/**
 * Who sits at the desk now.
 */
export type ActorSwitch = { actor_id: string, };

/**
 * A person at this desk.
 */
export type ActorView = { id: string, name: string, 
/**
 * `clerk`, `supervisor`, `headman`, `administrator`, `auditor`.
 */
role: string, villages: Array<string>, volunteer_id: string | null, };

/**
 * A refusal.
 */
export type ApiError = { 
/**
 * Stable code: `not_found`, `denied_role`, `case_no_need`, ...
 */
code: string, 
/**
 * Key of the words: `error.<code>`.
 */
message_key: string, 
/**
 * What fills the words: field, row, state, step.
 */
details: { [key in string]: string }, };

/**
 * Find areas by name or code.
 */
export type AreaFindRequest = { text: string, };

/**
 * Areas.
 */
export type AreaList = { areas: Array<AreaView>, };

/**
 * Children of an area, or all provinces.
 */
export type AreaListRequest = { parent: string | null, };

/**
 * An area of the gazetteer.
 */
export type AreaView = { code: string, 
/**
 * `province`, `district`, `subdistrict`.
 */
level: string, name_th: string, name_en: string, postcodes: Array<string>, 
/**
 * With the levels above it.
 */
full_name: string, };

/**
 * A page, latest first.
 */
export type AssignmentList = { rows: Array<AssignmentView>, next: string | null, total: number, };

/**
 * What to show.
 */
export type AssignmentListRequest = { 
/**
 * Empty means those under way.
 */
states: Array<string>, volunteer_id: string | null, 
/**
 * Only those that were taken and do not go on, the most urgent first; states and volunteer are not asked then.
 */
held_up: boolean, after: string | null, limit: number, };

/**
 * A step of an assignment.
 */
export type AssignmentMove = { id: string, 
/**
 * `offer`, `accept`, `decline`, `depart`, `arrive`, `finish`, `finish_partly`, `fail`, `revoke`. The headman's
 * `confirm` and `return` go through review; `expire` is the clock's, and `reassign` needs a successor
 * (`assignment.hand_over`).
 */
step: string, reason: string | null, outcome: string | null, 
/**
 * With `offer`: how he was told.
 */
channel: string | null, 
/**
 * With `finish`, `finish_partly` and `fail`: minutes that all who went gave.
 */
minutes_given: number | null, };

/**
 * The same step for several assignments, in one act (all or none).
 */
export type AssignmentMoveAll = { ids: Array<string>, step: string, reason: string | null, outcome: string | null, channel: string | null, minutes_given: number | null, };

/**
 * An assignment, with the steps open to it now.
 */
export type AssignmentView = { id: string, number: string, case_id: string, case_number: string, case_name: string, village: string, house_no: string, need_id: string, need_kind: string, volunteer_id: string, volunteer: string, volunteer_phone: string | null, state: string, 
/**
 * In a list of those that do not go on, why: `holder_left`, `holder_away`, `not_begun`.
 */
held_up: string | null, state_since: number, reason: string | null, outcome: string | null, distance_m: number | null, why: Array<string>, created_at: number, 
/**
 * `reassign` names its successor, so it is taken by `assignment.hand_over`.
 */
moves: Array<string>, team: string | null, 
/**
 * Names of those of the team who go along; empty for one whom the register does not know any more.
 */
companions: Array<string>, 
/**
 * The number of the assignment it took over, and whose that was.
 */
replaces: string | null, replaces_whose: string | null, 
/**
 * Assignments of one visit share it.
 */
visit_id: string | null, pinned: boolean, offered_by: string | null, offered_at: number | null, expires_at: number | null, minutes_given: number | null, receiver_word: string | null, receiver_note: string | null, receiver_said_at: number | null, urgency: string, };

/**
 * The left side of มอบหมาย.
 */
export type Board = { rows: Array<BoardRow>, next: string | null, total: number, };

/**
 * Needs without hands.
 */
export type BoardRequest = { areas: Array<string>, need_kinds: Array<string>, after: string | null, limit: number, };

/**
 * A need without hands, most pressing first.
 */
export type BoardRow = { need_id: string, need_kind: string, need_detail: string, need_state: string, 
/**
 * How many volunteers it takes, and how many hold it or are being asked.
 */
hands: number, hands_held: number, waiting_min: number, triage: Triage, case: CaseRow, };

/**
 * One record by id.
 */
export type ById = { id: string, };

/**
 * The list of calls on paper.
 */
export type CallListRequest = { kinds: Array<string>, areas: Array<string>, path: string | null, };

/**
 * Close a case: all its needs that are still open.
 */
export type CaseClose = { id: string, reason: string, note: string | null, };

/**
 * A case, whole.
 */
export type CaseDetail = { id: string, version: number, number: string, incident_id: string | null, office_code: string, office_name: string, referred_to: string | null, referred_to_name: string | null, referral_note: string | null, channel: string, reported_at: number, reporter: string | null, person: PersonView, area_code: string, area_name: string, village: string, house_no: string, landmark: string, lat: number | null, lon: number | null, accuracy_m: number | null, place_source: string, people_count: number, vulnerable: Array<string>, urgency: string, note: string, state: string, review_state: string, confirmed_at: number | null, confirmed_by: string | null, freshness: string, triage: Triage, escalation: string, escalated_at: number | null, escalation_reason: string | null, escalation_seen_at: number | null, escalation_seen_by: string | null, 
/**
 * The province has it; see `EscalationRow`.
 */
escalation_sent: boolean, needs: Array<NeedView>, assignments: Array<AssignmentView>, reviews: Array<ReviewView>, follow_ups: Array<FollowUpView>, history: Array<HistoryLine>, 
/**
 * Not yet acknowledged by the provincial server.
 */
pending: boolean, };

/**
 * A call for help as keyed.
 */
export type CaseDraft = { channel: string, 
/**
 * When it came in; absent means now.
 */
reported_at: number | null, reporter: string | null, title: string, given_name: string, family_name: string, citizen_id: string | null, phone: string | null, 
/**
 * 8 digits (village) or 6.
 */
area_code: string, house_no: string, landmark: string, lat: number | null, lon: number | null, accuracy_m: number | null, 
/**
 * `none`, `village`, `landmark`, `imported`, `pasted`, `pin`.
 */
place_source: string, people_count: number, vulnerable: Array<string>, urgency: string, note: string, needs: Array<NeedDraft>, 
/**
 * Made by the form when it opened: the same key saved twice is one case.
 */
client_key: string | null, };

/**
 * A correction: the fields that are present are written.
 */
export type CaseEdit = { id: string, 
/**
 * The `version` of the case the screen shows; a later one on disk is answered as a clash.
 */
version: number, draft: CaseDraft, };

/**
 * What to show.
 */
export type CaseFilter = { 
/**
 * Case states: `reported`, `open`, `in_progress`, `met`, `closed`. Empty means all but closed.
 */
states: Array<string>, urgencies: Array<string>, need_kinds: Array<string>, 
/**
 * 6- or 8-digit codes.
 */
areas: Array<string>, review_states: Array<string>, 
/**
 * Only what a figure of the first screen counts: `new_today`, `met_today`, `stale`.
 */
only: string | null, incident_id: string | null, 
/**
 * Words of a search.
 */
text: string | null, 
/**
 * Only cases without a place.
 */
no_place: boolean, 
/**
 * Include closed when `states` is empty.
 */
all_states: boolean, };

/**
 * An earlier case, with why it looks alike.
 */
export type CaseLike = { row: CaseRow, 
/**
 * Codes: `phone`, `citizen_id`, `name`, `house`.
 */
why: Array<string>, };

/**
 * Earlier cases, likeliest first.
 */
export type CaseLikeList = { likely: Array<CaseLike>, };

/**
 * Cases that may be the one being keyed: phone first.
 */
export type CaseLikeRequest = { phone: string | null, citizen_id: string | null, given_name: string | null, family_name: string | null, house_no: string | null, area_code: string | null, };

/**
 * A page.
 */
export type CaseList = { rows: Array<CaseRow>, next: string | null, 
/**
 * Of the whole filter.
 */
total: number, };

/**
 * A page of cases.
 */
export type CaseListRequest = { filter: CaseFilter, 
/**
 * `newest` (reported last first), `waiting` (urgent first, then longest waiting) or `number`.
 */
sort: string, 
/**
 * `next` of the page before.
 */
after: string | null, 
/**
 * 1 to 500.
 */
limit: number, };

/**
 * Put a case's pin.
 */
export type CasePlace = { id: string, lat: number, lon: number, accuracy_m: number | null, 
/**
 * Required when the point lies outside the stated subdistrict.
 */
reason: string | null, };

/**
 * Ask another office to help.
 */
export type CaseRefer = { id: string, 
/**
 * Absent takes the referral back.
 */
office_code: string | null, note: string | null, };

/**
 * Open a closed case again.
 */
export type CaseReopen = { id: string, note: string, };

/**
 * One line of the list.
 */
export type CaseRow = { id: string, number: string, name: string, phone: string | null, house_no: string, area_code: string, 
/**
 * "ม.5 บ้านเหล่าหม้อ".
 */
village: string, needs: Array<NeedChip>, people_count: number, urgency: string, state: string, review_state: string, reported_at: number, confirmed_at: number | null, confirmed_by: string | null, 
/**
 * `fresh`, `fading`, `stale`.
 */
freshness: string, 
/**
 * `none`, `supervisor`, `district`.
 */
escalation: string, 
/**
 * 0 to 100, of its most pressing need; see `Triage`.
 */
score: number, 
/**
 * How long its longest waiting need has been without hands; absent when each has some.
 */
waiting_min: number | null, 
/**
 * Days its earliest follow-up is late; 0 when none is.
 */
overdue_days: number, has_place: boolean, referred_to: string | null, office_code: string, };

/**
 * A volunteer takes a need himself.
 */
export type ClaimRequest = { need_id: string, volunteer_id: string, 
/**
 * The team that goes along with him.
 */
team_id?: string, };

/**
 * One consideration in metres: what one would go further for it.
 */
export type CostPart = { code: string, metres: number, };

/**
 * One finding.
 */
export type DoctorFinding = { code: string, 
/**
 * `ok`, `note` or `problem`.
 */
level: string, details: Array<string>, };

/**
 * What `doctor` found.
 */
export type DoctorReport = { ok: boolean, findings: Array<DoctorFinding>, };

/**
 * A draft, or none.
 */
export type DraftFound = { draft: DraftView | null, };

/**
 * One draft by key.
 */
export type DraftKey = { key: string, };

/**
 * Save a draft.
 */
export type DraftSave = { key: string, body: string, };

/**
 * Text being typed, kept until it is saved or thrown away.
 */
export type DraftView = { key: string, 
/**
 * JSON, as the screen keeps it.
 */
body: string, saved_at: number, };

/**
 * Make this desk known to the provincial server.
 */
export type EnrolRequest = { server_url: string, code: string, 
/**
 * The province's own authority (PEM), when the server's certificate is signed by it.
 */
root_certificate: string | null, };

/**
 * Cases that were taken further because they waited too long.
 */
export type EscalationList = { 
/**
 * At most two hundred: those nobody has taken note of first.
 */
rows: Array<EscalationRow>, total: number, };

/**
 * One of them.
 */
export type EscalationRow = { case: CaseRow, 
/**
 * `supervisor` or `district`.
 */
escalation: string, escalated_at: number, 
/**
 * `no_hands`, `unverified`, `follow_up_overdue`, `help_not_come`.
 */
reason: string, seen_at: number | null, seen_by: string | null, 
/**
 * The province has it: a district can know. While false nothing of it has left this desk.
 */
sent: boolean, };

/**
 * He has taken note.
 */
export type EscalationSeen = { 
/**
 * At most two hundred, as many as are listed. One that is not taken further any more is left out.
 */
case_ids: Array<string>, 
/**
 * Added to the note of each.
 */
note: string | null, };

/**
 * What was written.
 */
export type ExportDone = { kind: string, file_name: string, path: string | null, bytes_base64: string | null, rows: number, };

/**
 * What to write.
 */
export type ExportRequest = { 
/**
 * `cases`, `volunteers`, `assignments`, `troubles` (what the province did not apply; not as `geojson`).
 */
kind: string, 
/**
 * `xlsx`, `csv`, `geojson`.
 */
format: string, filter: CaseFilter, 
/**
 * Where to; absent answers with the bytes.
 */
path: string | null, 
/**
 * True: citizen ids whole; asks for a reason. Phones are always whole: a register is for calling.
 */
unmasked: boolean, 
/**
 * Why it leaves the office.
 */
reason: string | null, };

/**
 * A date to look again at a case.
 */
export type FollowUpAdd = { case_id: string, due_on: string, note: string, };

/**
 * Done.
 */
export type FollowUpDone = { id: string, outcome: string, 
/**
 * Nobody was reached: it counts as a try, makes nothing fresh, and is tried again the next day.
 */
no_answer: boolean, };

/**
 * Follow-ups, earliest first.
 */
export type FollowUpList = { follow_ups: Array<FollowUpView>, total: number, };

/**
 * Follow-ups of the office.
 */
export type FollowUpListRequest = { 
/**
 * Only those due by this date.
 */
due_by: string | null, };

/**
 * A date to look again.
 */
export type FollowUpView = { id: string, case_id: string, case_number: string, name: string, due_on: string, note: string, done_at: number | null, outcome: string | null, 
/**
 * Set by the office's rule rather than by a person; then `why` says what for.
 */
by_rule: boolean, 
/**
 * `look_again` (the rule's day has come), `ask_help_came` (help is said to have come); empty: the
 * note says it.
 */
why: string, 
/**
 * Days it is late; 0 when it is not.
 */
overdue_days: number, phone: string | null, village: string, urgency: string, };

/**
 * One of his assignments and who takes it; nobody: the need waits for hands again.
 */
export type HandOverLine = { assignment_id: string, volunteer_id: string | null, };

/**
 * Hand over what somebody holds, in one act.
 */
export type HandOverRequest = { volunteer_id: string, reason: string, to: Array<HandOverLine>, 
/**
 * Set him away in the same act.
 */
away: VolunteerAway | null, 
/**
 * True: the successors have been told already.
 */
offered: boolean, channel: string | null, };

/**
 * A headman of the office.
 */
export type HeadmanView = { 
/**
 * Absent: a new one. One that is saved without is taken off.
 */
id: string | null, name: string, 
/**
 * Codes of his villages; no two headmen have the same one.
 */
villages: Array<string>, 
/**
 * Himself in the register of volunteers, so that he does not judge his own work.
 */
volunteer_id: string | null, };

/**
 * One line of a record's history.
 */
export type HistoryLine = { at: number, actor: string, action: string, entity: string, fields: Array<string>, };

/**
 * How a column was understood.
 */
export type ImportColumn = { heading: string, field: string | null, };

/**
 * One cell that needs a person, or was put right. Rows as a person sees them: 1 is the first line.
 */
export type ImportProblem = { row: number, column: string, code: string, message: string, };

/**
 * What was read and stored.
 */
export type ImportReport = { kind: string, file_name: string, dry_run: boolean, stored: boolean, encoding: string, header_row: number, rows: number, accepted: number, set_aside: number, 
/**
 * Set when this very file was imported before: when.
 */
imported_before_at: number | null, columns: Array<ImportColumn>, problems: Array<ImportProblem>, 
/**
 * Notes on rows that were accepted: a zero put back, coordinates swapped.
 */
fixes: Array<ImportProblem>, act: Acted | null, };

/**
 * What to read.
 */
export type ImportRequest = { 
/**
 * `cases` or `villages`.
 */
kind: string, path: string | null, file_name: string | null, bytes_base64: string | null, 
/**
 * True: read and say what would happen; change nothing.
 */
dry_run: boolean, 
/**
 * True: store the rows that passed although others were set aside.
 */
accept_valid: boolean, };

/**
 * Oldest first.
 */
export type Inbox = { items: Array<InboxItem>, next: string | null, total: number, };

/**
 * One thing to look at: a case that was reported, or help that is said to have come.
 */
export type InboxItem = { 
/**
 * `case` or `assignment`.
 */
kind: string, case: CaseRow, note: string, landmark: string, lat: number | null, lon: number | null, assignment: AssignmentView | null, 
/**
 * Code of why the headman may not judge it (`denied_own_work`): whoever reads, or the one who is known
 * for the village. He sees it all the same; somebody else has to judge it.
 */
denied: string | null, entered_by: string | null, };

/**
 * The headman's inbox.
 */
export type InboxRequest = { after: string | null, limit: number, };

/**
 * All incidents of the office.
 */
export type IncidentList = { incidents: Array<IncidentView>, };

/**
 * A new incident, which becomes the current one.
 */
export type IncidentSave = { id: string | null, name: string, kind: string, started_on: string | null, ended_on: string | null, };

/**
 * An event.
 */
export type IncidentView = { id: string, name: string, kind: string, started_on: string | null, ended_on: string | null, };

/**
 * Entries in the office's order.
 */
export type KindList = { kinds: Array<KindView>, };

/**
 * One list.
 */
export type KindListRequest = { 
/**
 * `need`, `volunteer`, `service_point`, `equipment`, `training`.
 */
list: string, };

/**
 * Change an entry, or add one under a new code.
 */
export type KindSave = { list: string, code: string, th: string, en: string, serves: Array<string>, wants: Array<string>, gravity: number | null, follow_up_days: number | null, position: number, active: boolean, };

/**
 * An entry.
 */
export type KindView = { list: string, code: string, th: string, en: string, serves: Array<string>, 
/**
 * Equipment that helps with this kind of need.
 */
wants: Array<string>, 
/**
 * How grave it is to be without, 0 to 100.
 */
gravity: number | null, 
/**
 * Days until somebody must look again.
 */
follow_up_days: number | null, position: number, active: boolean, };

/**
 * Many cases.
 */
export type MapCluster = { lat: number, lon: number, count: number, 
/**
 * Cases per state: reported, open, in_progress, met, closed.
 */
by_state: Array<number>, 
/**
 * How many of them are critical.
 */
critical: number, 
/**
 * The box of its members: west, south, east, north.
 */
bounds: Array<number>, };

/**
 * A boundary layer of the office.
 */
export type MapLayer = { id: string, name: string, features: number, 
/**
 * Whether its features carry DOPA codes.
 */
coded: boolean, added_at: number, };

/**
 * Add a GeoJSON boundary layer.
 */
export type MapLayerAdd = { name: string, 
/**
 * A path (desktop) or the bytes (browser).
 */
path: string | null, bytes_base64: string | null, };

/**
 * A layer's GeoJSON.
 */
export type MapLayerBody = { geojson: string, };

/**
 * Layers.
 */
export type MapLayers = { layers: Array<MapLayer>, };

/**
 * A service point or a volunteer's home.
 */
export type MapMark = { 
/**
 * `service_point` or `volunteer`.
 */
kind: string, id: string, lat: number, lon: number, label: string, detail: string, };

/**
 * One case.
 */
export type MapPin = { id: string, lat: number, lon: number, state: string, urgency: string, 
/**
 * Its first open need.
 */
need_kind: string, number: string, accuracy_m: number | null, };

/**
 * What the map shows. `total` is the sum of pins and clusters, and equals the list's count of
 * the same filter within the box.
 */
export type MapView = { pins: Array<MapPin>, clusters: Array<MapCluster>, marks: Array<MapMark>, total: number, 
/**
 * Cases of the filter that have no place yet.
 */
without_place: number, };

/**
 * A box and what to show in it.
 */
export type MapViewRequest = { west: number, south: number, east: number, north: number, zoom: number, filter: CaseFilter, 
/**
 * Also service points and volunteers.
 */
points: boolean, volunteers: boolean, };

/**
 * One message a volunteer, from the office's template; never with a citizen id.
 */
export type Message = { volunteer_id: string, name: string, phone: string | null, text: string, assignment_ids: Array<string>, };

/**
 * Texts to send.
 */
export type MessageRequest = { assignment_ids: Array<string>, };

/**
 * Messages to copy into LINE.
 */
export type Messages = { messages: Array<Message>, };

/**
 * A need in a list.
 */
export type NeedChip = { id: string, kind: string, state: string, 
/**
 * How many volunteers it takes.
 */
hands: number, };

/**
 * A need as keyed.
 */
export type NeedDraft = { kind: string, detail: string, 
/**
 * How many volunteers it takes; absent: one.
 */
hands: number | null, };

/**
 * How many volunteers a need takes.
 */
export type NeedHands = { id: string, hands: number, };

/**
 * A step of a need.
 */
export type NeedMove = { id: string, step: string, reason: string | null, note: string | null, };

/**
 * A need, with the steps open to it now.
 */
export type NeedView = { id: string, kind: string, detail: string, state: string, state_since: number, closing_reason: string | null, closing_note: string | null, hands: number, hands_held: number, moves: Array<string>, };

/**
 * A request that says nothing.
 */
export type Nothing = Record<symbol, never>;

/**
 * The office of this desk.
 */
export type OfficeView = { code: string, name: string, 
/**
 * `subdistrict` or `district`.
 */
level: string, 
/**
 * "ตำบลโคกสว่าง อำเภอหนองพอก จังหวัดร้อยเอ็ด".
 */
area_name: string, 
/**
 * Where the map begins: degrees.
 */
lat: number, lon: number, };

/**
 * A change that waits.
 */
export type OutboxLine = { device_seq: number, entity: string, label: string, name: string, action: string, actor: string, at: number, };

/**
 * A page of what waits.
 */
export type OutboxPage = { lines: Array<OutboxLine>, };

/**
 * What waits after this one.
 */
export type OutboxRequest = { after: number, limit: number, };

/**
 * A need and a volunteer.
 */
export type Pair = { need_id: string, volunteer_id: string, 
/**
 * When pairs are given: an assignment of the need, proposed or offered, that makes room for this one. A
 * plan's line that says `instead` names it.
 */
replaces?: string, };

/**
 * A pair that was refused.
 */
export type PairRefused = { need_id: string, volunteer_id: string, code: string, };

/**
 * A village or houses of one.
 */
export type PatchPart = { 
/**
 * As stored: `45090505:1-10,12,15/2`.
 */
value: string, label: string, 
/**
 * How many house numbers it names; absent for a whole village.
 */
houses: number | null, };

/**
 * A part of a volunteer's patch, for the map.
 */
export type PatchPlace = { area_code: string, label: string, 
/**
 * `1-10,12,15/2`; absent: the whole village.
 */
houses: string | null, 
/**
 * The village's point.
 */
lat: number | null, lon: number | null, 
/**
 * Open cases within it.
 */
cases: Array<CaseRow>, };

/**
 * What was understood.
 */
export type PatchRead = { parts: Array<PatchPart>, 
/**
 * Code of the reason when something was not understood, and the piece.
 */
problem: string | null, piece: string | null, };

/**
 * A patch as it is typed.
 */
export type PatchReadRequest = { text: string, 
/**
 * The subdistrict (or village) he lives in.
 */
area_code: string, };

/**
 * Somebody in need.
 */
export type PersonView = { id: string | null, title: string, given_name: string, family_name: string, full_name: string, citizen_id: string | null, citizen_id_valid: boolean, phone: string | null, };

/**
 * The place that was read.
 */
export type PlaceRead = { lat: number | null, lon: number | null, 
/**
 * True: latitude and longitude had been swapped and were put right.
 */
swapped: boolean, 
/**
 * Code of the reason when nothing was read.
 */
problem: string | null, };

/**
 * A text pasted by a clerk that may hold a place.
 */
export type PlaceReadRequest = { text: string, };

/**
 * The plan: the least cost over all needs; nothing is assigned until a person accepts.
 */
export type Plan = { lines: Array<PlanLine>, unserved: Array<Unserved>, needs: number, volunteers: number, volunteers_used: number, 
/**
 * Metres of way.
 */
distance_m: number, cost: number, 
/**
 * No plan costs less than this; equal to `cost`: the plan is the best there is.
 */
bound: number, villages: Array<VillageShare>, 
/**
 * Needs beyond what one plan takes, the least pressing ones; always said, never dropped silently.
 */
left_out: number, };

/**
 * One need with its hands.
 */
export type PlanLine = { need_id: string, need_kind: string, case_id: string, case_number: string, name: string, village: string, urgency: string, score: number, lat: number | null, lon: number | null, volunteer_id: string, volunteer: string, volunteer_lat: number | null, volunteer_lon: number | null, distance_m: number | null, open_tasks: number, max_open_tasks: number, why: Array<string>, 
/**
 * `new`, `keep` (told already) or `instead` (of somebody told already).
 */
change: string, instead_of: string | null, 
/**
 * An assignment that stands already.
 */
assignment_id: string | null, pinned: boolean, };

/**
 * Hands for all open needs at once.
 */
export type PlanRequest = { areas: Array<string>, need_kinds: Array<string>, 
/**
 * These stay as they are.
 */
pins: Array<Pair>, 
/**
 * These not.
 */
without: Array<Pair>, 
/**
 * When they are to come, absent: now. Whoever can be asked then is planned with.
 */
at: number | null, };

/**
 * A page that was made.
 */
export type PrintDone = { file_name: string, path: string | null, 
/**
 * PDF.
 */
bytes_base64: string | null, pages: number, lines: number, 
/**
 * The printed list, where there is one.
 */
id: string | null, };

/**
 * Give several needs to volunteers, in one act.
 */
export type ProposeAllRequest = { pairs: Array<Pair>, 
/**
 * True: they have been told already.
 */
offered: boolean, channel: string | null, pinned: boolean, team_id: string | null, 
/**
 * One visit serves them all.
 */
one_visit: boolean, };

/**
 * Give a need to a volunteer.
 */
export type ProposeRequest = { need_id: string, volunteer_id: string, 
/**
 * True: he has been told already, so that the assignment stands as offered.
 */
offered: boolean, 
/**
 * How he was told: `phone`, `in_person`, `slip`, `message`.
 */
channel: string | null, 
/**
 * A new plan leaves it as it is.
 */
pinned: boolean, team_id: string | null, };

/**
 * What was made, and which pairs could not be, each with its reason; the others were.
 */
export type ProposedAll = { acted: Acted | null, ids: Array<string>, refused: Array<PairRefused>, };

/**
 * What the person in need says.
 */
export type ReceiverWordRequest = { id: string, 
/**
 * `came`, `partly`, `not_come`.
 */
word: string, note: string | null, };

/**
 * What was heard.
 */
export type RecheckAnswer = { kind: string, id: string, 
/**
 * Of a case `still_needed`, `met`, `partly`, `no_longer_wanted`, `worse`, `no_answer`; of a
 * volunteer `still_available`, `away`, `no_answer`; of a point `open`, `full`, `closed`, `no_answer`.
 */
answer: string, note: string | null, 
/**
 * Of a case: the needs that `met`, `partly` or `no_longer_wanted` is about. When more than one is
 * open, `met` and `no_longer_wanted` must say which.
 */
need_ids: Array<string>, 
/**
 * Of a volunteer who is `away`: the day he is back. Absent: in seven days.
 */
back_on: string | null, };

/**
 * Most pressing first.
 */
export type RecheckList = { rows: Array<RecheckRow>, total: number, };

/**
 * Who is to be rung.
 */
export type RecheckRequest = { 
/**
 * `case`, `volunteer`, `service_point`; empty: all.
 */
kinds: Array<string>, areas: Array<string>, limit: number, };

/**
 * One call.
 */
export type RecheckRow = { 
/**
 * `case`, `volunteer`, `service_point`.
 */
kind: string, id: string, 
/**
 * A case's number.
 */
number: string | null, name: string, phone: string | null, village: string, 
/**
 * Codes of needs, of kinds of volunteer, or of the kind of point.
 */
what: Array<string>, 
/**
 * Of a case: its needs that are neither met nor closed.
 */
needs: Array<NeedChip>, urgency: string | null, last_heard_at: number, last_heard_by: string | null, 
/**
 * `fading` or `stale`.
 */
freshness: string, 
/**
 * Tries without an answer since somebody was last heard of.
 */
tries: number, };

/**
 * Not him, for this need: why. It says nothing about any other need.
 */
export type RejectRequest = { need_id: string, volunteer_id: string, reason: string, };

/**
 * An assignment of his, and who could take it over, best first.
 */
export type Replacement = { assignment: AssignmentView, 
/**
 * The one of them to whom all that he holds can go together: what is one visit to one person, nobody more than
 * he takes. Nobody where there is none left.
 */
chosen: string | null, suggestions: Array<Suggestion>, };

/**
 * All he holds.
 */
export type Replacements = { volunteer: string, rows: Array<Replacement>, };

/**
 * Who could take over from somebody who leaves?
 */
export type ReplacementsRequest = { volunteer_id: string, 
/**
 * This one of his assignments only.
 */
assignment_id?: string, };

/**
 * The situation report: cumulative, new in the span, and change against the span before.
 */
export type Report = { 
/**
 * The incident the desk works on; its cases only. Absent: all cases of the office.
 */
incident: IncidentView | null, from: string, to: string, cases_total: number, cases_new: number, cases_before: number, people_total: number, needs_by_kind: Array<ReportLine>, cases_by_village: Array<ReportLine>, cases_by_urgency: Array<ReportLine>, cases_by_state: Array<ReportLine>, 
/**
 * One per day of the span.
 */
new_by_day: Array<ReportDay>, };

/**
 * A day.
 */
export type ReportDay = { date: string, new: number, met: number, };

/**
 * A line of the report.
 */
export type ReportLine = { code: string, label: string, total: number, open: number, met: number, };

/**
 * Figures of a span of days.
 */
export type ReportRequest = { from: string, to: string, };

/**
 * His word.
 */
export type ReviewDecide = { case_id: string, 
/**
 * Present: the word is on whether this help came.
 */
assignment_id: string | null, 
/**
 * `confirmed`, `returned`, `not_found`, `rejected`; for an assignment the first two.
 */
verdict: string, 
/**
 * Required unless confirmed.
 */
reason: string | null, };

/**
 * A word that was given.
 */
export type ReviewView = { id: string, assignment_id: string | null, verdict: string, reason: string | null, reviewer: string, reviewed_at: number, 
/**
 * `screen` or `paper`.
 */
medium: string, tick_list: string | null, keyed_by: string | null, };

/**
 * `matching`, `offers`, `care`, `freshness`, `triage`, `texts`.
 */
export type RuleGroup = { code: string, rules: Array<RuleView>, };

/**
 * All rules, in groups.
 */
export type RuleList = { groups: Array<RuleGroup>, };

/**
 * Set a rule; without a value it goes back to what the program ships.
 */
export type RuleSave = { code: string, value: string | null, };

/**
 * One rule.
 */
export type RuleView = { code: string, 
/**
 * `step` (none, low, normal, high, very_high), `minutes`, `hours`, `days`, `count`, `points`, `flag`, `text`, `words`.
 */
kind: string, value: string, 
/**
 * As the program ships it.
 */
shipped: string, least: number | null, most: number | null, 
/**
 * For a text: the fields it may name.
 */
fields: Array<string>, };

/**
 * A hit.
 */
export type SearchHit = { 
/**
 * `case`, `volunteer`, `village`.
 */
kind: string, id: string, title: string, subtitle: string, };

/**
 * Hits, best first.
 */
export type SearchHits = { hits: Array<SearchHit>, 
/**
 * The text that was searched when the one typed was on the wrong keyboard.
 */
read_as: string | null, };

/**
 * What was typed.
 */
export type SearchRequest = { text: string, 
/**
 * 1 to 50.
 */
limit: number, };

/**
 * The desk's preferences, and those of whoever sits at it.
 */
export type SettingsView = { 
/**
 * `th` or `en`.
 */
language: string, 
/**
 * `light` or `dark`.
 */
theme: string, 
/**
 * 100 to 150.
 */
text_percent: number, 
/**
 * True: the looped face.
 */
looped: boolean, 
/**
 * His columns of the list of cases, by code; none: those that ship.
 */
case_columns: Array<string>, clerk_name: string, 
/**
 * As many as there are villages, if need be.
 */
headmen: Array<HeadmanView>, supervisor_name: string, };

/**
 * First start.
 */
export type SetupRequest = { 
/**
 * `practice` or `office`.
 */
mode: string, 
/**
 * 6 digits (subdistrict) or 4 (district). For `practice`: absent.
 */
office_code: string | null, office_name: string | null, };

/**
 * How much of something happened, and who did most of it.
 */
export type ShiftFigure = { 
/**
 * `case_create`, `need_met`, `assignment_done`, ...
 */
code: string, count: number, };

/**
 * The hand-over page.
 */
export type ShiftPage = { since: number, until: number, figures: Array<ShiftFigure>, sections: Array<ShiftSection>, };

/**
 * The hand-over page on paper.
 */
export type ShiftPrintRequest = { since: number | null, path: string | null, };

/**
 * What changed since somebody last looked.
 */
export type ShiftRequest = { 
/**
 * Absent: since this person last looked; never looked: the last 12 hours.
 */
since: number | null, };

/**
 * One line.
 */
export type ShiftRow = { case_id: string | null, number: string | null, name: string, village: string, 
/**
 * Codes of needs.
 */
needs: Array<string>, urgency: string | null, at: number | null, note: string | null, };

/**
 * A list of the page.
 */
export type ShiftSection = { 
/**
 * `critical_new`, `sent_back`, `waiting_longest`, `offers_unanswered`, `declined`, `overdue_follow_ups`,
 * `escalated`, `stale`, `conflicts`, `notes`.
 */
code: string, total: number, rows: Array<ShiftRow>, };

/**
 * He has read it up to here.
 */
export type ShiftSeen = { until: number, };

/**
 * Slips for volunteers.
 */
export type SlipsRequest = { assignment_ids: Array<string>, 
/**
 * Where to; absent answers with the bytes.
 */
path: string | null, };

/**
 * What the frame of the window shows.
 */
export type Status = { 
/**
 * True until somebody has chosen to practise or to open an office.
 */
needs_setup: boolean, 
/**
 * Set when the store's file is there and will not open: code of the reason. It is never
 * deleted and never replaced by an empty one.
 */
store_problem: string | null, practice: boolean, office: OfficeView | null, incident: IncidentView | null, actor: ActorView | null, actors: Array<ActorView>, 
/**
 * Grows with every change to the store, by this program or another.
 */
data_version: number, sync: SyncChip, undo: UndoView | null, 
/**
 * The desk's own clock and date in Thailand.
 */
now: number, today: string, app_version: string, };

/**
 * Who could serve a need?
 */
export type SuggestRequest = { need_id: string, limit: number, 
/**
 * A name or telephone: answers with these people, suited or not.
 */
text: string | null, 
/**
 * When he is to come, absent: now.
 */
at: number | null, };

/**
 * A volunteer, with reasons in codes and numbers.
 */
export type Suggestion = { volunteer_id: string, name: string, phone: string | null, kinds: Array<string>, vehicle: string | null, village: string, distance_m: number | null, open_tasks: number, max_open_tasks: number, equipment: Array<string>, vehicle_seats: number | null, 
/**
 * What this need wants and he has: equipment, and what his vehicle can carry.
 */
brings: Array<string>, carries: Array<string>, teams: Array<string>, 
/**
 * Codes: `goes_there`, `own_house`, `own_patch`, `knows_household`, `same_village`, `has_skill`,
 * `has_vehicle`, `has_equipment`, `near`, `free_now`, `told_already`; and against him, without forbidding it,
 * `too_few_seats`, `no_stretcher`.
 */
why: Array<string>, 
/**
 * What the order was reckoned from, in metres; smaller is better.
 */
parts: Array<CostPart>, 
/**
 * Code of why he is not suited: `no_skill`, `full`, `away`, `out_of_area`, `not_vetted`, `barred`;
 * `has_need` when he has it already.
 */
why_not: string | null, 
/**
 * The reason that was given, when he declined or the office set him aside for this need.
 */
why_not_note: string | null, };

/**
 * Best first.
 */
export type Suggestions = { triage: Triage, suggestions: Array<Suggestion>, not_suited: Array<WhyNotCount>, 
/**
 * Who declined, or was set aside for this need.
 */
set_aside: Array<Suggestion>, };

/**
 * One exchange with the server, with the receipt that reconciles.
 */
export type SyncBatch = { at: number, sent: number, new: number, merged: number, conflicts: number, held: number, received: number, 
/**
 * `line`, or `file`.
 */
by: string, 
/**
 * `written`: it waits for its receipt; `receipted`.
 */
state: string, file_name: string | null, receipted_at: number | null, };

/**
 * A batch that was written to a file.
 */
export type SyncBatchFile = { path: string, changes: number, bytes: number, first_seq: number, last_seq: number, 
/**
 * Changes that wait for another file.
 */
left: number, };

/**
 * Where a batch or its receipt lies, or is to lie.
 */
export type SyncBatchPath = { path: string, };

/**
 * Where the data is.
 */
export type SyncChip = { enrolled: boolean, 
/**
 * Changes not yet acknowledged by the provincial server.
 */
pending: number, last_sync_at: number | null, 
/**
 * Changes that need a person: conflicts and held ones.
 */
needs_person: number, 
/**
 * Code of the last failure, when the last try failed.
 */
last_error: string | null, };

/**
 * The wish to be let in, written to a file.
 */
export type SyncEnrolFile = { path: string, 
/**
 * Six words made from the desk's key, for the operator to compare.
 */
words: Array<string>, };

/**
 * The receipt of one sync, as the command line prints it.
 */
export type SyncReceipt = { sent: number, new: number, merged: number, conflicts: number, held: number, received: number, pending: number, };

/**
 * The state of sync.
 */
export type SyncStatus = { enrolled: boolean, server_url: string | null, device_id: string | null, pending: number, last_sync_at: number | null, last_error: string | null, batches: Array<SyncBatch>, 
/**
 * The first that wait; the rest page by page.
 */
outbox: Array<OutboxLine>, 
/**
 * When what waits longest was done.
 */
oldest_at: number | null, 
/**
 * Matters for a person: two desks wrote one field; held; decided already.
 */
conflicts: number, held: number, decided: number, };

/**
 * A change the server did not apply, or the held changes of one act to one case.
 */
export type SyncTrouble = { change_id: string, 
/**
 * `conflict` or `held`.
 */
kind: string, 
/**
 * Code of the reason.
 */
reason: string, entity: string, entity_id: string, case_id: string | null, 
/**
 * The case's number.
 */
label: string, 
/**
 * Who or what it is, as people call it.
 */
name: string, village: string, 
/**
 * What was being done, by whom, when by this desk's clock.
 */
action: string, actor: string, done_at: number, 
/**
 * Whoever sits at the desk did it.
 */
mine: boolean, 
/**
 * When the server answered.
 */
at: number, 
/**
 * Fields in conflict.
 */
fields: Array<string>, 
/**
 * Changes it is of.
 */
changes: number, 
/**
 * Names what stands now; a decision says which it saw.
 */
seen: string, decided_at: number | null, decided_by: string | null, 
/**
 * `stands`, `ours` or `theirs`, as decided last.
 */
side: string | null, };

/**
 * All teams, sorted the Thai way.
 */
export type TeamList = { teams: Array<TeamView>, };

/**
 * Somebody of a team.
 */
export type TeamMember = { id: string, name: string, phone: string | null, free_now: boolean, };

/**
 * A team as keyed; without an id a new one.
 */
export type TeamSave = { id: string | null, name: string, leader_id: string | null, members: Array<string>, note: string, 
/**
 * True: the team is no more.
 */
disband: boolean, };

/**
 * A team.
 */
export type TeamView = { id: string, name: string, leader_id: string | null, leader: string | null, members: Array<TeamMember>, note: string, 
/**
 * Needs it goes to now.
 */
open_tasks: number, };

/**
 * With made-up people.
 */
export type TextPreview = { text: string, 
/**
 * Code of what is wrong with it (`text_field_unknown`, `text_brace_open`, `text_empty`), the piece, and on which
 * line.
 */
problem: string | null, piece: string | null, line: number | null, };

/**
 * How a text would read.
 */
export type TextPreviewRequest = { code: string, value: string, };

/**
 * Apply what was understood; entries with a problem are refused and nothing is applied.
 */
export type TickApply = { text: string, signed_on: string | null, over: Array<string>, };

/**
 * One code.
 */
export type TickEntry = { 
/**
 * The piece as typed.
 */
text: string, code: string | null, list_id: string | null, list_number: string | null, line: number | null, 
/**
 * `case` or `assignment`.
 */
kind: string | null, case_id: string | null, assignment_id: string | null, case_number: string | null, name: string | null, house_no: string | null, village: string | null, needs: Array<string>, 
/**
 * `found`, `not_found`, `amend`, `helped`, `not_helped`.
 */
answer: string | null, 
/**
 * The answer that was keyed for this line before and that this one takes the place of.
 */
was: string | null, 
/**
 * The headman's note, after the answer.
 */
note: string | null, 
/**
 * What it will do (`tick::Effect`): `confirm_case`, `case_not_found`, `return_case`, `meet_case`, `confirm_help`, `return_help`,
 * `on_the_way` (nothing is closed: somebody is going), `clerk_decides` (nothing is closed: a clerk chooses).
 */
effect: string | null, 
/**
 * Who is on the way, where the headman says that help has come.
 */
going: string | null, 
/**
 * The code above that asks about the same thing.
 */
same_as: string | null, 
/**
 * A word that somebody gave on it after the headman signed.
 */
newer: TickNewer | null, 
/**
 * Code of why it cannot be applied: `tick_code_unreadable`, `tick_check_wrong`, `tick_code_unknown`,
 * `tick_ambiguous`, `tick_twice`, `tick_done_already`, `tick_answer_missing`, `tick_answer_unknown`,
 * `tick_which_help`, `tick_which_case`, `tick_list_void`, `tick_signed_when`, `tick_newer_word`, `tick_unlawful`, `denied_own_work`, `text_too_long`.
 */
problem: string | null, 
/**
 * Printed codes that are one slip of the hand from what was typed, the latest lists first.
 */
did_you_mean: Array<string>, 
/**
 * Codes of what has changed since the list was printed: `state`, `reviewed`, `closed`, `place`, `needs`.
 */
changed: Array<string>, 
/**
 * Where it stands now.
 */
state: string | null, };

/**
 * A list as printed, and how far it has come back.
 */
export type TickListView = { id: string, number: string, area_code: string, village: string, reviewer: string, 
/**
 * Why it was taken out of use, if it was.
 */
void_reason: string | null, printed_at: number, lines: number, answered: number, };

/**
 * Latest first.
 */
export type TickLists = { lists: Array<TickListView>, 
/**
 * Villages with something for a headman to say, and how much.
 */
waiting: Array<TickWaiting>, };

/**
 * Lists that were printed.
 */
export type TickListsRequest = { area_code: string | null, };

/**
 * A word that is newer than the paper.
 */
export type TickNewer = { verdict: string, reviewer: string, reviewed_at: number, medium: string, };

/**
 * Print the tick-list of a village.
 */
export type TickPrintRequest = { area_code: string, 
/**
 * Where to; absent answers with the bytes.
 */
path: string | null, 
/**
 * The headman's name as it stands on the paper; absent: the one in the settings, if it is his village.
 */
reviewer: string | null, 
/**
 * Leave out what is on another list that has not come back.
 */
leave_out_printed: boolean, 
/**
 * Only what the headman may not judge himself, for another reviewer, who is named.
 */
for_another: boolean, };

/**
 * Codes and answers as keyed: `12F6 ok, 3F7X ไม่พบ`, or the code and a number key.
 */
export type TickReadRequest = { text: string, 
/**
 * The day the headman signed (`2026-11-24`); absent: the day after each list was printed.
 */
signed_on: string | null, 
/**
 * Codes on which the paper counts although somebody has said otherwise since.
 */
over: Array<string>, };

/**
 * What was understood, before anything is applied.
 */
export type TickReading = { entries: Array<TickEntry>, ready: number, problems: number, };

/**
 * Print a list again: the same lines under the same codes.
 */
export type TickReprint = { id: string, 
/**
 * Where to; absent answers with the bytes.
 */
path: string | null, };

/**
 * Take a printed list out of use.
 */
export type TickVoid = { id: string, reason: string, };

/**
 * What waits in a village.
 */
export type TickWaiting = { area_code: string, village: string, waiting: number, 
/**
 * How much of it is on a list that has not come back.
 */
printed: number, 
/**
 * How much of it the headman may not judge himself.
 */
not_his: number, 
/**
 * His name, where the settings or the register know it.
 */
headman: string | null, };

/**
 * What the clock brought about.
 */
export type TimePassed = { 
/**
 * Offers nobody answered in time.
 */
expired: number, 
/**
 * Cases taken to the supervisor, and to the district.
 */
escalated_supervisor: number, escalated_district: number, };

/**
 * The first screen.
 */
export type Today = { date: string, 
/**
 * Since the beginning of today in Thailand.
 */
new_cases: number, met_needs: number, open_cases: number, critical_open: number, needs_without_hands: number, offers_unanswered: number, awaiting_review: number, 
/**
 * Open cases the headman sent back, did not find or called untrue: the office has to mend them.
 */
sent_back: number, without_place: number, overdue_follow_ups: number, 
/**
 * Not confirmed by anybody for as long as the office's rule says (`freshness.case_stale`).
 */
stale_cases: number, pending_changes: number, needs_person: number, 
/**
 * Taken to the supervisor or the district, and nobody there has taken note.
 */
escalated: number, 
/**
 * Offers that expire within the hour.
 */
offers_expiring: number, 
/**
 * Tasks that were taken and do not go on: whoever took them is not there, or has not begun.
 */
held_up: number, 
/**
 * Cases, volunteers and service points to ring.
 */
to_recheck: number, 
/**
 * Cases others did something with since this person last looked at the hand-over page; 1,001: more
 * than a thousand.
 */
since_last_look: number, last_look_at: number | null, escalations: Array<CaseRow>, waiting_longest: Array<CaseRow>, follow_ups: Array<FollowUpView>, 
/**
 * What others did since the start of today, latest first.
 */
recent: Array<HistoryLine>, };

/**
 * How pressing, 0 to 100, and why. It orders; it never hides.
 */
export type Triage = { score: number, parts: Array<TriagePart>, };

/**
 * What one consideration adds.
 */
export type TriagePart = { 
/**
 * `need_kind`, `urgency`, `severity_words`, `people`, `vulnerable`, `waiting`, `distance`.
 */
code: string, points: number, 
/**
 * The most it could add with the office's weights.
 */
most: number, 
/**
 * What it was reckoned from: a count, minutes, metres, or the words that were found.
 */
detail: string | null, };

/**
 * Who wrote what stood at the server.
 */
export type TroubleAuthor = { name: string, 
/**
 * Empty where it is not known.
 */
office: string, 
/**
 * Another desk of this office.
 */
own_office: boolean, at: number, };

/**
 * What a person decides: `stands`, `ours` or `theirs`; several at once only for `stands`.
 */
export type TroubleDecide = { matters: Array<TroubleSeen>, side: string, 
/**
 * Only these fields, with what belongs to them; none: all.
 */
fields: Array<string>, };

/**
 * One decision.
 */
export type TroubleDecision = { side: string, fields: Array<string>, by: string, at: number, };

/**
 * One field: what this desk wrote, what stood at the server, what stands now.
 */
export type TroubleField = { field: string, ours: string | null, theirs: string | null, now: string | null, };

/**
 * Fields that are decided together.
 */
export type TroubleGroup = { fields: Array<TroubleField>, theirs_by: TroubleAuthor | null, 
/**
 * Who wrote what stands now, where that is another value.
 */
now_by: TroubleAuthor | null, decided: TroubleDecision | null, 
/**
 * What stands now is not what stood at the server then.
 */
moved_on: boolean, };

/**
 * A page of matters: to decide, the oldest first; decided, the last decided first.
 */
export type TroubleList = { rows: Array<SyncTrouble>, conflicts: number, held: number, decided: number, };

/**
 * Which matters to list.
 */
export type TroubleListRequest = { decided: boolean, 
/**
 * Go on after this one.
 */
after: string | null, limit: number, };

/**
 * A matter as it was shown.
 */
export type TroubleSeen = { change_id: string, seen: string, };

/**
 * One matter, side by side.
 */
export type TroubleWhole = { trouble: SyncTrouble, 
/**
 * The record: `here`, `voided` or `gone`.
 */
stands: string, groups: Array<TroubleGroup>, 
/**
 * Kinds of the other records of the matter.
 */
also: Array<string>, 
/**
 * Why what this desk wrote cannot be put now.
 */
ours_refused: ApiError | null, 
/**
 * Why what stood at the server cannot be put back now.
 */
theirs_refused: ApiError | null, 
/**
 * All decisions, the first first.
 */
decisions: Array<TroubleDecision>, };

/**
 * Take back an act.
 */
export type UndoRequest = { act_id: string, };

/**
 * What Ctrl+Z would take back.
 */
export type UndoView = { act_id: string, action: string, };

/**
 * A need for which no hands were found.
 */
export type Unserved = { need_id: string, need_kind: string, case_id: string, case_number: string, name: string, village: string, urgency: string, score: number, 
/**
 * `nobody_with_skill`, `nobody_allowed`, `all_away`, `all_full`, `more_pressing_first`.
 */
because: string, };

/**
 * Villages, in the order of their numbers.
 */
export type VillageList = { villages: Array<VillageView>, };

/**
 * Villages of the office, or of one subdistrict.
 */
export type VillageListRequest = { subdistrict_code: string | null, };

/**
 * A village keyed in place.
 */
export type VillageSave = { subdistrict_code: string, moo: number, name: string, lat: number | null, lon: number | null, };

/**
 * How a village fares in the plan.
 */
export type VillageShare = { area_code: string, label: string, served: number, unserved: number, };

/**
 * A village.
 */
export type VillageView = { code: string, moo: number, name: string, subdistrict_code: string, subdistrict: string, lat: number | null, lon: number | null, };

/**
 * He cannot be asked for a while, has left, or is back.
 */
export type VolunteerAway = { id: string, 
/**
 * `available`, `on_leave`, `left`.
 */
availability: string, away_from: string | null, away_until: string | null, reason: string | null, };

/**
 * A volunteer, whole.
 */
export type VolunteerDetail = { id: string, version: number, draft: VolunteerDraft, name: string, village: string, 
/**
 * Kinds of need he can serve: what his kinds can, and his own.
 */
serves: Array<string>, 
/**
 * Today: a leave that has not begun or is over counts as available.
 */
availability: string, open_tasks: number, free_now: boolean, why_not: string | null, vetted_at: number | null, vetted_by: string | null, confirmed_at: number | null, confirmed_by: string | null, freshness: string, teams: Array<string>, 
/**
 * Time he has given, in minutes, and how many assignments he finished.
 */
minutes_given: number, tasks_done: number, patch: Array<PatchPlace>, assignments: Array<AssignmentView>, history: Array<HistoryLine>, };

/**
 * A volunteer as keyed.
 */
export type VolunteerDraft = { title: string, given_name: string, family_name: string, phone: string | null, kinds: Array<string>, 
/**
 * Kinds of need he can serve besides those that his kinds can.
 */
skills: Array<string>, 
/**
 * Codes of the list of equipment.
 */
equipment: Array<string>, vehicle: string | null, vehicle_seats: number | null, 
/**
 * `goods`, `wheelchair`, `stretcher`, `oxygen`, `infected`.
 */
vehicle_carries: Array<string>, area_code: string, house_no: string, lat: number | null, lon: number | null, 
/**
 * Whole villages (`45090505`), houses of one (`45090505:1-10,12,15/2`), or as people write it
 * (`1-10, 12, 15/2 ม.5`), which is read within the subdistrict he lives in.
 */
patch: Array<string>, 
/**
 * How far he is sent by suggestions: `village`, `subdistrict`, `office`; empty: as it was.
 */
reach: string, max_open_tasks: number, 
/**
 * `available`, `on_leave`, `left`.
 */
availability: string, 
/**
 * `1 08:00-16:30`: a day of the week (Monday is 1) and hours; none: at any time.
 */
hours: Array<string>, 
/**
 * First and last day of leave (`2026-11-23`).
 */
away_from: string | null, away_until: string | null, 
/**
 * `unvetted`, `vetted`, `refused`.
 */
vetting: string, 
/**
 * `2026-05-01 first_aid`.
 */
training: Array<string>, note: string, };

/**
 * A correction.
 */
export type VolunteerEdit = { id: string, version: number, draft: VolunteerDraft, };

/**
 * A page of the register, sorted the Thai way.
 */
export type VolunteerList = { rows: Array<VolunteerRow>, next: string | null, total: number, };

/**
 * What to show.
 */
export type VolunteerListRequest = { text: string | null, kinds: Array<string>, areas: Array<string>, availability: string | null, equipment: Array<string>, vetting: string | null, 
/**
 * Only those who can be asked at this hour.
 */
free_now: boolean, after: string | null, limit: number, };

/**
 * One line of the register.
 */
export type VolunteerRow = { id: string, name: string, phone: string | null, kinds: Array<string>, 
/**
 * Kinds of need he can serve: what his kinds can, and his own.
 */
serves: Array<string>, equipment: Array<string>, vehicle: string | null, vehicle_seats: number | null, village: string, area_code: string, patch: Array<string>, 
/**
 * The same as one says it: "ม.5 บ้านเหล่าหม้อ เลขที่ 1-10, 12".
 */
patch_labels: Array<string>, reach: string, availability: string, away_until: string | null, vetting: string, 
/**
 * Whether he can be asked at this hour; if not, the code of the reason (`away`, `off_hours`,
 * `not_vetted`, `full`).
 */
free_now: boolean, why_not: string | null, teams: Array<string>, confirmed_at: number | null, 
/**
 * `fresh`, `fading`, `stale`.
 */
freshness: string, open_tasks: number, max_open_tasks: number, lat: number | null, lon: number | null, };

/**
 * The office has looked at who they are: several at once.
 */
export type VolunteerVet = { ids: Array<string>, 
/**
 * `unvetted`, `vetted`, `refused`.
 */
vetting: string, };

/**
 * How many are not suited, and why.
 */
export type WhyNotCount = { code: string, count: number, };

/** Every command: what it takes and what it answers. */
export interface Commands {
  /** The frame: office, people, undo, where the data is. Answers before an office is set up. */
  'status.get': { request: Nothing; response: Status };
  /** First start: practise on a made-up office, or open one's own. */
  'setup.start': { request: SetupRequest; response: Status };
  /** Who sits at the desk now. */
  'actor.switch': { request: ActorSwitch; response: Status };
  /** The desk's preferences. */
  'settings.get': { request: Nothing; response: SettingsView };
  /** Change the desk's preferences. */
  'settings.save': { request: SettingsView; response: SettingsView };
  /** Look the store over: file, key, integrity, sync. */
  'doctor.run': { request: Nothing; response: DoctorReport };
  /** Take back an act, if nothing has touched its records since. */
  'undo.run': { request: UndoRequest; response: Acted };
  /** Keep text being typed. */
  'draft.save': { request: DraftSave; response: Nothing };
  /** Text kept from before. */
  'draft.get': { request: DraftKey; response: DraftFound };
  /** Throw a draft away. */
  'draft.discard': { request: DraftKey; response: Nothing };
  /** The first screen. */
  'today.get': { request: Nothing; response: Today };
  /** Figures of the situation report. */
  'report.get': { request: ReportRequest; response: Report };
  /** Provinces, or the children of an area. */
  'area.list': { request: AreaListRequest; response: AreaList };
  /** Areas by name or code. */
  'area.find': { request: AreaFindRequest; response: AreaList };
  /** Villages of the office. */
  'village.list': { request: VillageListRequest; response: VillageList };
  /** Add or correct a village. */
  'village.save': { request: VillageSave; response: Acted };
  /** Incidents of the office. */
  'incident.list': { request: Nothing; response: IncidentList };
  /** Begin or correct an incident. */
  'incident.save': { request: IncidentSave; response: Acted };
  /** Work on this incident from now on. */
  'incident.choose': { request: ById; response: Status };
  /** One of the office's lists. */
  'kind.list': { request: KindListRequest; response: KindList };
  /** Change an entry of a list. */
  'kind.save': { request: KindSave; response: Acted };
  /** Record a call for help. */
  'case.create': { request: CaseDraft; response: Acted };
  /** Correct a case. */
  'case.edit': { request: CaseEdit; response: Acted };
  /** A page of cases. */
  'case.list': { request: CaseListRequest; response: CaseList };
  /** A case, whole. */
  'case.get': { request: ById; response: CaseDetail };
  /** Earlier cases that may be the one being keyed. */
  'case.like': { request: CaseLikeRequest; response: CaseLikeList };
  /** Close a case with a reason. */
  'case.close': { request: CaseClose; response: Acted };
  /** Open a closed case again. */
  'case.reopen': { request: CaseReopen; response: Acted };
  /** Put or move a case's pin. */
  'case.place': { request: CasePlace; response: Acted };
  /** Ask another office to help with a case. */
  'case.refer': { request: CaseRefer; response: Acted };
  /** A step of a need. */
  'need.move': { request: NeedMove; response: Acted };
  /** A date to look again at a case. */
  'follow_up.add': { request: FollowUpAdd; response: Acted };
  /** Looked again. */
  'follow_up.done': { request: FollowUpDone; response: Acted };
  /** Follow-ups that are due. */
  'follow_up.list': { request: FollowUpListRequest; response: FollowUpList };
  /** Read a place out of a pasted text. */
  'place.read': { request: PlaceReadRequest; response: PlaceRead };
  /** Add a volunteer. */
  'volunteer.create': { request: VolunteerDraft; response: Acted };
  /** Correct a volunteer. */
  'volunteer.edit': { request: VolunteerEdit; response: Acted };
  /** The register. */
  'volunteer.list': { request: VolunteerListRequest; response: VolunteerList };
  /** A volunteer, whole. */
  'volunteer.get': { request: ById; response: VolunteerDetail };
  /** Set a volunteer on leave, away for good, or back. */
  'volunteer.away': { request: VolunteerAway; response: Acted };
  /** The office has looked at who they are. */
  'volunteer.vet': { request: VolunteerVet; response: Acted };
  /** Read a patch as people write it. */
  'patch.read': { request: PatchReadRequest; response: PatchRead };
  /** Teams of volunteers. */
  'team.list': { request: Nothing; response: TeamList };
  /** Make, change or disband a team. */
  'team.save': { request: TeamSave; response: Acted };
  /** Needs without hands. */
  'assignment.board': { request: BoardRequest; response: Board };
  /** Who could serve a need, best first, with reasons. */
  'assignment.suggest': { request: SuggestRequest; response: Suggestions };
  /** Give a need to a volunteer. */
  'assignment.propose': { request: ProposeRequest; response: Acted };
  /** A step of an assignment. */
  'assignment.move': { request: AssignmentMove; response: Acted };
  /** Assignments. */
  'assignment.list': { request: AssignmentListRequest; response: AssignmentList };
  /** Hands for all open needs at once, for a person to accept. */
  'assignment.plan': { request: PlanRequest; response: Plan };
  /** Give several needs to volunteers, in one act. */
  'assignment.propose_all': { request: ProposeAllRequest; response: ProposedAll };
  /** Not this volunteer for this need. */
  'assignment.reject': { request: RejectRequest; response: Acted };
  /** Consider him for it again. */
  'assignment.reconsider': { request: Pair; response: Acted };
  /** A volunteer takes a need himself. */
  'assignment.claim': { request: ClaimRequest; response: Acted };
  /** The same step for several assignments. */
  'assignment.move_all': { request: AssignmentMoveAll; response: Acted };
  /** Who could take over from somebody who leaves. */
  'assignment.replacements': { request: ReplacementsRequest; response: Replacements };
  /** Hand over what somebody holds. */
  'assignment.hand_over': { request: HandOverRequest; response: Acted };
  /** What the person in need says of whether help came. */
  'assignment.receiver_word': { request: ReceiverWordRequest; response: Acted };
  /** Texts to send to volunteers. */
  'assignment.message': { request: MessageRequest; response: Messages };
  /** How many volunteers a need takes. */
  'need.hands': { request: NeedHands; response: Acted };
  /** Slips for volunteers, as PDF. */
  'print.slips': { request: SlipsRequest; response: PrintDone };
  /** The hand-over page, as PDF. */
  'print.shift': { request: ShiftPrintRequest; response: PrintDone };
  /** The list of calls, as PDF. */
  'print.call_list': { request: CallListRequest; response: PrintDone };
  /** The headman's inbox. */
  'review.inbox': { request: InboxRequest; response: Inbox };
  /** The headman's word. */
  'review.decide': { request: ReviewDecide; response: Acted };
  /** Print a village's list for its headman, as PDF. */
  'tick.print': { request: TickPrintRequest; response: PrintDone };
  /** Prints a list again: the same lines under the same codes. */
  'tick.reprint': { request: TickReprint; response: PrintDone };
  /** Takes a printed list out of use: its codes are then refused. */
  'tick.void': { request: TickVoid; response: Acted };
  /** Lists that were printed, and villages that wait for one. */
  'tick.lists': { request: TickListsRequest; response: TickLists };
  /** A printed list, line by line, as it stands now. */
  'tick.get': { request: ById; response: TickReading };
  /** Understand codes and answers from a list that came back; changes nothing. */
  'tick.read': { request: TickReadRequest; response: TickReading };
  /** Apply them, in one act. */
  'tick.apply': { request: TickApply; response: Acted };
  /** What falls due by the clock: offers expire, cases are taken further. */
  'time.pass': { request: Nothing; response: TimePassed };
  /** Cases that were taken further. */
  'escalation.list': { request: Nothing; response: EscalationList };
  /** Take note of one or several, in one act. */
  'escalation.seen': { request: EscalationSeen; response: Acted };
  /** Who is to be rung. */
  'recheck.list': { request: RecheckRequest; response: RecheckList };
  /** What was heard. */
  'recheck.answer': { request: RecheckAnswer; response: Acted };
  /** What changed since somebody last looked. */
  'shift.get': { request: ShiftRequest; response: ShiftPage };
  /** Read up to here. */
  'shift.seen': { request: ShiftSeen; response: Nothing };
  /** The office's own rules. */
  'rule.list': { request: Nothing; response: RuleList };
  /** Set a rule, or put it back. */
  'rule.save': { request: RuleSave; response: Acted };
  /** How a text would read. */
  'text.preview': { request: TextPreviewRequest; response: TextPreview };
  /** One box over cases, people, volunteers and villages. */
  'search.find': { request: SearchRequest; response: SearchHits };
  /** Pins or clusters of a box. */
  'map.view': { request: MapViewRequest; response: MapView };
  /** Boundary layers. */
  'map.layers': { request: Nothing; response: MapLayers };
  /** Add a boundary layer. */
  'map.layer_add': { request: MapLayerAdd; response: MapLayers };
  /** Remove a boundary layer. */
  'map.layer_remove': { request: ById; response: MapLayers };
  /** A boundary layer's shapes. */
  'map.layer_get': { request: ById; response: MapLayerBody };
  /** Write cases, volunteers or assignments to a file. */
  'export.run': { request: ExportRequest; response: ExportDone };
  /** Read a list from a file; store it unless it is a dry run. */
  'import.run': { request: ImportRequest; response: ImportReport };
  /** Outbox, batches, conflicts. */
  'sync.status': { request: Nothing; response: SyncStatus };
  /** Make this desk known to the provincial server. */
  'sync.enrol': { request: EnrolRequest; response: SyncStatus };
  /** Push and pull once. */
  'sync.now': { request: Nothing; response: SyncReceipt };
  /** More of what waits. */
  'sync.outbox': { request: OutboxRequest; response: OutboxPage };
  /** What the server did not apply: to decide, or decided. */
  'sync.troubles': { request: TroubleListRequest; response: TroubleList };
  /** One of them, side by side. */
  'sync.trouble': { request: ById; response: TroubleWhole };
  /** A person decides. */
  'sync.decide': { request: TroubleDecide; response: Acted };
  /** Write what waits to a file that is carried to the server. */
  'sync.batch_write': { request: SyncBatchPath; response: SyncBatchFile };
  /** Read the server's answer to such a file. */
  'sync.batch_receipt': { request: SyncBatchPath; response: SyncReceipt };
  /** Writes the wish to be let in to a file, for a province that this desk has no line to. */
  'sync.enrol_request': { request: SyncBatchPath; response: SyncEnrolFile };
  /** Takes the province's enrolment file, or its grant to a wish. */
  'sync.enrol_file': { request: SyncBatchPath; response: SyncStatus };
}
