//! The built program on terminals as plants have them: of every kind and size, pasted into, resized, hung up on.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use crate::support::engine::Engine;
use crate::support::engines;
use crate::support::hand::{console, strike};
use crate::support::plant::{Plant, plant};
use crate::support::process::{Account, account};
use crate::support::sqlite::{self, Place};
use crate::support::terminal::{self, Setup, Terminal, keys};

fn demo() -> (Place, Account) {
    let place = sqlite::place();
    let account = account(&place.url());
    let dir = place.dir().to_str().unwrap().to_owned();
    account.smc(&["demo", "--no-console", "--size", "small", "--dir", &dir]).exits(0);
    (place, account)
}

fn on(account: &Account, term: &str) -> Setup {
    terminal::smc(account, &["--as", "mvermeer"]).env("TERM", term)
}

/// A change that waits for the two who answer for the plant.
fn asked() -> (Engine, Plant) {
    let engine = engines().swap_remove(0);
    let plant = plant(&engine);
    plant.change(-60, 7_200);
    (engine, plant)
}

fn decided(plant: &Plant) -> String {
    plant.founder.smc(&["show", "CR-1"]).exits(0).stdout
}

#[test]
fn a_terminal_that_cannot_place_text_is_refused_with_a_sentence() {
    let (_place, account) = demo();
    for term in ["dumb", "", "unknown"] {
        let mut refused = on(&account, term).start();
        let ended = refused.wait_exit(Duration::from_secs(10)).expect("it ends");
        assert_eq!(ended.code(), Some(2));
        refused.wait_for("smc list, show, status and do");
        assert!(!refused.raw(0).contains(&0x1b), "{:?}", refused.text());
    }
}

