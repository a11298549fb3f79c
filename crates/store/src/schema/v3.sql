-- Version 3: sync for real. What the server took stays here too, for the day it has to be told again; what it did
-- not apply is decided by a person and stays restorable; exchanges by file have their receipts.

-- Changes that have the server's word. `link` is the hash of the device's own chain up to here.
CREATE TABLE sent (
    device_seq INTEGER PRIMARY KEY, link BLOB NOT NULL, seq INTEGER, body TEXT NOT NULL
);

-- How an exchange went, also one by file: written on a stick, it waits for its receipt.
ALTER TABLE sync_batch ADD COLUMN by TEXT NOT NULL DEFAULT 'line';
ALTER TABLE sync_batch ADD COLUMN state TEXT NOT NULL DEFAULT 'receipted';
ALTER TABLE sync_batch ADD COLUMN file_name TEXT;
ALTER TABLE sync_batch ADD COLUMN body_hash BLOB;
ALTER TABLE sync_batch ADD COLUMN first_seq INTEGER;
ALTER TABLE sync_batch ADD COLUMN last_seq INTEGER;
ALTER TABLE sync_batch ADD COLUMN receipted_at INTEGER;

-- A trouble stays after it was decided: who decided, when, for which side; the other side can be put back.
ALTER TABLE trouble ADD COLUMN theirs_by TEXT NOT NULL DEFAULT '{}';
ALTER TABLE trouble ADD COLUMN decided_at INTEGER;
ALTER TABLE trouble ADD COLUMN decided_by TEXT;
ALTER TABLE trouble ADD COLUMN decision TEXT;
CREATE INDEX trouble_open ON trouble (pk) WHERE decided_at IS NULL;
