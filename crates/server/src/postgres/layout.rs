//! The tables, and the ways to spread them: together, in a partition a province, or over the machines of Citus.
//!
//! What is sent from here is for a whole database and is sent when it is opened or by its administrator; what an
//! exchange sends is in `statements`.

use postgres::Client;

use super::error::PostgresError;

/// The layout this program reads and writes, as the comment on the table `province` names it. It counts with SQLite's.
pub(super) const LAYOUT: i64 = 3;
const COMMENT: &str = "jitasa ledger, layout ";

const SCHEMA: &str = include_str!("schema.sql");
/// All of them; each begins with the province.
pub(super) const TABLES: [&str; 11] = [
    "province",
    "epoch",
    "device",
    "enrol_code",
    "enrol_use",
    "change_log",
    "record",
    "feed",
    "held",
    "scope_sum",
    "operator_log",
];

/// How the tables lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spread {
    /// All provinces of a database together.
    Together,
    /// A partition for each of these provinces, by their two digits. Others can be added later.
    Partitioned(Vec<String>),
    /// Over the machines of Citus: a province lies whole on one of them.
    Citus,
}

/// The statements that make the tables, to be read, kept and run by the database's administrator.
#[must_use]
pub fn layout(spread: &Spread) -> String {
    let comment = format!("COMMENT ON TABLE province IS '{COMMENT}{LAYOUT}';\n");
    match spread {
        Spread::Together => format!("{SCHEMA}\n{comment}"),
        Spread::Partitioned(provinces) => {
            let parents = SCHEMA.replace("\n);\n", "\n) PARTITION BY LIST (province);\n");
            let partitions: String = provinces
                .iter()
                .filter(|province| is_province(province))
                .flat_map(|province| TABLES.map(|table| partition(table, province)))
                .collect();
            format!("{parents}\n{comment}\n{partitions}")
        }
        Spread::Citus => {
            let (first, others) = (TABLES[0], &TABLES[1..]);
            let spread: String = others
                .iter()
                .map(|table| {
                    format!(
                        "SELECT create_distributed_table('{table}', 'province', colocate_with => '{first}');\n"
                    )
                })
                .collect();
            format!(
                "{SCHEMA}\n{comment}\nSELECT create_distributed_table('{first}', 'province');\n{spread}"
            )
        }
    }
}

fn partition(table: &str, province: &str) -> String {
    format!("CREATE TABLE {table}_{province} PARTITION OF {table} FOR VALUES IN ('{province}');\n")
}

/// Two digits.
pub(super) fn is_province(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Makes the tables where there are none, and refuses those of a newer program.
pub(super) fn to_head(client: &mut Client) -> Result<(), PostgresError> {
    let mut transaction = client.transaction()?;
    // Two programs may open a new database at the same time.
    transaction.batch_execute("SELECT pg_advisory_xact_lock(6912457)")?;
    let row = transaction.query_one(
        "SELECT to_regclass('province') IS NOT NULL, obj_description(to_regclass('province'), 'pg_class')",
        &[],
    )?;
    let comment: Option<String> = row.try_get(1)?;
    if row.try_get(0)? {
        let found = comment
            .as_deref()
            .and_then(|comment| comment.strip_prefix(COMMENT))
            .and_then(|layout| layout.parse::<i64>().ok())
            .ok_or(PostgresError::NoLedger)?;
        if found > LAYOUT {
            return Err(PostgresError::TooNew(found));
        }
        return Ok(());
    }
    transaction.batch_execute(&layout(&Spread::Together))?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_province;

    #[test]
    fn every_key_of_every_table_begins_with_the_province() {
        by_province::assert_keys_begin_with_it(SCHEMA, &TABLES);
    }

    #[test]
    fn each_table_is_partitioned_and_each_has_the_partition_of_a_province() {
        let made = layout(&Spread::Partitioned(vec!["45".into(), "4; DROP".into()]));
        assert_eq!(made.matches("PARTITION BY LIST (province)").count(), 11);
        assert_eq!(made.matches("PARTITION OF").count(), 11);
        assert!(made.contains("CREATE TABLE record_45 PARTITION OF record FOR VALUES IN ('45')"));
        assert!(!made.contains("DROP"));
    }

    #[test]
    fn on_citus_every_table_lies_where_its_province_lies() {
        let made = layout(&Spread::Citus);
        assert_eq!(made.matches("create_distributed_table(").count(), 11);
        assert_eq!(made.matches("colocate_with => 'province'").count(), 10);
    }
}
