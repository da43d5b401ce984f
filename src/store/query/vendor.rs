//! Vendors and their persons as the lists show them.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::{Lines, Told};
use super::engine::{By, List, Listed, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;

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
    /// Its persons, by the words that windows name them by.
    pub persons: Lines,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of vendors, by code.
pub static VENDORS: List = List {
    name: "vendors",
    from: "vendor t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(&["active"]) }, sql: &[("t.state", "")] },
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
        COALESCE((SELECT string_agg(x.person, '\n' ORDER BY x.person) FROM vendor_person x
                  WHERE x.vendor_ref = t.ref), '') AS persons",
    with: "",
};

impl Listed for Vendor {
    const LIST: &'static List = &VENDORS;
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
    /// When the screening ends.
    pub screening_until: Option<Time>,
    /// When the training ends.
    pub training_until: Option<Time>,
    /// Public keys.
    pub ssh_keys: Told<Vec<String>>,
    /// The entry that last wrote it.
    pub seq: i64,
}
