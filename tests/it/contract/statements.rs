//! Which statements of `src/store` were executed on which engine.
//!
//! The driver tells of every statement as a `tracing` event. SQLite's statements run on threads that the driver names
//! after it, so that the engines are told apart. What is executed is held against the text of the sources: every
//! literal that is SQL, whole or a part that is put together with others, must have been part of a statement.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::set_global_default;
use tracing::{Event, Metadata, Subscriber};

use crate::it::walls::source::Source;
use crate::it::walls::{root, rust_files};

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// Where a text can stand that is of one engine by its nature.
enum Mark {
    /// It says this.
    Says(&'static str),
    /// It stands in this file.
    In(&'static str),
}
use Mark::{In, Says};

/// What only one engine can execute, and why.
const OF_ONE: &[(Mark, On, &str)] = &[
    (
        Says("api."),
        On::Postgres,
        "the owner's functions, through which alone a login writes the ledger",
    ),
    (Says("pg_"), On::Postgres, "the server's own catalog"),
    (Says("smc."), On::Postgres, "the schema that a server's store stands in"),
    (Says("'smc'"), On::Postgres, "the same schema by name"),
    (Says("CREATE TABLE alters"), On::Postgres, "what a server's referee goes by"),
    (Says(" FROM alters"), On::Postgres, "the same, held against the program's rows"),
    (
        Says("clock_timestamp()"),
        On::Postgres,
        "the server's clock; an embedded store takes the process's",
    ),
    (Says("REPEATABLE READ"), On::Postgres, "the snapshot that SQLite's BEGIN gives by itself"),
    (Says(" ROLE"), On::Postgres, "whoever makes or rebuilds the schema does it as its owner"),
    (Says("session_user"), On::Postgres, "the login that the server saw come in"),
    (Says("synchronous_commit"), On::Postgres, "a server waits for its disc by session"),
    (Says("current_setting"), On::Postgres, "the server's version"),
    (Says("jsonb_array_elements_text"), On::Postgres, "a list bound as JSON"),
    (
        In("src/store/replay/fabric/server.rs"),
        On::Postgres,
        "a server's schema held against its scripts",
    ),
    (Says("json_each"), On::Sqlite, "a list bound as JSON"),
    (Says("PRAGMA "), On::Sqlite, "settings and checks of a file"),
    (Says("pragma_table_info"), On::Sqlite, "the file's own catalog"),
    (Says("pragma_foreign_key_check"), On::Sqlite, "a server holds its references by itself"),
    (Says("sqlite_"), On::Sqlite, "the file's own catalog, and the engine's version"),
    (Says("BEGIN IMMEDIATE"), On::Sqlite, "the lock of writers, which on a server is a row"),
    (Says("VACUUM INTO"), On::Sqlite, "a copy of a file"),
    (Says("VALUES {values}"), On::Sqlite, "rows of a replay, each value bound"),
    (Says("SELECT group_concat(row"), On::Sqlite, "rows of two files compared many at once"),
    (Says("INSERT INTO ledger"), On::Sqlite, "on a server api.append writes the entry"),
    (Says("INSERT INTO counter"), On::Sqlite, "on a server api.append gives the number"),
    (Says("INSERT INTO document"), On::Sqlite, "on a server api.keep_document keeps it"),
    (Says("INSERT INTO head"), On::Sqlite, "on a server the schema's script makes it"),
    (
        Says("INSERT INTO store "),
        On::Sqlite,
        "on a server api.found writes it with the first entry",
    ),
    (
        Says("FROM restored c JOIN restore p"),
        On::Sqlite,
        "a part of the ledger is replayed into a file",
    ),
    (
        In("src/store/replay/play.rs"),
        On::Sqlite,
        "the scratch store of a replay is a file, whatever is replayed",
    ),
];

/// What is SQL and executed by somebody else, and why.
const NOT_EXECUTED: &[(&str, &str)] = &[
    ("\nSET ROLE smc_owner;\nSET search_path = smc;\n", "printed for a DBA, who runs it"),
    ("\nINSERT INTO meta (key, value) VALUES ('schema', ", "printed for a DBA, who runs it"),
    ("SELECT api.found('{quoted}'", "printed for a DBA, who runs it"),
];

#[derive(Default)]
struct Heard {
    sqlite: HashSet<String>,
    postgres: HashSet<String>,
}

static HEARD: Mutex<Option<Heard>> = Mutex::new(None);

struct Listener;

#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        // A short statement is its own summary.
        let Statement { summary, whole } = statement;
        let text = spaced(if whole.is_empty() { &summary } else { &whole });
        let thread = std::thread::current();
        let sqlite = thread.name().is_some_and(|name| name.starts_with("sqlx-sqlite-worker"));
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = heard.get_or_insert_default();
        let engine = if sqlite { &mut heard.sqlite } else { &mut heard.postgres };
        if !engine.contains(&text) {
            engine.insert(text);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Listens from now on, to the whole process.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_global_default(Listener).expect("nobody else listens"));
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The inside of a string literal as the compiler reads it, near enough for SQL.
fn read(literal: &str) -> String {
    let mut text = String::new();
    let mut from = literal.chars().peekable();
    while let Some(c) = from.next() {
        match (c, from.peek().copied()) {
            ('\\', Some('\n')) => while from.next_if(|c| c.is_whitespace()).is_some() {},
            // Nobody escapes a quote of SQL: this stands in a raw string.
            ('\\', Some('\'')) => text.push(c),
            ('\\', Some('n')) => {
                from.next();
                text.push('\n');
            }
            ('\\', Some(other)) => {
                from.next();
                text.push(other);
            }
            _ => text.push(c),
        }
    }
    text
}

const STARTS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "WITH ",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT ",
    "RELEASE ",
    "PRAGMA ",
    "SET ",
    "RESET ",
    "VACUUM ",
    "CREATE ",
    "DROP ",
    "ALTER ",
    "LISTEN ",
    "EXISTS (",
    "NOT EXISTS (",
    "CASE ",
    "CAST(",
    "COALESCE(",
    "FROM ",
    "AND ",
    "OR ",
    "AS ",
    "UNION ",
    "JOIN ",
    "LEFT JOIN ",
    "CROSS JOIN ",
    "ORDER BY ",
    "WHERE ",
    "GROUP BY ",
    "LIMIT ",
    "t.",
    "ESCAPE ",
    "(SELECT ",
    ") SELECT ",
    "lower(",
];

fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    STARTS.iter().any(|start| text.starts_with(start))
        || text.contains("$1")
        || text.contains(":now")
}

