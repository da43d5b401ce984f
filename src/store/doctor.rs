//! What may be wrong around a store: its file or server, its lock, clocks, rights and people. It changes nothing,
//! and it proves nothing about the rows: that is verification.

mod embedded;
mod ledger;
mod on_server;

pub(in crate::store) use ledger::last_entries;

use serde::Serialize;

use super::fault::StoreError;
use super::link::{Link, On};
use super::open::Store;
use super::remembered::Heads;
use super::schema;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::ledger::head_code;
use crate::{clock, opt};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Somebody should look at it.
    Warning,
    /// The store cannot be trusted, or cannot be used, until it is mended.
    Fault,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: a stable word.
    pub check: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, found: found.into(), fix: None }
    }

    fn warning(check: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, level: Level::Warning, found: found.into(), fix: Some(fix.into()) }
    }

    fn fault(check: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, level: Level::Fault, found: found.into(), fix: Some(fix.into()) }
    }

    /// A store that could not be opened, with what it says to that.
    pub fn not_open(fault: &StoreError) -> Self {
        let fix = "what to do stands in the message";
        Self::fault("open", fault.to_string(), fix)
    }
}

/// Clocks that differ by more than this are told, in seconds.
const SKEW: i64 = 60;

/// Looks at everything around a store that is open for inspection.
///
/// # Errors
/// `Unavailable` if the store breaks off.
pub async fn examine(store: &Store, heads: Option<&Heads>) -> Result<Vec<Finding>, StoreError> {
    let mut findings = vec![Finding::ok(
        "store",
        format!("{} of {} at {}", store.facts().store_id, store.facts().org, store.place()),
    )];
    let mut connection = store.connect(store.read_only().is_none()).await?;
    let mut c = connection.link();
    findings.push(schema_of(&mut c).await?);
    match &mut c {
        On::Sqlite(_) => {
            if let Some(path) = store.path() {
                findings.extend(embedded::examine(&mut c, store.place(), path).await?);
            }
        }
        On::Postgres(c) => findings.extend(on_server::examine(c, store).await?),
    }
    findings.push(clocks(&mut c).await?);
    findings.push(actor(&mut c, store).await?);
    findings.push(ledger::tail(&mut c, store).await?);
    findings.extend(lock(store).await?);
    findings.push(remembered(store, heads).await);
    Ok(findings)
}

async fn schema_of(c: &mut Link<'_>) -> Result<Finding, StoreError> {
    let notes = opt!(
        c,
        (String, String),
        "SELECT a.value, b.value FROM meta AS a JOIN meta AS b ON b.key = 'tables' WHERE a.key = 'schema'"
    )?;
    let (found, tables) = notes.unwrap_or_default();
    if found != schema::VERSION.to_string() {
        let told = format!("schema {found:?}, this program writes {}", schema::VERSION);
        return Ok(Finding::fault("schema", told, "use the program that made it"));
    }
    Ok(if tables == schema::tables_digest() {
        Finding::ok(
            "schema",
            format!("version {found}, tables {}", tables.get(..12).unwrap_or(&tables)),
        )
    } else {
        let told = "the tables are of another version of this program";
        Finding::warning("schema", told, "its owner runs `smc init` once, which rebuilds them")
    })
}

async fn clocks(c: &mut Link<'_>) -> Result<Finding, StoreError> {
    let own = clock::now();
    let (theirs, whose) = match c {
        On::Sqlite(_) => (own, ""),
        On::Postgres(c) => {
            (sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&mut **c).await?, "server's ")
        }
    };
    let last = opt!(c, (Time,), "SELECT at FROM head WHERE one = 1")?.map_or(own, |(at,)| at);
    let ahead = last.seconds_since(theirs);
    let skew = theirs.seconds_since(own);
    Ok(if skew.abs() > SKEW {
        let told = format!("the server's clock is {skew} s from this host's");
        Finding::warning(
            "clock",
            told,
            "set both by the same time source; windows fail closed until then",
        )
    } else if ahead > SKEW {
        let told = format!("the last entry is dated {ahead} s after the {whose}clock");
        Finding::warning(
            "clock",
            told,
            "set the clock; entries are dated as the last one until it catches up",
        )
    } else {
        Finding::ok("clock", format!("within {} s", skew.abs()))
    })
}

async fn actor(c: &mut Link<'_>, store: &Store) -> Result<Finding, StoreError> {
    let who = store.facts().actor.as_str();
    let state = opt!(c, (String,), "SELECT state FROM person WHERE ref = $1", who)?;
    let ask = "an administrator registers people with `smc do person.register`";
    Ok(match state {
        Some((state,)) if state == "active" => Finding::ok("actor", format!("{who} is registered")),
        Some((state,)) => Finding::warning("actor", format!("{who} is {state}"), ask),
        None => Finding::warning("actor", format!("{who} is not registered in this store"), ask),
    })
}

async fn lock(store: &Store) -> Result<Vec<Finding>, StoreError> {
    let (holders, waiters) = store.blockers().await?;
    if holders.is_empty() {
        return Ok(vec![Finding::ok("lock", "nobody holds the ledger")]);
    }
    let fix = |pid: i32| {
        if store.is_postgres() {
            format!(
                "a shift lead ends it with `smc doctor --release {pid}` when it did nothing for ten seconds"
            )
        } else {
            format!("it is one of this host's: its user ends it with `kill {pid}`")
        }
    };
    let held = holders.iter().map(|holder| {
        let told = format!("{holder} holds the ledger, {} wait", waiters.len());
        Finding::warning("lock", told, fix(holder.pid))
    });
    Ok(held.collect())
}

async fn remembered(store: &Store, heads: Option<&Heads>) -> Finding {
    let Some(heads) = heads else {
        let told = "this user has no home where the last head could be remembered";
        return Finding::warning("head", told, "set HOME or XDG_STATE_HOME");
    };
    let seen = match heads.load(&store.facts().store_id) {
        Ok(seen) => seen.map(|tip| head_code(tip.seq, &tip.hash)),
        Err(fault) => {
            return Finding::fault("head", fault.to_string(), "what to do stands in the message");
        }
    };
    match (heads.check(store).await, seen) {
        (Ok(Some(loss)), _) => Finding::warning(
            "head",
            loss.to_string(),
            "do again what is not in the store; this is said once",
        ),
        (Ok(None), Some(seen)) => {
            Finding::ok("head", format!("the store holds {seen}, which was seen last"))
        }
        (Ok(None), None) => {
            Finding::ok("head", "seen for the first time, and remembered from now on")
        }
        (Err(fault), _) => Finding::fault(
            "head",
            fault.to_string(),
            "do not write; find the copy that holds the head that was seen",
        ),
    }
}

/// Ends a session of the server that holds the ledger and does nothing, on a shift lead's word.
///
/// # Errors
/// `Refused` with the server's reason; on an embedded store nothing can be ended from here.
pub async fn release(store: &Store, pid: i32) -> Result<bool, StoreError> {
    let mut connection = store.take().await?;
    let On::Postgres(c) = &mut connection else {
        return Err(Refusal::new(
            Code::NotAllowed,
            "a process that holds an embedded store can only be ended on its host",
            format!("its user, or root, ends it there with `kill {pid}`"),
        )
        .into());
    };
    let done = sqlx::query_scalar("SELECT api.release($1)").bind(pid).fetch_one(c).await?;
    store.keep(connection);
    Ok(done)
}
