//! What stands against work in a plant, gathered from the tables for `domain::conflict`: facts that `admit`, `project` and
//! the lists ask for alike.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::facts;
use super::fault::StoreError;
use super::link::Link;
use crate::domain::asset::Class;
use crate::domain::change::{Concern, Impact, Impacts};
use crate::domain::conflict::{
    Against, Conflict, Freeze, Meant, Slot, Surroundings, Thing, Waiver, Work,
};
use crate::domain::intervention::{Allowance, Cell, Intervention};
use crate::domain::time::Time;
use crate::{among, opt, rows};

#[derive(FromRow)]
struct WorkRow {
    r#ref: String,
    site: String,
    state: String,
    serves: Option<String>,
    vendor: Option<String>,
    start_at: Time,
    end_at: Time,
    assets: String,
}

impl WorkRow {
    fn work(self) -> Work {
        Work {
            goes_on: matches!(self.state.as_str(), "in_progress" | "open"),
            settled: self.state != "requested",
            reference: self.r#ref,
            site: self.site,
            assets: lines(&self.assets),
            start: self.start_at,
            end: self.end_at,
            serves: self.serves,
            vendor: self.vendor,
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[derive(FromRow)]
struct SlotRow {
    r#ref: String,
    kind: String,
    site: String,
    title: String,
    start_at: Time,
    end_at: Time,
    whole: bool,
    assets: String,
}

/// Everything that may stand against work on these assets, at a site or, without one, anywhere.
pub async fn surroundings(
    c: &mut Link<'_>,
    site: Option<&str>,
    touched: &[&str],
    now: Time,
) -> Result<Surroundings, StoreError> {
    let site = site.unwrap_or_default();
    // A standard change may be what others are uses of: until it runs it is a promise, no work.
    let changes = rows!(
        c,
        WorkRow,
        "SELECT t.ref, t.site, t.state, t.template AS serves, CAST(NULL AS TEXT) AS vendor, t.start_at, t.end_at,
                COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM change_asset x
                          WHERE x.change_ref = t.ref AND x.revision = t.revision), '') AS assets
         FROM change t
         WHERE t.state IN ('requested', 'approved', 'in_progress') AND ($1 = '' OR t.site = $1)
           AND (t.end_at > $2 OR t.state = 'in_progress')
           AND (t.kind <> 'standard' OR t.template IS NOT NULL OR t.state = 'in_progress')
         ORDER BY t.ref",
        site,
        now
    )?;
    let windows = rows!(
        c,
        WorkRow,
        "SELECT t.ref, t.site, t.state, t.change AS serves, t.vendor, t.start_at, t.end_at,
                COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM window_asset x
                          WHERE x.window_ref = t.ref), '') AS assets
         FROM vendor_window t
         WHERE t.state IN ('requested', 'approved', 'open') AND ($1 = '' OR t.site = $1)
           AND (t.end_at > $2 OR t.state = 'open')
         ORDER BY t.ref",
        site,
        now
    )?;
    let slots = rows!(
        c,
        SlotRow,
        "SELECT t.ref, t.kind, t.site, t.title, t.start_at, t.end_at, t.whole,
                COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM calendar_asset x
                          WHERE x.calendar_ref = t.ref), '') AS assets
         FROM calendar t
         WHERE t.state IN ('planned', 'declared') AND ($1 = '' OR t.site = $1) AND t.end_at > $2
         ORDER BY t.ref",
        site,
        now
    )?;
    let (changes, windows): (Vec<Work>, Vec<Work>) = (
        changes.into_iter().map(WorkRow::work).collect(),
        windows.into_iter().map(WorkRow::work).collect(),
    );
    let mut known: BTreeSet<&str> = touched.iter().copied().collect();
    known.extend(changes.iter().chain(&windows).flat_map(|w| &w.assets).map(String::as_str));
    let things = things(c, &known).await?;
    Ok(Surroundings {
        slots: slots
            .into_iter()
            .map(|row| Slot {
                reference: row.r#ref,
                site: row.site,
                title: row.title,
                blackout: row.kind == "blackout",
                start: row.start_at,
                end: row.end_at,
                assets: (!row.whole).then(|| lines(&row.assets)),
            })
            .collect(),
        freezes: freezes(c, site).await?,
        matrix: matrix(c).await?,
        things,
        changes,
        windows,
    })
}

/// The freezes that stand, at a site or, without one, anywhere; one that is only exercised holds nothing back.
pub async fn freezes(c: &mut Link<'_>, site: &str) -> Result<Vec<Freeze>, StoreError> {
    let found = rows!(
        c,
        (String, String, Time),
        "SELECT f.incident_ref, x.site, f.since FROM site_freeze f JOIN incident_site x ON x.incident_ref = f.incident_ref
         JOIN incident i ON i.ref = f.incident_ref
         WHERE f.state = 'stands' AND NOT i.exercise AND ($1 = '' OR x.site = $1) ORDER BY f.incident_ref, x.site",
        site
    )?;
    let freeze = |(incident, site, since)| Freeze { incident, site, since };
    Ok(found.into_iter().map(freeze).collect())
}

