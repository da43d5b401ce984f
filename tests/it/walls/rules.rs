//! The rules as one table: a name, what breaks it, and two samples that prove that it sees.

use super::source::Source;

/// A line and what is wrong there.
pub type Fault = (usize, String);

/// One wall.
pub struct Rule {
    pub name: &'static str,
    pub faults: fn(&Source) -> Vec<Fault>,
    /// A path and a text that the rule must find.
    pub broken: (&'static str, &'static str),
    /// A path and a text that the rule must let pass.
    pub kept: (&'static str, &'static str),
}

/// Each room of `src/` and the rooms that it may name by `crate::`.
pub const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &["domain"]),
    ("safe_text", &[]),
    ("ledger", &["domain"]),
    ("store", &["domain", "ledger", "clock", "safe_text"]),
    ("commands", &["domain", "ledger", "store", "clock", "safe_text"]),
    ("exchange", &["domain", "commands", "store", "safe_text"]),
    ("demo", &["domain", "commands", "store", "exchange", "clock"]),
    ("report", &["domain", "ledger", "store", "safe_text"]),
    (
        "console",
        &["domain", "ledger", "store", "commands", "exchange", "report", "clock", "safe_text"],
    ),
    (
        "cli",
        &[
            "domain",
            "ledger",
            "store",
            "commands",
            "exchange",
            "demo",
            "report",
            "console",
            "clock",
            "safe_text",
        ],
    ),
];

/// Crates that only one place may name.
const KEPT_IN: &[(&str, &str)] = &[
    ("sqlx", "src/store"),
    ("ratatui", "src/console"),
    ("tui_textarea", "src/console"),
    ("crossterm", "src/console/term"),
];

const FOR_DOMAIN: &[&str] = &["serde", "chrono", "chrono_tz", "thiserror"];

pub const RULES: &[Rule] = &[
    Rule {
        name: "a crate stays in its room",
        faults: crates_stay,
        broken: ("src/cli/show.rs", "use ratatui::text::Line;"),
        kept: ("src/cli/show.rs", "// ratatui::text\nlet a = \"sqlx::query\"; my_sqlx::x();"),
    },
    Rule {
        name: "only console/term knows crossterm",
        faults: crates_stay,
        broken: ("src/console/app.rs", "fn f(k: ratatui::crossterm::event::KeyEvent) {}"),
        kept: ("src/console/term/input.rs", "use crossterm::event::KeyEvent;"),
    },
    Rule {
        name: "SQL stands only in store",
        faults: sql_stays,
        broken: ("src/commands/risk.rs", "let q = \"  SELECT ref FROM risk\";"),
        kept: (
            "src/commands/risk.rs",
            "let a = \"Select a risk from the list\"; let b = \"UPDATE: the plant is up\"; // SELECT 1",
        ),
    },
    Rule {
        name: "SQL stands only in store, raw strings too",
        faults: sql_stays,
        broken: ("src/cli/log.rs", "let q = r#\"insert into ledger values (1)\"#;"),
        kept: ("src/store/query/risk.rs", "let q = r#\"select 1 from risk\"#;"),
    },
    Rule {
        name: "only clock.rs reads the clock",
        faults: clock_stays,
        broken: ("src/store/feed.rs", "let now = chrono::Utc::now();"),
        kept: ("src/store/feed.rs", "let began = Instant::now(); // Utc::now()"),
    },
    Rule {
        name: "domain uses std, serde, chrono, chrono-tz, thiserror",
        faults: domain_is_pure,
        broken: ("src/domain/risk.rs", "fn f(v: serde_json::Value) {}"),
        kept: ("src/domain/risk.rs", "use serde::Serialize;\nuse chrono_tz::Tz;\nuse std::fmt;"),
    },
    Rule {
        name: "domain does not act on the world, its tests may",
        faults: domain_is_pure,
        broken: ("src/domain/risk.rs", "fn f() { std::env::var(\"HOME\"); }"),
        kept: ("src/domain/risk/tests.rs", "fn f() { std::env::var(\"HOME\"); csv::Reader::x(); }"),
    },
    Rule {
        name: "a room uses only the rooms below it",
        faults: rooms_below,
        broken: ("src/ledger/entry.rs", "use crate::{domain::time::Time, store::Store};"),
        kept: ("src/commands/risk.rs", "use crate::{domain::{risk, time}, store::Store};"),
    },
    Rule {
        name: "a room uses only the rooms below it, by any road",
        faults: rooms_below,
        broken: ("src/domain/risk.rs", "use super::super::store::Store;"),
        kept: ("src/domain/risk.rs", "use super::store::Store;"),
    },
    Rule {
        name: "the demo alone tells a past",
        faults: past_stays,
        broken: ("src/cli/act.rs", "use crate::store::{Store, Teller};"),
        kept: ("src/demo/stage.rs", "use crate::store::{Place, Teller};"),
    },
    Rule {
        name: "the colour of a priority comes from a priority",
        faults: colours_stay,
        broken: ("src/console/back/brief.rs", "doc.field(\"lacks\", Cell::of(said, Role::P2))"),
        kept: ("src/console/widgets/cell.rs", "Role::of_priority(2); // Role::P2\nRole::Prompt"),
    },
    Rule {
        name: "a file has at most 600 lines",
        faults: not_too_long,
        broken: ("src/cli.rs", include_str!("../../../Cargo.lock")),
        kept: ("src/cli.rs", "//! Short."),
    },
    Rule {
        name: "a module says first what it is for",
        faults: says_its_purpose,
        broken: ("src/cli.rs", "use std::fmt;\n//! Late."),
        kept: ("src/cli.rs", "//! Early."),
    },
    Rule {
        name: "nothing is left to do",
        faults: nothing_left,
        broken: ("src/cli.rs", "fn f() {} // TODO: everything"),
        kept: ("src/cli.rs", "//! Mastodons and methods."),
    },
    Rule {
        name: "a module's file has its name",
        faults: no_mod_rs,
        broken: ("src/cli/mod.rs", ""),
        kept: ("src/cli/model.rs", ""),
    },
];

