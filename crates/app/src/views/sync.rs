//! ส่งข้อมูล: the outbox, the batches, what needs a person.

use super::views;

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
        outbox: Vec<OutboxLine>,
        troubles: Vec<SyncTrouble>,
    }

    /// A change that waits.
    OutboxLine {
        device_seq: i64,
        entity: String,
        label: String,
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
    }

    /// A change the server did not apply, with both values where two desks wrote one field.
    SyncTrouble {
        change_id: String,
        /// `conflict` or `held`.
        kind: String,
        /// Code of the reason.
        reason: String,
        entity: String,
        entity_id: String,
        case_id: Option<String>,
        label: String,
        field: Option<String>,
        ours: Option<String>,
        theirs: Option<String>,
        at: i64,
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
