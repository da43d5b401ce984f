//! The objects of an embedded store as our own files write them, in the words in which the engine's catalog keeps them.
//!
//! Holding the catalog against these costs nothing; making a store in memory to compare with, as is done for whatever
//! differs, costs more than reading a screen.

use std::collections::BTreeMap;

/// Objects of these statements, `table x` with its text.
pub fn objects(scripts: &[&str]) -> BTreeMap<String, String> {
    scripts.iter().flat_map(|script| statements(script)).filter_map(named).collect()
}

/// The statements of a script: each ends with its line's semicolon, a trigger with its `END;`.
fn statements(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for line in script.lines() {
        if open.is_empty() && !line.starts_with("CREATE") {
            continue;
        }
        open.push(line);
        let made = open.first().and_then(|first| first.split_whitespace().nth(1));
        let trigger = made == Some("TRIGGER");
        let over = if trigger { line == "END;" } else { line.ends_with(';') };
        if over {
            let text = open.join("\n");
            found.push(text.strip_suffix(';').unwrap_or(&text).to_owned());
            open.clear();
        }
    }
    found
}

/// A statement by the kind and the name of what it makes.
fn named(statement: String) -> Option<(String, String)> {
    let mut words = statement.split_whitespace().skip(1);
    let kind = words.find(|word| *word != "UNIQUE")?.to_lowercase();
    let name = words.next()?;
    Some((format!("{kind} {name}"), statement))
}
