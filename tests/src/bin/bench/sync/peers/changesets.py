"""The floor: SQLite's own session changesets between databases of one process, with no network, no server, no
conflicts and nobody's rights. The system's SQLite is called directly, since Python's module has no sessions.

python3 changesets.py FOLDER FILE..: a database for each file of documents (one a line). Writes each database's
changeset beside it, applies it to all others, and prints one line of JSON.
"""

import ctypes
import ctypes.util
import json
import os
import resource
import sys
import time

OK = 0
folder, files = sys.argv[1], sys.argv[2:]
lib = ctypes.CDLL(ctypes.util.find_library("sqlite3") or "libsqlite3.so.0")
lib.sqlite3session_create  # AttributeError: this SQLite was built without sessions.
POINTER = ctypes.c_void_p
ON_CONFLICT = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, ctypes.c_int, POINTER)
for name in ("sqlite3session_attach", "sqlite3_bind_text", "sqlite3_step", "sqlite3_reset", "sqlite3_exec",
             "sqlite3changeset_apply", "sqlite3_prepare_v2", "sqlite3_finalize"):
    getattr(lib, name).restype = ctypes.c_int
lib.sqlite3session_attach.argtypes = [POINTER, POINTER]
lib.sqlite3session_delete.argtypes = [POINTER]
lib.sqlite3session_changeset.argtypes = [POINTER, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(POINTER)]
lib.sqlite3changeset_apply.argtypes = [POINTER, ctypes.c_int, POINTER, POINTER, ON_CONFLICT, POINTER]
lib.sqlite3_exec.argtypes = [POINTER, ctypes.c_char_p, POINTER, POINTER, POINTER]
lib.sqlite3_prepare_v2.argtypes = [POINTER, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(POINTER), POINTER]
lib.sqlite3_bind_text.argtypes = [POINTER, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_ssize_t]
lib.sqlite3_step.argtypes = [POINTER]
lib.sqlite3_reset.argtypes = [POINTER]
lib.sqlite3_finalize.argtypes = [POINTER]
lib.sqlite3_column_text.argtypes = [POINTER, ctypes.c_int]
lib.sqlite3_column_text.restype = ctypes.c_char_p


def check(code):
    if code != OK:
        raise SystemExit(f"sqlite: {code}")


def run(db, sql):
    check(lib.sqlite3_exec(db, sql.encode(), None, None, None))


documents = [[json.loads(line) for line in open(file, encoding="utf-8")] for file in files]
names = sorted({name for docs in documents for doc in docs for name in doc if name != "_id"})
columns = ["_id TEXT PRIMARY KEY"] + [f'"{name}" TEXT' for name in names]
insert = f"INSERT INTO cases VALUES ({', '.join('?' * len(columns))})"


def text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def opened(number):
    db = POINTER()
    path = os.path.join(folder, f"changesets-{number}.db")
    check(lib.sqlite3_open(path.encode(), ctypes.byref(db)))
    run(db, f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE cases ({', '.join(columns)})")
    return db


def fill(db, docs):
    statement = POINTER()
    check(lib.sqlite3_prepare_v2(db, insert.encode(), -1, ctypes.byref(statement), None))
    run(db, "BEGIN")
    for doc in docs:
        values = [doc["_id"]] + [text(doc[name]) if name in doc else None for name in names]
        for place, value in enumerate(values, 1):
            raw = value.encode() if value is not None else None
            check(lib.sqlite3_bind_text(statement, place, raw, len(raw or b""), -1))
        lib.sqlite3_step(statement)
        check(lib.sqlite3_reset(statement))
    run(db, "COMMIT")
    lib.sqlite3_finalize(statement)


dbs = [opened(number) for number in range(len(files))]
sessions = []
for db, docs in zip(dbs, documents):
    session = POINTER()
    check(lib.sqlite3session_create(db, b"main", ctypes.byref(session)))
    check(lib.sqlite3session_attach(session, None))
    fill(db, docs)
    sessions.append(session)
documents = None

begin, cpu = time.monotonic(), time.process_time()
sets = []
for session in sessions:
    size, data = ctypes.c_int(), POINTER()
    check(lib.sqlite3session_changeset(session, ctypes.byref(size), ctypes.byref(data)))
    sets.append((size.value, data))
    lib.sqlite3session_delete(session)
refuse = ON_CONFLICT(lambda *_: 2)
for number, db in enumerate(dbs):
    run(db, "BEGIN")
    for other, (size, data) in enumerate(sets):
        if other != number:
            check(lib.sqlite3changeset_apply(db, size, data, None, refuse, None))
    run(db, "COMMIT")
wall, cpu = time.monotonic() - begin, time.process_time() - cpu


def held(db):
    statement = POINTER()
    sql = b"SELECT count(*), sum(length(_id)) FROM cases"
    check(lib.sqlite3_prepare_v2(db, sql, -1, ctypes.byref(statement), None))
    lib.sqlite3_step(statement)
    count = int(lib.sqlite3_column_text(statement, 0))
    lib.sqlite3_finalize(statement)
    return count


for number, (size, data) in enumerate(sets):
    with open(os.path.join(folder, f"changesets-{number}.bin"), "wb") as file:
        file.write(ctypes.string_at(data, size))
print(json.dumps({
    "wall_s": wall,
    "cpu_s": cpu,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "counts": [held(db) for db in dbs],
}))
