//! The table of commands as people and scripts see it: `smc do --list`, and docs/commands.md made from it.

use std::fmt::Write;

use smc::domain::command::{Spec, commands};
use smc::domain::field::Type;
use smc::store::query::LISTS;

use crate::support::docs;
use crate::support::process::account;
use crate::support::sqlite;

fn words(of: &Type) -> String {
    match of {
        Type::Line => "line".to_owned(),
        Type::Prose => "text".to_owned(),
        Type::Integer { least, most } => format!("{least} to {most}"),
        Type::Boolean => "true, false".to_owned(),
        Type::Time => "time".to_owned(),
        Type::Choice { words } => words.join(", "),
        Type::Site => "site".to_owned(),
        Type::Login => "login".to_owned(),
        Type::Tag => "tag".to_owned(),
        Type::Word => "word".to_owned(),
        Type::Ref => "reference".to_owned(),
        Type::Zone => "IANA time zone".to_owned(),
        Type::List { of } => format!("list of {}", words(of)),
        Type::Group { fields } => {
            let parts: Vec<_> = fields
                .iter()
                .map(|field| format!("{}: {}", field.name, words(&field.of)))
                .collect();
            format!("{{{}}}", parts.join("; "))
        }
    }
}

fn section(out: &mut String, spec: &Spec) {
    let command = spec.command.unwrap_or_default();
    let _ = writeln!(
        out,
        "\n## `{command}`\n\n{} Who: {}. Entry: `{}`.\n",
        spec.help,
        spec.right.who(),
        spec.kind
    );
    let _ = writeln!(out, "| field | | value | |\n|---|---|---|---|");
    for field in spec.fields {
        let must = if field.required { "required" } else { "" };
        let value = words(&field.of).replace('|', "\\|");
        let _ = writeln!(out, "| `{}` | {must} | {value} | {} |", field.name, field.help);
    }
}

fn document() -> String {
    let mut out = String::from(
        "# Commands\n\nMade from the command table; `smc do --list --json` prints the same for scripts. Hand one in \
         with\n`smc do COMMAND --json '{…}'`. Every command also takes `expect` (the version, its `seq`,\nof its \
         subject, or of the object that it makes something new out of: refused as stale if that moved since) and\n\
         `request_id` (a ULID: the same id twice writes once). Times carry their zone: `2026-11-22T14:00:00Z`.\n",
    );
    for spec in commands() {
        section(&mut out, spec);
    }
    out
}

#[test]
fn docs_commands_md_is_what_the_table_says() {
    docs::holds("commands.md", &document(), "command_table");
}

#[test]
fn do_list_prints_every_command_with_its_fields() {
    let place = sqlite::place();
    let account = account(&place.url());
    let listed = account.smc(&["do", "--list", "--json"]).exits(0).json_lines();
    let names: Vec<_> = listed.iter().filter_map(|row| row["command"].as_str()).collect();
    let table: Vec<_> = commands().filter_map(|spec| spec.command).collect();
    assert_eq!(names, table);
    for row in &listed {
        assert!(row["who"].as_str().is_some_and(|who| !who.is_empty()), "{row}");
        assert!(row["fields"].as_array().is_some_and(|fields| !fields.is_empty()), "{row}");
    }
}

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

#[test]
fn completion_knows_every_command_and_every_list_in_every_shell() {
    let place = sqlite::place();
    let account = account(&place.url());
    let words: Vec<_> =
        commands().filter_map(|spec| spec.command).chain(LISTS.iter().copied()).collect();
    for shell in SHELLS {
        let script = account.smc(&["completions", shell]).exits(0).stdout;
        for word in &words {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn fish_offers_the_commands_that_begin_so() {
    let Ok(found) = std::process::Command::new("fish").arg("--version").output() else {
        eprintln!("left out: fish is not installed");
        return;
    };
    assert!(found.status.success());
    let place = sqlite::place();
    let account = account(&place.url());
    let script = account.home().join("smc.fish");
    std::fs::write(&script, account.smc(&["completions", "fish"]).exits(0).stdout).unwrap();
    let offered = |line: &str| {
        let asked = format!("source {}; complete -C '{line}'", script.display());
        let ran = std::process::Command::new("fish")
            .args(["--no-config", "-c", &asked])
            .env("HOME", account.home())
            .output()
            .unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    assert!(offered("smc do change.ap").starts_with("change.approve"), "{}", offered("smc do "));
    assert!(offered("smc list win").starts_with("windows"));
    assert!(offered("smc do change.approve --js").starts_with("--json"));
}

#[test]
fn a_command_or_field_that_does_not_exist_is_named() {
    let place = sqlite::place();
    let account = account(&place.url());
    let told = account.smc(&["do", "obligation.meet", "--json", "{}"]).exits(2).json_error();
    assert!(told["message"].as_str().is_some_and(|m| m.contains("obligation.meet")), "{told}");
    let told =
        account.smc(&["do", "site.register", "--json", "{\"site\":\"rlf\"}"]).exits(3).json_error();
    assert_eq!(told["refused"], "invalid");
    assert!(
        told["message"].as_str().is_some_and(|m| m.contains("site:") && m.contains("A-Z")),
        "{told}"
    );
    let told =
        account.smc(&["do", "site.register", "--json", "{\"site\":\"RLF\"}"]).exits(3).json_error();
    assert_eq!(told["refused"], "missing");
}
