//! Builds SQLite with page encryption (SQLite3 Multiple Ciphers, ChaCha20-Poly1305) as the static
//! library named `sqlite3` that rusqlite links, so that no OpenSSL and no system SQLite is needed.
//!
//! There is nothing to call here. A crate that opens databases names this one
//! (`extern crate jitasa_sqlite3mc as _;`), so that the library is linked into every program.
