//! Whoever keeps the ledger locked is named, and ended by a shift lead; nobody waits forever.

use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, PgConnection};

use super::{log_line, store};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn a_session_that_keeps_the_ledger_is_named_and_ended_by_a_shift_lead() {
    let Some(store) = store() else { return };
    let holders = "SELECT login || ' ' || state || ' ' || waiting FROM api.blockers()";
    assert_eq!(store.may(&store.alice, holders), "");
    run(async {
        let mut holder = PgConnection::connect(&store.bob.url).await.unwrap();
        // The way of a hostage taker: every limit of one's own lifted.
        for sql in ["BEGIN", "SELECT api.lock()", "SET idle_in_transaction_session_timeout = 0"] {
            holder.execute(sql).await.unwrap();
        }
        let since = Instant::now();
        assert_eq!(
            store.may(&store.alice, holders),
            format!("{} idle in transaction false", store.bob.name)
        );
        let pid = store.may(&store.alice, "SELECT pid FROM api.blockers()");

        let mut waiter = PgConnection::connect(&store.alice.url).await.unwrap();
        waiter.execute("SET lock_timeout = '1s'").await.unwrap();
        let waits = async { waiter.execute("SELECT api.lock()").await.map(|_| ()) };
        let looks = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            store.may(&store.founder, holders)
        };
        let (waited, seen) = tokio::join!(waits, looks);
        assert!(waited.unwrap_err().to_string().contains("lock timeout"));
        let both = format!(
            "{} idle in transaction false\n{} active true",
            store.bob.name, store.alice.name
        );
        assert_eq!(seen, both);

        let release = format!("SELECT api.release({pid})");
        store.refused(&store.alice, &release, "does not hold the role shift_lead");
        store.refused(&store.founder, "SELECT api.release(1)", "does not hold the ledger");
        store.refused(&store.founder, &release, "is at work");
        tokio::time::sleep(Duration::from_millis(10_300).saturating_sub(since.elapsed())).await;
        assert_eq!(store.may(&store.founder, &release), "t");
        assert!(holder.execute("COMMIT").await.is_err());
        store.may(&store.alice, &log_line("RLF"));
    });
    let log = crate::support::postgres().unwrap().log();
    let said = format!("smc: {} ends session", store.founder.name);
    assert!(log.contains(&said), "no {said:?} in {}", log.len());
}

#[test]
fn a_session_without_limits_is_given_some() {
    let Some(store) = store() else { return };
    let limits = "SELECT current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')";
    let given = format!("BEGIN; SELECT seq > 0 FROM api.lock(); {limits}; COMMIT; {limits}");
    assert_eq!(store.may(&store.alice, &given), "t\n10s 15s\n0 0");
    let own = format!(
        "SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '3s'; BEGIN; SELECT seq > 0 FROM api.lock(); {limits}"
    );
    assert_eq!(store.may(&store.alice, &own), "t\n2s 3s");
}

#[test]
fn an_owner_who_may_not_end_sessions_says_so() {
    let Some(server) = crate::support::postgres::Server::private() else { return };
    let database = server.database();
    crate::support::schema::schema(&database);
    database.sql("REVOKE pg_read_all_stats, pg_signal_backend FROM smc_owner");
    let owner = database.owner();
    database.sql_as(owner, &format!("SELECT api.found('Acme', '{}', true)", owner.name)).unwrap();
    let eve = database.login("eve");
    run(async {
        let mut holder = PgConnection::connect(&database.superuser_url()).await.unwrap();
        holder.execute("BEGIN").await.unwrap();
        holder.execute("SELECT api.lock()").await.unwrap();
        let named = "SELECT login, state, since, waiting FROM api.blockers()";
        assert_eq!(database.sql_as(owner, named).unwrap(), "postgres|||f");
        let refused = database.sql_as(owner, "SELECT api.release(pid) FROM api.blockers()");
        let why = refused.unwrap_err();
        assert!(why.contains("GRANT pg_read_all_stats, pg_signal_backend TO smc_owner"), "{why}");
    });
    assert!(database.sql_as(&eve, "SELECT * FROM api.blockers()").is_err());
}
