//! The table of what each kind alters, held against the statements of `project`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::{FIXED, GOVERNED, SIGNED, writes};
use super::terms::TERMS;
use super::*;
use crate::domain::command::{Origin, table};

const TABLES: &str = include_str!("../../../../migrations/postgres/0002_tables.sql");

/// What the table's statement says.
fn columns(tab: &str) -> &'static str {
    let (_, rest) = TABLES.split_once(&format!("CREATE TABLE {tab} (")).unwrap();
    rest.split_once("\n);").unwrap().0
}

/// The type of a column.
fn of<'c>(columns: &'c str, col: &str) -> Option<&'c str> {
    let mut words = columns.lines().map(str::split_whitespace);
    let of =
        words.find_map(|mut words| (words.next() == Some(col)).then(|| words.next()).flatten());
    of.map(|of| of.trim_end_matches(','))
}

/// Every file of `project`, with its text.
fn sources(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    end.map_or(text, |end| &text[..end])
}

/// The columns that a list of assignments sets: each stands before a sign of equality, outside of parentheses.
fn set(list: &str) -> BTreeSet<&str> {
    let (mut depth, mut begin) = (0_i32, true);
    let mut cols = BTreeSet::new();
    for (at, c) in list.char_indices() {
        let rest = &list[at..];
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => begin = true,
            _ if depth > 0 || c.is_whitespace() => {}
            _ => {
                let word = word(rest);
                let ends = ["WHERE", "FROM", "RETURNING"].contains(&word);
                if c == '"' || (ends && list[..at].ends_with([' ', '\n'])) {
                    // `IS DISTINCT FROM` stands after WHERE, which ended it.
                    break;
                }
                if begin && !word.is_empty() && rest[word.len()..].trim_start().starts_with('=') {
                    cols.insert(word);
                }
                begin = false;
            }
        }
    }
    cols
}

/// The columns that the statements of a text update, by table.
fn updated(text: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (at, _) in text.match_indices("UPDATE ") {
        let rest = &text[at + "UPDATE ".len()..];
        let conflict = rest.strip_prefix("SET").filter(|list| list.starts_with([' ', '\n']));
        let (table, list) = match conflict {
            Some(list) => {
                let (_, into) = text[..at].rsplit_once("INSERT INTO ").unwrap();
                (word(into), list)
            }
            None => (word(rest), rest.split_once("SET ").unwrap().1),
        };
        found.entry(table).or_default().extend(set(list));
    }
    found
}

/// Texts of such a name that readers show as they stand.
const PLAIN: &[(&str, &str)] =
    &[("requirement", "because"), ("concern", "because"), ("access_event", "because")];

#[test]
fn a_text_that_a_reader_takes_apart_is_taken_only_as_readers_read_it() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/query");
    let texts = sources(&dir);
    let fields = texts.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| {
        let (name, of) = line.trim().trim_start_matches("pub ").split_once(": ")?;
        of.trim_start_matches("Option<").starts_with("Told<").then_some(name)
    });
    let names: BTreeSet<&str> = fields.filter(|name| !name.contains(' ')).collect();
    assert!(names.len() > 9, "{names:?}");
    for (tab, _) in GOVERNED {
        for name in names.iter().filter(|name| !PLAIN.contains(&(tab, name))) {
            let columns = columns(tab);
            if of(columns, name) == Some("WORD") {
                assert!(
                    columns.contains(&format!("{name}::jsonb")),
                    "one row with another text in {tab}.{name} keeps its list from everybody: add a CHECK to \
                     migrations/postgres/0002_tables.sql that takes what its readers read"
                );
            }
        }
    }
}

fn all_updated() -> BTreeMap<(String, String), String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/project");
    let mut all = BTreeMap::new();
    for (file, text) in sources(&dir) {
        // What a macro puts in between is part of an assignment, and ends no statement.
        let text = ["moved", "stood"]
            .iter()
            .fold(text, |text, name| text.replace(&format!("\",\n    {name}!(),\n    \""), "x"));
        for (table, cols) in updated(&text) {
            assert!(!cols.is_empty(), "{file}: what is updated in {table}?");
            for col in cols {
                all.insert((table.to_owned(), col.to_owned()), file.clone());
            }
        }
    }
    all
}

