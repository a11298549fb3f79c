//! Compiles the amalgamation with the options an office's store needs.

/// Options of the database, each with its reason.
const OPTIONS: &[(&str, Option<&str>)] = &[
    ("SQLITE_ENABLE_FTS5", None),           // search
    ("SQLITE_ENABLE_RTREE", None),          // GeoPackage files keep R*Trees
    ("SQLITE_ENABLE_MATH_FUNCTIONS", None), // distances in queries
    ("SQLITE_ENABLE_PREUPDATE_HOOK", None), // sessions, for benches against changesets
    ("SQLITE_ENABLE_SESSION", None),
    ("SQLITE_ENABLE_COLUMN_METADATA", None), // rusqlite's column names
    ("SQLITE_ENABLE_API_ARMOR", None),       // misuse answers, it does not crash
    ("SQLITE_THREADSAFE", Some("1")),
    ("SQLITE_DEFAULT_MEMSTATUS", Some("0")), // no lock around each allocation; nobody asks for the sum
    ("SQLITE_DQS", Some("0")),               // a misspelt column is an error, not a text
    ("SQLITE_TEMP_STORE", Some("2")),        // nothing of a person in a temporary file
    ("SQLITE_SECURE_DELETE", None),          // deleted pages are overwritten
    ("SQLITE_OMIT_LOAD_EXTENSION", None),    // no foreign code in our process
    ("SQLITE_TRUSTED_SCHEMA", Some("0")),
    ("SQLITE_DEFAULT_WAL_SYNCHRONOUS", Some("2")),
    ("SQLITE_MAX_MMAP_SIZE", Some("0")), // a memory map hides read errors
];

fn main() {
    let source = sqlite3mc_src::source_dir();
    let mut build = cc::Build::new();
    build
        .file(source.join(sqlite3mc_src::SOURCE_FILE))
        .include(source)
        .warnings(false);
    for (name, value) in OPTIONS {
        build.define(name, *value);
    }
    // The name that libsqlite3-sys asks the linker for.
    build.compile("sqlite3");
    println!("cargo:rerun-if-changed=build.rs");
}
