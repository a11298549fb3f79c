//! Everything that an exchange or an operator's question sends to PostgreSQL, in one place. Each is of one province,
//! which is `$1`, and says so for every table it touches: with partitions it reads one, with Citus it goes to one
//! machine. Nothing else can be sent: only this module makes a [`Statement`].
//!
//! What a batch speaks of goes in arrays, a handful of statements a batch however long it is. What it led to and is only
//! ever added goes in by COPY, whose rows each begin with their province.

use postgres::types::Type;

/// A statement by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Statement(&'static str);

impl Statement {
    pub(super) const fn text(self) -> &'static str {
        self.0
    }
}

/// Rows that are added as they are: a COPY and the types of its columns after the province.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    pub(super) statement: Statement,
    pub(super) types: &'static [Type],
}

macro_rules! statements {
    ($($(#[$note:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$note])* pub(super) const $name: Statement = Statement($text);)*

        #[cfg(test)]
        const ALL: &[(&str, Statement)] = &[$((stringify!($name), $name)),*];
    };
}

/// The columns of a record, in the order in which `load::stored` reads them.
macro_rules! record_columns {
    () => {
        "r.entity, r.entity_id, r.office_code, r.referred_to, r.case_id, r.area_code, r.body, r.versions,
         r.last_seq, r.only_device, r.last_action, r.last_actor, r.last_claimed, r.authors, r.sum"
    };
}

macro_rules! device_columns {
    () => {
        "device, office_code, name, status, revoked_how, token_hash, public_key, last_seq, link, scan_from,
         live_from, program, protocol, last_cursor, waiting, skew_ms, enrolled_at, last_seen_at"
    };
}

macro_rules! feed {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            record_columns!(),
            ", f.seq, f.kind, c.change, c.outcome
             FROM feed f
             JOIN record r ON r.province = $1 AND r.entity = f.entity AND r.entity_id = f.entity_id
             LEFT JOIN change_log c ON c.province = $1 AND c.seq = f.seq
             WHERE f.province = $1 AND f.office_code = $2 AND f.seq > $3
               AND f.author_device IS DISTINCT FROM $4 ",
            $condition,
            " ORDER BY f.seq LIMIT $5"
        )
    };
}

