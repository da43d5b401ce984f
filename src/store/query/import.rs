//! Imports as the list shows them.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{By, List, Listed, NUMBER, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::import::{Format, State};
use crate::domain::time::Time;

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Import {
    /// Its reference, `IM-3`.
    pub r#ref: String,
    /// Its site, if all of it belongs to one.
    pub site: Option<String>,
    /// `started` or `finished`.
    pub state: String,
    /// The file or folder, as the title of every list.
    pub title: String,
    /// What was read.
    pub format: String,
    /// The file or folder, by its own name.
    pub source: String,
    /// SHA-256 of the file.
    pub digest: Option<String>,
    /// Items read.
    pub read: i64,
    /// Items taken.
    pub accepted: i64,
    /// Assets that stood as the file says, and are confirmed by it.
    pub confirmed: i64,
    /// Items refused.
    pub refused: i64,
    /// Who ran it.
    pub author: String,
    /// When it began.
    pub started_at: Time,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of imports, the last first.
pub static IMPORTS: List = List {
    name: "imports",
    from: "import t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(State::WORDS) }, sql: &[("t.state", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "format", of: Kind::Choice(Format::WORDS) }, sql: &[("t.format", "")] },
        By { word: Word { name: "author", of: Kind::Word }, sql: &[("t.author", "")] },
        By { word: Word { name: "started", of: Kind::Time }, sql: &[("t.started_at", "")] },
    ],
    text: "LOWER(t.ref || ' ' || t.source)",
    order: &[("t.started_at", Of::Time), NUMBER, ("t.ref", Of::Text)],
    descending: true,
    same: "t.ref = p.k2",
    columns: "t.ref, t.site, t.state, t.source AS title, t.format, t.source, t.digest, t.read, t.accepted, t.confirmed,
        t.refused, t.author, t.started_at, t.seq",
    with: "",
};

impl Listed for Import {
    const LIST: &'static List = &IMPORTS;
}
