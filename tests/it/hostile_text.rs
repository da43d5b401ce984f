//! Text that would take over a terminal, in every column of a store that holds words: only the program's own
//! sequences leave it, on the screen, in text output and in errors.

use std::cell::Cell;
use std::time::Duration;

use serde_json::Value;
use smc::console::screens::tabs::SUBJECTS;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use crate::support::process::{Account, account};
use crate::support::sqlite::{self, Place};
use crate::support::terminal::{self, Terminal, keys};

/// Escape sequences of both kinds, a title, a clear, a leap out of the screen, bidi overrides, zero-width, a pile of
/// marks, wide characters.
const HOSTILE: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[7777C\u{9b}31m\u{202e}desolc\u{2066}\u{200b}\u{feff}\u{ad}\r\n\t\u{7f}\
    Z\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}製油所\u{1f468}\u{200d}\u{1f469}\u{e0041}";

/// Parts of the name of a column whose words are keys, states and other closed vocabularies.
const CLOSED: &[&str] = &[
    "ref",
    "state",
    "site",
    "login",
    "code",
    "kind",
    "timezone",
    "level",
    "role",
    "discipline",
    "activity",
    "class",
    "decided",
    "source",
    "treatment",
    "severity",
    "purdue",
    "phase",
    "hash",
];

async fn open(place: &Place) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
    options.foreign_keys(false).connect().await.unwrap()
}

/// Writes the hostile text into every open column of every row, and a far too long one into the first row of
/// each table; gives the columns that took it.
async fn poison(place: &Place) -> Vec<String> {
    let mut c = open(place).await;
    sqlx::raw_sql("PRAGMA ignore_check_constraints = ON").execute(&mut c).await.unwrap();
    let long = format!("{HOSTILE}{}", "w\u{200b}".repeat(100_000));
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
         AND name IN ('site', 'zone', 'person', 'duty', 'asset', 'vendor', 'vendor_person', 'advisory', 'risk', \
         'acceptance', 'change', 'vendor_window', 'incident', 'log_line', 'decision', 'requirement', 'report', \
         'access_session', 'access_event', 'extension', 'bypass', 'calendar', 'import', 'comment', 'waiver', \
         'alarm_shelf', 'task_snooze', 'intervention', 'yardstick', 'store', 'despite', 'exemption')",
    )
    .fetch_all(&mut c)
    .await
    .unwrap();
    let mut taken = Vec::new();
    for table in tables {
        let columns = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA table_info({table})")))
            .fetch_all(&mut c)
            .await
            .unwrap();
        for column in columns {
            let (name, kind): (String, String) = (column.get("name"), column.get("type"));
            let key: i64 = column.get("pk");
            if key > 0 || kind != "TEXT" || CLOSED.iter().any(|word| name.contains(word)) {
                continue;
            }
            // What holds lists or objects keeps its form, which is read strictly.
            let plain =
                format!("{name} IS NOT NULL AND {name} NOT LIKE '[%' AND {name} NOT LIKE '{{%'");
            let every = format!("UPDATE {table} SET {name} = $1 WHERE {plain}");
            let first = format!(
                "UPDATE {table} SET {name} = $1 WHERE rowid = (SELECT min(rowid) FROM {table} WHERE {plain})"
            );
            for (statement, text) in [(every, HOSTILE), (first, &long)] {
                let done = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(text).execute(&mut c);
                if done.await.is_ok_and(|done| done.rows_affected() > 0) && text == HOSTILE {
                    taken.push(format!("{table}.{name}"));
                }
            }
        }
    }
    c.close().await.unwrap();
    taken
}

/// The first thing in these bytes that is neither plain text nor a sequence that the program itself writes.
pub fn foreign(bytes: &[u8], on_screen: bool) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The end of what was read may cut a character in two.
        Err(fault) if fault.error_len().is_none() => {
            std::str::from_utf8(&bytes[..fault.valid_up_to()]).unwrap()
        }
        Err(fault) => return Some(format!("no UTF-8 at {}", fault.valid_up_to())),
    };
    let mut rest = text;
    let mut marks = 0;
    while let Some(c) = rest.chars().next() {
        let from = rest;
        rest = &rest[c.len_utf8()..];
        // The end of what was read may cut a sequence in two; it is looked at again with what follows.
        if on_screen && c == '\u{1b}' && begun(rest) {
            return None;
        }
        marks = if ('\u{300}'..='\u{36f}').contains(&c) { marks + 1 } else { 0 };
        let fine = match c {
            '\n' => true,
            '\r' | '\u{7}' => on_screen,
            '\u{1b}' if on_screen => match sequence(rest) {
                Some(length) => {
                    rest = &rest[length..];
                    true
                }
                None => false,
            },
            c if c.is_control() => false,
            '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}' => false,
            _ => marks <= 4,
        };
        if !fine {
            return Some(from.chars().take(40).collect::<String>().escape_debug().to_string());
        }
    }
    None
}

