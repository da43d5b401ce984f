//! The schema of a server's store against what this program makes: tables, constraints, triggers, functions, rules,
//! and the rows that the referee goes by. What roles and databases around it allow is not looked at here.

mod altered;

use std::collections::{BTreeMap, BTreeSet};

use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::referee::{self, KindRow, RightRow, Transition};
use crate::store::replay::report::{Fault, Named, Place};
use crate::store::{schema, server};

const APPEND_ONLY: [&str; 2] = ["ledger", "document"];

fn note(faults: &mut Named<Fault>, told: &str) {
    faults.push(Fault::new(Place::Schema, told));
}

/// Names every object of the schema that is not as this program makes it.
///
/// # Errors
/// `Unavailable` if the catalog cannot be read.
pub async fn schema(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    relations(c, faults).await?;
    constraints(c, faults).await?;
    triggers(c, faults).await?;
    functions(c, faults).await?;
    rights(c, faults).await?;
    altered::rows(c, faults).await
}

/// Names that stand and should not, and the other way round.
fn differ(what: &str, own: &BTreeSet<String>, found: &BTreeSet<String>, faults: &mut Named<Fault>) {
    for name in found.difference(own) {
        note(faults, &format!("{what} {name} was planted or is not as this program makes it"));
    }
    for name in own.difference(found) {
        note(faults, &format!("{what} {name} is missing"));
    }
}

fn tables_of(script: &'static str) -> impl Iterator<Item = &'static str> {
    script
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE TABLE "))
        .filter_map(|rest| rest.split_whitespace().next())
}

async fn relations(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    let found = rows!(
        c,
        (String,),
        "SELECT CASE k.relkind WHEN 'r' THEN 'table ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view '
                WHEN 'S' THEN 'sequence ' ELSE 'relation ' END || n.nspname || '.' || k.relname
         FROM pg_class AS k JOIN pg_namespace AS n ON n.oid = k.relnamespace
         WHERE n.nspname IN ('smc', 'api') AND k.relkind NOT IN ('i', 'c', 't')
         UNION ALL
         SELECT 'rule ' || w.rulename || ' on ' || k.relname
         FROM pg_rewrite AS w JOIN pg_class AS k ON k.oid = w.ev_class
         JOIN pg_namespace AS n ON n.oid = k.relnamespace
         WHERE n.nspname IN ('smc', 'api') AND k.relkind = 'r'"
    )?;
    let found = found.into_iter().map(|(name,)| name).collect();
    let own = tables_of(server::LEDGER)
        .chain(schema::table_names())
        .map(|table| format!("table smc.{table}"))
        .collect();
    differ("the", &own, &found, faults);
    Ok(())
}

/// What a script says of a constraint, and the letter and words that it is called by here.
const CONSTRAINTS: [(&str, &str, &str); 4] = [
    ("PRIMARY KEY", "p", "primary keys"),
    ("UNIQUE ", "u", "unique keys"),
    ("CHECK (", "c", "checks"),
    ("REFERENCES ", "f", "foreign keys"),
];

/// How many constraints of each sort the scripts give to each table.
fn own_constraints() -> BTreeMap<(String, String), i64> {
    let mut own = BTreeMap::new();
    for script in [server::LEDGER, schema::tables(true)] {
        for rest in script.split("\nCREATE TABLE ").skip(1) {
            let Some((name, body)) = rest.split_once(" (") else { continue };
            let body = body.split("\n);").next().unwrap_or_default();
            for (says, letter, _) in CONSTRAINTS {
                let count = i64::try_from(body.matches(says).count()).unwrap_or(i64::MAX);
                if count > 0 {
                    own.insert((name.to_owned(), letter.to_owned()), count);
                }
            }
        }
    }
    own
}

/// Names tables that hold fewer or more constraints than this program makes, or some that do not hold.
async fn constraints(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    let found = rows!(
        c,
        (String, String, i64),
        "SELECT CAST(k.relname AS TEXT), CAST(x.contype AS TEXT), COUNT(*)
         FROM pg_constraint AS x JOIN pg_class AS k ON k.oid = x.conrelid
         JOIN pg_namespace AS n ON n.oid = k.relnamespace
         WHERE n.nspname = 'smc' AND x.contype IN ('p', 'u', 'c', 'f') AND x.convalidated
           AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgconstraint = x.oid AND t.tgenabled = 'D')
         GROUP BY 1, 2"
    )?;
    let mut found: BTreeMap<_, _> =
        found.into_iter().map(|(table, letter, count)| ((table, letter), count)).collect();
    let own = own_constraints();
    for key in own.keys() {
        found.entry(key.clone()).or_insert(0);
    }
    for ((table, letter), holds) in found {
        let made = own.get(&(table.clone(), letter.clone())).copied().unwrap_or(0);
        if holds != made {
            let (_, _, what) =
                CONSTRAINTS.into_iter().find(|(_, known, _)| *known == letter).unwrap_or_default();
            note(
                faults,
                &format!(
                    "the table {table} has {holds} {what} that hold, this program makes {made}"
                ),
            );
        }
    }
    Ok(())
}