#[derive(FromRow)]
struct CellRow {
    site: Option<String>,
    class: String,
    intervention: String,
    allowed: String,
}

async fn matrix(c: &mut Link<'_>) -> Result<Vec<Cell>, StoreError> {
    let found = rows!(
        c,
        CellRow,
        "SELECT site, class, intervention, allowed FROM intervention ORDER BY ref"
    )?;
    let cell = |row: CellRow| {
        Some(Cell {
            class: Class::parse(&row.class)?,
            intervention: Intervention::parse(&row.intervention)?,
            allowed: Allowance::parse(&row.allowed)?,
            site: row.site,
        })
    };
    Ok(found.into_iter().filter_map(cell).collect())
}

/// Assets with what they are part of.
async fn things(
    c: &mut Link<'_>,
    named: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Thing>, StoreError> {
    let mut rows: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    let mut asked: BTreeSet<String> = named.iter().map(|asset| (*asset).to_owned()).collect();
    while !asked.is_empty() {
        let found = among!(
            c,
            (String, String, Option<String>),
            "SELECT ref, class, part_of FROM asset WHERE ref",
            facts::json(&asked)?
        )?;
        asked = found.iter().filter_map(|(.., whole)| whole.clone()).collect();
        rows.extend(found.into_iter().map(|(asset, class, whole)| (asset, (class, whole))));
        asked.retain(|asset| !rows.contains_key(asset));
    }
    let above = |asset: &str| {
        let mut wholes: Vec<String> = Vec::new();
        let mut next = rows.get(asset).and_then(|(_, whole)| whole.clone());
        while let Some(whole) = next.filter(|whole| !wholes.contains(whole)) {
            next = rows.get(&whole).and_then(|(_, whole)| whole.clone());
            wholes.push(whole);
        }
        wholes
    };
    let thing = |(asset, (class, _)): (&String, &(String, Option<String>))| {
        (asset.clone(), Thing { class: Class::parse(class), part_of: above(asset) })
    };
    Ok(rows.iter().map(thing).collect())
}

/// What a change means to do, by what its row says.
pub fn meant(work: Work, impacts: &Impacts, activity: &str, intervention: Option<&str>) -> Meant {
    Meant {
        work,
        stops: impacts.of(Concern::Uptime).level >= Impact::Medium,
        intervention: Intervention::meant(activity, intervention),
    }
}

#[derive(FromRow)]
struct WaiverRow {
    change_ref: String,
    conflict: String,
    against: String,
    start_at: Time,
    end_at: Time,
    person: String,
    reason: String,
}

/// What was waived of changes at the revisions that stand, by change.
pub async fn waivers(
    c: &mut Link<'_>,
    changes: &[&str],
) -> Result<BTreeMap<String, Vec<Waiver>>, StoreError> {
    let found = among!(
        c,
        WaiverRow,
        "SELECT w.change_ref, w.conflict, w.against, w.start_at, w.end_at, w.person, w.reason
         FROM waiver w JOIN change t ON t.ref = w.change_ref AND t.revision = w.revision WHERE w.change_ref",
        facts::json(&changes)?
    )?;
    let mut waivers: BTreeMap<String, Vec<Waiver>> = BTreeMap::new();
    for row in found {
        let Some(against) = Against::parse(&row.against) else { continue };
        waivers.entry(row.change_ref).or_default().push(Waiver {
            with: row.conflict,
            against,
            start: row.start_at,
            end: row.end_at,
            person: row.person,
            reason: row.reason,
        });
    }
    exempted(c, changes, &mut waivers).await?;
    Ok(waivers)
}

/// Adds what the freezes that stand do not hold of these.
async fn exempted(
    c: &mut Link<'_>,
    subjects: &[&str],
    waivers: &mut BTreeMap<String, Vec<Waiver>>,
) -> Result<(), StoreError> {
    let found = among!(
        c,
        (String, String, Time, String, String),
        "SELECT x.subject_ref, x.incident_ref, x.exempted_at, x.person, x.reason FROM exemption x
         JOIN site_freeze f ON f.incident_ref = x.incident_ref AND f.state = 'stands' AND f.since = x.since
         WHERE x.subject_ref",
        facts::json(&subjects)?
    )?;
    for (subject, with, at, person, reason) in found {
        let against = Against::Freeze;
        let waiver = Waiver { with, against, start: at, end: at, person, reason };
        waivers.entry(subject).or_default().push(waiver);
    }
    Ok(())
}

/// What stands against one change that waits, is approved or goes on, each with its waiver if it has one.
pub async fn of_change(
    c: &mut Link<'_>,
    meant: &Meant,
    now: Time,
) -> Result<Vec<(Conflict, Option<Waiver>)>, StoreError> {
    let work = &meant.work;
    let touched: Vec<&str> = work.assets.iter().map(String::as_str).collect();
    let around = surroundings(c, Some(&work.site), &touched, now).await?;
    let waivers = waivers(c, &[&work.reference]).await?;
    let waivers = waivers.get(&work.reference).map_or(&[][..], Vec::as_slice);
    Ok(waived(around.against(meant, now), waivers))
}

/// A vendor's window as work; none if there is no such window.
pub async fn access(c: &mut Link<'_>, window: &str) -> Result<Option<Work>, StoreError> {
    let found = opt!(
        c,
        WorkRow,
        "SELECT t.ref, t.site, t.state, t.change AS serves, t.vendor, t.start_at, t.end_at,
                COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM window_asset x
                          WHERE x.window_ref = t.ref), '') AS assets
         FROM vendor_window t WHERE t.ref = $1",
        window
    )?;
    Ok(found.map(WorkRow::work))
}