/// Whether this is no more than the beginning of a sequence.
fn begun(rest: &str) -> bool {
    let numbers = rest.strip_prefix('[').unwrap_or(rest);
    numbers.chars().all(|c| c.is_ascii_digit() || matches!(c, ';' | '?'))
}

/// The length of the sequence that follows an ESC, if it is one of ours: place, a leap within a screen, style, erase, and
/// the switches of alternate screen, cursor and bracketed paste.
fn sequence(rest: &str) -> Option<usize> {
    for switch in ["[?1049", "[?25", "[?2004"] {
        if let Some(end) = rest.strip_prefix(switch) {
            return (end.starts_with('h') || end.starts_with('l')).then_some(switch.len() + 1);
        }
    }
    let numbers = rest.strip_prefix('[')?;
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    // A frame leaps over less than a thousand columns, with one number or none for one column.
    let leaps = |at: &str| at.len() <= 3 && !at.contains(';');
    match numbers.as_bytes().get(end) {
        Some(b'C') if !leaps(&numbers[..end]) => None,
        Some(b'H' | b'm' | b'J' | b'K' | b'C') => Some(end + 2),
        _ => None,
    }
}

fn poisoned() -> (Place, Account) {
    let place = sqlite::place();
    let account = account(&place.url());
    let dir = place.dir().to_str().unwrap().to_owned();
    account.smc(&["demo", "--no-console", "--size", "small", "--dir", &dir]).exits(0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let taken = runtime.block_on(poison(&place));
    for must in [
        "change.title",
        "vendor_window.purpose",
        "risk.title",
        "asset.name",
        "person.name",
        "report.what",
        "calendar.title",
        "alarm_shelf.reason",
    ] {
        assert!(taken.iter().any(|column| column == must), "{must} of {taken:?}");
    }
    assert!(taken.len() >= 20, "{taken:?}");
    (place, account)
}

fn strike(terminal: &mut Terminal, stroke: &str) {
    terminal.send(stroke);
    std::thread::sleep(Duration::from_millis(80));
    terminal.settle(Duration::from_millis(80));
    assert_eq!(foreign(&terminal.raw(0), true), None, "after {stroke:?}:\n{}", terminal.text());
}

/// Goes through every screen, list, page and form of a console; says on how many panes this mark was shown.
pub fn tour(screen: &mut Terminal, mark: &str) -> usize {
    let mut shown = 0;
    for number in ["0", "1", "2", "3", "4", "5", "6"] {
        for stroke in [
            number,
            keys::DOWN,
            keys::ENTER,
            keys::ESC,
            "y",
            keys::ESC,
            "L",
            keys::ESC,
            "D",
            keys::ESC,
        ] {
            strike(screen, stroke);
            shown += usize::from(screen.text().contains(mark));
        }
        // Forms that start from the object, then its refusal or its draft.
        for stroke in ["e", keys::ESC, keys::ESC, "n", keys::ESC, keys::ESC] {
            strike(screen, stroke);
        }
    }
    for subject in SUBJECTS.iter().map(|subject| subject.name) {
        for stroke in [":", subject, keys::ENTER] {
            strike(screen, stroke);
        }
        shown += usize::from(screen.text().contains(mark));
        strike(screen, keys::ENTER);
        shown += usize::from(screen.text().contains(mark));
        for stroke in [keys::ESC, keys::ESC] {
            strike(screen, stroke);
        }
    }
    shown
}

#[test]
fn what_is_not_ours_is_found() {
    for ours in ["\u{1b}[41C", "\u{1b}[C", "\u{1b}[2H\u{1b}[m", "\u{1b}[K", "\u{1b}[?25l"] {
        assert_eq!(foreign(format!("a{ours}b").as_bytes(), true), None, "{ours:?}");
        assert!(foreign(ours.as_bytes(), false).is_some(), "{ours:?} in text");
    }
    for other in ["\u{1b}[7777C", "\u{1b}[1;2C", "\u{1b}[2D", "\u{1b}]0;x\u{7}", "\u{9b}31m"] {
        assert!(foreign(format!("a{other}b").as_bytes(), true).is_some(), "{other:?}");
    }
    assert!(foreign(HOSTILE.as_bytes(), true).is_some());
}

#[test]
fn no_pane_hands_a_sequence_of_the_store_s_to_the_terminal() {
    let (_place, account) = poisoned();
    for (rows, cols) in [(24, 80), (40, 120)] {
        let setup = terminal::smc(&account, &["--as", "mvermeer"]).size(rows, cols);
        let mut screen = setup.env("LC_ALL", "C.UTF-8").start();
        screen.wait_for("0 Watch");
        let shown = tour(&mut screen, "<1B>");
        // Typed and pasted text is as foreign as stored text.
        for stroke in [
            "/",
            "\u{1b}[200~x\u{1b}]0;y\u{7}\u{202e}\u{1b}[201~",
            keys::ENTER,
            "?",
            keys::ESC,
            "q",
        ] {
            strike(&mut screen, stroke);
        }
        assert!(shown > 10, "the hostile text was shown on {shown} panes only");
    }
}

#[test]
fn text_output_and_errors_show_what_a_terminal_would_obey() {
    let (_place, account) = poisoned();
    let subjects = [
        "sites",
        "zones",
        "assets",
        "people",
        "roles",
        "duties",
        "raci",
        "vendors",
        "advisories",
        "vulnerabilities",
        "risks",
        "acceptances",
        "changes",
        "windows",
        "incidents",
        "reports",
        "log-lines",
        "imports",
        "alarms",
    ];
    let shown = Cell::new(0);
    let check = |args: &[&str]| {
        let ran = account.smc(args);
        for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
            assert_eq!(foreign(text.as_bytes(), false), None, "{stream} of smc {args:?}");
        }
        shown.set(shown.get() + usize::from(ran.stdout.contains("<1B>")));
    };
    for subject in subjects {
        check(&["list", subject]);
    }
    for reference in ["CR-1", "VW-1", "R-1", "INC-1", "RA-1", "ANR", "mvermeer"] {
        check(&["show", reference]);
    }
    check(&["status"]);
    check(&["log"]);
    assert!(shown.get() >= 8, "{}", shown.get());
    let evil = HOSTILE.replace('\0', "");
    let json = serde_json::json!({"ref": evil, "reason": evil}).to_string();
    check(&["list", &evil]);
    check(&["list", "changes", &evil]);
    check(&["list", "changes", &format!("due:{evil}")]);
    check(&["show", &evil]);
    check(&["do", &evil, "--json", "{}"]);
    check(&["do", "change.withdraw", "--json", &json]);
    check(&["do", "change.withdraw", "--json", &evil]);
    check(&["do", "change.withdraw", "--file", &evil]);
    check(&["--theme", &evil]);
    check(&["--as", &evil, "status"]);
    check(&["--store", &format!("sqlite:/nowhere/{evil}"), "status"]);
    check(&["--store", &format!("postgres://{evil}@127.0.0.1:1/x"), "status"]);
    check(&["log", "--since", &evil]);
    check(&["import", "csaf", &evil]);
    check(&[&evil]);
}

