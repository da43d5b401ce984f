//! Assets as the list shows them.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::Told;
use super::engine::{By, List, Listed, Of};
use crate::domain::asset::{Class, Constraints, State};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;
use crate::domain::zone::Purdue;

/// An asset.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Asset {
    /// Its reference, `SITE/tag`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state: `active` or `retired`.
    pub state: String,
    /// What people call it, as the title of every list.
    pub title: String,
    /// Its tag within its site.
    pub tag: String,
    /// What people call it.
    pub name: String,
    /// What kind of thing it is.
    pub class: String,
    /// The zone's code within the site.
    pub zone: Option<String>,
    /// The maker.
    pub vendor: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The maker's order number.
    pub order_number: Option<String>,
    /// Firmware version.
    pub firmware: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Purdue level.
    pub purdue: Option<String>,
    /// IP address.
    pub ip: Option<String>,
    /// Safety rating 1 to 5; none counts as 5.
    pub safety: Option<i64>,
    /// Regulatory rating 1 to 5; none counts as 5.
    pub regulatory: Option<i64>,
    /// Production rating 1 to 5; none counts as 5.
    pub production: Option<i64>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is part of.
    pub part_of: Option<String>,
    /// What may not be done to it.
    pub constraints: Told<Constraints>,
    /// When the maker's support ends.
    pub support_end: Option<Time>,
    /// Which entry last said what of a field.
    pub provenance: Told<std::collections::BTreeMap<String, i64>>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of assets, by reference.
pub static ASSETS: List = List {
    name: "assets",
    from: "asset t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By {
            word: Word { name: "state", of: Kind::Choice(State::WORDS) },
            sql: &[("t.state", "")],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By {
            word: Word { name: "zone", of: Kind::Word },
            sql: &[("t.zone", ""), ("substr(t.zone, length(t.site) + 2)", "")],
        },
        By {
            word: Word { name: "class", of: Kind::Choice(Class::WORDS) },
            sql: &[("t.class", "")],
        },
        By { word: Word { name: "vendor", of: Kind::Word }, sql: &[("t.vendor", ""), ("LOWER(t.vendor)", "")] },
        By { word: Word { name: "product", of: Kind::Word }, sql: &[("t.product", ""), ("LOWER(t.product)", "")] },
        By { word: Word { name: "firmware", of: Kind::Word }, sql: &[("t.firmware", "")] },
        By {
            word: Word { name: "purdue", of: Kind::Choice(Purdue::WORDS) },
            sql: &[("t.purdue", "")],
        },
        By { word: Word { name: "owner", of: Kind::Word }, sql: &[("t.owner", "")] },
        By { word: Word { name: "ip", of: Kind::Word }, sql: &[("t.ip", "")] },
        By { word: Word { name: "safety", of: Kind::Number }, sql: &[("COALESCE(t.safety, 5)", "")] },
        By { word: Word { name: "regulatory", of: Kind::Number }, sql: &[("COALESCE(t.regulatory, 5)", "")] },
        By { word: Word { name: "production", of: Kind::Number }, sql: &[("COALESCE(t.production, 5)", "")] },
        By {
            word: Word { name: "rated", of: Kind::Flag },
            sql: &[(
                "(t.safety IS NOT NULL AND t.regulatory IS NOT NULL AND t.production IS NOT NULL)",
                "",
            )],
        },
        By {
            word: Word { name: "described", of: Kind::Flag },
            sql: &[(
                "(t.class <> 'unclassified' AND t.zone IS NOT NULL AND t.owner IS NOT NULL AND t.vendor IS NOT NULL
                  AND t.product IS NOT NULL AND t.firmware IS NOT NULL)",
                "",
            )],
        },
        By { word: Word { name: "support", of: Kind::Time }, sql: &[("t.support_end", "")] },
    ],
    text: "t.folded",
    order: &[("t.ref", Of::Text)],
    descending: false,
    same: "t.ref = p.k0",
    columns: "t.ref, t.site, t.state, t.name AS title, t.tag, t.name, t.class,
        substr(t.zone, length(t.site) + 2) AS zone, t.vendor, t.product, t.model, t.order_number, t.firmware,
        t.serial, t.purdue, t.ip, t.safety, t.regulatory, t.production, t.owner, t.part_of, t.constraints,
        t.support_end,
        t.provenance, t.seq, s.timezone",
    with: "JOIN site s ON s.ref = t.site",
};

impl Listed for Asset {
    const LIST: &'static List = &ASSETS;
}
