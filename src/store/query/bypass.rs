//! The register of bypasses as the list shows it.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::Told;
use super::engine::{By, List, Listed, NUMBER, Of};
use crate::domain::bypass::{State, effective_state};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;

/// A bypass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Bypass {
    /// Its reference, `BY-4`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// `placed` or `removed`.
    pub state: String,
    /// The word that screens show: `ended` past its end and still in place.
    #[sqlx(skip)]
    pub effective_state: String,
    /// What is bypassed, as the title of every list.
    pub title: String,
    /// The asset.
    pub asset: String,
    /// The change that allows it.
    pub change: String,
    /// Until when, at the latest.
    #[sqlx(rename = "until_at")]
    pub until: Time,
    /// Why it must be.
    pub reason: String,
    /// What protects in its place.
    pub compensating: Told<Vec<String>>,
    /// The number of its tag, or where the key is.
    pub tag: Option<String>,
    /// Who told of it.
    pub placed_by: String,
    /// When.
    pub placed_at: Time,
    /// Who took it out.
    pub removed_by: Option<String>,
    /// When.
    pub removed_at: Option<Time>,
    /// How it was seen that what was bypassed works.
    pub note: Option<String>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// Every word that `state:` knows.
const STATES: &[&str] = &["placed", "ended", "removed"];

static BYPASSES: List = List {
    name: "bypasses",
    from: "bypass t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By {
            word: Word { name: "state", of: Kind::Choice(STATES) },
            sql: &[
                ("t.state", ""),
                (
                    "CASE WHEN t.state = 'placed' AND t.until_at <= :now THEN 'ended' ELSE t.state END",
                    "",
                ),
            ],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "asset", of: Kind::Word }, sql: &[("t.asset", "")] },
        By { word: Word { name: "change", of: Kind::Word }, sql: &[("t.change", "")] },
        By { word: Word { name: "until", of: Kind::Time }, sql: &[("t.until_at", "")] },
    ],
    text: "t.folded",
    order: &[
        ("CAST(CASE WHEN t.state = 'placed' THEN 0 ELSE 1 END AS BIGINT)", Of::Int),
        ("t.until_at", Of::Time),
        NUMBER,
        ("t.ref", Of::Text),
    ],
    descending: false,
    same: "t.ref = p.k3",
    columns: "t.ref, t.site, t.state, t.what AS title, t.asset, t.change, t.until_at, t.reason, t.compensating, t.tag,
        t.placed_by, t.placed_at, t.removed_by, t.removed_at, t.note, t.seq, s.timezone",
    with: "JOIN site s ON s.ref = t.site",
};

impl Listed for Bypass {
    const LIST: &'static List = &BYPASSES;

    fn settle(&mut self, now: Time) {
        let Some(state) = State::parse(&self.state) else { return };
        effective_state(state, self.until, now).clone_into(&mut self.effective_state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_knows_every_state() {
        for word in State::WORDS {
            assert!(STATES.contains(word), "{word}");
        }
    }
}
