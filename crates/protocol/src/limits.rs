//! A limit on everything that crosses. Both ends keep them: the desk so that it is never refused,
//! the server so that nobody can make it do more.

/// Changes in one batch.
pub const CHANGES_MAX: usize = 2_000;
/// Bytes of a request's body.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Rows delivered in one answer.
pub const DELIVERED_MAX: u32 = 5_000;
/// Bytes of JSON of delivered rows after which an answer says `more`; one row always fits.
pub const DELIVERED_BYTES: usize = 6 * 1024 * 1024;
/// Bytes of one record as it stands at the server, unknown fields included.
pub const RECORD_BYTES_MAX: usize = 256 * 1024;
/// Bytes of an answer that a desk is willing to read. The outcomes of a full batch, with the
/// server's values for every conflict, and a full page of rows stay below it.
pub const ANSWER_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Owners whose sums are told apart in one answer: more than any province has.
pub const OWNERS_MAX: usize = 20_000;
/// Letters of a device's name.
pub const DEVICE_NAME_MAX: usize = 120;
/// Bytes that one section of columns may become in memory, counted roughly. A full batch of new
/// cases takes a quarter of it, a full page of rows as well.
pub const ROWS_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How deep lists and objects may lie in each other in the value of a field. JSON readers stop at 127 levels, and a value
/// is kept and told inside of others: a fields' object, an outcome, a list of them.
pub const NESTED_MAX: u8 = 64;
/// What the rows of one answer may weigh (`columns::weight`): a quarter of what reading them may take, because one more
/// row always fits, and a value that comes again is paid for twice.
pub const DELIVERED_WEIGHT: usize = ROWS_BYTES_MAX / 4;
/// Bytes of JSON of the values that the outcomes of one answer bring back. A batch that would take more is refused as
/// too large, so that its desk sends fewer changes; one change is always answered.
pub const OUTCOMES_BYTES: usize = 8 * 1024 * 1024;
