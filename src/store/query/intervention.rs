//! The intervention matrix as it is set: a row for each cell, of a site or of every site that sets none of its own.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{By, List, Listed, Of};
use crate::domain::asset::Class;
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::intervention::{Allowance, Intervention as Done};
use crate::domain::time::Time;

/// A cell of the intervention matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Intervention {
    /// Its reference, `firmware.plc@RLF`; without a site `firmware.plc`.
    pub r#ref: String,
    /// Its site; `*` is every site that sets none of its own.
    pub site: String,
    /// Its state.
    pub state: String,
    /// What it says in words.
    #[sqlx(skip)]
    pub title: String,
    /// The class of asset.
    pub class: String,
    /// What is done to it.
    pub intervention: String,
    /// When that is allowed: `never, outage, anytime, ask`.
    pub allowed: String,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: Time,
    /// The entry that last wrote it.
    pub seq: i64,
}

static INTERVENTIONS: List = List {
    name: "interventions",
    from: "intervention t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By { word: Word { name: "state", of: Kind::Choice(&["set"]) }, sql: &[("t.state", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("COALESCE(t.site, '*')", "")] },
        By {
            word: Word { name: "class", of: Kind::Choice(Class::WORDS) },
            sql: &[("t.class", "")],
        },
        By {
            word: Word { name: "intervention", of: Kind::Choice(Done::WORDS) },
            sql: &[("t.intervention", "")],
        },
        By {
            word: Word { name: "allowed", of: Kind::Choice(Allowance::WORDS) },
            sql: &[("t.allowed", "")],
        },
    ],
    text: "t.ref || ' ' || t.allowed",
    order: &[
        ("t.class", Of::Text),
        ("t.intervention", Of::Text),
        ("COALESCE(t.site, '*')", Of::Text),
        ("t.ref", Of::Text),
    ],
    descending: false,
    same: "t.ref = p.k3",
    columns: "t.ref, COALESCE(t.site, '*') AS site, t.state, t.class, t.intervention, t.allowed, t.set_by, t.set_at, t.seq",
    with: "",
};

impl Listed for Intervention {
    const LIST: &'static List = &INTERVENTIONS;

    fn settle(&mut self, _: Time) {
        let done = Done::parse(&self.intervention).map_or("something unknown", Done::said);
        let when = match Allowance::parse(&self.allowed) {
            Some(Allowance::Never) => "never",
            Some(Allowance::Outage) => "in an outage alone",
            Some(Allowance::Anytime) => "at any time",
            Some(Allowance::Ask) => "when operations say so",
            None => self.allowed.as_str(),
        };
        self.title = format!("{done} on {}: {when}", self.class);
    }
}
