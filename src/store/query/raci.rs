//! The RACI table as it holds: default rows, what the corporation set over them, what a site set over that.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::FromRow;

use super::derived::{Derived, Fact};
use crate::domain::discipline::Discipline;
use crate::domain::filter::{Of, Word};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::raci::{Activity, Cell, Row, Value};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

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
    /// The entry that last wrote it; 0 for a default row.
    pub seq: i64,
}

impl Derived for RaciRow {
    const NAME: &'static str = "raci";
    const WORDS: &'static [Word] = &[
        Word { name: "state", of: Of::Choice(&["default", "corporate", "site"]) },
        Word { name: "site", of: Of::Word },
        Word { name: "activity", of: Of::Choice(Activity::WORDS) },
        Word { name: "accountable", of: Of::Choice(Discipline::WORDS) },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "state" => Fact::Word(self.state),
            "site" => self.site.as_deref().map_or(Fact::None, Fact::Word),
            "activity" => Fact::Word(&self.activity),
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