fn crates_stay(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, place) in KEPT_IN {
        if source.path.starts_with(place) {
            continue;
        }
        let found = source.words(name).filter(|(_, after)| after.trim_start().starts_with("::"));
        faults.extend(found.map(|(line, _)| (line, format!("{name} is for {place} alone"))));
    }
    faults
}

/// How SQL starts, in capitals, and a word that must follow somewhere so that a sentence is not taken for it.
const SQL: &[(&str, &str)] = &[
    ("SELECT ", ""),
    ("INSERT INTO ", ""),
    ("UPDATE ", " SET "),
    ("DELETE FROM ", ""),
    ("WITH ", " AS "),
    ("CREATE ", " TABLE "),
    ("CREATE TABLE ", ""),
    ("CREATE INDEX ", ""),
    ("CREATE ROLE ", ""),
    ("ALTER TABLE ", ""),
    ("DROP TABLE ", ""),
    ("PRAGMA ", ""),
    ("BEGIN IMMEDIATE", ""),
    ("TRUNCATE ", ""),
    ("GRANT ", " TO "),
];

fn sql_stays(source: &Source) -> Vec<Fault> {
    if source.room() == "store" {
        return Vec::new();
    }
    let is_sql = |text: &str| {
        let text = text.trim_start();
        let lower = text.to_lowercase();
        SQL.iter().any(|(start, then)| text.starts_with(start) && text.contains(then))
            || (lower.starts_with("insert into ") || lower.starts_with("delete from "))
            || (text.starts_with("select ") && text.contains(" from "))
    };
    let found = source.literals.iter().filter(|(_, text)| is_sql(text));
    found.map(|(line, text)| (*line, format!("SQL: {:.40}", text.trim()))).collect()
}