/// What stands against a vendor's window, each with the waiver that lets it pass.
pub async fn of_window(
    c: &mut Link<'_>,
    work: &Work,
    now: Time,
) -> Result<Vec<(Conflict, Option<Waiver>)>, StoreError> {
    let touched: Vec<&str> = work.assets.iter().map(String::as_str).collect();
    let around = surroundings(c, Some(&work.site), &touched, now).await?;
    let found = around.against_access(work, now);
    let passed = Passed::read(c, &[&work.reference], &found).await?;
    Ok(found.into_iter().map(|one| passed.of(work, one)).collect())
}

/// What was let pass between windows and what stands against them.
#[derive(Debug)]
pub struct Passed {
    opened: BTreeMap<String, Vec<Waiver>>,
    waived: BTreeMap<String, Vec<Waiver>>,
}

#[derive(FromRow)]
struct DespiteRow {
    window_ref: String,
    conflict: String,
    against: String,
    start_at: Time,
    end_at: Time,
    person: String,
    reason: String,
}

impl Passed {
    /// Reads it for these windows and whatever of this stands against one of them.
    pub async fn read(
        c: &mut Link<'_>,
        windows: &[&str],
        found: &[Conflict],
    ) -> Result<Self, StoreError> {
        let rows = among!(
            c,
            DespiteRow,
            "SELECT d.window_ref, d.conflict, d.against, d.start_at, d.end_at, d.person, d.reason
             FROM despite d WHERE d.window_ref",
            facts::json(&windows)?
        )?;
        let mut opened: BTreeMap<String, Vec<Waiver>> = BTreeMap::new();
        for row in rows {
            let Some(against) = Against::parse(&row.against) else { continue };
            opened.entry(row.window_ref).or_default().push(Waiver {
                with: row.conflict,
                against,
                start: row.start_at,
                end: row.end_at,
                person: row.person,
                reason: row.reason,
            });
        }
        exempted(c, windows, &mut opened).await?;
        let of_change = found.iter().filter(|one| one.against == Against::Change);
        let changes: BTreeSet<&str> = of_change.map(|one| one.with.as_str()).collect();
        let changes: Vec<&str> = changes.into_iter().collect();
        let waived =
            if changes.is_empty() { BTreeMap::new() } else { waivers(c, &changes).await? };
        Ok(Self { opened, waived })
    }

    /// A conflict of a window with what lets it pass: the window's opening, or the waiver of the change that it is with.
    pub fn of(&self, work: &Work, conflict: Conflict) -> (Conflict, Option<Waiver>) {
        let opened = self.opened.get(&work.reference).map_or(&[][..], Vec::as_slice);
        let other = self.waived.get(&conflict.with).map_or(&[][..], Vec::as_slice);
        let pair = |waiver: &&Waiver| {
            conflict.against == Against::Change
                && waiver.with == work.reference
                && waiver.against == Against::Window
                && (waiver.start, waiver.end) == (work.start, work.end)
        };
        let passed = opened
            .iter()
            .find(|waiver| waiver.covers(&conflict))
            .or_else(|| other.iter().find(pair))
            .cloned();
        (conflict, passed)
    }
}

/// Conflicts, each with the waiver that covers it.
pub fn waived(found: Vec<Conflict>, waivers: &[Waiver]) -> Vec<(Conflict, Option<Waiver>)> {
    found
        .into_iter()
        .map(|conflict| {
            let waiver = waivers.iter().find(|waiver| waiver.covers(&conflict)).cloned();
            (conflict, waiver)
        })
        .collect()
}
