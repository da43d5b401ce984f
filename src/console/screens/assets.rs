//! Assets: what stands in the plants, how bad its loss would be, and who answers for it.

use super::list::Spec;
use super::{Focus, cells, gate};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::safe_text::SafeText;
use crate::store::query::Asset;

impl Row for Asset {
    fn id(&self) -> &str {
        &self.r#ref
    }
}

/// What is special about the list of assets.
pub const SPEC: Spec<Asset> = Spec {
    subject: "assets",
    title: "Assets",
    scope: Scope::Asset,
    columns: &[
        Column::left("Asset", 18, |row, _| Cell::text(row.r#ref.as_str())),
        Column::left("Class", 10, |row, _| Cell::text(row.class.as_str())),
        Column::left("Zone", 7, |row: &Asset, _| cells::word(row.zone.as_deref())).gives_way(1),
        Column::left("S R P", 5, |row, _| ratings(row)),
        Column::left("Vendor", 9, |row, _| cells::word(row.vendor.as_deref())),
        Column::left("Product", 14, |row: &Asset, _| {
            cells::word(row.product.as_deref().or(row.model.as_deref()))
        })
        .grows(),
        Column::left("Firmware", 10, |row, _| cells::word(row.firmware.as_deref())),
        Column::left("Name", 12, |row: &Asset, _| Cell::text(row.title.as_str())).beyond(),
    ],
    empty: "No asset is here. n registers one; smc import assets reads a list.",
    filter_words: &[
        "site:",
        "zone:",
        "class:",
        "vendor:",
        "product:",
        "firmware:",
        "owner:",
        "rated:no",
        "described:no",
        "safety:>=4",
    ],
    focus,
    strip: |row, _| {
        let name = Cell::of(SafeText::from(row.r#ref.as_str()), Role::Title)
            .and(" ", Role::Normal)
            .and(row.title.as_str(), Role::Normal);
        [name, Cell::text(missing(row))]
    },
    detail: |row, ctx| detail(row, ctx),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied,
};

/// The object behind a row.
pub fn focus(row: &Asset) -> Focus {
    Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.r#ref, row.title.as_str(), Scope::Asset)
    }
}

/// The three ratings in five columns.
pub fn ratings(row: &Asset) -> Cell {
    let one = |rating: Option<i64>| rating.map_or_else(|| "?".to_owned(), |r| r.to_string());
    Cell::text(format!("{} {} {}", one(row.safety), one(row.regulatory), one(row.production)))
}

/// What nobody has said of it yet, which costs posture.
fn missing(row: &Asset) -> SafeText {
    let known = [
        ("class", row.class != "unclassified"),
        ("zone", row.zone.is_some()),
        ("owner", row.owner.is_some()),
        ("vendor", row.vendor.is_some()),
        ("product", row.product.is_some()),
        ("firmware", row.firmware.is_some()),
        ("ratings", row.safety.is_some() && row.regulatory.is_some() && row.production.is_some()),
    ];
    let lacks: Vec<&str> =
        known.iter().filter(|(_, known)| !known).map(|(name, _)| *name).collect();
    if lacks.is_empty() {
        return SafeText::fixed("n asks for a change of it or a vendor's access");
    }
    SafeText::from(format!("not known: {}; e says it. n asks for a change", lacks.join(", ")))
}

/// Everything that the row itself tells.
pub fn detail(row: &Asset, _: &Ctx<'_>) -> Doc {
    document(row)
}

/// Everything that the row itself tells.
pub fn document(row: &Asset) -> Doc {
    let zone = cells::zone(&row.timezone);
    Doc::titled(SafeText::from(format!("{} {}", row.r#ref, row.title)))
        .field("state", Cell::text(row.state.as_str()))
        .field("class", Cell::text(row.class.as_str()))
        .field("zone", cells::word(row.zone.as_deref()))
        .field("purdue", cells::word(row.purdue.as_deref()))
        .field("owner", cells::word(row.owner.as_deref()))
        .section("Ratings, 5 the worst; ? counts as 5")
        .field("safety", rating(row.safety))
        .field("regulatory", rating(row.regulatory))
        .field("production", rating(row.production))
        .section("What it is")
        .field("vendor", cells::word(row.vendor.as_deref()))
        .field("product", cells::word(row.product.as_deref()))
        .field("model", cells::word(row.model.as_deref()))
        .field("order no.", cells::word(row.order_number.as_deref()))
        .field("firmware", cells::word(row.firmware.as_deref()))
        .field("serial", cells::word(row.serial.as_deref()))
        .field("ip", cells::word(row.ip.as_deref()))
        .when("support ends", row.support_end, zone)
}

fn rating(rating: Option<i64>) -> Cell {
    rating.map_or_else(|| "?".into(), |rating| Cell::text(rating.to_string()))
}

/// Why a verb is off for this asset.
pub fn denied(row: &Asset, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    let spec = gate::spec(action).filter(|spec| spec.subject == "asset")?;
    if row.state == "retired" {
        return Some(SafeText::fixed("it is retired"));
    }
    gate::by_right(spec, &row.site, me).err().map(|refusal| gate::words(&refusal))
}
