//! PostgreSQL's schema without the program: its files as its owner runs them, for tests of what raw SQL may do.

use smc::store::referee;

use super::postgres::Database;

/// The files in their order, with the rows of the command table where they belong.
pub fn files() -> Vec<String> {
    vec![
        include_str!("../../migrations/postgres/0001_ledger.sql").to_owned(),
        include_str!("../../migrations/postgres/0002_tables.sql").to_owned(),
        include_str!("../../migrations/postgres/0003_functions.sql").to_owned(),
        referee::sql(),
        include_str!("../../migrations/postgres/0004_guard.sql").to_owned(),
    ]
}

/// Makes roles, schemas, tables and functions as the database's owner; founds nothing.
#[track_caller]
pub fn schema(database: &Database<'_>) {
    let roles = include_str!("../../migrations/postgres/0000_roles.sql");
    let files = files().join("\n");
    let script = format!(
        "BEGIN; {roles} COMMIT; BEGIN; SET ROLE smc_owner; SET search_path = smc; {files} COMMIT;"
    );
    if let Err(why) = database.sql_as(database.owner(), &script) {
        panic!("the schema was refused: {why}");
    }
}
