//! Refusals that the database itself speaks, read back into our own words. Rules are not here.

use sqlx::error::DatabaseError;

use crate::domain::refusal::{Code, Refusal};

/// The refusal that a database error stands for; none if it is another kind of failure.
///
/// The database's own functions raise SQLSTATE `SMnnn` for refusals; a lock that did not come in time and a
/// value that the engine will not hold are refusals too, as nothing broke.
pub fn by_database(error: &dyn DatabaseError) -> Option<Refusal> {
    let code = error.code().unwrap_or_default();
    let words = error.message().to_owned();
    match code.as_ref() {
        "SM001" => {
            Some(Refusal::new(Code::Conflict, words, "the entry with this id stands already"))
        }
        state if state.starts_with("SM") => {
            Some(Refusal::new(Code::NotAllowed, words, "the database refused it; see `smc doctor`"))
        }
        "42501" => Some(Refusal::new(
            Code::NotAllowed,
            format!("the database refused it: {words}"),
            "ask an administrator for a role, or the DBA for the console's role",
        )),
        // SQLite's busy, in its three kinds: a program that does not take turns holds the file.
        "5" | "261" | "517" => Some(Refusal::new(
            Code::Conflict,
            "another program holds the store's file",
            "`smc doctor` names it if it is one of ours; else end it",
        )),
        "55P03" => Some(Refusal::new(
            Code::Conflict,
            "another session holds the ledger",
            "`smc doctor` names it; a shift lead may release it",
        )),
        _ => None,
    }
}

/// Whether the engine says that the disk is full.
pub fn no_room(error: &dyn DatabaseError) -> bool {
    matches!(error.code().unwrap_or_default().as_ref(), "13" | "53100")
}