fn colours_stay(source: &Source) -> Vec<Fault> {
    if source.path.starts_with("src/console/theme") || source.is_test() {
        return Vec::new();
    }
    let roles = ["Role::P1", "Role::P2", "Role::P3", "Role::P4"];
    let found = roles.into_iter().flat_map(|role| source.words(role));
    found.map(|(line, _)| (line, "take Role::of_priority, or a role of its own".into())).collect()
}

fn past_stays(source: &Source) -> Vec<Fault> {
    if source.path.starts_with("src/store") || source.path.starts_with("src/demo") {
        return Vec::new();
    }
    let found = source.words("Teller");
    found.map(|(line, _)| (line, "a past is told in a demo store alone".to_owned())).collect()
}

fn clock_stays(source: &Source) -> Vec<Fault> {
    if source.path == "src/clock.rs" {
        return Vec::new();
    }
    let clocks = ["Utc::now", "Local::now", "SystemTime::now"];
    let found = clocks.into_iter().flat_map(|clock| source.words(clock));
    found
        .map(|(line, _)| (line, "ask crate::clock, or take the time as a parameter".into()))
        .collect()
}

fn domain_is_pure(source: &Source) -> Vec<Fault> {
    // The domain's tests may read real files; what is shipped may not.
    if source.room() != "domain" || source.is_test() {
        return Vec::new();
    }
    let manifest: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    // Crates for tests alone are kept out of the rest by the compiler.
    let names =
        manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_"));
    let mut faults = Vec::new();
    for name in names.filter(|name| !FOR_DOMAIN.contains(&name.as_str())) {
        let found = source.words(&name).filter(|(_, after)| after.starts_with("::"));
        faults.extend(found.map(|(line, _)| (line, format!("{name} is not for domain"))));
    }
    for world in ["std::env", "std::fs", "std::net", "std::process", "std::thread"] {
        faults.extend(
            source.words(world).map(|(line, _)| (line, format!("{world} acts on the world"))),
        );
    }
    faults
}

fn rooms_below(source: &Source) -> Vec<Fault> {
    let Some((_, below)) = ROOMS.iter().find(|(room, _)| *room == source.room()) else {
        return Vec::new();
    };
    // How far up `super::` must climb before it stands outside the room.
    let depth = source.path.matches('/').count();
    let out = "super::".repeat(depth);
    let roads = source.words("crate::").chain(source.words(&out).filter(|_| depth > 1));
    let mut faults = Vec::new();
    for (line, after) in roads {
        for room in heads(after) {
            let foreign = room != source.room() && ROOMS.iter().any(|(name, _)| *name == room);
            if foreign && !below.contains(&room) {
                faults.push((line, format!("{} may not use {room}", source.room())));
            }
        }
    }
    faults
}

/// The first names of a path or of a use tree: `a::b` gives a, `{a::b, c::{d, e}}` gives a and c.
fn heads(after: &str) -> Vec<&str> {
    fn name(text: &str) -> &str {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        &text[..end]
    }
    let Some(tree) = after.strip_prefix('{') else { return vec![name(after)] };
    let (mut depth, mut heads, mut fresh) = (0_usize, Vec::new(), true);
    for (at, c) in tree.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && !c.is_whitespace() => {
                heads.push(name(&tree[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    heads
}

fn not_too_long(source: &Source) -> Vec<Fault> {
    let lines = source.text.lines().count();
    if lines > 600 { vec![(600, format!("{lines} lines"))] } else { Vec::new() }
}

fn says_its_purpose(source: &Source) -> Vec<Fault> {
    if source.text.starts_with("//! ") { Vec::new() } else { vec![(1, "no //! line".into())] }
}

fn nothing_left(source: &Source) -> Vec<Fault> {
    let marks = ["TODO", "FIXME", "XXX", "todo!", "unimplemented!"];
    let lines = source.text.lines().enumerate();
    let found = lines.filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
    found.map(|(at, line)| (at + 1, line.trim().to_owned())).collect()
}

fn no_mod_rs(source: &Source) -> Vec<Fault> {
    if source.path.ends_with("/mod.rs") {
        vec![(1, "name it after the module".into())]
    } else {
        Vec::new()
    }
}
