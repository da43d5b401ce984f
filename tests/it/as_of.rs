//! The store as it once stood: the same tables as then, at once when asked again, and nothing of what came later.

use std::path::Path;

use serde_json::json;
use smc::store::Store;
use smc::store::link::On;
use smc::store::replay::{At, Past, Progress, as_of};

use crate::support::engine::{Engine, engines};

use super::tamper::story::{Story, told};

async fn count(past: Past, sql: &'static str) -> i64 {
    let On::Sqlite(mut c) = past.tables else { panic!("a past is always on SQLite") };
    sqlx::query_scalar(sql).fetch_one(&mut c).await.unwrap()
}

async fn at(store: &Store, at: At, cache: &Path) -> Past {
    as_of(store, at, cache, Progress::silent()).await.unwrap()
}

#[tokio::test]
async fn a_past_moment_shows_what_stood_then() {
    let story = Story::told().await;
    let cache = story.file().with_file_name("cache");
    let store = story.open().await;
    let before = story.verify().await.head;
    told(&story.at(), None, "log.add", json!({"site": "RLF", "text": "later"})).await.unwrap();
    let lines = "SELECT COUNT(*) FROM log_line";
    assert_eq!(count(at(&store, At::Seq(before.seq), &cache).await, lines).await, 1);
    assert_eq!(count(at(&store, At::Seq(before.seq + 1), &cache).await, lines).await, 2);
    assert_eq!(count(at(&store, At::Seq(1), &cache).await, lines).await, 0);
    let kept = std::fs::read_dir(&cache).unwrap().count();
    let again = at(&store, At::Seq(before.seq), &cache).await;
    assert_eq!(again.head.tip.seq, before.seq);
    assert_eq!(count(again, lines).await, 1);
    assert_eq!(std::fs::read_dir(&cache).unwrap().count(), kept, "nothing was made anew");
}

#[tokio::test]
async fn an_instant_shows_the_last_entry_before_it_and_stops_the_clock_there() {
    let story = Story::told().await;
    let cache = story.file().with_file_name("cache");
    let store = story.open().await;
    let last = at(&store, At::Seq(story.verify().await.head.seq), &cache).await;
    let then = last.now;
    let past = at(&store, At::Time(then), &cache).await;
    assert_eq!((past.now, past.head), (then, last.head));
    let earlier = smc::domain::time::Time::from_micros(then.micros() - 1);
    assert!(
        at(&store, At::Time(earlier), &cache).await.head.tip.seq
            < past_seq(&store, &cache, then).await
    );
}

async fn past_seq(store: &Store, cache: &Path, then: smc::domain::time::Time) -> i64 {
    at(store, At::Time(then), cache).await.head.tip.seq
}

#[tokio::test]
async fn a_moment_that_never_was_is_refused() {
    let story = Story::founded().await;
    let cache = story.file().with_file_name("cache");
    let store = story.open().await;
    for (moment, why) in [
        (At::Seq(0), "there is no entry 0"),
        (At::Seq(99), "there is no entry 99"),
        (At::Time(smc::domain::time::Time::from_micros(0)), "was not founded yet"),
        (At::Time(smc::clock::now().plus_seconds(3600)), "lies ahead"),
    ] {
        let told = as_of(&store, moment, &cache, Progress::silent()).await.unwrap_err().to_string();
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn reading_commands_show_a_moment_and_writing_ones_refuse_it() {
    for engine in engines() {
        let me = engine.founder();
        me.smc(&["init", "--org", "Acme", "--demo"]).exits(0);
        let site = r#"{"site":"RLF","name":"Ridley","timezone":"UTC"}"#;
        me.smc(&["do", "site.register", "--json", site]).exits(0);
        let status = |args: &[&str]| -> serde_json::Value {
            me.smc(&[&["status", "--json"], args].concat()).exits(0).json()
        };
        let now = status(&[]);
        let seq = now["entries"].as_i64().unwrap();
        assert_eq!(now["sites"].as_array().unwrap().len(), 1);
        let before = status(&["--as-of", &(seq - 1).to_string()]);
        assert_eq!(before["entries"].as_i64(), Some(seq - 1));
        assert_eq!(before["sites"].as_array().unwrap().len(), 0, "{}", engine.name());
        assert_eq!(status(&["--as-of", &seq.to_string()])["head"], now["head"]);
        let log = me.smc(&["log", "--json", "--as-of", "2"]).exits(0).json_lines();
        assert_eq!(log.len(), 2);

        let refused = me.smc(&["do", "site.register", "--as-of", "2", "--json", site]).exits(4);
        assert!(refused.stderr.contains("as it stood"), "{}", refused.stderr);
        me.smc(&["verify", "--as-of", "2"]).exits(2);
        me.smc(&["status", "--as-of", "99"]).exits(3);
        me.smc(&["status", "--as-of", "neverday"]).exits(2);
    }
}

#[test]
fn verify_says_what_it_found_by_its_exit_code() {
    let engine = Engine::Sqlite(crate::support::sqlite::place());
    let me = engine.founder();
    me.smc(&["init", "--org", "Acme", "--demo"]).exits(0);
    let report: serde_json::Value = me.smc(&["verify", "--json"]).exits(0).json();
    assert_eq!(report["entries"].as_i64(), Some(6));
    assert!(report["faults"].as_array().unwrap().is_empty());
    let head = report["head"].as_str().unwrap().to_owned();
    me.smc(&["verify", "--head", &head]).exits(0);
    let other = head.replace(':', ":A").chars().take(head.len()).collect::<String>();
    let differs = me.smc(&["verify", "--json", "--head", &other]).exits(5).json();
    assert_eq!(differs["faults"][0]["place"], "witness");
    me.smc(&["verify", "--head", "nonsense"]).exits(2);
    me.smc(&["repair"]).exits(0);
}