#[test]
fn a_paste_over_an_approval_approves_nothing_however_it_arrives() {
    let (_engine, plant) = asked();
    let before = decided(&plant);
    let paste = "aa\tyes\ty\r\n\x0f\x0fa\x0f\ny\r";
    // In one lump, byte by byte as a slow line brings it, and in brackets.
    for way in 0..3 {
        let mut olga = console(&plant.olga);
        strike(&mut olga, &["3"]);
        olga.wait_for("waits for you as operations");
        match way {
            0 => olga.send(paste),
            1 => {
                for byte in paste.chars() {
                    olga.send(&byte.to_string());
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            _ => olga.send(&format!("\x1b[200~{paste}\x1b[201~")),
        }
        olga.settle(Duration::from_millis(400));
        assert_eq!(decided(&plant), before, "way {way}:\n{}", olga.text());
        // With the form open, as the person may have left it.
        let mut olga = console(&plant.olga);
        strike(&mut olga, &["3"]);
        olga.wait_for("waits for you as operations");
        strike(&mut olga, &["a"]);
        olga.wait_for("(x) operations");
        if way == 2 {
            olga.send(&format!("\x1b[200~{paste}\x1b[201~"));
        } else {
            olga.send(paste);
        }
        olga.settle(Duration::from_millis(400));
        assert_eq!(decided(&plant), before, "form, way {way}:\n{}", olga.text());
    }
}

#[test]
fn a_storm_of_sizes_down_to_nothing_ends_in_a_whole_frame() {
    let (_place, account) = demo();
    let mut screen = on(&account, "xterm-256color").env("LC_ALL", "C.UTF-8").start();
    screen.wait_for("0 Watch");
    strike(&mut screen, &["3", "j", "?"]);
    for round in 0..40_u16 {
        for (rows, cols) in
            [(0, 0), (1, 1), (24, 80), (2, 300), (60, 1), (14, 59), (15, 60), (40 + round, 120)]
        {
            screen.resize(rows, cols);
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    screen.resize(24, 80);
    screen.wait_for("DEMO");
    strike(&mut screen, &[keys::ESC, "2"]);
    screen.wait_for("In>cu>re");
}

#[test]
fn a_line_that_drops_keeps_the_form_that_stood_open_and_frees_the_store() {
    for engine in engines() {
        let plant = plant(&engine);
        let mut rita = console(&plant.rita);
        strike(&mut rita, &["3", "n"]);
        rita.wait_for("Asks for a change");
        strike(&mut rita, &["New firmware of the feed pump"]);
        rita.wait_for("New firmware of the feed pump");
        rita.hang_up();
        assert!(rita.wait_exit(Duration::from_secs(2)).is_some());
        plant.done("log.add", json!({"site": "RLF", "text": "quiet"}));
        let mut again = console(&plant.rita);
        strike(&mut again, &["3", "n"]);
        again.wait_for("New firmware of the feed pump");
    }
}

#[test]
fn a_host_can_forbid_stopping() {
    let (_place, account) = demo();
    let config = account.home().join(".config/smc");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "suspend = false\n").unwrap();
    let mut screen = on(&account, "xterm").env("LC_ALL", "C.UTF-8").start();
    screen.wait_for("0 Watch");
    strike(&mut screen, &["\x1a"]);
    screen.wait_for("config.toml forbids it on this host");
}

/// The settings of a sample that is shipped, every one of them set.
fn set(sample: &str) -> String {
    let lines = sample.lines().filter_map(|line| line.strip_prefix('#'));
    let settings = lines.filter(|line| line.contains(" = ") && !line.starts_with(' '));
    settings.collect::<Vec<_>>().join("\n")
}

fn configured(account: &Account, file: &str, text: &str) {
    let config = account.home().join(".config/smc");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join(file), text).unwrap();
}

#[test]
fn the_samples_that_are_shipped_start_the_console_as_they_are_and_with_everything_set() {
    let (place, account) = demo();
    let (config, keys_of): (&str, &str) =
        (include_str!("../../docs/config.toml"), include_str!("../../docs/keys.toml"));
    let here = set(config).replace("sqlite:/var/lib/smc/smc.db", &place.url());
    for (config, keys_of) in [(config, keys_of), (here.as_str(), set(keys_of).as_str())] {
        configured(&account, "config.toml", config);
        configured(&account, "keys.toml", keys_of);
        let mut screen = on(&account, "xterm-256color").env("LC_ALL", "C.UTF-8").start();
        screen.wait_for("0 Watch");
        screen.wait_for("DEMO");
        strike(&mut screen, &["3", "?"]);
        screen.wait_for("Asks for a change; its approvals");
    }
    configured(&account, "keys.toml", "help = [\"F2\"]\n");
    let mut screen = on(&account, "xterm-256color").env("LC_ALL", "C.UTF-8").start();
    screen.wait_for("0 Watch");
    strike(&mut screen, &["3", "?"]);
    assert!(!screen.text().contains("Asks for a change; its"), "{}", screen.text());
    strike(&mut screen, &["\x1bOQ"]);
    screen.wait_for("Asks for a change; its approvals");
    configured(&account, "keys.toml", "help = [\":\"]\n");
    let mut refused = on(&account, "xterm-256color").env("LC_ALL", "C.UTF-8").start();
    assert_eq!(refused.wait_exit(Duration::from_secs(10)).unwrap().code(), Some(2));
    refused.wait_for("palette");
}

/// The words between row 1 and the last row, without how long something still takes: clocks go on while one looks.
fn words(screen: &Terminal) -> String {
    let timeless = |row: String| match row.split_once(", in ") {
        Some((before, _)) => before.to_owned(),
        None => row,
    };
    (1..23).map(|row| timeless(screen.row(row))).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_kind_of_terminal_shows_the_same_words() {
    let (_place, account) = demo();
    let mut seen: Vec<(String, String)> = Vec::new();
    for term in ["xterm-256color", "tmux-256color", "screen", "linux", "vt220"] {
        let mut screen = on(&account, term).env("LC_ALL", "C.UTF-8").start();
        screen.wait_for("0 Watch");
        screen.wait_for("DEMO");
        for (at, strokes) in [&["2"][..], &["j", keys::ENTER], &[keys::ESC, "?"], &[keys::ESC, ":"]]
            .iter()
            .enumerate()
        {
            strike(&mut screen, strokes);
            screen.wait_gone("reading …");
            screen.settle(Duration::from_millis(300));
            let name = format!("scene {at}");
            let shown = words(&screen);
            match seen.iter().find(|(scene, _)| *scene == name) {
                Some((_, first)) => assert_eq!(*first, shown, "{term} {name}"),
                None => seen.push((name, shown)),
            }
        }
    }
}

/// A program of this host, if it is there.
fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.exists());
    if found.is_none() {
        println!("skipped: {name} is not installed");
    }
    found
}

#[test]
fn in_screen_and_in_tmux_the_console_is_left_as_it_was_entered() {
    let (_place, account) = demo();
    let smc = crate::support::process::binary().to_str().unwrap();
    let sockets = account.home().join("sockets");
    std::fs::create_dir(&sockets).unwrap();
    std::fs::set_permissions(&sockets, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .unwrap();
    let sockets = sockets.to_str().unwrap();
    let socket = format!("{sockets}/tmux");
    let inner = format!("{smc} --as mvermeer; echo 'the shell is back'; sleep 1");
    let ways: [(&str, &[&str]); 2] = [
        ("screen", &["-U", "-c", "/dev/null", "sh", "-c", &inner]),
        ("tmux", &["-u", "-f", "/dev/null", "-S", &socket, "new-session", &inner]),
    ];
    for (name, args) in ways {
        let Some(program) = installed(name) else { continue };
        let mut start = terminal::program(&program, args).env("SCREENDIR", sockets);
        for (variable, value) in account.environment() {
            start = start.env(variable.to_str().unwrap(), value.to_str().unwrap());
        }
        let start =
            start.env("LC_ALL", "C.UTF-8").env("TMUX_TMPDIR", sockets).env("SHELL", "/bin/sh");
        let mut screen = start.start();
        screen.wait_for("0 Watch");
        screen.wait_for("DEMO");
        for keys in ["2", "?"] {
            strike(&mut screen, &[keys]);
        }
        screen.wait_for("Sets likelihood and consequences");
        strike(&mut screen, &[keys::ESC]);
        screen.wait_gone("Sets likelihood and consequences");
        strike(&mut screen, &["q"]);
        screen.wait_for("Leave the console?");
        strike(&mut screen, &["q"]);
        screen.wait_for("the shell is back");
        assert!(!screen.text().contains("0 Watch"), "{name}:\n{}", screen.text());
        assert!(screen.wait_exit(Duration::from_secs(10)).is_some(), "{name}");
    }
}
