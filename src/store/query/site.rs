//! Sites and their zones as the lists show them.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::Told;
use super::engine::{By, List, Listed, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::site::NercImpact;
use crate::domain::zone::Purdue;

/// A site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Site {
    /// Its code.
    pub r#ref: String,
    /// Its code.
    pub site: String,
    /// Its state.
    pub state: String,
    /// Its name, as the title of every list.
    pub title: String,
    /// Its name.
    pub name: String,
    /// Its IANA time zone.
    pub timezone: String,
    /// Its sector.
    pub sector: Option<String>,
    /// Frameworks that apply.
    pub frameworks: Told<Vec<String>>,
    /// NERC CIP-002 impact rating.
    pub nerc_impact: Option<String>,
    /// NCA OTCC facility level.
    pub otcc_level: Option<i64>,
    /// Whether changes here begin only with their number in the plant's own change system.
    pub asks_number: bool,
    /// Whether a vendor's window says its second factor, its recording and the risk that it was weighed as.
    pub asks_remote: bool,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of sites, by code.
pub static SITES: List = List {
    name: "sites",
    from: "site t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(&["active"]) }, sql: &[("t.state", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.ref", "")] },
        By { word: Word { name: "sector", of: Kind::Word }, sql: &[("t.sector", "")] },
        By {
            word: Word { name: "nerc", of: Kind::Choice(NercImpact::WORDS) },
            sql: &[("t.nerc_impact", "")],
        },
        By { word: Word { name: "otcc", of: Kind::Number }, sql: &[("t.otcc_level", "")] },
    ],
    text: "LOWER(t.ref || ' ' || t.name || ' ' || COALESCE(t.sector, ''))",
    order: &[("t.ref", Of::Text)],
    descending: false,
    same: "t.ref = p.k0",
    columns: "t.ref, t.ref AS site, t.state, t.name AS title, t.name, t.timezone, t.sector, t.frameworks, t.nerc_impact,
        t.otcc_level, t.asks_number, t.asks_remote, t.seq",
    with: "",
};

impl Listed for Site {
    const LIST: &'static List = &SITES;
}

/// A zone of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Zone {
    /// Its reference, `SITE:zone`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state.
    pub state: String,
    /// Its name, as the title of every list.
    pub title: String,
    /// Its code within the site.
    pub zone: String,
    /// Its name.
    pub name: String,
    /// Purdue level.
    pub purdue: String,
    /// Target security level SL-T (IEC 62443-3-2).
    pub sl_target: Option<i64>,
    /// Achieved security level SL-A.
    pub sl_achieved: Option<i64>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of zones, by reference.
pub static ZONES: List = List {
    name: "zones",
    from: "zone t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(&["active"]) }, sql: &[("t.state", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By {
            word: Word { name: "purdue", of: Kind::Choice(Purdue::WORDS) },
            sql: &[("t.purdue", "")],
        },
        By { word: Word { name: "target", of: Kind::Number }, sql: &[("t.sl_target", "")] },
        By { word: Word { name: "achieved", of: Kind::Number }, sql: &[("t.sl_achieved", "")] },
        By {
            word: Word { name: "ok", of: Kind::Flag },
            sql: &[("COALESCE(t.sl_achieved >= t.sl_target, FALSE)", "")],
        },
    ],
    text: "LOWER(t.ref || ' ' || t.name)",
    order: &[("t.ref", Of::Text)],
    descending: false,
    same: "t.ref = p.k0",
    columns: "t.ref, t.site, t.state, t.name AS title, t.zone, t.name, t.purdue, t.sl_target, t.sl_achieved, t.seq,
        s.timezone",
    with: "JOIN site s ON s.ref = t.site",
};

impl Listed for Zone {
    const LIST: &'static List = &ZONES;
}