/// The parts of a text that stand in the statement as they are: between what is filled in and bound.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut from = text;
    while let Some(c) = from.chars().next() {
        if let Some(rest) = from.strip_prefix(":now") {
            parts.push(String::new());
            from = rest;
        } else if let Some((_, rest)) = from.strip_prefix('{').and_then(|rest| rest.split_once('}'))
        {
            parts.push(String::new());
            from = rest;
        } else {
            if let Some(part) = parts.last_mut() {
                part.push(c);
            }
            from = &from[c.len_utf8()..];
        }
    }
    let long = |part: &String| part.chars().filter(|c| c.is_alphabetic()).count() > 1;
    parts.iter().map(|part| spaced(part)).filter(long).collect()
}

/// A literal that is SQL, and where it stands.
struct Literal {
    path: String,
    line: usize,
    text: String,
}

fn literals(path: &str, text: &str) -> Vec<Literal> {
    let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
    let source = Source::read(path, shipped);
    let sql = source.literals.iter().map(|(line, text)| (*line, read(text)));
    let sql = sql.filter(|(_, text)| is_sql(text));
    sql.map(|(line, text)| Literal { path: path.to_owned(), line, text }).collect()
}

fn of_store() -> Vec<Literal> {
    let mut files = vec![root().join("src/store.rs")];
    rust_files(&root().join("src/store"), &mut files);
    let path = |file: &Path| file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
    let of = |file| literals(&path(file), &std::fs::read_to_string(file).unwrap());
    files.iter().filter(|file| !file.ends_with("tests.rs")).flat_map(|file| of(file)).collect()
}

fn marked(mark: &Mark, literal: &Literal) -> bool {
    match mark {
        Says(text) => literal.text.contains(text),
        In(path) => literal.path == *path,
    }
}

fn executed_by_somebody_else(literal: &Literal) -> bool {
    NOT_EXECUTED.iter().any(|(text, _)| literal.text.contains(text))
}

fn asked_of(engine: On, literal: &Literal) -> bool {
    let of_other = |(mark, only, _): &&(Mark, On, &str)| marked(mark, literal) && *only != engine;
    !OF_ONE.iter().any(|row| of_other(&row)) && !executed_by_somebody_else(literal)
}

/// The literals that were not part of anything executed.
fn missing<'l>(literals: &'l [Literal], executed: &HashSet<String>) -> Vec<&'l Literal> {
    let was = |part: &String| executed.iter().any(|statement| statement.contains(part.as_str()));
    literals.iter().filter(|literal| !parts(&literal.text).iter().all(was)).collect()
}

/// Every statement of the store was executed on this engine, but for what is of the other by its nature.
pub fn all_executed(engine: On) {
    let literals = of_store();
    assert!(literals.len() > 250, "only {} texts are taken for SQL", literals.len());
    for (mark, _, because) in OF_ONE {
        let used = literals.iter().any(|literal| marked(mark, literal));
        assert!(used, "no statement is any more: {because}");
    }
    for (text, because) in NOT_EXECUTED {
        let used = literals.iter().any(|literal| literal.text.contains(text));
        assert!(used, "no statement is any more: {because}");
    }
    let asked: Vec<_> = literals.into_iter().filter(|literal| asked_of(engine, literal)).collect();
    let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    let heard = heard.as_ref().expect("statements were executed");
    let executed = match engine {
        On::Sqlite => &heard.sqlite,
        On::Postgres => &heard.postgres,
    };
    let mut report = String::new();
    for Literal { path, line, text } in missing(&asked, executed) {
        writeln!(report, "{path}:{line}: {:.100}", spaced(text)).unwrap();
    }
    assert!(report.is_empty(), "never executed on {engine:?}:\n{report}");
}

/// The check itself: it finds what was not executed, whole or in part, and nothing else.
pub fn finds_what_was_not_executed() {
    let text = "fn f() { a(\"SELECT one\n FROM two WHERE x = $1\"); b(format!(\"DELETE FROM {t} WHERE y\")); \
                c(\"a message\"); }\n#[cfg(test)] mod tests { const T: &str = \"SELECT three\"; }";
    let found = literals("src/store/a.rs", text);
    assert_eq!(found.iter().map(|literal| literal.line).collect::<Vec<_>>(), [1, 2]);
    let lacking = |executed: &[&str]| -> Vec<usize> {
        let executed = executed.iter().map(|text| spaced(text)).collect();
        missing(&found, &executed).iter().map(|literal| literal.line).collect()
    };
    assert_eq!(lacking(&[]), [1, 2]);
    assert_eq!(lacking(&["SELECT one FROM two WHERE x = $1"]), [2]);
    assert_eq!(lacking(&["SELECT one FROM two", "DELETE FROM t WHERE z"]), [1, 2]);
    let both = ["SELECT one FROM two  WHERE x = $1 LIMIT 1", "DELETE FROM t WHERE y"];
    assert!(lacking(&both).is_empty());
}
