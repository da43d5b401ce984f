//! A server's ledger in the hands of its DBA: every byte of it counts, and so does every entry put in or taken out.

use std::collections::BTreeSet;

use serde_json::json;
use smc::ledger::{Entry, Hash, Tip};
use smc::store::replay::{Place as In, Progress, check_chain, verify};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::super::deeds::{Deed, lawless};
use super::super::forge;
use super::{Server, place, say, words};

/// A column, what changes its byte or bit at `{place}`, for which rows it can, and how many batches keep an entry
/// apart from the one that names it as its predecessor.
struct Column {
    name: &'static str,
    flip: &'static str,
    holds: &'static str,
    batches: i64,
}

const fn bytes(name: &'static str, batches: i64) -> Column {
    let flip = "set_byte({name}, {place}, get_byte({name}, {place}) # (1 << ({place} % 8)))";
    Column { name, flip, holds: "length({name}) > {place}", batches }
}

/// A text stays a text: one of the three low bits of a letter.
const fn text(name: &'static str) -> Column {
    let flip =
        "overlay({name} placing chr(ascii(substr({name}, {place} + 1, 1)) # (1 << ({place} % 3)))
                from {place} + 1 for 1)";
    Column { name, flip, holds: "length({name}) > {place}", batches: 1 }
}

const COLUMNS: &[Column] = &[
    bytes("body", 1),
    bytes("hash", 2),
    bytes("prev", 2),
    text("id"),
    text("actor"),
    text("kind"),
    text("subject"),
    // Every bit that a time of the server has room for.
    Column {
        name: "at",
        flip: "at + interval '1 microsecond' * (2 ^ {place})",
        holds: "{place} < 62",
        batches: 1,
    },
    Column { name: "sig", flip: "'\\x01'", holds: "{place} < 1", batches: 1 },
];

/// The superuser's own connection.
async fn dba(server: &Server) -> PgConnection {
    let url = format!("{}?sslmode=disable", server.database.superuser_url());
    let mut c = PgConnection::connect(&url).await.unwrap();
    for sql in [
        "SET search_path = smc",
        "SET session_replication_role = replica",
        "ALTER TABLE ledger DISABLE TRIGGER USER",
    ] {
        sqlx::query(sql).execute(&mut c).await.unwrap();
    }
    c
}

async fn changed(c: &mut PgConnection, sql: String) -> Vec<i64> {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(c).await.unwrap()
}

#[tokio::test]
async fn every_byte_of_a_servers_ledger_counts() {
    let Some(server) = Server::told().await else { return };
    let store = server.open(&server.bob.url).await;
    let mut c = dba(&server).await;
    sqlx::query("CREATE TABLE public.kept AS TABLE ledger").execute(&mut c).await.unwrap();
    let mut flips = 0;
    for Column { name, flip, holds, batches } in COLUMNS {
        for place in 0.. {
            let fill =
                |sql: &str| sql.replace("{name}", name).replace("{place}", &place.to_string());
            let mut any = false;
            for batch in 0..*batches {
                let sql = format!(
                    "UPDATE ledger SET {name} = {} WHERE {} AND seq % {batches} = {batch} RETURNING seq",
                    fill(flip),
                    fill(holds)
                );
                let entries = changed(&mut c, sql).await;
                if entries.is_empty() {
                    continue;
                }
                any = true;
                flips += entries.len();
                let report = check_chain(&store, Progress::silent()).await.unwrap();
                let named: BTreeSet<_> =
                    report.faults.named().iter().filter_map(|fault| fault.seq).collect();
                let missed: Vec<_> = entries.iter().filter(|seq| !named.contains(seq)).collect();
                assert!(missed.is_empty(), "byte {place} of {name} of the entries {missed:?}");
                if place % 50 == 0 {
                    let report = verify(&store, &[], Progress::silent()).await.unwrap();
                    assert!(!report.holds(), "byte {place} of {name}");
                }
                changed(&mut c, format!("UPDATE ledger l SET {name} = k.{name} FROM public.kept k WHERE l.seq = k.seq RETURNING l.seq")).await;
            }
            if !any {
                break;
            }
        }
    }
    assert!(flips > 5_000, "{flips}");
    let count =
        i64::try_from(changed(&mut c, "SELECT seq FROM ledger".into()).await.len()).unwrap();
    for seq in 1..=count {
        for byte in 0..7 {
            let other = seq ^ (1 << (byte * 8 + (seq + byte) % 8));
            if (1..=count).contains(&other) {
                continue;
            }
            let there = format!("UPDATE ledger SET seq = {other} WHERE seq = {seq} RETURNING seq");
            changed(&mut c, there).await;
            let report = check_chain(&store, Progress::silent()).await.unwrap();
            assert!(!report.holds(), "entry {seq} at {other}");
            let back = format!("UPDATE ledger SET seq = {seq} WHERE seq = {other} RETURNING seq");
            changed(&mut c, back).await;
        }
    }
    let report = check_chain(&store, Progress::silent()).await.unwrap();
    assert!(report.holds(), "all is as it was: {}", words(&report));
}

