//! The server of a store: engine, encryption, room for sessions, and every login that could go around the rules.

use sqlx::PgConnection;
use sqlx::postgres::PgSslMode;

use super::{Finding, Level};
use crate::store::fault::StoreError;
use crate::store::open::Store;

/// Sessions that one console has open.
const A_CONSOLE: i64 = 2;

/// Looks at the server.
pub async fn examine(c: &mut PgConnection, store: &Store) -> Result<Vec<Finding>, StoreError> {
    let version: String =
        sqlx::query_scalar("SELECT current_setting('server_version')").fetch_one(&mut *c).await?;
    let mut findings = vec![Finding::ok("engine", format!("PostgreSQL {version}"))];
    findings.push(encryption(c, store).await?);
    findings.push(room(c).await?);
    findings.extend(powers(c).await?);
    findings.push(people(c).await?);
    findings.push(helpers(c).await?);
    Ok(findings)
}

async fn encryption(c: &mut PgConnection, store: &Store) -> Result<Finding, StoreError> {
    let found: Option<(bool, Option<String>)> =
        sqlx::query_as("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            .fetch_optional(c)
            .await?;
    let Some(options) = store.server() else { return Ok(Finding::ok("encryption", "none")) };
    let host = options.get_host();
    let local = options.get_socket().is_some()
        || host.starts_with('/')
        || matches!(host, "localhost" | "127.0.0.1" | "::1" | "[::1]");
    let proven = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
    let told = match found {
        Some((true, version)) => version.unwrap_or_else(|| "TLS".to_owned()),
        Some((false, _)) | None => "no encryption".to_owned(),
    };
    Ok(if local {
        Finding::ok("encryption", format!("{told}, on this host"))
    } else if proven {
        Finding::ok("encryption", format!("{told}, the server proves who it is"))
    } else {
        let told = format!("{told}, and the server does not have to prove who it is");
        Finding::warning(
            "encryption",
            told,
            "take `sslmode` out of the store's name, which means verify-full",
        )
    })
}

async fn room(c: &mut PgConnection) -> Result<Finding, StoreError> {
    let (most, kept, used): (i64, i64, i64) = sqlx::query_as(
        "SELECT CAST(current_setting('max_connections') AS BIGINT),
                CAST(current_setting('superuser_reserved_connections') AS BIGINT),
                (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL)",
    )
    .fetch_one(c)
    .await?;
    let free = most.saturating_sub(kept).saturating_sub(used);
    let told = format!(
        "{used} of {most} sessions are open; room for {} more consoles",
        free.max(0) / A_CONSOLE
    );
    Ok(if free < 5 * A_CONSOLE {
        Finding::warning("sessions", told, "the DBA raises max_connections, or ends idle sessions")
    } else {
        Finding::ok("sessions", told)
    })
}

/// Logins that no trigger and no grant holds.
async fn powers(c: &mut PgConnection) -> Result<Vec<Finding>, StoreError> {
    let found: Vec<(String, bool, bool, bool, bool)> = sqlx::query_as(
        "SELECT CAST(r.rolname AS TEXT), r.rolsuper, r.rolcreaterole, r.rolbypassrls,
                EXISTS (SELECT FROM pg_auth_members AS m JOIN pg_roles AS o ON o.oid = m.roleid
                        WHERE o.rolname = 'smc_owner' AND m.member = r.oid)
         FROM pg_roles AS r WHERE r.rolcanlogin ORDER BY 1",
    )
    .fetch_all(c)
    .await?;
    let mut told = Vec::new();
    for (login, superuser, creates, bypasses, owns) in found {
        let powers = [
            (superuser, "SUPERUSER"),
            (creates, "CREATEROLE"),
            (bypasses, "BYPASSRLS"),
            (owns, "member of smc_owner"),
        ];
        let held: Vec<_> = powers.iter().filter(|(held, _)| *held).map(|(_, word)| *word).collect();
        if !held.is_empty() {
            told.push(Finding {
                check: "powers",
                level: Level::Warning,
                found: format!(
                    "{login}: {}; the database does not hold the rules against it",
                    held.join(", ")
                ),
                fix: Some(
                    "know who that is; nobody's daily login should be one of these".to_owned(),
                ),
            });
        }
    }
    if told.is_empty() {
        told.push(Finding::ok("powers", "no login can go around the rules"));
    }
    Ok(told)
}

async fn people(c: &mut PgConnection) -> Result<Finding, StoreError> {
    let found: Vec<(String, bool)> = sqlx::query_as(
        "SELECT CAST(p.ref AS TEXT), r.oid IS NOT NULL
         FROM person AS p LEFT JOIN pg_roles AS r ON r.rolname = p.ref AND r.rolcanlogin
         WHERE p.state = 'active' AND (r.oid IS NULL OR NOT EXISTS (
             SELECT FROM pg_auth_members AS m JOIN pg_roles AS s ON s.oid = m.roleid
             WHERE s.rolname = 'smc_console' AND m.member = r.oid))
         ORDER BY 1",
    )
    .fetch_all(c)
    .await?;
    if found.is_empty() {
        return Ok(Finding::ok("people", "every person can log in"));
    }
    let side = |has: bool| -> Vec<&str> {
        found.iter().filter(|(_, login)| *login == has).map(|(name, _)| name.as_str()).collect()
    };
    let (without, outside) = (side(false), side(true));
    let mut told = Vec::new();
    let mut fixes = Vec::new();
    if !without.is_empty() {
        told.push(format!("without a database login: {}", without.join(", ")));
        fixes.push("the DBA runs CREATE ROLE … LOGIN for each");
    }
    if !outside.is_empty() {
        told.push(format!("without the console's role: {}", outside.join(", ")));
    }
    fixes.push("then an administrator runs SELECT api.grant_console('LOGIN') for each");
    Ok(Finding::warning("people", told.join("; "), fixes.join("; ")))
}

/// What the owner needs to show and end a session that holds the ledger.
async fn helpers(c: &mut PgConnection) -> Result<Finding, StoreError> {
    let (sees, ends): (bool, bool) = sqlx::query_as(
        "SELECT pg_has_role('smc_owner', 'pg_read_all_stats', 'USAGE'),
                pg_has_role('smc_owner', 'pg_signal_backend', 'USAGE')",
    )
    .fetch_one(c)
    .await?;
    Ok(if sees && ends {
        Finding::ok("release", "a session that holds the ledger can be seen and ended")
    } else {
        Finding::warning(
            "release",
            "a session that holds the ledger and does nothing can only be ended by the DBA",
            "the DBA runs: GRANT pg_read_all_stats, pg_signal_backend TO smc_owner",
        )
    })
}