/// The triggers that the guard makes, each with its function and whether it always fires.
fn own_triggers() -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    let mut add = |table: &str, name: &str, function: &str, fires: &str| {
        own.insert(format!("{name} on {table} by {function}, firing {fires}"));
    };
    for table in APPEND_ONLY {
        add(table, "append_only", "append_only", "A");
        add(table, "append_only_truncate", "append_only", "A");
    }
    let altered = referee::functions();
    add("ledger", "has_effect", "has_effect", "O");
    add("posture_item", "settled", "posture_settled", "O");
    add("posture_item", "counted", "posture_counted", "O");
    for (table, owner) in referee::GOVERNED {
        add(table, "referee", &format!("referee_{owner}"), "O");
    }
    for (table, column) in referee::SIGNED {
        add(table, "referee_signed", &format!("referee_signed_{column}"), "O");
    }
    for (table, ..) in referee::TIMED {
        add(table, "referee_times", "referee_times", "O");
    }
    for (table, _) in referee::GOVERNED {
        let function = referee::altered_by(table);
        if altered.iter().any(|(made, _)| *made == function) {
            add(table, "referee_touched", &function, "O");
        }
    }
    for Transition { tab, to, .. } in referee::transitions() {
        add(tab, "referee_moves", "referee_moves", "O");
        if to == "approved" {
            add(tab, "referee_approved", "referee_approved", "O");
        }
    }
    own
}

async fn triggers(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    let found = rows!(
        c,
        (String,),
        "SELECT t.tgname || ' on ' || k.relname || ' by ' || p.proname || ', firing ' || t.tgenabled::text
         FROM pg_trigger AS t JOIN pg_class AS k ON k.oid = t.tgrelid
         JOIN pg_namespace AS n ON n.oid = k.relnamespace JOIN pg_proc AS p ON p.oid = t.tgfoid
         WHERE n.nspname IN ('smc', 'api') AND NOT t.tgisinternal"
    )?;
    let found = found.into_iter().map(|(name,)| name).collect();
    differ("the trigger", &own_triggers(), &found, faults);
    Ok(())
}

/// The functions that stand in a script as they are, by name, with their bodies.
fn written(script: &'static str) -> impl Iterator<Item = (String, String)> {
    script.split("\nCREATE OR REPLACE FUNCTION ").skip(1).filter_map(|rest| {
        let name = rest.split('(').next()?.trim();
        let body = rest.split_once("AS $$")?.1.split_once("$$")?.0;
        Some((name.to_owned(), body.to_owned()))
    })
}

/// The functions that the guard makes from a pattern for each of these words.
fn patterned(mark: &str, words: BTreeSet<&'static str>) -> Vec<(String, String)> {
    let pattern = server::GUARD
        .split_once(&format!("CREATE OR REPLACE FUNCTION {mark}%1$s()"))
        .and_then(|(_, rest)| rest.split_once("$body$"))
        .and_then(|(_, rest)| rest.split_once("$body$"))
        .map(|(body, _)| body);
    let Some(pattern) = pattern else { return Vec::new() };
    let filled =
        |word: &str| pattern.replace("%1$I", word).replace("%1$s", word).replace("%%", "%");
    words.into_iter().map(|word| (format!("{mark}{word}"), filled(word))).collect()
}

/// Every function of ours with its body; none for the one whose body the server puts together.
fn own_functions() -> BTreeMap<String, Option<String>> {
    let mut own: BTreeMap<String, Option<String>> = written(server::FUNCTIONS)
        .chain(written(server::GUARD))
        .chain(patterned(
            "smc.referee_",
            referee::GOVERNED.iter().map(|(_, owner)| *owner).collect(),
        ))
        .chain(patterned(
            "smc.referee_signed_",
            referee::SIGNED.iter().map(|(_, col)| *col).collect(),
        ))
        .chain(referee::functions().into_iter().map(|(name, body)| (format!("smc.{name}"), body)))
        .map(|(name, body)| (name, Some(body)))
        .collect();
    own.insert("smc.has_effect".to_owned(), None);
    own
}

