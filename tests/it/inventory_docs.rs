//! docs/inventory.md, made from the table by which the columns of an inventory are found.

use std::fmt::Write;

use smc::domain::command::commands;
use smc::domain::field::{Field as Part, Type};
use smc::exchange::inventory::Field;

use crate::support::docs;

/// What a field of `asset.register`, or one of the constraints in it, is.
fn help(fields: &[Part], name: &str) -> Option<(&'static str, bool)> {
    fields.iter().find_map(|field| {
        if field.name == name {
            return Some((field.help, field.required));
        }
        let Type::Group { fields } = field.of else { return None };
        help(fields, name).map(|(help, _)| (help, false))
    })
}

fn document() -> String {
    let mut out = String::from(
        "# The columns of an inventory\n\nMade from the table by which `smc import assets` finds the columns of a CSV file; a \
         test compares. A file has a header;\ncolumns are parted by a comma, a semicolon, a tab or a bar, or by what a line \
         `sep=` above the header says; text is UTF-8.\nColumns stand in any order. Of a column's name, case, spaces, hyphens \
         and underscores do not count: `Order Number`,\n`order_number` and `ORDER-NUMBER` are one. Where a file has several \
         names of a field, the one named first here is taken;\nwhat is not known is ignored, and said to be. An empty cell, \
         `unknown`, `n/a`, `none` and `-` say nothing. The whole file is checked\nbefore anything is written; `--dry-run` only \
         checks, and shows the difference.\n\n| field | what it is | how it is written | names of the column |\n|---|---|---|---|\n",
    );
    let register = commands().find(|spec| spec.command == Some("asset.register")).unwrap();
    for field in Field::ALL {
        let (help, required) = help(register.fields, field.word()).unwrap_or(("", false));
        let must = if required && matches!(field, Field::Tag | Field::Site) {
            " (must be there)"
        } else {
            ""
        };
        let names: Vec<String> = field.names().iter().map(|name| format!("`{name}`")).collect();
        let written = field.written();
        let _ = writeln!(out, "| {field}{must} | {help} | {written} | {} |", names.join(" "));
    }
    out
}

#[test]
fn the_columns_of_an_inventory_stand_in_the_docs() {
    docs::holds("inventory.md", &document(), "inventory_docs");
}

#[test]
fn every_field_of_an_inventory_is_explained_and_found_by_some_name() {
    let register = commands().find(|spec| spec.command == Some("asset.register")).unwrap();
    for field in Field::ALL {
        assert!(help(register.fields, field.word()).is_some(), "{field}");
        assert!(!field.names().is_empty(), "{field}");
    }
}
