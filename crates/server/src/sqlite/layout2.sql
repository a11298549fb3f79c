-- Layout 2: signed batches, devices with a state of their own, the checksum of a scope, epochs.

ALTER TABLE province ADD COLUMN secret BLOB;
-- 1 in a backup: who opens it as the ledger has restored it, and a new epoch begins
ALTER TABLE province ADD COLUMN is_copy INTEGER NOT NULL DEFAULT 0;

-- A server restored from a copy has forgotten what came after: its order goes on from `cut` in another way.
CREATE TABLE epoch (
    province  TEXT NOT NULL,
    number    INTEGER NOT NULL,
    epoch     TEXT NOT NULL,
    cut       INTEGER NOT NULL,
    begun_at  INTEGER NOT NULL,
    PRIMARY KEY (province, number)
) STRICT, WITHOUT ROWID;

-- pending | confirmed | revoked | forked
ALTER TABLE device ADD COLUMN status TEXT NOT NULL DEFAULT 'confirmed';
UPDATE device SET status = 'revoked' WHERE revoked = 1;
ALTER TABLE device DROP COLUMN revoked;
-- none: a device of protocol 1, which shows a token
ALTER TABLE device ADD COLUMN public_key BLOB;
-- hash of its chain at last_seq; none: as it will say
ALTER TABLE device ADD COLUMN link BLOB;
ALTER TABLE device ADD COLUMN program TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN protocol INTEGER NOT NULL DEFAULT 1;
ALTER TABLE device ADD COLUMN last_cursor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN skew_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN revoked_how TEXT;

ALTER TABLE enrol_code ADD COLUMN devices_max INTEGER NOT NULL DEFAULT 1;
-- the device has to be confirmed by the operator after it has shown the code
ALTER TABLE enrol_code ADD COLUMN confirms INTEGER NOT NULL DEFAULT 1;
CREATE TABLE enrol_use (
    province  TEXT NOT NULL,
    code_id   INTEGER NOT NULL,
    device    TEXT NOT NULL,
    PRIMARY KEY (province, code_id, device)
) STRICT, WITHOUT ROWID;
INSERT INTO enrol_use SELECT province, id, used_by FROM enrol_code WHERE used_by IS NOT NULL;
ALTER TABLE enrol_code DROP COLUMN used_by;

ALTER TABLE change_log ADD COLUMN link BLOB;

ALTER TABLE record ADD COLUMN authors TEXT NOT NULL DEFAULT '{}';
ALTER TABLE record ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;

-- The sum of the records of one owner, apart by whom they are referred to; '' for nobody.
CREATE TABLE scope_sum (
    province     TEXT NOT NULL,
    office_code  TEXT NOT NULL,
    referred_to  TEXT NOT NULL,
    sum          INTEGER NOT NULL,
    PRIMARY KEY (province, office_code, referred_to)
) STRICT, WITHOUT ROWID;
