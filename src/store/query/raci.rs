//! The RACI table as it holds: default rows, what the corporation set over them, what a site set over that.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::FromRow;

use super::derived::{Derived, Fact};
use super::log::{self, LogEntry, LogQuery, Since};
use crate::domain::discipline::Discipline;
use crate::domain::filter::{Of, Word};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::raci::{self, Activity, Cell, Difference, Row, Value};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::Snapshot;

/// A row of the table at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RaciRow {
    /// The activity, with the site behind `@` for an override.
    pub r#ref: String,
    /// The site of an override; none is corporate.
    pub site: Option<String>,
    /// Where the row comes from: `default`, `corporate` or `site`.
    pub state: &'static str,
    /// The activity, as the title of every list.
    pub title: String,
    /// The activity.
    pub activity: String,
    /// R, A, C, I or - by discipline, as it holds.
    pub cells: BTreeMap<String, &'static str>,
    /// The discipline that answers for it.
    pub accountable: String,
    /// The level that names the accountable discipline.
    pub origin: &'static str,
    /// What it has otherwise than the level below it, the corporation's row or the default.
    pub differs: Vec<String>,
    /// The entry that last wrote it; 0 for a default row.
    pub seq: i64,
}

/// What an entry made of a row as it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RaciVersion {
    /// The entry.
    pub seq: i64,
    /// When it was written.
    pub at: Time,
    /// Who set it.
    pub actor: String,
    /// The level: `site` or `corporate`.
    pub level: &'static str,
    /// What the row has otherwise since; nothing where a level above says it.
    pub differences: Vec<Difference>,
}

impl Derived for RaciRow {
    const NAME: &'static str = "raci";
    const WORDS: &'static [Word] = &[
        Word { name: "state", of: Of::Choice(&["default", "corporate", "site"]) },
        Word { name: "site", of: Of::Word },
        Word { name: "activity", of: Of::Choice(Activity::WORDS) },
        Word { name: "differs", of: Of::Choice(&["yes", "no"]) },
        Word { name: "accountable", of: Of::Choice(Discipline::WORDS) },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "state" => Fact::Word(self.state),
            "site" => self.site.as_deref().map_or(Fact::None, Fact::Word),
            "activity" => Fact::Word(&self.activity),
            "differs" => Fact::Word(if self.differs.is_empty() { "no" } else { "yes" }),
            "accountable" => Fact::Word(&self.accountable),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.r#ref, self.accountable)
    }

    fn key(&self) -> String {
        self.r#ref.clone()
    }
}

#[derive(FromRow)]
struct CellRow {
    activity: String,
    scope: String,
    discipline: String,
    value: String,
    seq: i64,
}

fn row(
    activity: Activity,
    site: Option<&SiteCode>,
    own: &[Cell],
    corporate: &[Cell],
    seq: i64,
) -> RaciRow {
    let held = Row::held(activity, own, corporate);
    let below = Row::held(activity, &[], if site.is_some() { corporate } else { &[] });
    let differs = below.differences(&held).iter().map(Difference::words).collect();
    RaciRow {
        r#ref: Ref::raci(activity.word(), site).to_string(),
        site: site.map(ToString::to_string),
        state: match (site, corporate.is_empty()) {
            (Some(_), _) => "site",
            (None, false) => "corporate",
            (None, true) => "default",
        },
        title: activity.to_string(),
        activity: activity.to_string(),
        cells: held
            .cells
            .iter()
            .map(|cell| (cell.discipline.to_string(), cell.value.word()))
            .collect(),
        accountable: held.accountable.to_string(),
        origin: held.origin,
        differs,
        seq,
    }
}

/// Every row: the corporate one of each activity, and the overrides of sites below it.
pub async fn raci(c: &mut Link<'_>) -> Result<Vec<RaciRow>, StoreError> {
    let found = rows!(
        c,
        CellRow,
        "SELECT activity, scope, discipline, value, seq FROM raci ORDER BY scope"
    )?;
    // By activity and scope: the cells that were set, and the last entry that set one.
    let mut set: BTreeMap<(Activity, &str), (Vec<Cell>, i64)> = BTreeMap::new();
    for cell in &found {
        let (Some(activity), Some(discipline), Some(value)) = (
            Activity::parse(&cell.activity),
            Discipline::parse(&cell.discipline),
            Value::parse(&cell.value),
        ) else {
            continue;
        };
        let (cells, seq) = set.entry((activity, cell.scope.as_str())).or_default();
        cells.push(Cell { discipline, value });
        *seq = cell.seq.max(*seq);
    }
    let mut all = Vec::new();
    for activity in Activity::ALL {
        let none = (Vec::new(), 0);
        let (corporate, seq) = set.get(&(*activity, "*")).unwrap_or(&none);
        all.push(row(*activity, None, &[], corporate, *seq));
        for ((_, scope), (own, seq)) in set.iter().filter(|((of, _), _)| of == activity) {
            if let Ok(site) = SiteCode::new(scope) {
                all.push(row(*activity, Some(&site), own, corporate, *seq));
            }
        }
    }
    Ok(all)
}

/// The versions of a row, the oldest first: every entry that set a cell of it, at its site or for the corporation.
pub async fn versions(
    c: &mut Link<'_>,
    at: &Snapshot,
    reference: &str,
) -> Result<Vec<RaciVersion>, StoreError> {
    let (activity, site) = match reference.split_once('@') {
        Some((activity, _)) => (activity, true),
        None => (reference, false),
    };
    let Some(activity) = Activity::parse(activity) else { return Ok(Vec::new()) };
    let mut entries = entries(c, at, reference).await?;
    if site {
        entries.extend(entries_of_corporation(c, at, activity).await?);
        entries.sort_by_key(|(entry, _)| entry.seq);
    }
    let settings: Vec<(bool, Cell)> = entries
        .iter()
        .map(|(_, set)| (set.site.is_some(), Cell { discipline: set.discipline, value: set.value }))
        .collect();
    let versions = raci::versions(activity, &settings);
    Ok(entries
        .into_iter()
        .zip(versions)
        .map(|((entry, set), differences)| RaciVersion {
            seq: entry.seq,
            at: entry.at,
            actor: entry.actor,
            level: if set.site.is_some() { "site" } else { "corporate" },
            differences,
        })
        .collect())
}

async fn entries_of_corporation(
    c: &mut Link<'_>,
    at: &Snapshot,
    activity: Activity,
) -> Result<Vec<(LogEntry, raci::Set)>, StoreError> {
    entries(c, at, Ref::raci(activity.word(), None).as_str()).await
}

/// The entries that set a cell of a row, with what each says.
async fn entries(
    c: &mut Link<'_>,
    at: &Snapshot,
    reference: &str,
) -> Result<Vec<(LogEntry, raci::Set)>, StoreError> {
    let query =
        LogQuery { since: Since::Seq(0), subject: Some(reference.to_owned()), limit: i64::MAX };
    let said = |entry: LogEntry| {
        let body: Said = serde_json::from_str(entry.body.get()).ok()?;
        Some((entry, body.data))
    };
    Ok(log::log(c, at, &query).await?.into_iter().filter_map(said).collect())
}

/// The part of a body that says what was set.
#[derive(serde::Deserialize)]
struct Said {
    data: raci::Set,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_had_the_a_becomes_responsible() {
        let quality = [Cell { discipline: Discipline::Quality, value: Value::Accountable }];
        let row = row(Activity::ControlChange, None, &[], &quality, 7);
        assert_eq!((row.state, row.accountable.as_str()), ("corporate", "quality"));
        assert_eq!(row.cells["operations"], "R");
    }
}
