//! The PostgreSQL server: its schema files, how a session is opened, who may make the schema.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};

use super::fault::StoreError;
use super::link::On;
use super::place::Place;
use super::{referee, schema, telling};
use crate::domain::names::Login;
use crate::domain::refusal::{Code, Refusal};

const ROLES: &str = include_str!("../../migrations/postgres/0000_roles.sql");
/// The ledger, and what the referee goes by.
pub const LEDGER: &str = include_str!("../../migrations/postgres/0001_ledger.sql");
/// The tables that replay fills.
pub const TABLES: &str = include_str!("../../migrations/postgres/0002_tables.sql");
/// What consoles may call; may be run again.
pub const FUNCTIONS: &str = include_str!("../../migrations/postgres/0003_functions.sql");
/// The triggers, grants and functions that hold the rules; may be run again.
pub const GUARD: &str = include_str!("../../migrations/postgres/0004_guard.sql");

/// How long a session is waited for.
const PATIENCE: Duration = Duration::from_secs(8);

/// Opens a session with the limits that every session of this program has.
///
/// # Errors
/// `Unavailable` if the server does not answer in time or refuses the login.
pub async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    match tokio::time::timeout(PATIENCE, session(options).connect()).await {
        Ok(connected) => Ok(connected?),
        Err(_) => {
            Err(StoreError::Unavailable(format!("no answer within {} s", PATIENCE.as_secs())))
        }
    }
}

/// How every session of this program is opened.
pub fn session(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().application_name("smc").options([
        ("search_path", "smc,pg_temp"),
        ("statement_timeout", "60s"),
        ("lock_timeout", "8s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("tcp_user_timeout", "10s"),
        ("client_connection_check_interval", "5s"),
        ("timezone", "UTC"),
    ])
}

/// Whether the schema stands.
pub async fn stands(c: &mut PgConnection) -> Result<bool, StoreError> {
    // Not to_regclass: what a session once did not find, that finds again only after it locked some table.
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'smc' AND c.relname = 'head')",
    )
    .fetch_one(&mut *c)
    .await?)
}

/// Refuses a login that was never let into the schema.
///
/// # Errors
/// `Refused` with `not-allowed`.
pub async fn enter(c: &mut PgConnection, login: &str) -> Result<(), StoreError> {
    let may: bool = sqlx::query_scalar("SELECT has_schema_privilege('smc', 'USAGE')")
        .fetch_one(&mut *c)
        .await?;
    if may {
        return Ok(());
    }
    Err(StoreError::Refused(Refusal::new(
        Code::NotAllowed,
        format!("{login} was never let into this store"),
        format!(
            "an administrator registers people with `smc do person.register`; a login made after that is let in by the store's owner: SELECT api.grant_console('{login}')"
        ),
    )))
}

/// The name of the session's own login.
pub async fn session_user(c: &mut PgConnection) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar("SELECT session_user::text").fetch_one(&mut *c).await?)
}

/// Whether the past of a demo store is being told, or its telling broke off.
pub async fn is_told(c: &mut PgConnection) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                        WHERE n.nspname = 'api' AND p.proname = 'seed_append')",
    )
    .fetch_one(&mut *c)
    .await?)
}

/// Whether the session's login owns the schema, so that it may migrate and repair.
pub async fn owns(c: &mut PgConnection) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT COALESCE((SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles
                          WHERE rolname = 'smc_owner'), FALSE)",
    )
    .fetch_one(&mut *c)
    .await?)
}

/// The SQL that a database administrator runs where the login may not make the schema.
pub fn print_sql(org: &str, login: &Login, demo: bool) -> String {
    let quoted = org.replace('\'', "''");
    let mut text = String::new();
    text.push_str("-- Run as a login that may create roles and schemas in this database, with psql -1 -v ON_ERROR_STOP=1.\n");
    text.push_str(ROLES);
    text.push_str("\nSET ROLE smc_owner;\nSET search_path = smc;\n");
    for part in [LEDGER, TABLES, FUNCTIONS] {
        text.push_str(part);
        text.push('\n');
    }
    text.push_str(&referee::sql());
    text.push_str(GUARD);
    text.push_str(&format!(
        "\nINSERT INTO meta (key, value) VALUES ('schema', '{}'), ('tables', '{}');\nRESET ROLE;\n",
        schema::VERSION,
        schema::tables_digest()
    ));
    text.push_str(&format!("SELECT api.found('{quoted}', '{login}', {demo});\n"));
    text
}

/// When the guard is raised over a new schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// With the schema.
    Now,
    /// When the past of a demo store is sealed; what tells it stands until then.
    Later,
}

/// Makes roles and schema in an empty database, in one transaction that several may try at once.
///
/// # Errors
/// `NeedsDba` if the login may not; `Present` if the schema stands.
pub async fn create(c: &mut PgConnection, place: &Place, raised: Guard) -> Result<(), StoreError> {
    let mut link = On::Postgres(c);
    schema::script(
        &mut link,
        "BEGIN; SET LOCAL lock_timeout = '55s'; SELECT pg_advisory_xact_lock(7217001)",
    )
    .await?;
    let On::Postgres(c) = &mut link else { return Ok(()) };
    if stands(c).await? {
        schema::script(&mut link, "ROLLBACK").await?;
        return Err(StoreError::Present { place: place.to_string() });
    }
    if let Err(error) = schema::script(&mut link, ROLES).await {
        // The transaction is dead after the error; only the message matters now.
        let _ = schema::script(&mut link, "ROLLBACK").await;
        let refused = matches!(error, StoreError::Refused(_));
        return Err(if refused { StoreError::NeedsDba } else { error });
    }
    schema::script(&mut link, "SET ROLE smc_owner; SET search_path = smc, pg_temp").await?;
    for part in [LEDGER, TABLES, FUNCTIONS] {
        schema::script(&mut link, part).await?;
    }
    let On::Postgres(c) = &mut link else { return Ok(()) };
    referee::fill(c).await?;
    let last = match raised {
        Guard::Now => GUARD,
        Guard::Later => telling::SCRIPT,
    };
    schema::script(&mut link, last).await?;
    schema::note(&mut link).await?;
    schema::script(&mut link, "RESET ROLE; COMMIT").await
}

/// Puts the guards back after the tables were made anew.
pub async fn guard(c: &mut PgConnection) -> Result<(), StoreError> {
    schema::script(&mut On::Postgres(c), GUARD).await
}
