-- Version 2: hands for every need. Volunteers as offices know them, teams, the whole life of an
-- assignment, lists on paper, escalation, the office's own rules.

ALTER TABLE desk_user ADD COLUMN volunteer_id TEXT;

ALTER TABLE kind ADD COLUMN wants TEXT NOT NULL DEFAULT '[]';
ALTER TABLE kind ADD COLUMN gravity INTEGER;
ALTER TABLE kind ADD COLUMN follow_up_days INTEGER;

ALTER TABLE "case" ADD COLUMN escalation TEXT NOT NULL DEFAULT 'none';
ALTER TABLE "case" ADD COLUMN escalated_at INTEGER;
ALTER TABLE "case" ADD COLUMN escalation_reason TEXT;
ALTER TABLE "case" ADD COLUMN escalation_seen_at INTEGER;
ALTER TABLE "case" ADD COLUMN escalation_seen_by TEXT;
ALTER TABLE "case" ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "case" ADD COLUMN tried_at INTEGER;
CREATE INDEX case_escalated ON "case" (escalation, escalated_at)
    WHERE void_reason IS NULL AND is_open = 1 AND escalation <> 'none';
-- Derived (`derive.rs`), so that the clock finds what is due without looking at what is not: since when the
-- longest waiting need has been without hands, the earliest follow-up not done, when the person in need said
-- that help had not come.
ALTER TABLE "case" ADD COLUMN waits_since INTEGER;
ALTER TABLE "case" ADD COLUMN follow_due TEXT;
ALTER TABLE "case" ADD COLUMN not_come_at INTEGER;
CREATE INDEX case_waits ON "case" (office_code, escalation, urgency_rank, waits_since)
    WHERE void_reason IS NULL AND is_open = 1 AND waits_since IS NOT NULL;
CREATE INDEX case_follow_due ON "case" (office_code, escalation, follow_due)
    WHERE void_reason IS NULL AND is_open = 1 AND follow_due IS NOT NULL;
CREATE INDEX case_not_come ON "case" (escalation, not_come_at)
    WHERE void_reason IS NULL AND is_open = 1 AND not_come_at IS NOT NULL;
UPDATE "case" SET
    waits_since = (SELECT "case".reported_at FROM need n WHERE n.case_id = "case".id AND n.void_reason IS NULL
        AND n.state IN ('reported', 'verifying', 'open', 'partly_met') LIMIT 1),
    follow_due = (SELECT min(f.due_on) FROM follow_up f WHERE f.case_id = "case".id AND f.done_at IS NULL
        AND f.void_reason IS NULL);

ALTER TABLE need ADD COLUMN hands INTEGER;
ALTER TABLE need ADD COLUMN waiting_since INTEGER;
DROP INDEX need_state;

ALTER TABLE volunteer ADD COLUMN equipment TEXT NOT NULL DEFAULT '[]';
ALTER TABLE volunteer ADD COLUMN vehicle_seats INTEGER;
ALTER TABLE volunteer ADD COLUMN vehicle_carries TEXT NOT NULL DEFAULT '[]';
ALTER TABLE volunteer ADD COLUMN hours TEXT NOT NULL DEFAULT '[]';
ALTER TABLE volunteer ADD COLUMN reach TEXT NOT NULL DEFAULT 'subdistrict';
ALTER TABLE volunteer ADD COLUMN away_from TEXT;
ALTER TABLE volunteer ADD COLUMN away_until TEXT;
ALTER TABLE volunteer ADD COLUMN vetting TEXT NOT NULL DEFAULT 'unvetted';
ALTER TABLE volunteer ADD COLUMN vetted_at INTEGER;
ALTER TABLE volunteer ADD COLUMN vetted_by TEXT;
ALTER TABLE volunteer ADD COLUMN training TEXT NOT NULL DEFAULT '[]';
ALTER TABLE volunteer ADD COLUMN confirmed_at INTEGER;
ALTER TABLE volunteer ADD COLUMN confirmed_by TEXT;
ALTER TABLE volunteer ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE volunteer ADD COLUMN tried_at INTEGER;

