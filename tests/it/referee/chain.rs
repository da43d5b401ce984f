//! The chain that the database writes is the one that the program checks.

use smc::domain::command::Kind;
use smc::domain::founding::{founding_disciplines, founding_roles};
use smc::domain::time::Time;
use smc::ledger::{Entry, Hash, Tip, check_link};
use sqlx::{Connection, PgConnection, Row};

use super::{Store, log_line, store};
use crate::support::{postgres, schema};

fn entries(store: &Store) -> (String, Vec<Entry>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut c = PgConnection::connect(&store.alice.url).await.unwrap();
        let store_id = sqlx::query_scalar("SELECT store_id::text FROM smc.head")
            .fetch_one(&mut c)
            .await
            .unwrap();
        let rows = sqlx::query(
            "SELECT seq, id::text, prev, hash, actor::text, at, kind::text, subject::text, body, sig
             FROM smc.ledger ORDER BY seq",
        );
        let rows = rows.fetch_all(&mut c).await.unwrap();
        let entry = |row: &sqlx::postgres::PgRow| Entry {
            seq: row.get(0),
            id: row.get::<String, _>(1).parse().unwrap(),
            prev: Hash::try_from(row.get::<&[u8], _>(2)).unwrap(),
            hash: Hash::try_from(row.get::<&[u8], _>(3)).unwrap(),
            actor: row.get(4),
            at: row.get::<Time, _>(5),
            kind: row.get(6),
            subject: row.get(7),
            body: row.get(8),
            sig: row.get(9),
        };
        (store_id, rows.iter().map(entry).collect())
    })
}

#[test]
fn the_program_accepts_every_link_that_the_database_made() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &log_line("RLF"));
    store.may(&store.bob, &log_line("RLF"));
    let (store_id, entries) = entries(&store);
    let mut tip = Tip::EMPTY;
    for entry in &entries {
        check_link(&store_id, &tip, entry).unwrap();
        entry.parse_body().unwrap();
        tip = Tip::after(entry);
    }
    assert_eq!(entries.last().unwrap().actor, store.bob.name);
    let head = store.may(&store.alice, "SELECT seq, encode(hash, 'hex') FROM smc.head");
    assert_eq!(head, format!("{}|{}", tip.seq, tip.hash));
}

#[test]
fn a_clock_that_went_back_does_not_take_the_ledger_along() {
    let Some(store) = store() else { return };
    store.database.sql("UPDATE smc.head SET at = '2100-01-01 00:00:00+00'");
    store.may(&store.alice, &log_line("RLF"));
    let at = "SELECT at = '2100-01-01 00:00:00+00' FROM smc.ledger ORDER BY seq DESC LIMIT 1";
    assert_eq!(store.may(&store.alice, at), "t");
}

#[test]
fn founding_says_what_the_program_would_say() {
    let Some(store) = store() else { return };
    let (_, entries) = entries(&store);
    let founder = &store.founder.name;
    let roles = founding_roles(true);
    let mut said = entries.iter().take(2 + roles.len()).map(|entry| {
        assert_eq!(entry.actor, *founder);
        let body = entry.parse_body().unwrap();
        assert_eq!(body.cause.is_none(), entry.seq == 1);
        assert_eq!(body.v, smc::domain::rule::CURRENT);
        let mut data = serde_json::Deserializer::from_str(body.data.get());
        let kind = Kind::read(&entry.kind, &mut data).unwrap().unwrap();
        serde_json::to_value(&kind).unwrap()
    });
    let disciplines: Vec<&str> = founding_disciplines(true).iter().map(|d| d.word()).collect();
    assert_eq!(
        said.next().unwrap(),
        serde_json::json!({"org": "Acme", "demo": true, "founder": founder})
    );
    assert_eq!(
        said.next().unwrap(),
        serde_json::json!({"login": founder, "name": founder, "disciplines": disciplines})
    );
    for role in roles {
        assert_eq!(
            said.next().unwrap(),
            serde_json::json!({"login": founder, "role": role.word()})
        );
    }
    let rows = "SELECT string_agg(role || ' ' || scope || ' ' || seq, ', ' ORDER BY seq) FROM smc.role_grant
         WHERE person_ref = session_user::text";
    assert_eq!(
        store.may(&store.founder, rows),
        "admin * 3, smc_manager * 4, smc_operator * 5, shift_lead * 6"
    );
    store.refused(
        &store.founder,
        "SELECT api.found('Other', 'eve')",
        "there is a store in this database already",
    );
    store.refused(&store.alice, "SELECT api.found('Other', 'eve')", "permission denied");
}

#[test]
fn a_dba_founds_a_store_for_somebody_else() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    schema::schema(&database);
    let eve = database.login("eve");
    let refused = database.sql_as(database.owner(), "SELECT api.found('Acme', 'postgres')");
    assert!(refused.unwrap_err().contains("is a superuser and can never act"));
    let refused = database.sql_as(database.owner(), "SELECT api.found('Acme' || chr(10), 'eve')");
    assert!(refused.unwrap_err().contains("is not one line of text"));
    database.sql(&format!("SELECT api.found('\"Acme\" & Söhne', '{}')", eve.name));
    let founded = "SELECT s.org, s.demo, s.founder = session_user::text, l.actor FROM smc.store AS s JOIN smc.ledger AS l USING (seq)";
    assert_eq!(database.sql_as(&eve, founded).unwrap(), "\"Acme\" & Söhne|f|t|postgres");
    let body = "SELECT convert_from(body, 'UTF8')::json -> 'data' FROM smc.ledger WHERE seq = 2";
    assert_eq!(
        database.sql_as(&eve, body).unwrap(),
        format!(r#"{{"login":"{0}","name":"{0}"}}"#, eve.name)
    );
}