#[test]
fn every_column_that_project_updates_is_named_for_a_kind() {
    let rows = alters();
    let updated = all_updated();
    for ((table, col), file) in &updated {
        assert!(
            rows.iter().any(|row| row.tab == table && row.col == col),
            "{file} updates {table}.{col}, and no kind alters it: add it to the line of the kind that does, in \
             src/store/referee/altered.rs"
        );
    }
    for Alters { tab, col, kind, .. } in rows {
        assert!(
            updated.contains_key(&(tab.to_owned(), col.to_owned())),
            "{kind} alters {tab}.{col}, which no statement of src/store/project updates: take it out of \
             src/store/referee/altered.rs"
        );
    }
    assert!(updated.len() > 150, "only {} columns were found", updated.len());
}

#[test]
fn a_kind_alters_what_it_writes_and_neither_keys_nor_evidence() {
    for (kind, tab, _) in ALTERED {
        let written =
            writes().any(|(by, written)| written == *tab && (*kind == ANY || by == *kind));
        assert!(written, "{kind} does not write {tab}");
        assert!(!FIXED.contains(tab), "{kind} alters {tab}, whose rows are evidence");
    }
    for Alters { tab, col, kind, .. } in alters() {
        let columns = columns(tab);
        assert!(of(columns, col).is_some(), "{tab} has no column {col}, which {kind} alters");
        let key = columns.lines().find_map(|line| line.trim().strip_prefix("PRIMARY KEY ("));
        let key = key.unwrap_or_default().trim_end_matches([')', ',']);
        let owner = GOVERNED.contains(&(tab, col));
        let signed = SIGNED.contains(&(tab, col));
        let keyed = key.split(", ").any(|part| part == col);
        assert!(!owner && !signed && !keyed, "{kind} alters {tab}.{col}, which is written once");
    }
}

#[test]
fn a_column_that_names_whoever_did_it_takes_whoever_is_logged_in() {
    for Alters { tab, col, kind, holds } in alters() {
        let says = of(columns(tab), col).unwrap_or_default();
        if col.ends_with("_by") && says == "WORD" {
            let held = [Some(ACTOR), Some(NOTHING)].contains(&holds);
            assert!(held, "{kind} writes {tab}.{col} in anybody's name: say `{col} = actor`");
        }
        match holds {
            Some(INSTANT) => assert_eq!(says, "TIMESTAMPTZ", "{kind}: {tab}.{col}"),
            Some(ACTOR) => assert_eq!(says, "WORD", "{kind}: {tab}.{col}"),
            Some(_) | None => {}
        }
    }
}

#[test]
fn what_time_concludes_is_not_written_before_its_time() {
    let by_time = table().filter(|spec| spec.origin == Origin::Rule);
    let by_time = by_time.filter(|spec| spec.fields.iter().any(|field| field.name == "due"));
    let kinds: Vec<_> = by_time.map(|spec| spec.kind).collect();
    assert_eq!(kinds.len(), 3, "{kinds:?}");
    for kind in kinds {
        let held =
            TERMS.iter().any(|term| term.kind == kind && term.holds.contains("entry_at >= OLD."));
        assert!(
            held,
            "anybody may write {kind} at any time: add its end to src/store/referee/altered/terms.rs"
        );
    }
    let rows = alters();
    let made: BTreeMap<String, String> = functions().into_iter().collect();
    for term in TERMS {
        let alters = rows.iter().any(|row| (row.tab, row.kind) == (term.tab, term.kind));
        assert!(alters, "{term:?}");
        assert!(made[&name(term.tab)].contains(term.holds), "{term:?}");
    }
}

#[test]
fn what_a_kind_does_not_alter_stands_in_the_function_of_its_table() {
    let made: BTreeMap<String, String> = functions().into_iter().collect();
    let window = &made[&name("vendor_window")];
    assert!(window.contains(
        "WHEN NEW.end_at IS DISTINCT FROM OLD.end_at AND by_kind NOT IN ('window.extended') THEN 'end_at'"
    ));
    assert!(window.contains(
        "WHEN NEW.opened_by IS DISTINCT FROM OLD.opened_by AND NOT (by_kind IN ('window.opened') AND NEW.opened_by IS NOT \
         DISTINCT FROM session_user::text) THEN 'opened_by'"
    ));
    assert!(!window.contains("NEW.person"), "what nothing alters is granted to nobody");
    assert!(!made.contains_key(&name("posture_item")), "every kind that writes there may");
}
