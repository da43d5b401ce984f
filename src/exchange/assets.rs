//! Taking an inventory in: the file is checked whole against itself and the store, shown as a difference, and only
//! then written, in chunks that hold nobody up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;

mod difference;
mod write;

use difference::{differences, only};
use write::write;

use super::advisories::{Finding, Refused};
use super::inventory::{self, Inventory, Limits};
use super::line;
use crate::commands::Desk;
use crate::domain::asset::{self, Update};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::role::Right;
use crate::domain::site;
use crate::domain::words;
use crate::store::StoreError;

/// How an inventory is taken in.
#[derive(Clone, Debug, Default)]
pub struct Taking {
    /// Check everything and show the difference, write nothing.
    pub dry_run: bool,
    /// The site of every row that names none.
    pub site: Option<SiteCode>,
    /// Register sites that are not there, with this time zone.
    pub create_sites: Option<site::Zone>,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The field.
    pub field: &'static str,
    /// What stands.
    pub from: Option<String>,
    /// What the file says.
    pub to: String,
}

/// What the file would do to one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The asset.
    pub asset: String,
    /// Its line in the file.
    pub line: u64,
    /// Whether it would be registered.
    pub new: bool,
    /// The fields that would change; empty for a new asset.
    pub changes: Vec<Changed>,
}

/// What came of an import of an inventory.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// The import's reference; none if nothing was written.
    #[serde(rename = "ref")]
    pub import: Option<String>,
    /// Rows read.
    pub read: u32,
    /// Assets registered or changed; in a dry run, those that would be.
    pub accepted: u32,
    /// Assets that stand as the file says.
    pub unchanged: u32,
    /// What is wrong; nothing is written while there is anything.
    pub refused: Vec<Refused>,
    /// What was odd.
    pub findings: Vec<Finding>,
    /// Sites of the file that are not registered, with how many rows name them.
    pub unknown_sites: BTreeMap<String, u32>,
    /// Which column became which field.
    pub mapping: BTreeMap<String, String>,
    /// What differs, asset by asset.
    pub differences: Vec<Difference>,
    /// Pairs of advisory and asset that this import recorded, by tier.
    pub matches: BTreeMap<String, i64>,
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Takes in the inventories of these files.
///
/// # Errors
/// `Refused` if a right is lacking; a store that does not answer; a file that cannot be opened. What is wrong
/// within a file stands in the summary, and then nothing was written.
pub async fn take(
    desk: &Desk,
    paths: &[PathBuf],
    taking: &Taking,
    mut progress: impl FnMut(usize, usize),
) -> Result<Summary, StoreError> {
    let mut summary = Summary::default();
    let mut plans = Vec::new();
    for path in paths {
        let file = File::open(path).map_err(StoreError::io(format!("read {}", path.display())))?;
        match inventory::read(file, taking.site.as_ref(), Limits::default()) {
            Ok(read) => plans.push(plan(desk, path, read, taking, &mut summary).await?),
            Err(fault) => {
                summary.refused.push(Refused { file: name_of(path), reason: fault.to_string() })
            }
        }
    }
    if taking.create_sites.is_none() {
        for (site, rows) in &summary.unknown_sites {
            summary.refused.push(Refused {
                file: "the store".to_owned(),
                reason: format!(
                    "the site {site} of {} is not registered: register it, or import with --create-sites and its time zone",
                    words::count(*rows, "row")
                ),
            });
        }
    }
    summary.accepted = u32::try_from(summary.differences.len()).unwrap_or(u32::MAX);
    if !summary.refused.is_empty() {
        summary.accepted = 0;
        return Ok(summary);
    }
    if taking.dry_run || plans.iter().all(Plan::is_empty) {
        return Ok(summary);
    }
    allowed(desk, &plans, &summary, taking).await?;
    write(desk, plans, taking, &mut summary, &mut progress).await?;
    Ok(summary)
}

/// Asks for every right that the writing will take, so that it is not refused half-way.
async fn allowed(
    desk: &Desk,
    plans: &[Plan],
    summary: &Summary,
    taking: &Taking,
) -> Result<(), StoreError> {
    if taking.create_sites.is_some() && !summary.unknown_sites.is_empty() {
        desk.store().may(Right::Manage, None).await?;
    }
    desk.store().may(Right::Assets, taking.site.as_ref()).await?;
    let sites: BTreeSet<&SiteCode> = plans
        .iter()
        .flat_map(|plan| &plan.commands)
        .map(|command| match command {
            asset::Command::Register(made) => &made.site,
            asset::Command::Update(made) => &made.site,
            asset::Command::Retire(made) => &made.site,
        })
        .chain(plans.iter().flat_map(|plan| plan.stand.keys()))
        .collect();
    for site in sites {
        desk.store().may(Right::Assets, Some(site)).await?;
    }
    Ok(())
}

