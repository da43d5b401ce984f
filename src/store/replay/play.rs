//! One entry after the other through the rules and into the tables of a scratch store, which is always embedded.
//!
//! An entry that the rules refuse has no effect: it is named and the next one is played. An entry whose bytes
//! were changed but which can still be read is played as it stands: the difference that it makes is what was
//! done to the store.

use super::chain::Item;
use super::report::Violation;
use crate::domain::command::Kind;
use crate::domain::founding;
use crate::domain::refusal::Code;
use crate::domain::text::Line;
use crate::exec;
use crate::ledger::{Body, Entry};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::run::{self, Numbers};
use crate::store::said::Said;
use crate::store::{admit, append, project, schema};

/// What a run of entries led to beside the rows.
#[derive(Debug, Default)]
pub struct Played {
    /// Entries that the rules would have refused.
    pub violations: Vec<Violation>,
    /// Repairs and what they took note of.
    pub repairs: Vec<(i64, Vec<Line>)>,
}

/// Why one entry had no effect: the code and the words.
struct Refused(Code, String);

/// How an entry went.
enum Went {
    Into,
    Refused(Refused),
    /// Refused by a constraint, with some of its rows written.
    Half(Refused),
}

fn by_constraint(words: &str) -> bool {
    ["constraint", "cannot store"].iter().any(|word| words.contains(word))
}

fn read<'e>(entry: &'e Entry, body: &'e Body) -> Result<Said<'e>, Refused> {
    Said::of(entry, body).map_err(|refusal| Refused(refusal.code, refusal.message))
}

async fn enter(c: &mut Link<'_>, said: Said<'_>, played: &mut Played) -> Result<Went, StoreError> {
    let admitted = admit::admit(c, &said).await;
    if said.numbered() {
        count(c, &said).await?;
    }
    let refused = match admitted {
        Ok(()) => None,
        Err(StoreError::Refused(refusal)) => Some(Refused(refusal.code, refusal.message)),
        Err(StoreError::Body(fault)) => Some(Refused(Code::Invalid, fault.to_string())),
        Err(fault) => return Err(fault),
    };
    if let Some(refused) = refused {
        return Ok(Went::Refused(refused));
    }
    match project::project(c, &said).await {
        Ok(()) => {}
        Err(StoreError::Refused(refusal)) => {
            return Ok(Went::Half(Refused(refusal.code, refusal.message)));
        }
        Err(StoreError::Body(fault)) => {
            return Ok(Went::Half(Refused(Code::Invalid, fault.to_string())));
        }
        Err(StoreError::Unavailable(why)) if by_constraint(&why) => {
            return Ok(Went::Half(Refused(Code::Conflict, why)));
        }
        Err(fault) => return Err(fault),
    }
    if let Kind::Store(founding::Kind::Repaired(made)) = said.kind {
        played.repairs.push((said.entry.seq, made.faults));
    }
    Ok(Went::Into)
}

/// Counts a number that was given in its turn, whether or not the rules let the entry pass.
async fn count(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let Some((prefix, number)) = said.subject.number() else { return Ok(()) };
    if number == 1 {
        return append::count(c, &said.subject).await;
    }
    exec!(
        c,
        "UPDATE counter SET last = $1 WHERE prefix = $2 AND last = $3",
        number,
        prefix,
        number.saturating_sub(1)
    )?;
    Ok(())
}

fn note(entry: &Entry, Refused(code, why): Refused, played: &mut Played) {
    played.violations.push(Violation::new(entry.seq, &entry.actor, code.word(), &why));
}

/// Plays entries without a savepoint around each, runs of them at once; says whether they went through.
///
/// # Errors
/// Only if the engine fails.
async fn straight(
    c: &mut Link<'_>,
    items: &[Item],
    played: &mut Played,
) -> Result<bool, StoreError> {
    let mut run: Vec<Said<'_>> = Vec::new();
    for (entry, body) in items.iter().filter_map(|item| item.entry.as_ref()) {
        let read = read(entry, body);
        let goes_on = match (run.first(), &read) {
            (Some(first), Ok(next)) => run::may_run(&first.kind) && run::may_run(&next.kind),
            (None, _) => true,
            (Some(_), Err(_)) => false,
        };
        if !goes_on && !play_run(c, std::mem::take(&mut run), played).await? {
            return Ok(false);
        }
        match read {
            Ok(said) => run.push(said),
            Err(refused) => note(entry, refused, played),
        }
    }
    play_run(c, run, played).await
}

/// Plays a run at once, or one by one where one of them may be refused.
async fn play_run(
    c: &mut Link<'_>,
    run: Vec<Said<'_>>,
    played: &mut Played,
) -> Result<bool, StoreError> {
    match run::play(c, &run, Numbers::Claimed).await {
        Ok(true) => return Ok(true),
        Ok(false) => {}
        Err(StoreError::Unavailable(why)) if by_constraint(&why) => return Ok(false),
        Err(fault) => return Err(fault),
    }
    for said in run {
        let entry = said.entry;
        match enter(c, said, played).await? {
            Went::Into => {}
            Went::Refused(refused) => note(entry, refused, played),
            Went::Half(_) => return Ok(false),
        }
    }
    Ok(true)
}

/// Plays a page with a savepoint around every entry, inside the caller's transaction.
///
/// # Errors
/// Only if the engine fails.
async fn carefully(
    c: &mut Link<'_>,
    items: &[Item],
    played: &mut Played,
) -> Result<(), StoreError> {
    for (entry, body) in items.iter().filter_map(|item| item.entry.as_ref()) {
        let said = match read(entry, body) {
            Ok(said) => said,
            Err(refused) => {
                note(entry, refused, played);
                continue;
            }
        };
        schema::script(c, "SAVEPOINT entry").await?;
        match enter(c, said, played).await? {
            Went::Into => {}
            Went::Refused(refused) => note(entry, refused, played),
            Went::Half(refused) => {
                schema::script(c, "ROLLBACK TO SAVEPOINT entry").await?;
                note(entry, refused, played);
            }
        }
        schema::script(c, "RELEASE SAVEPOINT entry").await?;
    }
    Ok(())
}

/// Plays a page inside the caller's transaction: straight, and again with care if a constraint holds.
///
/// # Errors
/// Only if the engine fails.
pub async fn page(c: &mut Link<'_>, items: &[Item]) -> Result<Played, StoreError> {
    let mut played = Played::default();
    schema::script(c, "SAVEPOINT page").await?;
    if !straight(c, items, &mut played).await? {
        schema::script(c, "ROLLBACK TO SAVEPOINT page").await?;
        played = Played::default();
        carefully(c, items, &mut played).await?;
    }
    schema::script(c, "RELEASE SAVEPOINT page").await?;
    Ok(played)
}

#[cfg(test)]
mod tests;
