//! A store that is put back from a backup: refused by whoever saw more, until two persons have said what is lost.

use serde_json::json;
use sqlx::ConnectOptions;

use super::referee::entry;
use super::tamper::forge;
use super::tamper::story::run;
use crate::support::engine::{Engine, Person};
use crate::support::engines;
use crate::support::plant::{Plant, act, done, plant, refused};
use crate::support::postgres::Database;
use crate::support::process::Ran;

/// A backup of a store.
enum Backup {
    File(std::path::PathBuf),
    Database(Database<'static>),
}

fn backup(engine: &Engine, plant: &Plant, name: &str) -> Backup {
    match engine {
        Engine::Sqlite(place) => {
            let file = place.dir().join(name);
            plant.founder.smc(&["backup", &file.display().to_string()]).exits(0);
            Backup::File(file)
        }
        Engine::Postgres(database) => Backup::Database(database.copy()),
    }
}

fn put_back(engine: &Engine, backup: &Backup) {
    match (engine, backup) {
        (Engine::Sqlite(place), Backup::File(file)) => {
            for beside in ["smc.db-wal", "smc.db-shm"] {
                let _ = std::fs::remove_file(place.dir().join(beside));
            }
            std::fs::copy(file, place.file()).unwrap();
        }
        (Engine::Postgres(database), Backup::Database(copy)) => database.put_back(copy),
        (Engine::Sqlite(_), Backup::Database(_)) | (Engine::Postgres(_), Backup::File(_)) => {
            panic!("a backup of the other engine")
        }
    }
}

/// Somebody writes a line, after which they have seen the head that is given back.
fn wrote(person: &Person, text: &str) -> String {
    let receipt = done(person, "log.add", json!({"site": "RLF", "text": text}));
    receipt["head"].as_str().unwrap().to_owned()
}

/// The head that somebody sees.
fn saw(person: &Person) -> String {
    let status = person.smc(&["status", "--json"]).exits(0).json();
    status["head"].as_str().unwrap().to_owned()
}

fn seq(head: &str) -> i64 {
    head.split_once(':').unwrap().0.parse().unwrap()
}

fn write(person: &Person) -> Ran {
    act(person, "log.add", &json!({"site": "RLF", "text": "again"}))
}

fn is_refused(person: &Person) {
    let ran = write(person).exits(4);
    assert!(ran.stderr.contains("went backwards"), "{}", ran.stderr);
    assert!(ran.stderr.contains("store.restore"), "{}", ran.stderr);
}

/// Writes, and is told once what is lost.
fn is_told_once(person: &Person, words: &[&str]) {
    let first = write(person).exits(0);
    for word in words.iter().chain(&["ENTRIES ARE LOST"]) {
        assert!(first.stderr.contains(word), "{word}: {}", first.stderr);
    }
    assert_eq!(write(person).exits(0).stderr, "");
}

fn restore(person: &Person, old_head: &str, backup_head: Option<&str>) -> Ran {
    let mut fields = json!({"old_head": old_head, "reason": "the disk burnt"});
    if let Some(head) = backup_head {
        fields["backup_head"] = json!(head);
    }
    act(person, "store.restore", &fields)
}

fn confirm(person: &Person, old_head: &str) -> Ran {
    act(person, "store.confirm-restore", &json!({"old_head": old_head}))
}

/// A plant whose second person is rita, who manages the centre.
fn two(engine: &Engine) -> Plant {
    let plant = plant(engine);
    let login = &plant.rita.login;
    plant.done("role.grant", json!({"login": login, "role": "smc_manager"}));
    plant
}

#[test]
fn a_restore_that_two_persons_said_is_accepted_by_all_and_told_to_each_once() {
    for engine in engines() {
        let plant = two(&engine);
        let kept = saw(&plant.olga);
        let backup = backup(&engine, &plant, "monday.db");
        wrote(&plant.ida, "the first of the lost");
        wrote(&plant.rita, "the second");
        let old = wrote(&plant.founder, "the last");
        put_back(&engine, &backup);

        for person in [&plant.founder, &plant.rita, &plant.ida] {
            is_refused(person);
            let read = person.smc(&["list", "sites"]).exits(0);
            assert!(read.stderr.contains("WARNING: the store went backwards"), "{}", read.stderr);
        }
        // Another command of the same person stays refused, whoever holds whatever role.
        act(
            &plant.founder,
            "site.register",
            &json!({"site": "XX", "name": "x", "timezone": "UTC"}),
        )
        .exits(4);
        plant.founder.smc(&["tick"]).exits(4);

        assert_eq!(
            refused(&plant.olga, "store.confirm-restore", json!({"old_head": old})),
            "not-allowed"
        );
        let told = confirm(&plant.rita, &old).exits(3).stderr;
        assert!(told.contains("nobody has proposed"), "{told}");
        let told = restore(&plant.rita, &old, None).exits(3).stderr;
        assert!(told.contains("not-allowed"), "{told}");
        let told = restore(&plant.founder, &old, None).exits(0).stderr;
        assert!(told.contains("WARNING"), "{told}");
        is_refused(&plant.ida);
        is_refused(&plant.founder);

        let told = confirm(&plant.founder, &old).exits(3).stderr;
        assert!(told.contains("four-eyes"), "{told}");
        let other = format!("{}:AAAAAAAAAAAAAAAA", seq(&old));
        let told = confirm(&plant.rita, &other).exits(3).stderr;
        assert!(told.contains("nobody has proposed"), "{told}");
        is_refused(&plant.ida);
        let told = confirm(&plant.rita, &old).exits(0).stderr;
        assert!(told.contains("ENTRIES ARE LOST"), "{told}");
        let told = confirm(&plant.rita, &old).exits(3).stderr;
        assert!(told.contains("conflict"), "{told}");

        let after = format!("after {} up to {old}", seq(&kept));
        let words = [after.as_str(), "the disk burnt", &plant.founder.login, &plant.rita.login];
        is_told_once(&plant.ida, &words);
        is_told_once(&plant.founder, &words);
        // Olga saw nothing of what is lost.
        is_told_nothing(&plant.olga);

        plant.ida.smc(&["verify"]).exits(0);
        let told = plant.olga.smc(&["verify", "--head", &old]).exits(0).stdout;
        assert!(told.contains(&format!("the head {old} is lost")), "{told}");
        plant.olga.smc(&["verify", "--head", &other]).exits(5);
    }
}

#[test]
fn a_head_of_the_lost_entries_is_accepted_although_the_store_has_grown_past_it() {
    for engine in engines() {
        let plant = two(&engine);
        let kept = saw(&plant.olga);
        let backup = backup(&engine, &plant, "monday.db");
        let first = wrote(&plant.ida, "the first of the lost");
        let old = wrote(&plant.founder, "the last of the lost");
        put_back(&engine, &backup);
        // Olga saw nothing newer, and works on: the places of the lost entries are taken by others.
        let new: Vec<_> = (0..4).map(|n| wrote(&plant.rita, &format!("since {n}"))).collect();
        assert_eq!(seq(&new[0]), seq(&first));
        assert!(seq(&new[3]) > seq(&old));
        is_refused(&plant.ida);
        is_refused(&plant.founder);

        let told = restore(&plant.founder, &old, None).exits(3).stderr;
        assert!(told.contains("backup_head"), "{told}");
        let told = restore(&plant.founder, &old, Some(&old)).exits(3).stderr;
        assert!(told.contains("did not come from that backup"), "{told}");
        let told = restore(&plant.founder, &new[3], Some(&kept)).exits(3).stderr;
        assert!(told.contains("nothing up to it is lost"), "{told}");
        restore(&plant.founder, &old, Some(&kept)).exits(0);
        confirm(&plant.rita, &old).exits(0);
        is_told_once(&plant.ida, &[&format!("after {} up to {old}", seq(&kept))]);
        is_told_once(&plant.founder, &["the disk burnt"]);
        plant.rita.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_restore_excuses_no_later_loss_and_each_loss_has_its_own() {
    for engine in engines() {
        let plant = two(&engine);
        let monday = backup(&engine, &plant, "monday.db");
        wrote(&plant.ida, "lost on monday");
        for n in 0..8 {
            wrote(&plant.founder, &format!("lost on monday {n}"));
        }
        let old = wrote(&plant.founder, "the last of monday");
        // Olga is away with what she saw of monday.
        saw(&plant.olga);
        put_back(&engine, &monday);
        restore(&plant.founder, &old, None).exits(0);
        confirm(&plant.rita, &old).exits(0);
        is_told_once(&plant.founder, &["the disk burnt"]);

        let tuesday = backup(&engine, &plant, "tuesday.db");
        let second = wrote(&plant.ida, "lost on tuesday");
        assert!(seq(&second) < seq(&old), "{second} is where monday's lost entries were");
        put_back(&engine, &tuesday);
        is_refused(&plant.ida);
        restore(&plant.founder, &second, None).exits(0);
        confirm(&plant.rita, &second).exits(0);
        is_told_once(&plant.ida, &[&second]);
        plant.olga.smc(&["status"]).exits(0);
        is_told_nothing(&plant.olga);

        // Back to before the first restore: its lost head is explained by a word of its own.
        let third = saw(&plant.founder);
        put_back(&engine, &monday);
        restore(&plant.founder, &third, None).exits(0);
        confirm(&plant.rita, &third).exits(0);
        is_told_once(&plant.ida, &[&third]);
        plant.founder.smc(&["verify"]).exits(0);
    }
}

fn is_told_nothing(person: &Person) {
    assert_eq!(person.smc(&["list", "sites"]).exits(0).stderr, "");
}

#[test]
fn rows_of_a_restore_that_no_entry_made_explain_nothing() {
    for engine in engines() {
        let plant = two(&engine);
        let backup = backup(&engine, &plant, "monday.db");
        let old = wrote(&plant.ida, "lost");
        put_back(&engine, &backup);
        let (one, other) = (&plant.founder.login, &plant.rita.login);
        let last = seq(&old) - 1;
        match &engine {
            Engine::Sqlite(place) => {
                let rows = format!(
                    "INSERT INTO restore VALUES ('{old}', 1, 'x', '{one}', 0, {last});
                     INSERT INTO restored VALUES ('{old}', '{one}', '{other}', 0, {last})"
                );
                let runtime = tokio::runtime::Runtime::new().unwrap();
                runtime.block_on(async { run(&mut raw(&place.file()).await, &rows).await });
            }
            Engine::Postgres(database) => {
                let propose = format!(
                    "INSERT INTO smc.restore VALUES ('{old}', 1, 'x', '{one}', now(), {last})"
                );
                let told = database.sql_as(database.owner(), &propose).unwrap_err();
                assert!(told.contains("was refused"), "{told}");
            }
        }
        is_refused(&plant.ida);
    }
}

async fn raw(file: &std::path::Path) -> sqlx::SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

#[test]
fn an_entry_by_which_one_person_restores_alone_explains_nothing_and_is_named() {
    for engine in engines() {
        let plant = two(&engine);
        let backup = backup(&engine, &plant, "monday.db");
        let old = wrote(&plant.ida, "lost");
        put_back(&engine, &backup);
        restore(&plant.founder, &old, None).exits(0);
        let me = &plant.founder.login;
        match &engine {
            Engine::Sqlite(place) => {
                let rows = format!(
                    "PRAGMA ignore_check_constraints = ON;
                     INSERT INTO restored SELECT '{old}', '{me}', '{me}', 0, seq FROM head"
                );
                let runtime = tokio::runtime::Runtime::new().unwrap();
                runtime.block_on(async {
                    let mut raw = raw(&place.file()).await;
                    let said = json!({"old_head": old});
                    forge::append(&mut raw, me, "store.restored", None, said).await;
                    run(&mut raw, &rows).await;
                });
                let told = plant.olga.smc(&["verify"]).exits(5).stdout;
                assert!(told.contains("four-eyes"), "{told}");
            }
            Engine::Postgres(database) => {
                let founder = database.as_login(database.owner());
                for (confirmed_by, why) in
                    [(me, "violates check constraint"), (&plant.rita.login, "cannot write")]
                {
                    let sql = format!(
                        "WITH e AS ({})
                         INSERT INTO smc.restored SELECT subject, '{me}', '{confirmed_by}', at, seq FROM e",
                        entry("store.restored", &old, None)
                    );
                    let told = database.sql_as(&founder, &sql).unwrap_err();
                    assert!(told.contains(why), "{told}");
                }
            }
        }
        is_refused(&plant.ida);
    }
}
