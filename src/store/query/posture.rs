//! What the numbers of posture are read from: counts as of the clock, set right by what time has turned since; and the
//! items behind every count. No statement here reads more than it returns.

mod items;
mod measures;
mod moves;
mod rights;

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::domain::posture::{Count, Counts, EVERYWHERE, Measure, State, Tally};
use crate::domain::time::Time;
use crate::domain::yardstick::Yardstick;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{rows, scalar};

pub use items::{Item, filter, items};
pub use measures::{MeasureRow, measures};
pub use moves::{Move, before, moves};
pub use rights::{count, rights};

/// Counts by site and measure; the site `*` holds what belongs to every site.
pub type Table = BTreeMap<(String, Measure), Counts>;

#[derive(FromRow)]
struct CountRow {
    site: String,
    measure: String,
    state: String,
    items: i64,
    weight: i64,
}

/// Counts of everything as it stands at an instant.
pub async fn counts(c: &mut Link<'_>, now: Time) -> Result<Table, StoreError> {
    let clock = scalar!(c, Time, "SELECT at FROM posture_clock")?.unwrap_or(Time::from_micros(0));
    let found = rows!(
        c,
        CountRow,
        "SELECT site, measure, state, CAST(SUM(items) AS BIGINT) AS items, CAST(SUM(weight) AS BIGINT) AS weight
         FROM (SELECT site, measure, state, items, weight FROM posture_count
               UNION ALL
               SELECT site, measure,
                   CASE WHEN leaves_at <= $1 THEN 'out' WHEN turns_at <= $1 THEN turned ELSE state END, -1, -weight
               FROM posture_item
               WHERE turns_at > $1 AND turns_at <= $2 OR leaves_at > $1 AND leaves_at <= $2
               UNION ALL
               SELECT site, measure,
                   CASE WHEN leaves_at <= $2 THEN 'out' WHEN turns_at <= $2 THEN turned ELSE state END, 1, weight
               FROM posture_item
               WHERE turns_at > $1 AND turns_at <= $2 OR leaves_at > $1 AND leaves_at <= $2) AS d
         GROUP BY site, measure, state",
        clock,
        now
    )?;
    let mut table = Table::new();
    for row in found {
        let (Some(measure), Some(state)) = (Measure::parse(&row.measure), State::parse(&row.state))
        else {
            continue;
        };
        let count = Count { items: row.items, weight: row.weight };
        table.entry((row.site, measure)).or_default().add(state, count);
    }
    Ok(table)
}

/// The tallies of one site: its own items and those that belong to every site.
pub fn tallies(table: &Table, site: &str, holds: &Yardstick) -> Vec<Tally> {
    let of = |measure: &Measure| {
        let mut counts = Counts::default();
        for site in [site, EVERYWHERE] {
            if let Some(own) = table.get(&(site.to_owned(), *measure)) {
                counts.merge(own);
            }
        }
        Tally::of(*measure, counts).counting(holds.weight(*measure))
    };
    Measure::ALL.iter().map(of).collect()
}

/// The tallies of all sites in one pool; a site of `sites` without what must exist counts one unknown there.
pub fn pooled(table: &Table, sites: &[String], holds: &Yardstick) -> Vec<Tally> {
    let mut all: BTreeMap<Measure, Counts> = BTreeMap::new();
    for ((_, measure), own) in table.iter().filter(|((_, measure), _)| !measure.must_exist()) {
        all.entry(*measure).or_default().merge(own);
    }
    for measure in Measure::ALL.iter().filter(|measure| measure.must_exist()) {
        for site in sites {
            let own = table.get(&(site.clone(), *measure)).copied().unwrap_or_default();
            all.entry(*measure).or_default().merge(&Tally::of(*measure, own).counts);
        }
    }
    let of = |measure: &Measure| {
        let counts = all.remove(measure).unwrap_or_default();
        Tally::of(*measure, counts).counting(holds.weight(*measure))
    };
    Measure::ALL.iter().map(of).collect()
}
