//! A server's tables in the hands of its DBA: every cell counts, every row, and every row that the referee goes by.
//!
//! Tables are independent of each other, so that one verification looks at the same column of them all.

use std::collections::BTreeMap;

use smc::store::replay::{Place as In, Progress, Report, verify};
use smc::store::{Opening, Store};

use crate::it::show;
use crate::support::engine::Engine;
use crate::support::postgres::{Database, postgres};
use crate::support::story::{begin, full};

/// What the schema holds beside the tables that follow from the ledger.
const OTHERS: [&str; 11] = [
    "ledger",
    "document",
    "head",
    "meta",
    "kind",
    "kind_right",
    "governed",
    "signed",
    "writes",
    "transition",
    "alters",
];

#[derive(Debug)]
struct Column {
    name: String,
    of: String,
    key: bool,
}

impl Column {
    /// Another value than the one that stands.
    fn other(&self) -> String {
        let name = &self.name;
        match self.of.as_str() {
            "bigint" => format!("COALESCE({name} + 1000, 1)"),
            "boolean" => format!("NOT COALESCE({name}, FALSE)"),
            "timestamp with time zone" => {
                format!("COALESCE({name} + interval '1 microsecond', '2026-01-01Z')")
            }
            "bytea" => format!("set_byte({name}, 0, get_byte({name}, 0) # 1)"),
            "text" => format!("COALESCE({name}, '') || 'x'"),
            other => panic!("{name} is {other}"),
        }
    }
}

struct Tables {
    database: Database<'static>,
    columns: BTreeMap<String, Vec<Column>>,
    rows: BTreeMap<String, usize>,
}

impl Tables {
    /// Keeps what stands, takes away what would refuse another value, and learns the columns.
    fn of(database: Database<'static>) -> Self {
        let listed = database.sql(
            "SELECT c.table_name, c.column_name, c.data_type, EXISTS (
                 SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
                 WHERE k.contype = 'p' AND k.conrelid = ('smc.' || c.table_name)::regclass AND a.attname = c.column_name)
             FROM information_schema.columns c WHERE c.table_schema = 'smc' ORDER BY 1, c.ordinal_position",
        );
        let mut columns: BTreeMap<String, Vec<Column>> = BTreeMap::new();
        for line in listed.lines() {
            let [table, name, of, key] = line.split('|').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let column = Column { name: name.to_owned(), of: of.to_owned(), key: key == "t" };
            columns.entry(table.to_owned()).or_default().push(column);
        }
        database.sql(
            "DO $$ DECLARE k record; BEGIN
                 FOR k IN SELECT conname, conrelid::regclass AS tab FROM pg_constraint
                          WHERE connamespace = 'smc'::regnamespace AND contype IN ('c', 'f', 'u') AND conrelid <> 0
                 LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', k.tab, k.conname); END LOOP;
             END $$; CREATE SCHEMA kept",
        );
        let mut rows = BTreeMap::new();
        for table in columns.keys() {
            database.sql(&format!("CREATE TABLE kept.{table} AS TABLE smc.{table}"));
            let count = database.sql(&format!("SELECT count(*) FROM smc.{table}"));
            rows.insert(table.clone(), count.parse().unwrap());
        }
        Self { database, columns, rows }
    }

    fn run(&self, sql: &str) {
        self.database
            .sql(&format!("SET session_replication_role = replica; SET search_path = smc; {sql}"));
    }

    fn restore(&self) {
        let all: Vec<String> = self
            .columns
            .keys()
            .filter(|table| !["ledger", "document"].contains(&table.as_str()))
            .map(|table| {
                format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept.{table};")
            })
            .collect();
        self.run(&all.concat());
    }

    /// The tables that follow from the ledger and hold something.
    fn projected(&self) -> Vec<&str> {
        let others = |table: &&str| !OTHERS.contains(table);
        self.columns
            .keys()
            .map(String::as_str)
            .filter(others)
            .filter(|table| self.rows[*table] > 0)
            .collect()
    }
}

