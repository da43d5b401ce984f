//! Every part names every table that stands in the text of its statements.

use std::collections::BTreeSet;

use super::*;
use crate::domain::command;
use crate::store::schema;

/// A part by its tables, and the files whose statements read it; with a name, that function alone.
type Read = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const READ: &[Read] = &[
    (PERSON, &[(include_str!("../../facts/holder.rs"), "")]),
    (
        motion::WORK,
        &[
            (include_str!("../change.rs"), ""),
            (include_str!("../window.rs"), ""),
            (include_str!("../extension.rs"), ""),
            (include_str!("../../clashing.rs"), ""),
            (include_str!("../../facts.rs"), "cells"),
            (include_str!("../motion.rs"), "unreplaced"),
        ],
    ),
    (
        motion::ACCEPTED,
        &[(include_str!("../risk.rs"), ""), (include_str!("../motion.rs"), "of_acceptances")],
    ),
    (motion::REPORTED, &[(include_str!("../report.rs"), "")]),
    (task::SLEPT, &[(include_str!("../task.rs"), "")]),
    (alarm::SAID, &[(include_str!("../alarm.rs"), "")]),
    (alarm::WORKED, &[(include_str!("../alarm/work.rs"), "")]),
    (alarm::ACCEPTED, &[(include_str!("../alarm/judgement.rs"), "of_acceptances")]),
    (alarm::REPORTED, &[(include_str!("../alarm/judgement.rs"), "of_reports")]),
    (alarm_rate::WORKED, &[(include_str!("../alarm_rate.rs"), "works")]),
    (alarm_rate::OTHERS, &[(include_str!("../alarm_rate.rs"), "others")]),
    (
        INCIDENTS,
        &[(include_str!("../incident.rs"), ""), (include_str!("../../clashing.rs"), "freezes")],
    ),
];

/// The text of a function of a file, or of all of it.
fn text<'t>(file: &'t str, function: &str) -> &'t str {
    if function.is_empty() {
        return file;
    }
    let begins = file.find(&format!("fn {function}(")).expect("the function stands in the file");
    let text = &file[begins..];
    &text[..text.find("\n}\n").expect("it ends")]
}

/// The tables that a text reads from.
fn read(text: &str) -> BTreeSet<&'static str> {
    let tables = schema::table_names();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let read = words.windows(2).filter_map(|pair| match pair {
        ["FROM" | "JOIN" | "from:" | "\"JOIN" | "\"FROM", table] => {
            let named = table.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            tables.iter().find(|table| **table == named).copied()
        }
        _ => None,
    });
    read.collect()
}

#[test]
fn every_part_names_every_table_that_its_statements_read() {
    for (tables, texts) in READ {
        for (file, function) in *texts {
            let found = read(text(file, function));
            assert!(!found.is_empty(), "{function}: no statement is found in {file:.80}");
            for table in found {
                assert!(tables.contains(&table), "{table} in {function} of {file:.80}");
            }
        }
    }
    // Alarms of access read windows beside their own.
    let texts =
        [include_str!("../alarm/access.rs"), text(include_str!("../access/logged.rs"), "leavers")];
    for table in texts.into_iter().flat_map(read) {
        assert!(motion::WORK.contains(&table) || alarm::ENTERED.contains(&table), "{table}");
    }
    assert_eq!(RISKS, ["risk"]);
    assert_eq!(SITES, ["site"]);
}

#[test]
fn every_table_that_a_part_names_stands() {
    let tables = schema::table_names();
    for named in SHOWN.iter().copied().flatten() {
        assert!(tables.contains(named), "{named}");
    }
}

#[test]
fn what_touches_only_tables_that_the_watch_does_not_show_moves_nothing() {
    let still: Vec<&str> =
        command::table().map(|spec| spec.kind).filter(|kind| !moves(kind)).collect();
    let known = [
        "zone.registered",
        "duty.set",
        "duty.ended",
        "advisory.imported",
        "import.started",
        "import.confirmed",
        "import.finished",
        "posture.target-set",
        "posture.weighed",
        "log.added",
        "comment.added",
    ];
    assert_eq!(still, known);
    assert!(moves("never.heard-of"));
}
