-- The provincial ledger, layout 1. Every table begins with the province, so that the same layout can
-- be partitioned or distributed by it on PostgreSQL; one batch touches one province only.

CREATE TABLE province (
    province    TEXT PRIMARY KEY,
    server_id   TEXT NOT NULL,
    -- the last sequence given; taken inside the transaction that uses it
    head        INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
    province      TEXT NOT NULL,
    device        TEXT NOT NULL,
    office_code   TEXT NOT NULL,
    name          TEXT NOT NULL,
    token_hash    BLOB NOT NULL,
    last_seq      INTEGER NOT NULL DEFAULT 0,
    revoked       INTEGER NOT NULL DEFAULT 0,
    scan_from     INTEGER NOT NULL DEFAULT 0,
    live_from     INTEGER,
    enrolled_at   INTEGER NOT NULL,
    last_seen_at  INTEGER,
    PRIMARY KEY (province, device)
) STRICT;

CREATE TABLE enrol_code (
    province     TEXT NOT NULL,
    id           INTEGER NOT NULL,
    office_code  TEXT NOT NULL,
    hash         BLOB NOT NULL,
    expires_at   INTEGER NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    used_by      TEXT,
    PRIMARY KEY (province, id)
) STRICT;
CREATE INDEX enrol_code_of_office ON enrol_code (province, office_code);

-- Everything that ever arrived, in the order in which it did, with what was answered.
CREATE TABLE change_log (
    province     TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    change_id    TEXT NOT NULL,
    office_code  TEXT NOT NULL,
    device       TEXT NOT NULL,
    device_seq   INTEGER NOT NULL,
    change       TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    received_at  INTEGER NOT NULL,
    PRIMARY KEY (province, seq),
    UNIQUE (province, device, device_seq),
    UNIQUE (province, change_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    province      TEXT NOT NULL,
    entity        TEXT NOT NULL,
    entity_id     TEXT NOT NULL,
    -- whose it is; for an area its own code, for a part of a case the case's office
    office_code   TEXT NOT NULL,
    referred_to   TEXT,
    case_id       TEXT,
    area_code     TEXT,
    -- all fields, also those this version does not know
    body          TEXT NOT NULL,
    -- field name -> [seq, device]
    versions      TEXT NOT NULL,
    -- under which it last changed or changed hands
    last_seq      INTEGER NOT NULL,
    only_device   TEXT,
    last_action   TEXT NOT NULL,
    last_actor    TEXT NOT NULL,
    last_claimed  INTEGER NOT NULL,
    PRIMARY KEY (province, entity, entity_id)
) STRICT;
CREATE INDEX record_of_case ON record (province, case_id) WHERE case_id IS NOT NULL;
-- first sync: one range scan of this index finds what an office is to hold
CREATE UNIQUE INDEX record_in_order
    ON record (province, last_seq, office_code, referred_to, only_device);

CREATE TABLE feed (
    province       TEXT NOT NULL,
    office_code    TEXT NOT NULL,
    seq            INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    entity         TEXT NOT NULL,
    entity_id      TEXT NOT NULL,
    author_device  TEXT,
    PRIMARY KEY (province, office_code, seq)
) STRICT, WITHOUT ROWID;

-- What was not applied, whole or in part, until a person decides.
CREATE TABLE held (
    province     TEXT NOT NULL,
    device       TEXT NOT NULL,
    device_seq   INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    office_code  TEXT NOT NULL,
    entity       TEXT NOT NULL,
    entity_id    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    change       TEXT NOT NULL,
    ours         TEXT NOT NULL,
    theirs       TEXT NOT NULL,
    received_at  INTEGER NOT NULL,
    PRIMARY KEY (province, device, device_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_of_office ON held (province, office_code);
