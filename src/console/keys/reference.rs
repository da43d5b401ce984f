//! The key reference, `docs/keys.md`, written from the action table and the table of signs.

use std::fmt::Write;

use super::action::{Action, Scope};
use super::all;
use crate::console::theme::glyphs;
use crate::console::theme::legend::LEGEND;

/// The whole of `docs/keys.md`.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Keys\n\nWritten from the action table; a test compares. Each id can be given other keys in `keys.toml`:\n\
         `\"change.approve\" = [\"F2\"]`. Two actions that apply at the same place cannot share a key, and `quit`, `back`,\n\
         `leave` and `submit` keep at least one: else the console names the action and does not start. What is marked\n\
         *off* has no command in this version: its key is kept for it, and neither help nor palette offers it.\n",
    );
    let mut scopes: Vec<Scope> = all().flat_map(|action| action.scopes.iter().copied()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    for scope in scopes {
        let _ =
            write!(out, "\n## {}\n\n| key | id | what it does |\n|---|---|---|\n", words(scope));
        for action in all().filter(|action| action.scopes.contains(&scope)) {
            let _ = writeln!(out, "{}", line(action));
        }
    }
    out.push_str("\n## Signs\n\nWhat stands on the screen, and in ASCII; `?` shows the same.\n");
    for (part, signs) in LEGEND {
        let _ = write!(out, "\n### {part}\n\n| sign | ASCII | what it means |\n|---|---|---|\n");
        for one in *signs {
            let ascii: String = one.sign.chars().map(glyphs::ascii).collect();
            let _ = writeln!(out, "| `{}` | `{ascii}` | {} |", one.sign, one.means);
        }
    }
    out
}

/// The whole of `docs/keys.toml`: every action with its keys, commented out.
pub fn sample() -> String {
    let mut out = String::from(
        "# Keys of smc: copy to keys.toml beside your config.toml (~/.config/smc) and take the # from a line to give an\n\
         # action other keys. Written as here: j, Enter, Tab, Shift-Tab, Esc, PgDn, F2, Ctrl-K. An empty list takes its\n\
         # keys away, but quit, back, leave and submit must keep one. Two actions that apply at the same place cannot\n\
         # share a key. Either way the console says which, and does not start. docs/keys.md says what each does and\n\
         # where it applies.\n\n",
    );
    for action in all() {
        let keys: Vec<String> = action.keys.iter().map(|key| format!("{key:?}")).collect();
        let _ = writeln!(out, "#{:?} = [{}]", action.id, keys.join(", "));
    }
    out
}

fn line(action: &Action) -> String {
    let keys: Vec<String> = action.keys.iter().map(|key| format!("`{key}`")).collect();
    let built = action
        .commands()
        .iter()
        .any(|name| crate::domain::command::commands().any(|spec| spec.command == Some(*name)));
    let off = if built || action.commands().is_empty() { "" } else { "*off* · " };
    format!("| {} | {} | {off}{} |", keys.join(" "), action.id, action.help)
}

/// A scope in words: `HandoverItem` is `Handover item`.
pub fn words(scope: Scope) -> String {
    let mut out = String::new();
    for c in format!("{scope:?}").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Keymap;
    use super::*;

    #[test]
    fn the_key_reference_is_written_from_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
        if std::env::var_os("SMC_WRITE_DOCS").is_some() {
            std::fs::write(path, markdown()).unwrap();
        }
        let stands = std::fs::read_to_string(path).unwrap_or_default();
        assert!(stands == markdown(), "docs/keys.md differs: run the test with SMC_WRITE_DOCS=1");
    }

    #[test]
    fn the_sample_of_keys_that_is_shipped_names_every_action_with_its_keys() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.toml");
        if std::env::var_os("SMC_WRITE_DOCS").is_some() {
            std::fs::write(path, sample()).unwrap();
        }
        let stands = std::fs::read_to_string(path).unwrap_or_default();
        assert!(stands == sample(), "docs/keys.toml differs: run the test with SMC_WRITE_DOCS=1");
        let lines = stands.lines().filter_map(|line| line.strip_prefix('#'));
        let all_set: Vec<&str> = lines.filter(|line| line.starts_with('"')).collect();
        assert_eq!(all_set.len(), all().count());
        Keymap::read(&all_set.join("\n")).unwrap();
    }
}