/// How many faults of this table say one of these.
fn said(report: &Report, table: &str, what: &[&str]) -> usize {
    let of = report.faults.named().iter().filter(|fault| fault.table == Some(table));
    of.filter(|fault| what.iter().any(|what| fault.message.contains(what))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_cell_and_every_row_of_a_servers_tables_counts() {
    let Some(server) = postgres() else { return };
    let engine = Engine::Postgres(server.database());
    let story = begin(&engine).await;
    full(&story).await;
    show::advisory(&story.boss).await;
    let opening = Opening { inspect: true, ..Opening::default() };
    let store = Store::open(engine.url().parse().unwrap(), opening).await.unwrap();
    let Engine::Postgres(database) = engine else { unreachable!() };
    let tables = Tables::of(database);
    let check = async || verify(&store, &[], Progress::silent()).await.unwrap();
    let none = check().await;
    assert!(none.faults.named().iter().all(|fault| fault.place == In::Schema), "{none:#?}");
    let projected = tables.projected();
    assert!(projected.len() > 20, "{projected:?}");

    let widest = projected.iter().map(|table| tables.columns[*table].len()).max().unwrap();
    let mut cells = 0;
    for place in 0..widest {
        let of: Vec<_> = projected
            .iter()
            .filter_map(|table| Some((*table, tables.columns[*table].get(place)?)))
            .collect();
        let change = of.iter().map(|(table, column)| {
            format!("UPDATE {table} SET {} = {};", column.name, column.other())
        });
        tables.run(&change.collect::<String>());
        let report = check().await;
        for (table, column) in of {
            let rows = tables.rows[table];
            let named = format!(", column {}: ", column.name);
            let what: &[&str] = if column.key { &["the store lacks this row"] } else { &[&named] };
            assert_eq!(said(&report, table, what), rows, "{table}.{}: {report:#?}", column.name);
            cells += rows;
        }
        tables.restore();
    }
    assert!(cells > 500, "{cells}");

    let gone: String = projected.iter().map(|table| format!("DELETE FROM {table};")).collect();
    tables.run(&gone);
    let report = check().await;
    for table in &projected {
        let rows = tables.rows[*table];
        assert_eq!(
            said(&report, table, &["the store lacks this row"]),
            rows,
            "{table}: {report:#?}"
        );
    }
    tables.restore();

    let more = projected.iter().map(|table| {
        let keys = tables.columns[*table].iter().filter(|column| column.key);
        let keys = keys.map(|column| format!("'{}', {}", column.name, column.other()));
        format!(
            "INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table},
                 to_jsonb(x) || jsonb_build_object({}))).* FROM (SELECT * FROM {table} LIMIT 1) x;",
            keys.collect::<Vec<_>>().join(", ")
        )
    });
    tables.run(&more.collect::<String>());
    let report = check().await;
    for table in &projected {
        assert_eq!(said(&report, table, &["the ledger makes none"]), 1, "{table}: {report:#?}");
    }
    tables.restore();

    // What the program's table of commands says, row by row, and the notes of the schema.
    let referee = OTHERS.iter().filter(|table| !["ledger", "document", "head"].contains(*table));
    for table in referee.copied() {
        for column in &tables.columns[table] {
            tables.run(&format!("UPDATE {table} SET {} = {}", column.name, column.other()));
            let report = check().await;
            let planted = report.faults.named().iter().filter(|fault| fault.place == In::Schema);
            let found = planted.count() - none.faults.named().len();
            assert!(
                found >= tables.rows[table],
                "{table}.{}: {found} of {}",
                column.name,
                tables.rows[table]
            );
            tables.restore();
        }
    }
    for column in ["store_id", "seq", "hash", "at"] {
        let of = tables.columns["head"].iter().find(|known| known.name == column).unwrap();
        tables.run(&format!("UPDATE head SET {column} = {}", of.other()));
        let report = check().await;
        let found = report.faults.named().iter().any(|fault| fault.place != In::Schema);
        assert!(found, "head.{column}: {report:#?}");
        tables.restore();
    }
    assert_eq!(check().await, none);
}
