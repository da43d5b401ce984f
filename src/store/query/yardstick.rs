//! What posture is measured against as it was set: a row for each target and each weight, and all of it for the counts.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{By, List, Listed, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::posture::{EVERYWHERE, Measure};
use crate::domain::time::Time;
use crate::domain::yardstick::Yardstick as Holds;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// A target or a weight that was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Yardstick {
    /// Its reference, `target@RLF`, `target` or `weight.described`.
    pub r#ref: String,
    /// Its site; `*` is every site that sets none of its own.
    pub site: String,
    /// Its state.
    pub state: String,
    /// What it says in words.
    #[sqlx(skip)]
    pub title: String,
    /// The measure that is weighed; none for a target.
    pub measure: Option<String>,
    /// The target in percent, or the weight.
    pub value: i64,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: Time,
    /// The entry that last wrote it.
    pub seq: i64,
}

static YARDSTICKS: List = List {
    name: "yardsticks",
    from: "yardstick t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By { word: Word { name: "state", of: Kind::Choice(&["set"]) }, sql: &[("t.state", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("COALESCE(t.site, '*')", "")] },
        By {
            word: Word { name: "measure", of: Kind::Choice(Measure::WORDS) },
            sql: &[("t.measure", "")],
        },
    ],
    text: "LOWER(t.ref || ' ' || t.reason)",
    order: &[("t.ref", Of::Text)],
    descending: false,
    same: "t.ref = p.k0",
    columns: "t.ref, COALESCE(t.site, '*') AS site, t.state, t.measure, t.value, t.reason, t.set_by, t.set_at, t.seq",
    with: "",
};

impl Listed for Yardstick {
    const LIST: &'static List = &YARDSTICKS;

    fn settle(&mut self, _: Time) {
        let measure = self.measure.as_deref().map(|word| {
            Measure::parse(word).map_or_else(|| word.to_owned(), |known| known.name().to_owned())
        });
        self.title = match measure {
            Some(name) => format!("{name} weighs {} in its function", self.value),
            None if self.site == EVERYWHERE => format!("the numbers are to reach {}", self.value),
            None => format!("the numbers of {} are to reach {}", self.site, self.value),
        };
    }
}

/// All that was set.
pub async fn yardstick(c: &mut Link<'_>) -> Result<Holds, StoreError> {
    let found = rows!(
        c,
        (Option<String>, Option<String>, i64),
        "SELECT measure, site, value FROM yardstick"
    )?;
    let mut holds = Holds::default();
    for (measure, site, value) in found {
        match (measure.as_deref().map(Measure::parse), site) {
            (Some(Some(measure)), _) => {
                holds.weights.insert(measure, value);
            }
            // A measure of another version weighs nothing here.
            (Some(None), _) => {}
            (None, Some(site)) => {
                holds.targets.insert(site, value);
            }
            (None, None) => holds.target = Some(value),
        }
    }
    Ok(holds)
}