async fn tip(c: &mut PgConnection) -> (String, Tip) {
    let (store, seq, hash, at): (String, i64, Vec<u8>, smc::domain::time::Time) =
        sqlx::query_as("SELECT store_id::text, seq, hash, at FROM head")
            .fetch_one(c)
            .await
            .unwrap();
    (store, Tip { seq, hash: Hash::try_from(hash.as_slice()).unwrap(), at })
}

/// Writes an entry and the head after it, with the number that it takes.
async fn write(c: &mut PgConnection, entry: &Entry) {
    sqlx::query(
        "INSERT INTO ledger (seq, id, prev, hash, actor, at, kind, subject, body, sig)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(entry.seq)
    .bind(entry.id.to_string())
    .bind(entry.prev.as_bytes())
    .bind(entry.hash.as_bytes())
    .bind(&entry.actor)
    .bind(entry.at)
    .bind(&entry.kind)
    .bind(&entry.subject)
    .bind(entry.body.as_slice())
    .bind(entry.sig.as_slice())
    .execute(&mut *c)
    .await
    .unwrap();
    set_head(c, entry.seq).await;
}

async fn set_head(c: &mut PgConnection, seq: i64) {
    sqlx::query(
        "UPDATE head SET seq = l.seq, hash = l.hash, at = l.at FROM ledger l WHERE l.seq = $1",
    )
    .bind(seq)
    .execute(c)
    .await
    .unwrap();
}

#[tokio::test]
async fn entries_that_a_dba_forged_are_violations_and_have_no_effect() {
    let Some(server) = Server::told().await else { return };
    let store = server.open(&server.bob.url).await;
    let mut c = dba(&server).await;
    let me = server.database.owner().name.clone();
    let deeds = lawless(&me, &server.bob.name);
    let count = deeds.len();
    for (before, Deed { code, actor, kind, site, data, about }) in deeds.into_iter().enumerate() {
        let (id, tip) = tip(&mut c).await;
        let entry = forge::sealed((&id, &tip), &actor, (kind, site, data, about));
        write(&mut c, &entry).await;
        let report = verify(&store, &[], Progress::silent()).await.unwrap();
        let violations = report.violations.named();
        assert_eq!(violations.len(), before + 1, "{code}: {}", words(&report));
        let last = violations.last().unwrap();
        assert_eq!((last.seq, last.code, last.actor.as_str()), (entry.seq, code, actor.as_str()));
        // The triggers that the DBA took away are named beside them, and nothing else is.
        assert!(
            report.faults.named().iter().all(|fault| fault.place == In::Schema),
            "{code}: {}",
            words(&report)
        );
    }
    assert!(count >= 6);
}

#[tokio::test]
async fn a_servers_ledger_that_was_cut_is_found() {
    let Some(server) = Server::told().await else { return };
    let owner = place(server.database.url());
    say(&owner, "log.add", json!({"site": "RLF", "text": "later"})).await;
    let last = server.verify().await.head;
    let store = server.open(&server.bob.url).await;
    let mut c = dba(&server).await;
    let cut = format!(
        "DELETE FROM ledger WHERE seq = {0}; DELETE FROM log_line WHERE seq = {0};
         UPDATE counter SET last = 1 WHERE prefix = 'LL'",
        last.seq
    );
    sqlx::raw_sql(AssertSqlSafe(cut)).execute(&mut c).await.unwrap();
    set_head(&mut c, last.seq - 1).await;
    sqlx::raw_sql(
        "ALTER TABLE ledger ENABLE TRIGGER USER; ALTER TABLE ledger ENABLE ALWAYS TRIGGER append_only,
         ENABLE ALWAYS TRIGGER append_only_truncate",
    )
    .execute(&mut c)
    .await
    .unwrap();
    let alone = verify(&store, &[], Progress::silent()).await.unwrap();
    assert!(alone.holds(), "by itself the shorter ledger is in order: {}", words(&alone));
    let report = verify(&store, &[last], Progress::silent()).await.unwrap();
    assert!(words(&report).contains("entries were cut off"), "{}", words(&report));
    sqlx::query("ALTER TABLE ledger DISABLE TRIGGER USER").execute(&mut c).await.unwrap();
    sqlx::query("DELETE FROM ledger WHERE seq = 7").execute(&mut c).await.unwrap();
    let report = check_chain(&store, Progress::silent()).await.unwrap();
    assert!(words(&report).contains("entry 8 stands where 7 should"), "{}", words(&report));
}