#[test]
fn json_output_carries_the_text_whole_and_escaped() {
    let (_place, account) = poisoned();
    let ran = account.smc(&["list", "changes", "--json"]).exits(0);
    assert_eq!(foreign(ran.stdout.as_bytes(), false), None);
    let titles = ran.json_lines();
    let whole =
        |row: &Value| row["title"].as_str().is_some_and(|title| title.contains("\u{1b}]0;owned"));
    assert!(titles.iter().any(whole), "{:?}", titles.first());
    for words in [&["status", "--json"][..], &["log", "--json"], &["show", "CR-1", "--json"]] {
        let ran = account.smc(words).exits(0);
        assert_eq!(foreign(ran.stdout.as_bytes(), false), None, "{words:?}");
    }
    let evil = "\u{1b}]0;x\u{7}\u{202e}".repeat(50_000);
    let file = account.file("evil.json", serde_json::json!({"expect": evil}).to_string());
    let words = ["do", "change.withdraw", "--json", "--file", file.to_str().unwrap()];
    let told = account.smc(&words);
    assert_ne!(told.code, Some(0));
    assert_eq!(foreign(told.stderr.as_bytes(), false), None);
    assert!(told.stderr.len() < 20_000, "{} bytes", told.stderr.len());
    assert!(serde_json::from_str::<Value>(told.stderr.trim()).is_ok(), "{}", told.stderr);
}