/// A file that was checked: the commands it comes to.
struct Plan {
    source: String,
    commands: Vec<asset::Command>,
    /// The assets that stand as the file says, by site: it confirms them.
    stand: BTreeMap<SiteCode, BTreeSet<Ref>>,
}

impl Plan {
    /// Whether there is nothing to write.
    fn is_empty(&self) -> bool {
        self.commands.is_empty() && self.stand.is_empty()
    }
}

async fn plan(
    desk: &Desk,
    path: &Path,
    read: Inventory,
    taking: &Taking,
    summary: &mut Summary,
) -> Result<Plan, StoreError> {
    let source = name_of(path);
    let Inventory { mapping, rows, errors, more_errors, unknown_classes } = read;
    for column in &mapping.columns {
        let field = column.field.map_or("ignored", |field| field.word());
        summary.mapping.insert(column.header.clone(), field.to_owned());
    }
    for problem in errors {
        let reason = format!("line {}, {}: {}", problem.line, problem.field, problem.message);
        summary.refused.push(Refused { file: source.clone(), reason });
    }
    if more_errors > 0 {
        let reason = format!("and {} more", words::count(more_errors, "mistake"));
        summary.refused.push(Refused { file: source.clone(), reason });
    }
    for (word, rows) in unknown_classes {
        let finding =
            format!("{} of the unknown class {word:?}: unclassified", words::count(rows, "row"));
        summary.findings.push(Finding { file: source.clone(), finding });
    }
    let registered = desk.store().site_codes().await?;
    let others = desk.store().zones_and_people().await?;
    let refs: Vec<Ref> =
        rows.iter().map(|row| Ref::asset(&row.asset.site, &row.asset.tag)).collect();
    let known = desk.store().known_assets(&refs).await?;
    let mut commands = Vec::new();
    let mut stand: BTreeMap<SiteCode, BTreeSet<Ref>> = BTreeMap::new();
    summary.read = summary.read.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    for (row, reference) in rows.into_iter().zip(refs) {
        let site = row.asset.site.to_string();
        if !registered.contains(&site) {
            *summary.unknown_sites.entry(site).or_default() += 1;
        }
        let zone = row.asset.zone.as_ref().map(|zone| Ref::zone(&row.asset.site, zone));
        let owner = row.asset.owner.as_ref().map(Ref::from);
        for (field, name) in [("zone", zone), ("owner", owner)] {
            if let Some(name) = name
                && !others.contains(name.as_str())
            {
                let reason = format!(
                    "line {}, {field}: {name} is not registered: register it, or leave the field empty",
                    row.line
                );
                summary.refused.push(Refused { file: source.clone(), reason });
            }
        }
        let mut register = row.asset;
        register.source = Some(line(&format!("{source} line {}", row.line))?);
        let stands = known.get(reference.as_str());
        let changes = stands.map(|stands| differences(stands, &register)).unwrap_or_default();
        match stands {
            Some(stands) if stands.state != "active" => {
                let reason =
                    format!("line {}: the asset {reference} is {}", row.line, stands.state);
                summary.refused.push(Refused { file: source.clone(), reason });
                continue;
            }
            Some(_) if changes.is_empty() => {
                summary.unchanged = summary.unchanged.saturating_add(1);
                stand.entry(register.site).or_default().insert(reference);
                continue;
            }
            Some(_) => {
                let update = only(Update::from(register), &changes);
                commands.push(asset::Command::Update(update));
            }
            None => commands.push(asset::Command::Register(register)),
        }
        summary.differences.push(Difference {
            asset: reference.to_string(),
            line: row.line,
            new: stands.is_none(),
            changes,
        });
    }
    // A dry run shows which sites would be made too.
    if taking.create_sites.is_some() {
        for site in summary.unknown_sites.keys() {
            let finding = format!("the site {site} is registered with this import");
            summary.findings.push(Finding { file: source.clone(), finding });
        }
    }
    Ok(Plan { source, commands, stand })
}
