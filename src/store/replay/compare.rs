//! Tables against tables, cell by cell: what a store holds against what its ledger makes.
//!
//! A stored row that names a refused entry as its writer is counted with that violation instead of being named
//! cell by cell: it says nothing that the violation does not say. Every other difference is named.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use futures::TryStreamExt;

use super::alike::alike;
use super::cells::{self, Cell, Order, Shape};
use super::report::{Fault, Named, Place};
use crate::safe_text::SafeText;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// Where differences go.
pub struct Differences<'a> {
    /// What is named.
    pub faults: &'a mut Named<Fault>,
    /// Rows that name a refused entry as their writer, by that entry.
    pub refused: &'a mut BTreeMap<i64, Rows>,
}

impl Shape {
    fn key(&self, row: &[Cell]) -> Vec<Cell> {
        self.key.iter().filter_map(|place| row.get(*place)).cloned().collect()
    }

    fn seq(&self, row: &[Cell]) -> Option<i64> {
        let place = self.columns.iter().position(|name| name == "seq")?;
        match row.get(place) {
            Some(Cell::Int(seq)) => Some(*seq),
            Some(Cell::Null | Cell::Text(_) | Cell::Bytes(_)) | None => None,
        }
    }

    fn named(&self, row: &[Cell]) -> String {
        let key: Vec<String> = self.key(row).iter().map(ToString::to_string).collect();
        format!("table {}, row {}", self.table, key.join(" "))
    }
}

/// Rows that name a refused entry as their writer.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// How many.
    pub count: u64,
    /// What some of them hold otherwise than the ledger makes them.
    pub differs: Vec<String>,
}

/// Rows of one refused entry whose columns are named.
const DIFFERS: usize = 8;

impl Differences<'_> {
    fn note(&mut self, shape: &Shape, message: &str) {
        self.faults.push(Fault::of(shape.table, message));
    }

    /// Counts a stored row with the violation that wrote it, if one did.
    fn follows(&mut self, shape: &Shape, stored: &[Cell]) -> bool {
        match shape.seq(stored).and_then(|seq| self.refused.get_mut(&seq)) {
            Some(rows) => {
                rows.count = rows.count.saturating_add(1);
                true
            }
            None => false,
        }
    }

    fn extra(&mut self, shape: &Shape, stored: &[Cell]) {
        if self.follows(shape, stored) {
            return;
        }
        let names = shape.seq(stored).map(|seq| format!(" (it names entry {seq})"));
        let told = format!(
            "{}: the store holds this row, the ledger makes none{}",
            shape.named(stored),
            names.unwrap_or_default()
        );
        self.note(shape, &told);
    }

    fn missing(&mut self, shape: &Shape, replayed: &[Cell]) {
        let made = shape.seq(replayed).map(|seq| format!(" (entry {seq})"));
        let told = format!(
            "{}: the store lacks this row, the ledger makes it{}",
            shape.named(replayed),
            made.unwrap_or_default()
        );
        self.note(shape, &told);
    }

    fn other(&mut self, shape: &Shape, stored: &[Cell], replayed: &[Cell]) {
        if self.follows(shape, stored) {
            let differ: Vec<&str> = shape
                .columns
                .iter()
                .zip(stored.iter().zip(replayed))
                .filter(|(_, (stored, replayed))| stored != replayed)
                .map(|(column, _)| column.as_str())
                .collect();
            let told = format!("{}: {}", shape.named(replayed), differ.join(", "));
            if let Some(rows) = shape.seq(stored).and_then(|seq| self.refused.get_mut(&seq))
                && rows.differs.len() < DIFFERS
            {
                rows.differs.push(SafeText::from_untrusted(&told).to_string());
            }
            return;
        }
        for ((column, stored_cell), replayed_cell) in shape.columns.iter().zip(stored).zip(replayed)
        {
            if stored_cell != replayed_cell {
                let told = format!(
                    "{}, column {column}: the store holds {stored_cell}, the ledger makes {replayed_cell}",
                    shape.named(replayed)
                );
                self.note(shape, &told);
            }
        }
    }
}

