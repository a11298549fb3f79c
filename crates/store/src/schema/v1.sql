-- Version 1 of an office's store. A record's table holds its fields under their own names, then what
-- the store keeps beside them:
--   pk          the row, for keys of pages and search
--   version     how often this desk has seen the record change; a form that is older than it is a clash
--   server_seq  the highest server sequence of the record this desk has absorbed; 0 before the first sync
--   extra       fields that came by sync and that this version does not know; they are kept (JSON object)
-- Records are never deleted by an office's work: `void_reason` says why one no longer counts.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE desk_user (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, villages TEXT NOT NULL, position INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE incident (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    office_code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, started_on TEXT, ended_on TEXT,
    created_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);

CREATE TABLE area (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL, name TEXT NOT NULL, lat REAL, lon REAL, office_code TEXT NOT NULL,
    created_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE UNIQUE INDEX area_code ON area (code);

CREATE TABLE kind (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    office_code TEXT NOT NULL, list TEXT NOT NULL, code TEXT NOT NULL, th TEXT NOT NULL, en TEXT NOT NULL,
    serves TEXT NOT NULL, position INTEGER NOT NULL, active INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX kind_list ON kind (list, position);

CREATE TABLE person (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    case_id TEXT, office_code TEXT NOT NULL, title TEXT NOT NULL, given_name TEXT NOT NULL,
    family_name TEXT NOT NULL, citizen_id TEXT, citizen_id_valid INTEGER NOT NULL, phone TEXT, birth_on TEXT,
    created_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX person_case ON person (case_id);
CREATE INDEX person_phone ON person (phone) WHERE phone IS NOT NULL;
CREATE INDEX person_citizen_id ON person (citizen_id) WHERE citizen_id IS NOT NULL;
CREATE INDEX person_name ON person (given_name, family_name);

-- `state`, `is_open` and `urgency_rank` (0 is the most pressing) are derived from the needs and the
-- urgency (`derive.rs`).
CREATE TABLE "case" (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL, incident_id TEXT, office_code TEXT NOT NULL, referred_to TEXT, referral_note TEXT,
    channel TEXT NOT NULL, reported_at INTEGER NOT NULL, reporter TEXT, person_id TEXT, area_code TEXT NOT NULL,
    house_no TEXT NOT NULL, landmark TEXT NOT NULL, lat REAL, lon REAL, accuracy_m INTEGER,
    place_source TEXT NOT NULL, people_count INTEGER NOT NULL, vulnerable TEXT NOT NULL, urgency TEXT NOT NULL,
    note TEXT NOT NULL, review_state TEXT NOT NULL, confirmed_at INTEGER, confirmed_by TEXT, import_id TEXT,
    created_at INTEGER NOT NULL, created_by TEXT, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT,
    state TEXT NOT NULL DEFAULT 'reported', is_open INTEGER NOT NULL DEFAULT 1,
    urgency_rank INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX case_number ON "case" (number);
CREATE INDEX case_open_newest ON "case" (is_open, reported_at DESC, pk DESC) WHERE void_reason IS NULL;
CREATE INDEX case_open_waiting ON "case" (is_open, urgency_rank, reported_at, pk) WHERE void_reason IS NULL;
CREATE INDEX case_state_newest ON "case" (state, reported_at DESC, pk DESC) WHERE void_reason IS NULL;
CREATE INDEX case_newest ON "case" (reported_at DESC, pk DESC) WHERE void_reason IS NULL;
CREATE INDEX case_area ON "case" (area_code, state);
CREATE INDEX case_review ON "case" (review_state, area_code) WHERE void_reason IS NULL;
-- Since when nobody has said a word of an open case. The last columns are there so that no row is read to count.
CREATE INDEX case_heard_of ON "case" (max(reported_at, coalesce(confirmed_at, 0)), is_open, void_reason)
    WHERE void_reason IS NULL AND is_open = 1;
-- The map: strips of a hundredth of a degree from south to north, each from west to east. It holds all that a
-- pin needs, so that the tens of thousands of a box are read without their rows.
CREATE INDEX case_map ON "case" (is_open, CAST(lat * 100 AS INTEGER), lon, lat, state, urgency, area_code, void_reason)
    WHERE void_reason IS NULL AND lat IS NOT NULL;

-- Counts are kept, not computed: the first screen asks for them each time. Any change of a case
-- moves its one count.
CREATE TABLE case_count (
    area_code TEXT NOT NULL, state TEXT NOT NULL, urgency TEXT NOT NULL, has_place INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (area_code, state, urgency, has_place)
) WITHOUT ROWID;
CREATE TABLE review_count (
    area_code TEXT NOT NULL, review_state TEXT NOT NULL, is_open INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (area_code, review_state, is_open)
) WITHOUT ROWID;
CREATE TRIGGER case_counted AFTER INSERT ON "case" WHEN new.void_reason IS NULL BEGIN
    INSERT INTO case_count VALUES (new.area_code, new.state, new.urgency, new.lat IS NOT NULL, 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
    INSERT INTO review_count VALUES (new.area_code, new.review_state, new.is_open, 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER case_uncounted AFTER DELETE ON "case" WHEN old.void_reason IS NULL BEGIN
    UPDATE case_count SET n = n - 1 WHERE area_code = old.area_code AND state = old.state
        AND urgency = old.urgency AND has_place = (old.lat IS NOT NULL);
    UPDATE review_count SET n = n - 1 WHERE area_code = old.area_code AND review_state = old.review_state
        AND is_open = old.is_open;
END;
CREATE TRIGGER case_recounted AFTER UPDATE OF area_code, state, urgency, lat, void_reason ON "case"
WHEN (old.area_code, old.state, old.urgency, old.lat IS NULL, old.void_reason IS NULL)
    IS NOT (new.area_code, new.state, new.urgency, new.lat IS NULL, new.void_reason IS NULL) BEGIN
    UPDATE case_count SET n = n - 1 WHERE old.void_reason IS NULL AND area_code = old.area_code
        AND state = old.state AND urgency = old.urgency AND has_place = (old.lat IS NOT NULL);
    INSERT INTO case_count SELECT new.area_code, new.state, new.urgency, new.lat IS NOT NULL, 1
        WHERE new.void_reason IS NULL
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER case_review_recounted AFTER UPDATE OF area_code, review_state, is_open, void_reason ON "case"
WHEN (old.area_code, old.review_state, old.is_open, old.void_reason IS NULL)
    IS NOT (new.area_code, new.review_state, new.is_open, new.void_reason IS NULL) BEGIN
    UPDATE review_count SET n = n - 1 WHERE old.void_reason IS NULL AND area_code = old.area_code
        AND review_state = old.review_state AND is_open = old.is_open;
    INSERT INTO review_count SELECT new.area_code, new.review_state, new.is_open, 1
        WHERE new.void_reason IS NULL
    ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TABLE need (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, state TEXT NOT NULL,
    state_since INTEGER NOT NULL, closing_reason TEXT, closing_note TEXT, created_at INTEGER NOT NULL,
    void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX need_case ON need (case_id, kind, void_reason);
CREATE INDEX need_state ON need (state, kind);
CREATE INDEX need_met ON need (state_since, state, closing_reason, void_reason) WHERE void_reason IS NULL
    AND (state = 'met' OR (state = 'closed' AND closing_reason = 'met'));

CREATE TABLE need_count (
    kind TEXT NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, state)
) WITHOUT ROWID;
CREATE TRIGGER need_counted AFTER INSERT ON need WHEN new.void_reason IS NULL BEGIN
    INSERT INTO need_count VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER need_uncounted AFTER DELETE ON need WHEN old.void_reason IS NULL BEGIN
    UPDATE need_count SET n = n - 1 WHERE kind = old.kind AND state = old.state;
END;
CREATE TRIGGER need_recounted AFTER UPDATE OF kind, state, void_reason ON need
WHEN (old.kind, old.state, old.void_reason IS NULL) IS NOT (new.kind, new.state, new.void_reason IS NULL) BEGIN
    UPDATE need_count SET n = n - 1 WHERE old.void_reason IS NULL AND kind = old.kind AND state = old.state;
    INSERT INTO need_count SELECT new.kind, new.state, 1 WHERE new.void_reason IS NULL
    ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TABLE volunteer (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    office_code TEXT NOT NULL, title TEXT NOT NULL, given_name TEXT NOT NULL, family_name TEXT NOT NULL, phone TEXT,
    kinds TEXT NOT NULL, skills TEXT NOT NULL, vehicle TEXT, area_code TEXT NOT NULL, house_no TEXT NOT NULL,
    lat REAL, lon REAL, patch TEXT NOT NULL, max_open_tasks INTEGER NOT NULL, availability TEXT NOT NULL,
    note TEXT NOT NULL, created_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX volunteer_name ON volunteer (given_name COLLATE thai, family_name COLLATE thai, pk);
CREATE INDEX volunteer_phone ON volunteer (phone) WHERE phone IS NOT NULL;

CREATE TABLE assignment (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL, need_id TEXT NOT NULL, volunteer_id TEXT NOT NULL, volunteer_label TEXT NOT NULL,
    state TEXT NOT NULL, state_since INTEGER NOT NULL, reason TEXT, outcome TEXT, distance_m INTEGER,
    why TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX assignment_case ON assignment (case_id);
CREATE INDEX assignment_need ON assignment (need_id, state);
CREATE INDEX assignment_volunteer ON assignment (volunteer_id, state);
CREATE INDEX assignment_state ON assignment (state, state_since DESC);

CREATE TABLE review (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL, assignment_id TEXT, verdict TEXT NOT NULL, reason TEXT, reviewer TEXT NOT NULL,
    reviewed_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX review_case ON review (case_id);

CREATE TABLE follow_up (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL, due_on TEXT NOT NULL, note TEXT NOT NULL, done_at INTEGER, outcome TEXT,
    created_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX follow_up_case ON follow_up (case_id);
CREATE INDEX follow_up_due ON follow_up (due_on) WHERE done_at IS NULL AND void_reason IS NULL;

CREATE TABLE service_point (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    office_code TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, area_code TEXT NOT NULL, lat REAL, lon REAL,
    phone TEXT, capacity INTEGER, free INTEGER, state TEXT NOT NULL, hours TEXT NOT NULL, confirmed_at INTEGER,
    confirmed_by TEXT, created_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);

-- One row a searchable record; the words themselves are only in the index, as pairs of letters.
CREATE TABLE search_doc (
    pk INTEGER PRIMARY KEY, kind TEXT NOT NULL, record_id TEXT NOT NULL, UNIQUE (kind, record_id)
);
CREATE VIRTUAL TABLE search_words USING fts5 (
    words, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);

-- One line for each record an act touched.
CREATE TABLE audit (
    pk INTEGER PRIMARY KEY, act_id TEXT NOT NULL, action TEXT NOT NULL, actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL, at INTEGER NOT NULL, entity TEXT NOT NULL, entity_id TEXT NOT NULL, case_id TEXT,
    fields TEXT NOT NULL
);
CREATE INDEX audit_case ON audit (case_id, pk);
CREATE INDEX audit_at ON audit (at);

-- What undo needs: each record's fields as they were before.
CREATE TABLE act (
    pk INTEGER PRIMARY KEY, act_id TEXT NOT NULL UNIQUE, action TEXT NOT NULL, actor_id TEXT NOT NULL,
    at INTEGER NOT NULL, undone INTEGER NOT NULL, body TEXT NOT NULL
);

-- Changes that the provincial server has not answered yet, in the order they were made.
CREATE TABLE outbox (
    device_seq INTEGER PRIMARY KEY, entity TEXT NOT NULL, entity_id TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX outbox_record ON outbox (entity_id);

CREATE TABLE sync_batch (
    pk INTEGER PRIMARY KEY, at INTEGER NOT NULL, sent INTEGER NOT NULL, new INTEGER NOT NULL, merged INTEGER NOT NULL,
    conflicts INTEGER NOT NULL, held INTEGER NOT NULL, received INTEGER NOT NULL
);

-- Changes the server did not apply: held with a reason, or in conflict with the value that stands.
CREATE TABLE trouble (
    pk INTEGER PRIMARY KEY, change_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, reason TEXT NOT NULL,
    entity TEXT NOT NULL, entity_id TEXT NOT NULL, change TEXT NOT NULL, theirs TEXT NOT NULL, at INTEGER NOT NULL
);

CREATE TABLE draft (
    key TEXT NOT NULL, actor_id TEXT NOT NULL, body TEXT NOT NULL, saved_at INTEGER NOT NULL, PRIMARY KEY (key, actor_id)
) WITHOUT ROWID;

CREATE TABLE map_layer (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, features INTEGER NOT NULL, coded INTEGER NOT NULL,
    added_at INTEGER NOT NULL, geojson TEXT NOT NULL
);

CREATE TABLE import_file (
    sha256 TEXT NOT NULL, kind TEXT NOT NULL, file_name TEXT NOT NULL, at INTEGER NOT NULL, rows INTEGER NOT NULL,
    act_id TEXT NOT NULL
);
CREATE INDEX import_file_sha256 ON import_file (sha256, kind);

CREATE TABLE export_log (
    pk INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor_name TEXT NOT NULL, kind TEXT NOT NULL, format TEXT NOT NULL,
    filter TEXT NOT NULL, rows INTEGER NOT NULL, unmasked INTEGER NOT NULL, reason TEXT
);
