-- Layout 3: what operators did, one line an act. Only ever added to: the triggers see to it.
CREATE TABLE operator_log (
    province     TEXT NOT NULL,
    id           INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    who          TEXT NOT NULL,
    deed         TEXT NOT NULL,
    office_code  TEXT,
    device       TEXT,
    note         TEXT NOT NULL,
    PRIMARY KEY (province, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER operator_log_keeps BEFORE UPDATE ON operator_log
BEGIN SELECT raise(ABORT, 'operator_log is only added to'); END;
CREATE TRIGGER operator_log_stays BEFORE DELETE ON operator_log
BEGIN SELECT raise(ABORT, 'operator_log is only added to'); END;
