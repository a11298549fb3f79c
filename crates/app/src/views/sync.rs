//! ส่งข้อมูล: the outbox, the batches, what needs a person.

use super::views;
use crate::ApiError;

views! {
    /// The state of sync.
    SyncStatus {
        enrolled: bool,
        server_url: Option<String>,
        device_id: Option<String>,
        pending: i64,
        last_sync_at: Option<i64>,
        last_error: Option<String>,
        batches: Vec<SyncBatch>,
        /// The first that wait; the rest page by page.
        outbox: Vec<OutboxLine>,
        /// When what waits longest was done.
        oldest_at: Option<i64>,
        /// Matters for a person: two desks wrote one field; held; decided already.
        conflicts: i64,
        held: i64,
        decided: i64,
    }

    /// What waits after this one.
    OutboxRequest {
        after: i64,
        limit: u32,
    }

    /// A page of what waits.
    OutboxPage {
        lines: Vec<OutboxLine>,
    }

    /// A change that waits.
    OutboxLine {
        device_seq: i64,
        entity: String,
        label: String,
        name: String,
        action: String,
        actor: String,
        at: i64,
    }

    /// One exchange with the server, with the receipt that reconciles.
    SyncBatch {
        at: i64,
        sent: i64,
        new: i64,
        merged: i64,
        conflicts: i64,
        held: i64,
        received: i64,
        /// `line`, or `file`.
        by: String,
        /// `written`: it waits for its receipt; `receipted`.
        state: String,
        file_name: Option<String>,
        receipted_at: Option<i64>,
    }

    /// A batch that was written to a file.
    SyncBatchFile {
        path: String,
        changes: i64,
        bytes: i64,
        first_seq: i64,
        last_seq: i64,
        /// Changes that wait for another file.
        left: i64,
    }

    /// The wish to be let in, written to a file.
    SyncEnrolFile {
        path: String,
        /// Six words made from the desk's key, for the operator to compare.
        words: Vec<String>,
    }

    /// Where a batch or its receipt lies, or is to lie.
    SyncBatchPath {
        path: String,
    }

    /// Which matters to list.
    TroubleListRequest {
        decided: bool,
        /// Go on after this one.
        after: Option<String>,
        limit: u32,
    }

    /// A page of matters: to decide, the oldest first; decided, the last decided first.
    TroubleList {
        rows: Vec<SyncTrouble>,
        conflicts: i64,
        held: i64,
        decided: i64,
    }

    /// A change the server did not apply, or the held changes of one act to one case.
    SyncTrouble {
        change_id: String,
        /// `conflict` or `held`.
        kind: String,
        /// Code of the reason.
        reason: String,
        entity: String,
        entity_id: String,
        case_id: Option<String>,
        /// The case's number.
        label: String,
        /// Who or what it is, as people call it.
        name: String,
        village: String,
        /// What was being done, by whom, when by this desk's clock.
        action: String,
        actor: String,
        done_at: i64,
        /// Whoever sits at the desk did it.
        mine: bool,
        /// When the server answered.
        at: i64,
        /// Fields in conflict.
        fields: Vec<String>,
        /// Changes it is of.
        changes: i64,
        /// Names what stands now; a decision says which it saw.
        seen: String,
        decided_at: Option<i64>,
        decided_by: Option<String>,
        /// `stands`, `ours` or `theirs`, as decided last.
        side: Option<String>,
    }

    /// One matter, side by side.
    TroubleWhole {
        trouble: SyncTrouble,
        /// The record: `here`, `voided` or `gone`.
        stands: String,
        groups: Vec<TroubleGroup>,
        /// Kinds of the other records of the matter.
        also: Vec<String>,
        /// Why what this desk wrote cannot be put now.
        ours_refused: Option<ApiError>,
        /// Why what stood at the server cannot be put back now.
        theirs_refused: Option<ApiError>,
        /// All decisions, the first first.
        decisions: Vec<TroubleDecision>,
    }

    /// Fields that are decided together.
    TroubleGroup {
        fields: Vec<TroubleField>,
        theirs_by: Option<TroubleAuthor>,
        /// Who wrote what stands now, where that is another value.
        now_by: Option<TroubleAuthor>,
        decided: Option<TroubleDecision>,
        /// What stands now is not what stood at the server then.
        moved_on: bool,
    }

    /// One field: what this desk wrote, what stood at the server, what stands now.
    TroubleField {
        field: String,
        ours: Option<String>,
        theirs: Option<String>,
        now: Option<String>,
    }

    /// Who wrote what stood at the server.
    TroubleAuthor {
        name: String,
        /// Empty where it is not known.
        office: String,
        /// Another desk of this office.
        own_office: bool,
        at: i64,
    }

    /// One decision.
    TroubleDecision {
        side: String,
        fields: Vec<String>,
        by: String,
        at: i64,
    }

    /// A matter as it was shown.
    TroubleSeen {
        change_id: String,
        seen: String,
    }

    /// What a person decides: `stands`, `ours` or `theirs`; several at once only for `stands`.
    TroubleDecide {
        matters: Vec<TroubleSeen>,
        side: String,
        /// Only these fields, with what belongs to them; none: all.
        fields: Vec<String>,
    }

    /// The receipt of one sync, as the command line prints it.
    SyncReceipt {
        sent: i64,
        new: i64,
        merged: i64,
        conflicts: i64,
        held: i64,
        received: i64,
        pending: i64,
    }

    /// Make this desk known to the provincial server.
    EnrolRequest {
        server_url: String,
        code: String,
        /// The province's own authority (PEM), when the server's certificate is signed by it.
        #[serde(default)]
        root_certificate: Option<String>,
    }
}