ALTER TABLE service_point ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE service_point ADD COLUMN tried_at INTEGER;

ALTER TABLE assignment ADD COLUMN number TEXT NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN team_id TEXT;
ALTER TABLE assignment ADD COLUMN companions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE assignment ADD COLUMN visit_id TEXT;
ALTER TABLE assignment ADD COLUMN replaces_id TEXT;
ALTER TABLE assignment ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN minutes_given INTEGER;
ALTER TABLE assignment ADD COLUMN offered_by TEXT;
ALTER TABLE assignment ADD COLUMN offered_at INTEGER;
ALTER TABLE assignment ADD COLUMN expires_at INTEGER;
ALTER TABLE assignment ADD COLUMN receiver_word TEXT;
ALTER TABLE assignment ADD COLUMN receiver_note TEXT;
ALTER TABLE assignment ADD COLUMN receiver_said_at INTEGER;
CREATE INDEX assignment_number ON assignment (number) WHERE number <> '';
CREATE INDEX assignment_visit ON assignment (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX assignment_expires ON assignment (expires_at) WHERE state = 'offered' AND void_reason IS NULL;

ALTER TABLE review ADD COLUMN medium TEXT NOT NULL DEFAULT 'screen';
ALTER TABLE review ADD COLUMN tick_list_id TEXT;
ALTER TABLE review ADD COLUMN keyed_by TEXT;
ALTER TABLE review ADD COLUMN ticked TEXT;
CREATE INDEX review_tick_list ON review (tick_list_id) WHERE tick_list_id IS NOT NULL;

ALTER TABLE follow_up ADD COLUMN by_rule INTEGER NOT NULL DEFAULT 0;
CREATE INDEX follow_up_by_person ON follow_up (created_at) WHERE by_rule = 0 AND void_reason IS NULL;
CREATE INDEX follow_up_done ON follow_up (done_at) WHERE done_at IS NOT NULL AND void_reason IS NULL;

-- Who is rung first: the most urgent, and of these whoever was heard of longest ago.
DROP INDEX case_heard_of;
CREATE INDEX case_heard_of
    ON "case" (urgency_rank, max(reported_at, coalesce(confirmed_at, 0)), area_code, is_open, void_reason)
    WHERE void_reason IS NULL AND is_open = 1;

CREATE TABLE team (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    office_code TEXT NOT NULL, name TEXT NOT NULL, leader_id TEXT, members TEXT NOT NULL, note TEXT NOT NULL,
    created_at INTEGER NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);

CREATE TABLE tick_list (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    office_code TEXT NOT NULL, area_code TEXT NOT NULL, number TEXT NOT NULL, reviewer TEXT NOT NULL, reviewer_id TEXT,
    lines TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE INDEX tick_list_area ON tick_list (area_code, created_at DESC);

CREATE TABLE rule (
    pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    office_code TEXT NOT NULL, code TEXT NOT NULL, value TEXT NOT NULL, void_reason TEXT,
    version INTEGER NOT NULL, server_seq INTEGER NOT NULL, extra TEXT
);
CREATE UNIQUE INDEX rule_code ON rule (office_code, code);

-- The status line asks for a person's last act each few seconds.
CREATE INDEX act_actor ON act (actor_id, pk) WHERE undone = 0;
CREATE INDEX audit_actor ON audit (at, actor_id);

-- A volunteer's page shows what was done to his record; a team's, what it goes to now.
CREATE INDEX audit_volunteer ON audit (entity_id, pk) WHERE entity = 'volunteer';
CREATE INDEX assignment_team ON assignment (team_id, state) WHERE team_id IS NOT NULL;
-- What teams are at, looked through for those who go along.
CREATE INDEX assignment_companions ON assignment (state) WHERE companions <> '[]' AND void_reason IS NULL;

-- Who has helped a household before.
CREATE INDEX case_house ON "case" (area_code, house_no) WHERE house_no <> '' AND void_reason IS NULL;

-- Needs that take several volunteers are few, and looked for among the many that have theirs.
CREATE INDEX need_several ON need (state) WHERE hands > 1 AND void_reason IS NULL;