async fn functions(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    let found = rows!(
        c,
        (String, String),
        "SELECT n.nspname || '.' || p.proname, p.prosrc
         FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('smc', 'api') ORDER BY 1"
    )?;
    let mut own = own_functions();
    for (name, body) in found {
        match own.remove(&name) {
            None => note(faults, &format!("the function {name} was planted")),
            Some(Some(known)) if known != body => {
                note(faults, &format!("the function {name} is not as this program makes it"));
            }
            Some(_) => {}
        }
    }
    for name in own.into_keys() {
        note(faults, &format!("the function {name} is missing"));
    }
    Ok(())
}

/// The rows that the referee goes by, each in one text.
fn own_rights() -> BTreeSet<String> {
    let kinds = referee::kinds().map(|row| {
        let KindRow { name, subject, prefix, numbered, automatic, anywhere, rule } = row;
        let (prefix, numbered) = (prefix.unwrap_or("-"), numbered.unwrap_or("-"));
        format!("kind {name} {subject} {prefix} {numbered} {automatic} {anywhere} {rule}")
    });
    let rights = referee::kind_rights().map(|RightRow { kind, role, discipline }| {
        let discipline = discipline.map_or("-", |discipline| discipline.word());
        format!("kind_right {kind} {} {discipline}", role.word())
    });
    let governed = referee::GOVERNED
        .iter()
        .map(|(tab, owner)| format!("governed {tab} {owner} {}", referee::FIXED.contains(tab)));
    let signed = referee::SIGNED.iter().map(|(tab, col)| format!("signed {tab} {col}"));
    let writes = referee::writes().map(|(kind, tab)| format!("writes {kind} {tab}"));
    let moves = referee::transitions()
        .into_iter()
        .map(|Transition { tab, kind, from, to }| format!("transition {tab} {kind} {from} {to}"));
    kinds.chain(rights).chain(governed).chain(signed).chain(writes).chain(moves).collect()
}

async fn rights(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    let found = rows!(
        c,
        (String,),
        "SELECT concat_ws(' ', 'kind', name, subject, COALESCE(prefix, '-'), COALESCE(numbered, '-'),
                CASE WHEN automatic THEN 'true' ELSE 'false' END, CASE WHEN anywhere THEN 'true' ELSE 'false' END, rule) FROM kind
         UNION ALL SELECT concat_ws(' ', 'kind_right', kind, role, COALESCE(discipline, '-')) FROM kind_right
         UNION ALL SELECT concat_ws(' ', 'governed', tab, owner, CASE WHEN fixed THEN 'true' ELSE 'false' END) FROM governed
         UNION ALL SELECT concat_ws(' ', 'signed', tab, col) FROM signed
         UNION ALL SELECT concat_ws(' ', 'writes', kind, tab) FROM writes
         UNION ALL SELECT concat_ws(' ', 'transition', tab, kind, from_state, to_state) FROM transition"
    )?;
    let found = found.into_iter().map(|(row,)| row).collect();
    differ("the referee's row", &own_rights(), &found, faults);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constraints_of_a_table_are_counted_in_its_script() {
        let own = own_constraints();
        let of =
            |table: &str, letter: &str| own.get(&(table.to_owned(), letter.to_owned())).copied();
        let decision = ["p", "u", "c", "f"].map(|letter| of("decision", letter));
        assert_eq!(decision, [Some(1), Some(1), Some(3), Some(3)]);
        assert_eq!([of("head", "p"), of("head", "c"), of("head", "f")], [Some(1), Some(4), None]);
    }

    #[test]
    fn every_function_of_the_scripts_is_known_with_its_body() {
        let own = own_functions();
        let made = [server::FUNCTIONS, server::GUARD].map(|script| {
            script.lines().filter(|line| line.starts_with("CREATE OR REPLACE FUNCTION ")).count()
        });
        let bodies = own.values().flatten().count();
        assert!(bodies > made[0] + 3, "{bodies} of {made:?}");
        assert!(own["api.append"].as_ref().is_some_and(|body| body.contains("append_entries")));
        assert!(
            own["smc.referee_ref"].as_ref().is_some_and(|body| body.contains("OLD.ref = NEW.ref"))
        );
        assert!(
            own["smc.referee_signed_author"]
                .as_ref()
                .is_some_and(|body| body.contains("%s as author"))
        );
    }
}
