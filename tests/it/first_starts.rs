//! First starts: many at one moment, in odd places, on what is left of others, and of other versions.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Output;

use crate::support::engine::Engine;
use crate::support::postgres::Server;
use crate::support::process::{Account, account, binary};
use crate::support::{engines, sqlite};

/// Starts this many at one moment and waits for all.
fn all_at_once(accounts: &[Account], args: &[&str]) -> Vec<Output> {
    let children: Vec<_> = accounts.iter().map(|account| account.spawn(args)).collect();
    children.into_iter().map(|child| child.wait_with_output().unwrap()).collect()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn one_founds_the_others_are_told(url: &str) {
    let accounts: Vec<Account> = (0..40).map(|_| account(url)).collect();
    let outputs = all_at_once(&accounts, &["init", "--org", "Acme"]);
    let founded = outputs.iter().filter(|output| output.status.success()).count();
    for output in outputs.iter().filter(|output| !output.status.success()) {
        let why = told(output);
        assert_eq!(output.status.code(), Some(4), "{why}");
        assert!(why.contains("there is a store at"), "{why}");
    }
    assert_eq!(founded, 1);
    let verified = accounts[0].smc(&["verify", "--json"]).exits(0);
    assert_eq!(verified.json()["entries"], 4);
}

#[test]
fn of_forty_first_starts_one_founds_and_the_others_are_told() {
    for engine in engines() {
        one_founds_the_others_are_told(&engine.url());
    }
}

#[test]
fn forty_first_starts_on_a_server_without_the_roles_make_them_once() {
    let Some(server) = Server::private() else { return };
    let database = server.database();
    one_founds_the_others_are_told(database.url());
}

#[test]
fn forty_who_open_a_new_store_at_one_moment_all_can() {
    for engine in engines() {
        engine.founder().smc(&["init", "--org", "Acme"]).exits(0);
        let accounts: Vec<Account> = (0..40).map(|_| account(&engine.url())).collect();
        for output in all_at_once(&accounts, &["tick"]) {
            assert!(output.status.success(), "{}: {}", engine.name(), told(&output));
        }
    }
}

#[test]
fn init_on_a_store_says_that_there_is_one() {
    for engine in engines() {
        let founder = engine.founder();
        founder.smc(&["init", "--org", "Acme"]).exits(0);
        let again = founder.smc(&["init", "--org", "Other", "--json"]).exits(4);
        let message = again.json_error()["message"].to_string();
        assert!(message.contains("already"), "{message}");
    }
}

#[test]
fn what_a_killed_first_start_left_is_no_store_and_stands_in_nobodys_way() {
    let place = sqlite::place();
    let account = account(&place.url());
    std::fs::write(place.dir().join("smc.db.founding"), b"half of something").unwrap();
    account.smc(&["tick"]).exits(4);
    account.smc(&["init", "--org", "Acme"]).exits(0);
    account.smc(&["verify"]).exits(0);
    assert!(!place.dir().join("smc.db.founding").exists());
}

#[test]
fn a_store_of_another_version_is_refused_with_both_versions() {
    for engine in engines() {
        let founder = engine.founder();
        founder.smc(&["init", "--org", "Acme"]).exits(0);
        for (version, words) in [("7", ["schema 7", "knows 1"]), ("0", ["schema 0", "writes 1"])] {
            set_meta(&engine, "schema", version);
            for args in [&["tick"][..], &["init", "--org", "Acme"]] {
                let why = founder.smc(args).exits(4).stderr;
                assert!(words.iter().all(|word| why.contains(word)), "{}: {why}", engine.name());
            }
        }
        set_meta(&engine, "schema", "1");
        founder.smc(&["tick"]).exits(0);
    }
}

#[test]
fn a_new_store_must_be_told_whose_it_is() {
    for engine in engines() {
        let refused = engine.founder().smc(&["init"]).exits(2);
        assert!(refused.stderr.contains("smc init --org NAME"), "{}", refused.stderr);
        assert!(!engine.founder().smc(&["status"]).stderr.is_empty(), "a store was made");
    }
}

#[test]
fn tables_of_another_version_are_rebuilt_by_init_and_not_read_until_then() {
    for engine in engines() {
        let founder = engine.founder();
        founder.smc(&["init", "--org", "Acme"]).exits(0);
        let site = r#"{"site":"RLF","name":"A plant","timezone":"Europe/Amsterdam"}"#;
        founder.smc(&["do", "site.register", "--json", site]).exits(0);
        set_meta(&engine, "tables", "of another program");
        let other = r#"{"site":"XYZ","name":"A plant","timezone":"Europe/Amsterdam"}"#;
        let refused = founder.smc(&["do", "site.register", "--json", other]).exits(4);
        assert!(refused.stderr.contains("smc init"), "{}", refused.stderr);
        let unread = founder.smc(&["list", "sites"]).exits(4);
        assert!(unread.stderr.contains("of another version of this program"), "{}", unread.stderr);
        founder.smc(&["doctor"]).exits(0);
        // Whether it is named as a new store or not: it is there.
        for words in [&["init", "--json"][..], &["init", "--org", "Acme", "--json"]] {
            set_meta(&engine, "tables", "of another program");
            let rebuilt = founder.smc(words).exits(0);
            assert_eq!(rebuilt.json()["rebuilt"], true, "{}", engine.name());
        }
        founder.smc(&["do", "site.register", "--json", other]).exits(0);
        founder.smc(&["verify"]).exits(0);
    }
}

fn set_meta(engine: &Engine, key: &str, value: &str) {
    let sql = format!("UPDATE meta SET value = '{value}' WHERE key = '{key}'");
    match engine {
        Engine::Postgres(database) => {
            database.sql(&format!("SET search_path = smc; {sql}"));
        }
        Engine::Sqlite(place) => super::desks::run(super::desks::raw(place, &sql)),
    }
}

#[test]
fn a_shared_directory_gives_the_group_every_file_whatever_the_umask() {
    let place = sqlite::place();
    std::fs::set_permissions(place.dir(), std::fs::Permissions::from_mode(0o2770)).unwrap();
    let account = account(&place.url());
    let ran = std::process::Command::new("sh")
        .args(["-c", "umask 077; exec \"$0\" init --org Acme"])
        .arg(binary())
        .env_clear()
        .envs(account.environment())
        .status()
        .unwrap();
    assert!(ran.success());
    super::desks::run(async {
        let desk = super::desks::desk(&place.url()).await;
        desk.submit(super::desks::site("RLF")).await.unwrap();
        for file in std::fs::read_dir(place.dir()).unwrap().flatten() {
            let mode = file.metadata().unwrap().mode() & 0o777;
            assert_eq!(mode, 0o660, "{:?} has {mode:o}", file.file_name());
        }
    });
}

#[test]
fn a_store_of_ones_own_is_closed_to_others_whatever_the_umask() {
    let place = sqlite::place();
    let inner = place.dir().join("new/deeper/smc.db");
    let account = account(&format!("sqlite:{}", inner.display()));
    account.smc(&["init", "--org", "Acme"]).exits(0);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(&inner), mode(inner.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_store_with_wrong_modes_is_refused_with_the_command_that_mends_it() {
    let place = sqlite::place();
    let account = account(&place.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    let modes = std::fs::Permissions::from_mode;
    std::fs::set_permissions(place.file(), modes(0o606)).unwrap();
    let why = account.smc(&["tick"]).exits(4).stderr;
    let mend = why.split('`').nth(1).unwrap_or_else(|| panic!("{why}")).to_owned();
    assert!(std::process::Command::new("sh").args(["-c", &mend]).status().unwrap().success());
    account.smc(&["tick"]).exits(0);
}

#[test]
fn a_read_only_mount_is_refused_with_the_way_out() {
    let place = sqlite::place();
    let account = account(&place.url());
    account.smc(&["init", "--org", "Acme"]).exits(0);
    // A mount of one's own, seen by this command alone; where the kernel does not allow it, nothing can be shown.
    let script =
        r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77; exec "$0" tick"#;
    let output = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(binary())
        .arg(place.dir())
        .env_clear()
        .envs(account.environment())
        .output()
        .unwrap();
    let why = told(&output);
    if output.status.code() != Some(4) {
        println!("skipped: no mount of one's own here: {why}");
        return;
    }
    assert!(why.contains("read-only mount") && why.contains("mount it for writing"), "{why}");
}

#[test]
fn a_file_that_is_no_store_is_called_so() {
    let place = sqlite::place();
    let account = account(&place.url());
    for bytes in [&b""[..], &[0x5a; 5000][..], &b"SQLite format 3\0garbage"[..]] {
        std::fs::write(place.file(), bytes).unwrap();
        std::fs::set_permissions(place.file(), std::fs::Permissions::from_mode(0o600)).unwrap();
        let why = account.smc(&["tick"]).exits(4).stderr;
        assert!(why.contains("not a store") && why.contains("backup"), "{why}");
    }
}
