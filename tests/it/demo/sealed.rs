//! A past is told in a demo store alone, by its maker, until it is sealed: not in a real store, and never again.

use smc::commands::origin;
use smc::domain::names::Login;
use smc::domain::rule;
use smc::domain::text::Line;
use smc::domain::time::Time;
use smc::ledger::{Body, Draft, Hash, Salt, Tip};
use smc::store::{Place, StoreError, Teller, fresh_id, os_user};
use sqlx::{ConnectOptions, Connection};

use crate::it::tamper::forge::write;
use crate::support::process::account;
use crate::support::{engines, postgres, sqlite};

/// What an operator with psql would write if it could.
const CALL: &str =
    "SELECT api.seed_append('mvermeer', now() - interval '9 days', 'log.added', 'LL-?', '{}')";

fn past() -> Time {
    "2026-11-01T08:00:00Z".parse().unwrap()
}

async fn told(place: &Place) -> (smc::store::Store, Teller) {
    let name = Line::new("Tidewater Works").unwrap();
    Teller::found(place, &name, past(), 1).await.unwrap()
}

#[tokio::test]
async fn a_sealed_store_takes_no_past_and_goes_on_with_the_clock() {
    for engine in engines() {
        let place: Place = engine.url().parse().unwrap();
        let (store, teller) = told(&place).await;
        let founder = store.facts().actor.clone();
        teller.turn(&founder, past().plus_seconds(60));
        teller.clone().seal(&store).await.unwrap();
        let again = teller.clone().seal(&store).await;
        assert!(again.is_err(), "{}: {again:?}", engine.name());
        assert!(Teller::found(&place, &Line::new("X").unwrap(), past(), 1).await.is_err());
        store.close().await;
        let founder = engine.founder();
        let site = r#"{"site": "RLF", "name": "Rolfe works", "timezone": "Europe/Amsterdam"}"#;
        founder.smc(&["do", "site.register", "--json", site]).exits(0);
        let entries = founder.smc(&["log", "--json"]).exits(0).json_lines();
        let last = entries.last().unwrap();
        let at: Time = last["at"].as_str().unwrap().parse().unwrap();
        assert!(at.seconds_since(past()) > 86_400, "{}: {at}", engine.name());
        founder.smc(&["verify"]).exits(0);
    }
}

#[tokio::test]
async fn the_past_is_told_forwards_and_never_ahead_of_the_clock() {
    for engine in engines() {
        let place: Place = engine.url().parse().unwrap();
        let (store, teller) = told(&place).await;
        let founder = store.facts().actor.clone();
        for at in [past().plus_seconds(-1), "2999-01-01T00:00:00Z".parse().unwrap()] {
            teller.turn(&founder, at);
            let refused = teller.clone().seal(&store).await;
            assert!(matches!(refused, Err(StoreError::Refused(_))), "{} {at}", engine.name());
        }
        store.close().await;
    }
}

#[tokio::test]
async fn who_is_no_administrator_of_the_told_store_seals_nothing() {
    for engine in engines() {
        let place: Place = engine.url().parse().unwrap();
        let (store, teller) = told(&place).await;
        teller.turn(&Login::new("mvermeer").unwrap(), past().plus_seconds(60));
        let refused = teller.seal(&store).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{}: {refused:?}", engine.name());
        store.close().await;
    }
}

#[tokio::test]
async fn an_operator_with_psql_tells_no_past_before_the_seal_nor_after_it() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let operator = database.login("mvermeer");
    let place: Place = database.url().parse().unwrap();
    let (store, teller) = told(&place).await;
    let before = database.sql_as(&operator, CALL).unwrap_err();
    assert!(before.contains("permission denied"), "{before}");
    let founder = store.facts().actor.clone();
    teller.turn(&founder, past().plus_seconds(60));
    teller.seal(&store).await.unwrap();
    store.close().await;
    let person = format!(r#"{{"login": "{}", "name": "Operator"}}"#, operator.name);
    account(database.url()).smc(&["do", "person.register", "--json", &person]).exits(0);
    for login in [&operator, database.owner()] {
        let after = database.sql_as(login, CALL).unwrap_err();
        assert!(after.contains("does not exist"), "{}: {after}", login.name);
    }
}

#[test]
fn a_real_store_has_no_such_function_and_a_demo_store_that_was_founded_empty_has_none() {
    let Some(server) = postgres() else { return };
    for demo in [&["init", "--org", "Works"][..], &["init", "--org", "Works", "--demo"][..]] {
        let database = server.database();
        account(database.url()).smc(demo).exits(0);
        let refused = database.sql_as(database.owner(), CALL).unwrap_err();
        assert!(refused.contains("does not exist"), "{refused}");
    }
}

#[tokio::test]
async fn a_store_whose_telling_broke_off_lets_nobody_in() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let place: Place = database.url().parse().unwrap();
    let (store, _teller) = told(&place).await;
    store.close().await;
    let refused = account(database.url()).smc(&["status"]).exits(4);
    assert!(refused.stderr.contains("drop the database"), "{}", refused.stderr);
}

/// Appends a log line that says that it tells a past, rightly hashed and chained, as somebody with raw SQL could.
async fn forge(file: &std::path::Path, actor: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut c = options.connect().await.unwrap();
    let (store, seq, hash, at): (String, i64, Vec<u8>, i64) =
        sqlx::query_as("SELECT store_id, seq, hash, at FROM head").fetch_one(&mut c).await.unwrap();
    let at = Time::from_micros(at);
    let tip = Tip { seq, hash: Hash::try_from(hash.as_slice()).unwrap(), at };
    let data = serde_json::json!({"org": "X", "demo": true, "founder": actor});
    let id = fresh_id().unwrap();
    let body = Body::new(id, Salt([7; 16]), rule::CURRENT, origin("seed"), &data).unwrap();
    let entry = Draft::new("store.founded", "store", &body).unwrap().seal(&store, &tip, actor, at);
    write(&mut c, &entry).await;
    c.close().await.unwrap();
}

#[tokio::test]
async fn an_entry_that_tells_a_past_in_a_sealed_or_real_store_is_named_by_verification() {
    for sealed in [true, false] {
        let file = sqlite::place();
        let account = account(&file.url());
        if sealed {
            let (store, teller) = told(&file.url().parse().unwrap()).await;
            teller.seal(&store).await.unwrap();
            store.close().await;
        } else {
            account.smc(&["init", "--org", "Works"]).exits(0);
        }
        forge(&file.file(), os_user().unwrap().as_str()).await;
        let found = account.smc(&["verify"]).exits(5);
        assert!(found.stdout.contains("tells a past"), "{} {}", found.stdout, found.stderr);
    }
}
