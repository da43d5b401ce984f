//! Vendors and their persons as the lists show them.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::{Lines, Told};
use super::engine::{By, List, Listed, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;
use crate::domain::vendor::{State, Validity};

/// A vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Vendor {
    /// Its short code.
    pub r#ref: String,
    /// Vendors belong to no site.
    #[sqlx(skip)]
    pub site: Option<String>,
    /// Its state.
    pub state: String,
    /// Its name, as the title of every list.
    pub title: String,
    /// Its short code.
    pub vendor: String,
    /// Its name.
    pub name: String,
    /// How to reach it.
    pub contact: Option<String>,
    /// When the contract ends.
    pub contract_end: Option<Time>,
    /// How the contract stands.
    #[sqlx(skip)]
    pub contract: Option<Validity>,
    /// Its persons, by the words that windows name them by.
    pub persons: Lines,
    /// The first instant at which the screening of a person who is not suspended ends.
    pub first_screening: Option<Time>,
    /// The same of the training.
    pub first_training: Option<Time>,
    /// What ends within 30 days or has ended, in words.
    #[sqlx(skip)]
    pub runs_out: Vec<String>,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of vendors, by code.
pub static VENDORS: List = List {
    name: "vendors",
    from: "vendor t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By {
            word: Word { name: "state", of: Kind::Choice(State::WORDS) },
            sql: &[("t.state", "")],
        },
        By {
            word: Word { name: "person", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM vendor_person x WHERE x.vendor_ref = t.ref AND x.person",
                ")",
            )],
        },
        By { word: Word { name: "contract", of: Kind::Time }, sql: &[("t.contract_end", "")] },
    ],
    text: "LOWER(t.ref || ' ' || t.name)",
    order: &[("t.ref", Of::Text)],
    descending: false,
    same: "t.ref = p.k0",
    columns:
        "t.ref, t.state, t.name AS title, t.ref AS vendor, t.name, t.contact, t.contract_end, t.seq,
        (SELECT MIN(x.screening_until) FROM vendor_person x
          WHERE x.vendor_ref = t.ref AND x.state = 'active') AS first_screening,
        (SELECT MIN(x.training_until) FROM vendor_person x
          WHERE x.vendor_ref = t.ref AND x.state = 'active') AS first_training,
        COALESCE((SELECT string_agg(x.person, '\n' ORDER BY x.person) FROM vendor_person x
                  WHERE x.vendor_ref = t.ref), '') AS persons",
    with: "",
};

impl Listed for Vendor {
    const LIST: &'static List = &VENDORS;

    fn settle(&mut self, now: Time) {
        self.contract = Some(Validity::of(self.contract_end, now));
        let papers = [
            ("the contract", self.contract_end),
            ("a screening", self.first_screening),
            ("a training", self.first_training),
        ];
        let out = papers.iter().filter_map(|(what, until)| {
            let until = (*until).filter(|_| Validity::of(*until, now).calls())?;
            let ends = if until <= now { "ended" } else { "ends" };
            Some(format!("{what} {ends} at {until:#}"))
        });
        self.runs_out = out.collect();
    }
}

/// A person whom a vendor sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct VendorPerson {
    /// The vendor.
    pub vendor: String,
    /// The word that windows name this person by.
    pub person: String,
    /// The person's name.
    pub name: Option<String>,
    /// `active` or `suspended`.
    pub state: String,
    /// When the screening ends.
    pub screening_until: Option<Time>,
    /// How it stands.
    #[sqlx(skip)]
    pub screening: Option<Validity>,
    /// When the training ends.
    pub training_until: Option<Time>,
    /// How it stands.
    #[sqlx(skip)]
    pub training: Option<Validity>,
    /// Public keys.
    pub ssh_keys: Told<Vec<String>>,
    /// The entry that last wrote it.
    pub seq: i64,
}

impl VendorPerson {
    /// With how screening and training stand at an instant.
    #[must_use]
    pub fn settled(self, now: Time) -> Self {
        Self {
            screening: Some(Validity::of(self.screening_until, now)),
            training: Some(Validity::of(self.training_until, now)),
            ..self
        }
    }
}
