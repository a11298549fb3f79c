-- The provincial ledger on PostgreSQL. The tables are those of the SQLite ledger; every key begins with the province, so
-- that they can be partitioned by it, or spread by it over machines. Codes are compared by their bytes, as SQLite does.
-- Moments are milliseconds since 1970; JSON is text, since its fields keep their order and its numbers their digits.

CREATE TABLE province (
    province    text COLLATE "C" NOT NULL,
    server_id   uuid NOT NULL,
    secret      bytea,
    -- the last sequence given; taken under this row's lock: a sequence of the database's own is not in the order of commits
    head        bigint NOT NULL,
    created_at  bigint NOT NULL,
    -- 1 in a copy: who opens it as the ledger has restored it, and a new epoch begins
    is_copy     smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (province)
);

CREATE TABLE epoch (
    province  text COLLATE "C" NOT NULL,
    number    bigint NOT NULL,
    epoch     uuid NOT NULL,
    cut       bigint NOT NULL,
    begun_at  bigint NOT NULL,
    PRIMARY KEY (province, number)
);

CREATE TABLE device (
    province      text COLLATE "C" NOT NULL,
    device        uuid NOT NULL,
    office_code   text COLLATE "C" NOT NULL,
    name          text NOT NULL,
    status        text NOT NULL,
    revoked_how   text,
    token_hash    bytea NOT NULL,
    public_key    bytea,
    last_seq      bigint NOT NULL,
    link          bytea,
    scan_from     bigint NOT NULL,
    live_from     bigint,
    program       text NOT NULL,
    protocol      bigint NOT NULL,
    last_cursor   bigint NOT NULL,
    waiting       bigint NOT NULL,
    skew_ms       bigint NOT NULL,
    enrolled_at   bigint NOT NULL,
    last_seen_at  bigint,
    PRIMARY KEY (province, device)
);

CREATE TABLE enrol_code (
    province     text COLLATE "C" NOT NULL,
    id           bigint NOT NULL,
    office_code  text COLLATE "C" NOT NULL,
    hash         bytea NOT NULL,
    expires_at   bigint NOT NULL,
    tries        bigint NOT NULL DEFAULT 0,
    devices_max  bigint NOT NULL,
    confirms     boolean NOT NULL,
    PRIMARY KEY (province, id)
);
CREATE INDEX enrol_code_of_office ON enrol_code (province, office_code);

CREATE TABLE enrol_use (
    province  text COLLATE "C" NOT NULL,
    code_id   bigint NOT NULL,
    device    uuid NOT NULL,
    PRIMARY KEY (province, code_id, device)
);

-- Everything that ever arrived, in the order in which it did, with what was answered.
CREATE TABLE change_log (
    province     text COLLATE "C" NOT NULL,
    seq          bigint NOT NULL,
    change_id    uuid NOT NULL,
    office_code  text COLLATE "C" NOT NULL,
    device       uuid NOT NULL,
    device_seq   bigint NOT NULL,
    change       text NOT NULL,
    outcome      text NOT NULL,
    received_at  bigint NOT NULL,
    link         bytea,
    PRIMARY KEY (province, seq),
    UNIQUE (province, device, device_seq),
    UNIQUE (province, change_id)
);

CREATE TABLE record (
    province      text COLLATE "C" NOT NULL,
    entity        text COLLATE "C" NOT NULL,
    entity_id     uuid NOT NULL,
    -- whose it is; for an area its own code, for a part of a case the case's office
    office_code   text COLLATE "C" NOT NULL,
    referred_to   text COLLATE "C",
    case_id       uuid,
    area_code     text,
    -- all fields, also those this version does not know
    body          text NOT NULL,
    -- field name -> [seq, device]
    versions      text NOT NULL,
    -- under which it last changed or changed hands
    last_seq      bigint NOT NULL,
    only_device   uuid,
    last_action   text NOT NULL,
    last_actor    text NOT NULL,
    last_claimed  bigint NOT NULL,
    authors       text NOT NULL,
    -- 64 bits without a sign, kept as the bigint of the same bits; added outside, since it wraps
    sum           bigint NOT NULL,
    PRIMARY KEY (province, entity_id, entity)
);
CREATE INDEX record_of_case ON record (province, case_id) WHERE case_id IS NOT NULL;
-- first sync: what an office is to hold, its own and what was referred to it
CREATE INDEX record_of_office ON record (province, office_code, last_seq);
CREATE INDEX record_referred ON record (province, referred_to, last_seq) WHERE referred_to IS NOT NULL;

CREATE TABLE feed (
    province       text COLLATE "C" NOT NULL,
    office_code    text COLLATE "C" NOT NULL,
    seq            bigint NOT NULL,
    kind           text NOT NULL,
    entity         text COLLATE "C" NOT NULL,
    entity_id      uuid NOT NULL,
    author_device  uuid,
    PRIMARY KEY (province, office_code, seq)
);

-- What was not applied, whole or in part, until a person decides.
CREATE TABLE held (
    province     text COLLATE "C" NOT NULL,
    device       uuid NOT NULL,
    device_seq   bigint NOT NULL,
    seq          bigint NOT NULL,
    office_code  text COLLATE "C" NOT NULL,
    entity       text COLLATE "C" NOT NULL,
    entity_id    uuid NOT NULL,
    reason       text NOT NULL,
    change       text NOT NULL,
    ours         text NOT NULL,
    theirs       text NOT NULL,
    received_at  bigint NOT NULL,
    PRIMARY KEY (province, device, device_seq)
);
CREATE INDEX held_of_office ON held (province, office_code);

-- The sum of the records of one owner, apart by whom they are referred to; '' for nobody.
CREATE TABLE scope_sum (
    province     text COLLATE "C" NOT NULL,
    office_code  text COLLATE "C" NOT NULL,
    referred_to  text COLLATE "C" NOT NULL,
    sum          bigint NOT NULL,
    PRIMARY KEY (province, office_code, referred_to)
);

-- What operators did, one line an act. Only ever added to.
CREATE TABLE operator_log (
    province     text COLLATE "C" NOT NULL,
    id           bigint NOT NULL,
    at           bigint NOT NULL,
    who          text NOT NULL,
    deed         text NOT NULL,
    office_code  text COLLATE "C",
    device       uuid,
    note         text NOT NULL,
    PRIMARY KEY (province, id)
);
