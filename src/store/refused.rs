//! Refusals that the database itself speaks, read back into our own words. Rules are not here.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use crate::domain::refusal::{Code, Refusal};

/// The database's own refusals by SQLSTATE, with the code that the program's rules give in the same case.
const STATES: &[(&str, Code)] = &[
    ("SM001", Code::Conflict),
    ("SM002", Code::NotAllowed),
    ("SM003", Code::NotAllowed),
    ("SM004", Code::Unknown),
    ("SM005", Code::Invalid),
    ("SM006", Code::Unknown),
    ("SM007", Code::NotAllowed),
    ("SM008", Code::NotAllowed),
    ("SM009", Code::Invalid),
    ("SM010", Code::NotAllowed),
    ("SM011", Code::Conflict),
    ("SM012", Code::Unknown),
    ("SM013", Code::NotAllowed),
    ("SM014", Code::Conflict),
    ("SM015", Code::WrongState),
    ("SM016", Code::WrongState),
    ("SM017", Code::Invalid),
    // No privilege, and a lock that did not come in time: nothing broke.
    ("42501", Code::NotAllowed),
    ("55P03", Code::Conflict),
    // SQLite's busy, in its three kinds: a program that does not take turns holds the file.
    ("5", Code::Conflict),
    ("261", Code::Conflict),
    ("517", Code::Conflict),
];

/// The refusal that a database error stands for; none if it is another kind of failure.
pub fn by_database(error: &dyn DatabaseError) -> Option<Refusal> {
    let state = error.code().unwrap_or_default();
    let (_, code) = STATES.iter().find(|(known, _)| *known == state)?;
    let hint = error.try_downcast_ref::<PgDatabaseError>().and_then(PgDatabaseError::hint);
    Some(match (state.as_ref(), hint) {
        ("42501", _) => Refusal::new(
            *code,
            format!("the database refused it: {}", error.message()),
            "ask an administrator for a role in this store, or the DBA for the console's role",
        ),
        ("55P03", _) => Refusal::new(
            *code,
            "another session holds the ledger",
            "`smc doctor` names it; a shift lead may release it",
        ),
        ("5" | "261" | "517", _) => Refusal::new(
            *code,
            "another program holds the store's file",
            "`smc doctor` names it if it is one of ours; else end it",
        ),
        (_, Some(hint)) => Refusal::new(*code, error.message(), hint),
        (_, None) => Refusal::new(*code, error.message(), "`smc doctor` says more"),
    })
}

/// Whether the engine says that the disk is full.
pub fn no_room(error: &dyn DatabaseError) -> bool {
    matches!(error.code().unwrap_or_default().as_ref(), "13" | "53100")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_of_the_database_has_its_code() {
        let files = [
            include_str!("../../migrations/postgres/0003_functions.sql"),
            include_str!("../../migrations/postgres/0004_guard.sql"),
        ];
        let mut raised: Vec<&str> = files
            .iter()
            .flat_map(|text| text.match_indices("'SM0").map(|(at, _)| &text[at + 1..at + 6]))
            .collect();
        raised.sort_unstable();
        raised.dedup();
        assert!(raised.len() > 10, "{raised:?}");
        for state in raised {
            assert!(STATES.iter().any(|(known, _)| *known == state), "{state}");
        }
    }
}