/// The shape that both sides have, and whether it is the whole of both; a column that only one side has is named.
async fn shape(
    live: &mut Link<'_>,
    scratch: &mut Link<'_>,
    table: &'static str,
    faults: &mut Named<Fault>,
) -> Result<Option<(Shape, bool)>, StoreError> {
    let ours = cells::columns(scratch, table).await?;
    let theirs: Vec<String> =
        cells::columns(live, table).await?.into_iter().map(|(name, _)| name).collect();
    if theirs.is_empty() {
        let told = format!("table {table} is missing");
        faults.push(Fault { table: Some(table), ..Fault::new(Place::Schema, &told) });
        return Ok(None);
    }
    for name in &theirs {
        if !ours.iter().any(|(own, _)| own == name) {
            let told =
                format!("table {table} has the column {name:?}, which this program never made");
            faults.push(Fault { table: Some(table), ..Fault::new(Place::Schema, &told) });
        }
    }
    let whole = ours.len() == theirs.len() && ours.iter().all(|(own, _)| theirs.contains(own));
    let mut keyed = Vec::new();
    let mut columns = Vec::new();
    for (name, part) in ours {
        if !theirs.contains(&name) {
            let told = format!("table {table} lacks the column {name:?}");
            faults.push(Fault { table: Some(table), ..Fault::new(Place::Schema, &told) });
            continue;
        }
        if part > 0 {
            keyed.push((part, columns.len()));
        }
        columns.push(name);
    }
    keyed.sort_unstable();
    let key: Vec<usize> = keyed.into_iter().map(|(_, place)| place).collect();
    Ok((!key.is_empty()).then_some((Shape { table, columns, key }, whole)))
}

/// Compares one table.
///
/// # Errors
/// Only if the scratch store fails; what the live store cannot give is a fault.
pub async fn table(
    live: &mut Link<'_>,
    scratch: &mut Link<'_>,
    table: &'static str,
    differences: &mut Differences<'_>,
) -> Result<(), StoreError> {
    let Some((shape, whole)) = shape(live, scratch, table, differences.faults).await? else {
        return Ok(());
    };
    if whole && alike(live, scratch, &shape).await {
        return Ok(());
    }
    let server = live.is_postgres();
    let mut stored_rows = cells::stream(live, &shape, Order::Key);
    let mut replayed_rows = cells::stream(scratch, &shape, Order::Key);
    let mut replayed = replayed_rows.try_next().await?;
    let mut last: Option<Vec<Cell>> = None;
    loop {
        let stored = match stored_rows.try_next().await {
            Ok(stored) => stored,
            Err(error) if server => return Err(error.into()),
            Err(error) => {
                let place = last.map_or_else(
                    || "from its start".to_owned(),
                    |row| format!("after {}", shape.named(&row)),
                );
                let told = format!("table {table} cannot be read {place}: {error}");
                differences.note(&shape, &told);
                return Ok(());
            }
        };
        let Some(stored) = stored else { break };
        loop {
            let Some(made) = &replayed else {
                differences.extra(&shape, &stored);
                break;
            };
            if *made == stored {
                replayed = replayed_rows.try_next().await?;
                break;
            }
            match shape.key(made).cmp(&shape.key(&stored)) {
                Ordering::Less => {
                    differences.missing(&shape, made);
                    replayed = replayed_rows.try_next().await?;
                }
                Ordering::Equal => {
                    differences.other(&shape, &stored, made);
                    replayed = replayed_rows.try_next().await?;
                    break;
                }
                Ordering::Greater => {
                    differences.extra(&shape, &stored);
                    break;
                }
            }
        }
        last = Some(stored);
    }
    while let Some(made) = replayed {
        differences.missing(&shape, &made);
        replayed = replayed_rows.try_next().await?;
    }
    Ok(())
}
