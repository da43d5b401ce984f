//! Items of assets: that they are described, rated and seen.

use super::{Item, write_all};
use crate::domain::asset::{Rating, Register};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::posture::{AssetFacts, Measure, Rated, standing};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::domain::zone::Purdue;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;

/// What an asset's row says to the measures, as the row gives it back when it is written.
#[derive(Debug, sqlx::FromRow)]
pub struct AssetRow {
    pub(in super::super) class: String,
    pub(in super::super) zone: Option<String>,
    pub(in super::super) owner: Option<String>,
    pub(in super::super) vendor: Option<String>,
    pub(in super::super) product: Option<String>,
    pub(in super::super) firmware: Option<String>,
    pub(in super::super) purdue: Option<String>,
    pub(in super::super) safety: Option<i64>,
    pub(in super::super) regulatory: Option<i64>,
    pub(in super::super) production: Option<i64>,
    pub(in super::super) safety_at: Option<Time>,
    pub(in super::super) regulatory_at: Option<Time>,
    pub(in super::super) production_at: Option<Time>,
}

impl AssetRow {
    /// The row of an asset that is new, with the instant if operations registered it.
    pub fn new(made: &Register, by_operations: Option<Time>) -> Self {
        let text = |line: &Option<Line>| line.as_ref().map(|line| line.as_str().to_owned());
        let rating = |rating: Option<Rating>| rating.map(Rating::get);
        Self {
            class: made.class.word().to_owned(),
            zone: made.zone.as_ref().map(|zone| Ref::zone(&made.site, zone).to_string()),
            owner: made.owner.as_ref().map(ToString::to_string),
            vendor: text(&made.vendor),
            product: text(&made.product),
            firmware: text(&made.firmware),
            purdue: made.purdue.map(|level| level.word().to_owned()),
            safety: rating(made.safety),
            regulatory: rating(made.regulatory),
            production: rating(made.production),
            safety_at: by_operations.filter(|_| made.safety.is_some()),
            regulatory_at: by_operations.filter(|_| made.regulatory.is_some()),
            production_at: by_operations.filter(|_| made.production.is_some()),
        }
    }
}

/// Assets that entries registered or updated, which confirms that they are there.
pub async fn assets(
    c: &mut Link<'_>,
    of: &[(&Said<'_>, &SiteCode, AssetRow)],
) -> Result<(), StoreError> {
    let items: Vec<_> = of
        .iter()
        .flat_map(|(said, site, row)| {
            asset(said, site, row).map(|item| (*said, said.subject.as_str(), item))
        })
        .collect();
    write_all(c, &items).await
}

/// What an asset is to the three measures that ask for assets.
fn asset<'a>(said: &Said<'_>, site: &'a SiteCode, row: &AssetRow) -> [Item<'a>; 3] {
    let class = (row.class != "unclassified").then_some(row.class.as_str());
    let rated = |value, by_operations| Rated { value, by_operations };
    let facts = AssetFacts {
        described: [
            ("class", class),
            ("zone", row.zone.as_deref()),
            ("owner", row.owner.as_deref()),
            ("vendor", row.vendor.as_deref()),
            ("product", row.product.as_deref()),
            ("firmware", row.firmware.as_deref()),
        ],
        rated: [
            ("safety", rated(row.safety, row.safety_at)),
            ("regulatory", rated(row.regulatory, row.regulatory_at)),
            ("production", rated(row.production, row.production_at)),
        ],
        purdue: row.purdue.as_deref().and_then(Purdue::parse),
    };
    let weight = facts.weight();
    let item = |measure, standing| Item { weight, ..Item::of(measure, site.as_str(), standing) };
    [
        item(Measure::Described, standing::described(&facts)),
        item(Measure::Criticality, standing::criticality(&facts)),
        item(Measure::Confirmed, standing::confirmed(&facts, said.entry.at)),
    ]
}

/// What an asset's row says to the measure that asks whether it is there.
#[derive(Debug, sqlx::FromRow)]
pub struct SeenRow {
    r#ref: String,
    purdue: Option<String>,
    safety: Option<i64>,
    regulatory: Option<i64>,
    production: Option<i64>,
}

/// Assets that an import saw and found as they stand, which confirms that they are there.
pub async fn seen(
    c: &mut Link<'_>,
    said: &Said<'_>,
    site: &SiteCode,
    rows: &[SeenRow],
) -> Result<(), StoreError> {
    let rated = |value| Rated { value, by_operations: None };
    let item = |row: &SeenRow| {
        let facts = AssetFacts {
            rated: [
                ("safety", rated(row.safety)),
                ("regulatory", rated(row.regulatory)),
                ("production", rated(row.production)),
            ],
            purdue: row.purdue.as_deref().and_then(Purdue::parse),
            ..AssetFacts::default()
        };
        let standing = standing::confirmed(&facts, said.entry.at);
        Item { weight: facts.weight(), ..Item::of(Measure::Confirmed, site.as_str(), standing) }
    };
    let items: Vec<_> = rows.iter().map(|row| (said, row.r#ref.as_str(), item(row))).collect();
    write_all(c, &items).await
}
