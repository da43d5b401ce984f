//! The tool box itself: a harness that lies makes every test above it worthless.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::postgres::Server;
use crate::support::process::Account;
use crate::support::{engines, postgres, sqlite, terminal};

#[test]
fn a_database_is_fresh_and_its_owner_is_no_superuser() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(database.sql(tables), "0");
    let who =
        "SELECT session_user, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = session_user";
    let owner = database.owner();
    assert_eq!(database.sql_as(owner, who).unwrap(), format!("{}|f|t", owner.name));
    let alice = database.login("alice");
    assert!(alice.name.starts_with("alice_"));
    assert_eq!(database.sql_as(&alice, who).unwrap(), format!("{}|f|f", alice.name));
    assert!(database.sql_as(&alice, "CREATE TABLE public.t (i int)").is_err());

    let other = server.database();
    assert_ne!(database.name(), other.name());
    let name = database.name().to_owned();
    drop(database);
    let left = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    assert_eq!(other.sql(&left), "0");
    let left = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{}'", alice.name);
    assert_eq!(other.sql(&left), "0");
}

#[test]
fn a_private_server_survives_a_crash_and_leaves_nothing_behind() {
    let Some(server) = Server::private() else { return };
    let database = server.database();
    database.sql("CREATE TABLE kept (i int); INSERT INTO kept VALUES (7)");
    assert_eq!(database.sql("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'smc%'"), "0");
    server.crash();
    assert!(database.sql_as(database.owner(), "SELECT 1").is_err());
    server.start();
    assert_eq!(database.sql("SELECT i FROM kept"), "7");
    server.stop();
    server.start();
    assert_eq!(database.sql("SELECT i FROM kept"), "7");

    drop(database);
    // Its port may be another server's by now; its directory and its processes are its own.
    let place = server.place();
    drop(server);
    assert!(!place.exists());
    let named = |entry: std::fs::DirEntry| {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&*place.to_string_lossy())
    };
    assert!(!std::fs::read_dir("/proc").unwrap().flatten().any(named));
}

#[test]
fn an_account_starts_the_program_with_nothing_in_its_environment_by_accident() {
    let place = sqlite::place();
    let account = Account::fresh().with("SMC_STORE", &place.url());
    let names: Vec<_> = account.environment().into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().all(|name| name != "SMC_REAL_DATA" && name != "USER"));
    assert!(!place.file().exists());
    let ran = account.smc(&["--no-such-flag"]);
    assert!(ran.code.is_some(), "{ran:?}");
}

#[test]
fn people_at_one_store_are_told_apart_on_each_engine() {
    for engine in engines() {
        let (alice, bob) = (engine.person("alice"), engine.person("bob"));
        assert!(alice.login.starts_with("alice") && bob.login.starts_with("bob"));
        assert_ne!(engine.founder().login, alice.login, "{}", engine.name());
        assert_ne!(alice.account.home(), bob.account.home());
    }
}

#[test]
fn a_terminal_shows_what_a_program_draws_and_passes_keys_and_sizes() {
    let script = r#"printf '\033[2J\033[1;1Hready \033[31mred\033[m'; read -r word; printf '\033[3;1H<%s>' "$word"
        trap 'stty size' WINCH; while :; do sleep 0.05; done"#;
    let mut terminal = terminal::program(Path::new("sh"), &["-c", script]).start();
    terminal.wait_for("ready red");
    assert_eq!(terminal.row(0), "ready red");
    let red = terminal.screen(|screen| screen.cell(0, 6).unwrap().fgcolor());
    assert_eq!(red, vt100::Color::Idx(1));
    let before = terminal.bytes();
    terminal.send("hello");
    terminal.send(terminal::keys::ENTER);
    terminal.wait_for("<hello>");
    assert_eq!(terminal.row_of("<hello>"), Some(2));
    assert!(terminal.bytes() > before);
    assert!(terminal.raw(before).ends_with(b"\x1b[3;1H<hello>"));
    terminal.resize(40, 120);
    terminal.wait_for("40 120");
    let settled = terminal.settle(Duration::from_millis(100));
    assert_eq!(settled, terminal.bytes());
}

#[test]
fn a_hang_up_reaches_the_program_unless_it_is_ignored_from_above() {
    let sleeper = || terminal::program(Path::new("sleep"), &["60"]);
    let mut terminal = sleeper().start();
    assert!(terminal.wait_exit(Duration::from_millis(300)).is_none());
    terminal.hang_up();
    assert!(terminal.wait_exit(Duration::from_secs(2)).is_some());

    let mut deaf = sleeper().below_a_parent_that_ignores_hangups().start();
    assert!(deaf.wait_exit(Duration::from_millis(300)).is_none());
    deaf.hang_up();
    assert!(deaf.wait_exit(Duration::from_millis(500)).is_none());
}

/// The same binary, run again as its own child and killed: its server must go with it.
#[test]
fn a_killed_test_process_takes_its_server_along() {
    const MARK: &str = "SMC_TEST_START_A_SERVER_AND_WAIT";
    if std::env::var_os(MARK).is_some() {
        let server = Server::private().unwrap();
        println!("port {}", server.port());
        std::thread::sleep(Duration::from_secs(60));
        return;
    }
    if std::env::var_os("SMC_NO_POSTGRES").is_some() {
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "it::support_holds::a_killed_test_process_takes_its_server_along"])
        .arg("--nocapture")
        .env(MARK, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| line.rsplit_once("port ").and_then(|(_, port)| port.parse::<u16>().ok()))
        .unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    child.kill().unwrap();
    child.wait().unwrap();
    for _ in 0..100 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the server on port {port} outlived the test process");
}
