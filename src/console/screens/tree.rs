//! The assets of a site as a tree: zones from the office down to the field, in each the assets, below each what is part of
//! it. The table of the same is in `assets`.

use std::collections::{BTreeMap, BTreeSet};

use super::list::{ListScreen, Spec};
use super::{Focus, Screen, assets, cells, gate};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::words::count;
use crate::safe_text::SafeText;
use crate::store::query::{Asset, Zone};

/// A line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    id: String,
    /// How far below a zone it stands.
    depth: usize,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// A zone, and how many assets stand in it.
    Zone(Option<Box<Zone>>, usize),
    /// An asset.
    Asset(Box<Asset>),
}

impl Row for Branch {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The lines of a site: its zones by level, the highest first, then what stands in none.
pub fn branches(mut zones: Vec<Zone>, assets: Vec<Asset>) -> Vec<Branch> {
    zones.sort_by(|a, b| b.purdue.cmp(&a.purdue).then_with(|| a.r#ref.cmp(&b.r#ref)));
    let mut within: BTreeMap<Option<String>, Vec<Asset>> = BTreeMap::new();
    for asset in assets {
        // A zone that is not registered is none.
        let of = |zone: &&Zone| {
            zone.site == asset.site && asset.zone.as_ref().is_some_and(|code| *code == zone.zone)
        };
        let zone = zones.iter().find(of).map(|zone| zone.r#ref.clone());
        within.entry(zone).or_default().push(asset);
    }
    let mut lines = Vec::new();
    for zone in zones {
        let assets = within.remove(&Some(zone.r#ref.clone())).unwrap_or_default();
        let id = format!("zone {}", zone.r#ref);
        lines.push(Branch { id, depth: 0, what: What::Zone(Some(Box::new(zone)), assets.len()) });
        grow(assets, &mut lines);
    }
    if let Some(assets) = within.remove(&None) {
        let what = What::Zone(None, assets.len());
        lines.push(Branch { id: "no zone".to_owned(), depth: 0, what });
        grow(assets, &mut lines);
    }
    lines
}

/// The assets of one zone, each followed by its parts.
fn grow(mut assets: Vec<Asset>, lines: &mut Vec<Branch>) {
    assets.sort_by(|a, b| counted(&a.r#ref).cmp(&counted(&b.r#ref)));
    let here: BTreeSet<String> = assets.iter().map(|asset| asset.r#ref.clone()).collect();
    let mut parts: BTreeMap<String, Vec<Asset>> = BTreeMap::new();
    let mut tops = Vec::new();
    for asset in assets {
        match asset.part_of.clone().filter(|whole| here.contains(whole)) {
            Some(whole) => parts.entry(whole).or_default().push(asset),
            None => tops.push(asset),
        }
    }
    let mut open: Vec<(usize, Asset)> = tops.into_iter().rev().map(|top| (1, top)).collect();
    while let Some((depth, asset)) = open.pop() {
        let below = parts.remove(&asset.r#ref).unwrap_or_default();
        open.extend(below.into_iter().rev().map(|part| (depth + 1, part)));
        let id = asset.r#ref.clone();
        lines.push(Branch { id, depth, what: What::Asset(Box::new(asset)) });
    }
    // The rules allow no ring of parts; what somebody wrote past them is not lost to the eye.
    for asset in parts.into_values().flatten() {
        let id = asset.r#ref.clone();
        lines.push(Branch { id, depth: 1, what: What::Asset(Box::new(asset)) });
    }
}

/// The other view of the assets: of the table the tree of the selected one's site, of the tree the table.
pub fn other(subject: &str, selected: Option<&Focus>) -> Box<dyn Screen> {
    let site = selected.and_then(|focus| focus.reference.split(['/', ':']).next());
    let filter = site.map(|site| format!("site:{site}")).unwrap_or_default();
    if subject == SPEC.subject {
        Box::new(ListScreen::filtered(const { &assets::SPEC }, filter))
    } else {
        Box::new(ListScreen::filtered(const { &SPEC }, filter))
    }
}

/// A reference by its letters, then by the number at its end: `CARD-2` before `CARD-10`.
fn counted(reference: &str) -> (&str, usize, &str) {
    let letters = reference.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = reference.get(letters.len()..).unwrap_or_default();
    (letters, number.len(), number)
}

/// What is special about the tree.
pub const SPEC: Spec<Branch> = Spec {
    subject: "asset tree",
    title: "Assets by zone",
    scope: Scope::Asset,
    columns: &[
        Column::left("Where it stands", 35, |row: &Branch, _| named(row)).grows(),
        Column::left("Class", 14, |row, _| of(row, |asset| asset.class.clone())),
        Column::left("S R P", 5, |row, _| match &row.what {
            What::Zone(..) => Cell::empty(),
            What::Asset(asset) => assets::ratings(asset),
        }),
        Column::left("Product", 14, |row: &Branch, _| {
            of(row, |asset| asset.product.clone().or(asset.model.clone()).unwrap_or_default())
        })
        .grows(),
        Column::left("Firmw.", 8, |row, _| {
            of(row, |asset| asset.firmware.clone().unwrap_or_default())
        }),
    ],
    empty: "No zone and no asset is registered at this site.",
    filter_words: &["site:"],
    focus: |row| match &row.what {
        What::Asset(asset) => assets::focus(asset),
        What::Zone(Some(zone), _) => Focus {
            version: Some(zone.seq),
            zone: Some(cells::zone(&zone.timezone)),
            ..Focus::of(&zone.r#ref, zone.title.as_str(), Scope::Zone)
        },
        What::Zone(None, _) => Focus::of("assets", "assets without a zone", Scope::Everywhere),
    },
    strip,
    detail: |row, ctx| match &row.what {
        What::Asset(asset) => assets::detail(asset, ctx),
        What::Zone(zone, many) => Doc::titled(heading(zone.as_deref(), *many)),
    },
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied,
};

fn named(row: &Branch) -> Cell {
    let gap = "  ".repeat(row.depth);
    match &row.what {
        What::Zone(Some(zone), many) => {
            let named = format!("{} L{}, {}", zone.zone, zone.purdue, count(*many, "asset"));
            Cell::of(named, Role::Title)
        }
        What::Zone(None, many) => Cell::of(heading(None, *many), Role::Title),
        What::Asset(asset) => Cell::text(format!("{gap}{} {}", asset.tag, asset.title)),
    }
}

fn heading(zone: Option<&Zone>, many: usize) -> SafeText {
    let many = count(many, "asset");
    SafeText::from(match zone {
        Some(zone) => format!("{} L{} {}, {many}", zone.zone, zone.purdue, zone.title),
        None => format!("in no zone, {many}"),
    })
}

fn of(row: &Branch, word: impl Fn(&Asset) -> String) -> Cell {
    match &row.what {
        What::Zone(..) => Cell::empty(),
        What::Asset(asset) => Cell::text(word(asset)),
    }
}

fn strip(row: &Branch, ctx: &Ctx<'_>) -> [Cell; 2] {
    match &row.what {
        What::Asset(asset) => (assets::SPEC.strip)(asset, ctx),
        What::Zone(zone, many) => {
            [Cell::of(heading(zone.as_deref(), *many), Role::Title), "f shows the table".into()]
        }
    }
}

fn denied(row: &Branch, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    match &row.what {
        What::Asset(asset) => assets::denied(asset, action, me),
        What::Zone(Some(zone), _) => {
            gate::by_right(gate::spec(action)?, &zone.site, me).err().map(|why| gate::words(&why))
        }
        What::Zone(None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(code: &str, purdue: &str) -> Zone {
        Zone {
            r#ref: format!("RLF:{code}"),
            site: "RLF".into(),
            state: "active".into(),
            title: code.to_uppercase(),
            zone: code.into(),
            name: code.into(),
            purdue: purdue.into(),
            sl_target: None,
            sl_achieved: None,
            timezone: "UTC".into(),
            seq: 1,
        }
    }

    fn asset(tag: &str, zone: Option<&str>, part_of: Option<&str>) -> Asset {
        Asset {
            r#ref: format!("RLF/{tag}"),
            tag: tag.into(),
            zone: zone.map(str::to_owned),
            part_of: part_of.map(|whole| format!("RLF/{whole}")),
            site: "RLF".into(),
            state: "active".into(),
            title: "a thing".into(),
            name: "a thing".into(),
            class: "plc".into(),
            vendor: None,
            product: None,
            model: None,
            order_number: None,
            firmware: None,
            serial: None,
            purdue: None,
            ip: None,
            safety: None,
            regulatory: None,
            production: None,
            owner: None,
            constraints: Default::default(),
            support_end: None,
            provenance: Default::default(),
            timezone: "UTC".into(),
            seq: 1,
        }
    }

    #[test]
    fn assets_stand_below_their_zone_and_parts_below_their_whole() {
        let zones = vec![zone("field", "0"), zone("control", "2")];
        let assets = vec![
            asset("CARD-2", Some("control"), Some("RACK-1")),
            asset("CARD-10", Some("control"), Some("RACK-1")),
            asset("PORT-1", Some("control"), Some("CARD-2")),
            asset("RACK-1", Some("control"), None),
            asset("A-1", Some("control"), None),
            asset("LOOSE", None, None),
            asset("LOST", Some("nowhere"), Some("RACK-1")),
        ];
        let lines = branches(zones, assets);
        let told: Vec<String> =
            lines.iter().map(|line| format!("{}{}", " ".repeat(line.depth), line.id)).collect();
        assert_eq!(
            told,
            [
                "zone RLF:control",
                " RLF/A-1",
                " RLF/RACK-1",
                "  RLF/CARD-2",
                "   RLF/PORT-1",
                "  RLF/CARD-10",
                "zone RLF:field",
                "no zone",
                " RLF/LOOSE",
                " RLF/LOST",
            ]
        );
    }

    #[test]
    fn a_ring_of_parts_hides_nothing() {
        let ring =
            vec![asset("A", None, Some("B")), asset("B", None, Some("A")), asset("C", None, None)];
        let lines = branches(Vec::new(), ring);
        let mut ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["RLF/A", "RLF/B", "RLF/C", "no zone"]);
    }
}