statements! {
    /// Who writes in a province holds this row: the next sequence is taken under its lock.
    LOCK = "SELECT head FROM province WHERE province = $1 FOR UPDATE";
    STANDING = "SELECT server_id, secret, head, is_copy FROM province WHERE province = $1";
    EPOCHS = "SELECT epoch, cut FROM epoch WHERE province = $1 ORDER BY number";
    FOUND = "INSERT INTO province (province, server_id, secret, head, created_at) VALUES ($1, $2, $3, 0, $4)";
    SAVE_SECRET = "UPDATE province SET secret = $2 WHERE province = $1";
    BEGIN_EPOCH = "INSERT INTO epoch (province, number, epoch, cut, begun_at) VALUES ($1, $2, $3, $4, $5)";
    NO_COPY = "UPDATE province SET is_copy = 0 WHERE province = $1";
    SAVE_HEAD = "UPDATE province SET head = $2 WHERE province = $1";

    LAST_CODE = "SELECT coalesce(max(id), 0) FROM enrol_code WHERE province = $1";
    ADD_CODE = "INSERT INTO enrol_code (province, id, office_code, hash, expires_at, devices_max, confirms)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CODES = "SELECT id, hash, expires_at, tries, devices_max, confirms FROM enrol_code
        WHERE province = $1 AND office_code = $2 ORDER BY id";
    CODE_USES = "SELECT code_id, device FROM enrol_use WHERE province = $1 AND code_id = ANY($2) ORDER BY device";
    COUNT_TRY = "UPDATE enrol_code c SET tries = c.tries + 1
        WHERE c.province = $1 AND c.office_code = $2 AND c.tries < $3
          AND (SELECT count(*) FROM enrol_use u WHERE u.province = $1 AND u.code_id = c.id) < c.devices_max";
    USE_CODE = "INSERT INTO enrol_use (province, code_id, device) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    DEVICE = concat!("SELECT ", device_columns!(), " FROM device WHERE province = $1 AND device = $2");
    DEVICES = concat!("SELECT ", device_columns!(), " FROM device WHERE province = $1 ORDER BY office_code, device");
    SAVE_DEVICE = "INSERT INTO device (province, device, office_code, name, status, revoked_how, token_hash, public_key,
            last_seq, link, scan_from, live_from, program, protocol, last_cursor, waiting, skew_ms, enrolled_at,
            last_seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        ON CONFLICT (province, device) DO UPDATE SET
            name = excluded.name, status = excluded.status, revoked_how = excluded.revoked_how,
            token_hash = excluded.token_hash, public_key = excluded.public_key, last_seq = excluded.last_seq,
            link = excluded.link, scan_from = excluded.scan_from, live_from = excluded.live_from,
            program = excluded.program, protocol = excluded.protocol, last_cursor = excluded.last_cursor,
            waiting = excluded.waiting, skew_ms = excluded.skew_ms, last_seen_at = excluded.last_seen_at";
    OFFICES_WITH_DEVICE = "SELECT DISTINCT office_code FROM device WHERE province = $1 AND status <> 'revoked'";
    OFFICES = "SELECT d.office_code, count(*) FILTER (WHERE d.status <> 'revoked'), max(d.last_seen_at),
            (SELECT count(*) FROM held h WHERE h.province = $1 AND h.office_code = d.office_code)
        FROM device d WHERE d.province = $1 GROUP BY d.office_code ORDER BY d.office_code";

    /// These four look up each named row by itself (`OFFSET 0` holds the server to it): what it believes of tables whose
    /// rows it has not counted yet would make it read a whole province instead.
    LINKS = "SELECT c.device_seq, c.link FROM unnest($3::bigint[]) named (device_seq)
        CROSS JOIN LATERAL (SELECT device_seq, link FROM change_log
            WHERE province = $1 AND device = $2 AND device_seq = named.device_seq AND link IS NOT NULL OFFSET 0) c";
    OUTCOMES = "SELECT c.change_id, c.office_code, c.outcome FROM unnest($2::uuid[]) named (change_id)
        CROSS JOIN LATERAL (SELECT change_id, office_code, outcome FROM change_log
            WHERE province = $1 AND change_id = named.change_id OFFSET 0) c";
    RECORDS_NAMED = concat!("SELECT ", record_columns!(), " FROM unnest($2::uuid[]) named (id)
        CROSS JOIN LATERAL (SELECT * FROM record WHERE province = $1 AND entity_id = named.id OFFSET 0) r");
    PARTS = concat!("SELECT ", record_columns!(), " FROM unnest($2::uuid[]) named (id)
        CROSS JOIN LATERAL (SELECT * FROM record WHERE province = $1 AND case_id = named.id OFFSET 0) r");

    /// Records that are there already, or may be.
    SAVE_RECORDS = "INSERT INTO record (province, entity, entity_id, office_code, referred_to, case_id, area_code, body,
            versions, last_seq, only_device, last_action, last_actor, last_claimed, authors, sum)
        SELECT $1::text, stored.*
        FROM unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[],
            $10::bigint[], $11::uuid[], $12::text[], $13::text[], $14::bigint[], $15::text[], $16::bigint[]) stored
        ON CONFLICT (province, entity, entity_id) DO UPDATE SET
            office_code = excluded.office_code, referred_to = excluded.referred_to, case_id = excluded.case_id,
            area_code = excluded.area_code, body = excluded.body, versions = excluded.versions,
            last_seq = excluded.last_seq, only_device = excluded.only_device, last_action = excluded.last_action,
            last_actor = excluded.last_actor, last_claimed = excluded.last_claimed, authors = excluded.authors,
            sum = excluded.sum";
    HELD = "INSERT INTO held (province, device, office_code, received_at, device_seq, seq, entity, entity_id, reason,
            change, ours, theirs)
        SELECT $1::text, $2::uuid, $3::text, $4::bigint, kept.*
        FROM unnest($5::bigint[], $6::bigint[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::text[],
            $12::text[]) kept";
    /// Sums wrap at 64 bits and PostgreSQL's do not: they are read, added outside and written.
    SUMS_NAMED = "SELECT s.office_code, s.referred_to, s.sum
        FROM unnest($2::text[], $3::text[]) named (office_code, referred_to)
        JOIN scope_sum s ON s.province = $1 AND s.office_code = named.office_code AND s.referred_to = named.referred_to
        FOR UPDATE OF s";
    SAVE_SUMS = "INSERT INTO scope_sum (province, office_code, referred_to, sum)
        SELECT $1::text, total.* FROM unnest($2::text[], $3::text[], $4::bigint[]) total
        ON CONFLICT (province, office_code, referred_to) DO UPDATE SET sum = excluded.sum";

    FEED = feed!("");
    FEED_LEFT = feed!("AND f.kind = 'left'");
    /// `$6` ends the codes that begin with the office's.
    RECORDS = concat!("SELECT ", record_columns!(), " FROM record r
        WHERE r.province = $1 AND r.last_seq > $3
          AND (r.office_code >= $2 AND r.office_code < $6 OR r.referred_to = $2)
          AND r.only_device IS DISTINCT FROM $4
        ORDER BY r.last_seq LIMIT $5");
    RECORDS_OF_OWNER = concat!("SELECT ", record_columns!(), " FROM record r
        WHERE r.province = $1 AND r.office_code = $2 AND r.last_seq > $3 ORDER BY r.last_seq LIMIT $4");
    SUMS = "SELECT office_code, referred_to, sum FROM scope_sum
        WHERE province = $1 AND (office_code >= $2 AND office_code < $3 OR referred_to = $2)
        ORDER BY office_code, referred_to";

    KEPT = "SELECT office_code, reason, count(*) FROM held
        WHERE province = $1 GROUP BY office_code, reason ORDER BY office_code, reason";
    OPEN_CODES = "SELECT c.office_code, c.expires_at, c.devices_max,
            (SELECT count(*) FROM enrol_use u WHERE u.province = $1 AND u.code_id = c.id)
        FROM enrol_code c WHERE c.province = $1 AND c.expires_at > $2 AND c.tries < $3
        ORDER BY c.expires_at, c.id";
    LAST_ACT = "SELECT coalesce(max(id), 0) FROM operator_log WHERE province = $1";
    WRITE_DOWN = "INSERT INTO operator_log (province, id, at, who, deed, office_code, device, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ACTS = "SELECT at, who, deed, office_code, device, note FROM operator_log
        WHERE province = $1 ORDER BY id DESC LIMIT $2";
}

macro_rules! rows {
    ($($(#[$note:meta])* $name:ident = $text:expr, [$($kind:ident),*];)*) => {
        $($(#[$note])* pub(super) const $name: Rows = Rows {
            statement: Statement($text),
            types: &[Type::TEXT, $(Type::$kind),*],
        };)*

        #[cfg(test)]
        const ALL_ROWS: &[(&str, Rows)] = &[$((stringify!($name), $name)),*];
    };
}

rows! {
    LOG = "COPY change_log (province, office_code, device, received_at, seq, change_id, device_seq, change, outcome,
        link) FROM STDIN (FORMAT binary)",
        [TEXT, UUID, INT8, INT8, UUID, INT8, TEXT, TEXT, BYTEA];
    /// Records that are new: nobody else can have added them meanwhile, since the province is locked.
    NEW_RECORDS = "COPY record (province, entity, entity_id, office_code, referred_to, case_id, area_code, body, versions,
        last_seq, only_device, last_action, last_actor, last_claimed, authors, sum) FROM STDIN (FORMAT binary)",
        [TEXT, UUID, TEXT, TEXT, UUID, TEXT, TEXT, TEXT, INT8, UUID, TEXT, TEXT, INT8, TEXT, INT8];
    FEED_ROWS = "COPY feed (province, office_code, seq, kind, entity, entity_id, author_device)
        FROM STDIN (FORMAT binary)",
        [TEXT, INT8, TEXT, TEXT, UUID, UUID];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_province;

    #[test]
    fn rows_that_are_added_begin_with_their_province_and_have_a_type_for_each_column() {
        for (name, rows) in ALL_ROWS {
            let text = rows.statement.text();
            let (table, columns) = text.split_once(" (").expect("columns");
            assert!(table.starts_with("COPY "), "{name}");
            let (columns, _) = columns.split_once(')').expect("an end");
            let columns: Vec<_> = columns.split(',').map(str::trim).collect();
            assert_eq!(columns[0], "province", "{name}");
            assert_eq!(columns.len(), rows.types.len(), "{name}");
        }
    }

    #[test]
    fn every_statement_is_of_one_province_for_every_table_it_touches() {
        for (name, statement) in ALL {
            by_province::assert_is_of_one(name, statement.text(), "$1");
        }
    }
}
