//! A store's tables made anew from its ledger, by its owner, as one transaction: after faults, or for a new program.

use std::time::Duration;

use super::progress::Progress;
use super::refill::refill;
use super::report::{Place, Report};
use super::verify::Replayed;
use crate::domain::command::Kind;
use crate::domain::founding::{Kind as Founding, Repaired as Named};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rule;
use crate::ledger::{Body, Draft, Entry, Id, Origin, Salt, Tip};
use crate::store::append::{self, Head};
use crate::store::fault::StoreError;
use crate::store::link::{Link, On, Owned};
use crate::store::open::Store;
use crate::store::said::Said;
use crate::store::telling::Hand;
use crate::store::turn::Turn;
use crate::store::write::fresh_id;
use crate::store::{admit, project, referee, schema, server, waiting};
use crate::{exec, opt};

/// How long others may hold the lock before this gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a repair did.
#[derive(Debug)]
pub struct Repaired {
    /// What was found before.
    pub report: Report,
    /// The entry that names it; none if there was nothing to repair.
    pub entry: Option<Entry>,
}

/// Everything that a rebuild holds until it commits.
struct Workshop {
    connection: Owned,
    _turn: Option<Turn>,
}

async fn enter(store: &Store) -> Result<Workshop, StoreError> {
    let turn = match store.path() {
        Some(path) => match Turn::wait(path, store.whoami(), PATIENCE).await? {
            Some(turn) => Some(turn),
            None => return Err(waiting::held(store.holder().await.as_ref())),
        },
        None => None,
    };
    let mut connection = store.connect(true).await?;
    let mut c = connection.link();
    if let On::Postgres(c) = &mut c
        && !server::owns(c).await?
    {
        return Err(Refusal::new(
            Code::NotAllowed,
            "this login does not own the store",
            "a member of the role smc_owner repairs and migrates it",
        )
        .into());
    }
    match &c {
        On::Sqlite(_) => {
            // A table that refers to itself is searched for each row that goes when it is dropped; `leave` asks for all.
            schema::script(&mut c, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE").await?
        }
        On::Postgres(_) => {
            schema::script(
                &mut c,
                "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL ROLE smc_owner;
                 SET LOCAL search_path = smc, pg_temp; SELECT seq FROM smc.head FOR UPDATE",
            )
            .await?;
        }
    }
    Ok(Workshop { connection, _turn: turn })
}

/// Commits what was made anew, once every reference in it is found to lead to a row.
async fn leave(c: &mut Link<'_>, store: &Store) -> Result<(), StoreError> {
    if !c.is_postgres() {
        let astray = opt!(c, (String,), "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")?;
        if let Some((table,)) = astray {
            schema::script(c, "ROLLBACK").await?;
            return Err(StoreError::NotAStore {
                place: store.place().to_string(),
                why: format!("a row of {table} refers to nothing after the replay"),
            });
        }
    }
    schema::script(c, "COMMIT").await
}

/// Empty tables of this program in the place of those that stood, and the rows of the replay in them.
async fn remake(
    c: &mut Link<'_>,
    store: &Store,
    replayed: &mut Replayed,
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    match c {
        On::Sqlite(_) => schema::mend_sqlite(c, store.place()).await?,
        On::Postgres(_) => {
            schema::drop_tables(c).await?;
            schema::script(c, schema::tables(true)).await?;
            schema::script(c, server::FUNCTIONS).await?;
        }
    }
    if let On::Postgres(c) = c {
        referee::fill(c).await?;
    }
    refill(c, &mut replayed.scratch, progress).await?;
    if let On::Postgres(c) = c {
        server::guard(c).await?;
    }
    schema::only_notes(c).await?;
    let Tip { seq, hash, at } = *replayed.end.tip();
    exec!(
        c,
        "UPDATE head SET seq = $1, hash = $2, at = $3 WHERE one = 1 AND (seq <> $1 OR hash <> $2 OR at <> $3)",
        seq,
        hash.as_bytes(),
        at
    )?;
    if c.is_postgres() {
        schema::script(c, "RESET ROLE").await?;
    }
    Ok(())
}

async fn note(
    c: &mut Link<'_>,
    store: &Store,
    origin: &Origin,
    replayed: &Replayed,
    report: &Report,
) -> Result<Entry, StoreError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)
        .map_err(|fault| StoreError::Unavailable(format!("no randomness: {fault}")))?;
    let kind = Kind::Store(Founding::Repaired(Named { faults: report.findings() }));
    let id: Id = fresh_id()?;
    let body = Body::new(id, Salt(salt), rule::CURRENT, origin.clone(), &kind)?;
    let draft = Draft::new(kind.name(), "", &body)?;
    let head = Head { store_id: replayed.store_id.clone(), tip: *replayed.end.tip() };
    let actor = store.facts().actor.as_str();
    let entry = append::append(c, &head, actor, draft, &kind.subject(), &Hand::Live).await?;
    let said = Said::read(&entry)?;
    admit::admit(c, &said).await?;
    project::project(c, &said).await?;
    Ok(entry)
}

/// Verifies a store under its lock, makes its tables anew from its ledger and takes note of what was found.
///
/// # Errors
/// `Refused` for whoever is no administrator of the store or does not own it; `NotAStore` or `Planted` if only a
/// backup helps; `Stopped`, `Unavailable`: nothing was changed then.
pub async fn repair(
    store: &Store,
    origin: &Origin,
    progress: Progress<'_>,
) -> Result<Repaired, StoreError> {
    let mut reading = store.connect(false).await?;
    let mut replayed = Replayed::begin(store, &mut reading.link(), &[], progress).await?;
    let mut workshop = enter(store).await?;
    let mut c = workshop.connection.link();
    replayed.catch_up(&mut c).await?;
    replayed.compare(&mut c, progress).await?;
    let report = replayed.gathered.clone().report(replayed.store_id.clone(), &replayed.end);
    if report.holds() {
        schema::script(&mut c, "ROLLBACK").await?;
        return Ok(Repaired { report, entry: None });
    }
    if let Some(fault) = report.faults.named().iter().find(|fault| fault.place == Place::File) {
        return Err(StoreError::NotAStore {
            place: store.place().to_string(),
            why: format!("{}, which no replay can mend", fault.message),
        });
    }
    remake(&mut c, store, &mut replayed, progress).await?;
    let entry = note(&mut c, store, origin, &replayed, &report).await?;
    leave(&mut c, store).await?;
    Ok(Repaired { report, entry: Some(entry) })
}

/// Makes the tables of a store anew that another version of this program made; the ledger stays as it is.
///
/// # Errors
/// `Refused` for whoever does not own a store on a server; `Stopped`, `Unavailable`: nothing was changed then.
pub async fn rebuild(store: &Store, progress: Progress<'_>) -> Result<(), StoreError> {
    let mut reading = store.connect(false).await?;
    let mut replayed = Replayed::begin(store, &mut reading.link(), &[], progress).await?;
    let mut workshop = enter(store).await?;
    let mut c = workshop.connection.link();
    replayed.catch_up(&mut c).await?;
    remake(&mut c, store, &mut replayed, progress).await?;
    leave(&mut c, store).await
}
