//! Posture of every site at the instant of reading: one statement a measure for all sites.
//!
//! How counts become numbers is `domain::posture`'s; here they are only added up.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use sqlx::FromRow;

use crate::domain::posture::{Function, Measure, TARGET, Tally, because, number};
use crate::domain::time::Time;
use crate::ledger::{HeadCode, head_code};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::Snapshot;

/// How far back decisions are looked at, in seconds.
const LOOKED_AT: i64 = 90 * 86_400;

/// The numbers of the six functions, 0 to 100; none where too little is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Functions(pub Vec<(Function, Option<i64>)>);

impl Serialize for Functions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (function, number) in &self.0 {
            map.serialize_entry(function.word(), number)?;
        }
        map.end()
    }
}

/// Risks that are not closed, by priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ranks {
    /// Priority 1.
    pub p1: i64,
    /// Priority 2.
    pub p2: i64,
    /// Priority 3.
    pub p3: i64,
    /// Priority 4.
    pub p4: i64,
}

/// One site's posture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SitePosture {
    /// The site's code.
    pub site: String,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub timezone: String,
    /// The numbers.
    pub functions: Functions,
    /// What they are to reach.
    pub target: i64,
    /// Risks that are not closed.
    pub risks: Ranks,
    /// What costs most, in words; none if nothing is amiss.
    pub because: Option<String>,
    /// The counts behind the numbers.
    pub measures: Vec<Tally>,
}

/// The posture of the whole store at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The organisation.
    pub org: String,
    /// The store's id.
    pub store: String,
    /// Whether it is a demo.
    pub demo: bool,
    /// How many entries the ledger has.
    pub entries: i64,
    /// Where the ledger ends, `SEQ:CODE`.
    pub head: HeadCode,
    /// The instant of reading.
    pub as_of: Time,
    /// All sites pooled.
    pub functions: Functions,
    /// Risks of all sites that are not closed.
    pub risks: Ranks,
    /// Every site, by its code.
    pub sites: Vec<SitePosture>,
}

#[derive(FromRow)]
struct SiteRow {
    r#ref: String,
    name: String,
    timezone: String,
}

#[derive(FromRow)]
struct TallyRow {
    site: String,
    good: i64,
    every: i64,
}

#[derive(FromRow)]
struct AssetsRow {
    site: String,
    described: i64,
    rated: i64,
    every: i64,
}

#[derive(FromRow)]
struct RisksRow {
    site: String,
    p1: i64,
    p2: i64,
    p3: i64,
    p4: i64,
    good: i64,
}

type Tallies = BTreeMap<String, Vec<Tally>>;

fn add(tallies: &mut Tallies, site: &str, measure: Measure, ok: i64, all: i64) {
    tallies.entry(site.to_owned()).or_default().push(Tally { measure, ok, all });
}

/// An asset weighs the largest of its three ratings; one that is not rated weighs 5.
async fn assets(c: &mut Link<'_>, tallies: &mut Tallies) -> Result<(), StoreError> {
    let found = rows!(
        c,
        AssetsRow,
        "SELECT site,
                CAST(COALESCE(SUM(CASE WHEN known = 1 THEN weight END), 0) AS BIGINT) AS described,
                CAST(COALESCE(SUM(CASE WHEN rated = 1 THEN weight END), 0) AS BIGINT) AS rated,
                CAST(COALESCE(SUM(weight), 0) AS BIGINT) AS every
         FROM (SELECT site,
                      CASE WHEN safety IS NULL OR regulatory IS NULL OR production IS NULL THEN 5
                           WHEN safety >= regulatory AND safety >= production THEN safety
                           WHEN regulatory >= production THEN regulatory ELSE production END AS weight,
                      CASE WHEN safety IS NULL OR regulatory IS NULL OR production IS NULL
                           THEN 0 ELSE 1 END AS rated,
                      CASE WHEN class = 'unclassified' OR zone IS NULL OR owner IS NULL OR vendor IS NULL
                                OR product IS NULL OR firmware IS NULL THEN 0 ELSE 1 END AS known
                 FROM asset WHERE state = 'active') a
         GROUP BY site"
    )?;
    for row in &found {
        add(tallies, &row.site, Measure::Described, row.described, row.every);
        add(tallies, &row.site, Measure::Criticality, row.rated, row.every);
    }
    Ok(())
}

async fn risks(
    c: &mut Link<'_>,
    tallies: &mut Tallies,
) -> Result<BTreeMap<String, Ranks>, StoreError> {
    let found = rows!(
        c,
        RisksRow,
        "SELECT site,
                SUM(CASE WHEN priority = 1 THEN 1 ELSE 0 END) AS p1,
                SUM(CASE WHEN priority = 2 THEN 1 ELSE 0 END) AS p2,
                SUM(CASE WHEN priority = 3 THEN 1 ELSE 0 END) AS p3,
                SUM(CASE WHEN priority = 4 THEN 1 ELSE 0 END) AS p4,
                SUM(CASE WHEN owner IS NOT NULL AND due_at IS NOT NULL THEN 1 ELSE 0 END) AS good
         FROM risk WHERE state <> 'closed' GROUP BY site"
    )?;
    let mut ranks = BTreeMap::new();
    for row in found {
        let rank = Ranks { p1: row.p1, p2: row.p2, p3: row.p3, p4: row.p4 };
        let every = rank.p1 + rank.p2 + rank.p3 + rank.p4;
        add(tallies, &row.site, Measure::Risks, row.good, every);
        ranks.insert(row.site, rank);
    }
    Ok(ranks)
}

/// A zone without a target or an achieved level is unknown: it counts, and is not ok.
async fn zones(c: &mut Link<'_>, tallies: &mut Tallies) -> Result<(), StoreError> {
    let found = rows!(
        c,
        TallyRow,
        "SELECT site, SUM(CASE WHEN sl_achieved >= sl_target THEN 1 ELSE 0 END) AS good, COUNT(*) AS every
         FROM zone WHERE state = 'active' GROUP BY site"
    )?;
    for row in &found {
        add(tallies, &row.site, Measure::Zones, row.good, row.every);
    }
    Ok(())
}

/// What fell due in the last 90 days, unless it was taken back before.
async fn decisions(c: &mut Link<'_>, tallies: &mut Tallies, now: Time) -> Result<(), StoreError> {
    let found = rows!(
        c,
        TallyRow,
        "SELECT site, SUM(CASE WHEN decided_at <= approve_by THEN 1 ELSE 0 END) AS good, COUNT(*) AS every
         FROM approval
         WHERE approve_by > $1 AND approve_by <= $2 AND (state <> 'ended' OR decided_at IS NOT NULL)
         GROUP BY site",
        now.plus_seconds(-LOOKED_AT),
        now
    )?;
    for row in &found {
        add(tallies, &row.site, Measure::DecisionsOnTime, row.good, row.every);
    }
    Ok(())
}

/// Acceptances in force and temporary changes in the plant.
async fn exceptions(c: &mut Link<'_>, tallies: &mut Tallies, now: Time) -> Result<(), StoreError> {
    let found = rows!(
        c,
        TallyRow,
        "SELECT site, SUM(CASE WHEN until_at > $1 THEN 1 ELSE 0 END) AS good, COUNT(*) AS every
         FROM (SELECT a.site, a.until_at FROM acceptance a JOIN risk r ON r.ref = a.risk
                WHERE a.state = 'approved' AND r.state = 'accepted'
               UNION ALL
               SELECT site, revert_by AS until_at FROM change
                WHERE kind = 'temporary' AND revert_by IS NOT NULL
                  AND state IN ('in_progress', 'implemented', 'verified')) e
         GROUP BY site",
        now
    )?;
    for row in &found {
        add(tallies, &row.site, Measure::Exceptions, row.good, row.every);
    }
    Ok(())
}

fn functions(tallies: &[Tally]) -> Functions {
    Functions(
        Function::ALL.iter().map(|function| (*function, number(*function, tallies))).collect(),
    )
}

fn why(tallies: &[Tally]) -> Option<String> {
    let worst = because(tallies)?;
    let lost = worst.all.saturating_sub(worst.ok);
    Some(format!(
        "{}: {lost} of {} short of \"{}\"",
        worst.measure,
        worst.all,
        worst.measure.asks()
    ))
}

/// Items of all sites together.
fn pooled(tallies: &Tallies) -> Vec<Tally> {
    Measure::ALL
        .iter()
        .map(|measure| {
            let of = |t: &&Tally| t.measure == *measure;
            let (ok, all) = tallies
                .values()
                .flatten()
                .filter(of)
                .fold((0, 0), |(ok, all), tally| (ok + tally.ok, all + tally.all));
            Tally { measure: *measure, ok, all }
        })
        .collect()
}

/// Reads the posture of every site.
pub async fn status(c: &mut Link<'_>, at: &Snapshot) -> Result<Status, StoreError> {
    let (org, demo) = crate::opt!(c, (String, bool), "SELECT org, demo FROM store")?
        .unwrap_or_else(|| ("?".to_owned(), false));
    let found = rows!(c, SiteRow, "SELECT ref, name, timezone FROM site ORDER BY ref")?;
    let mut tallies = Tallies::new();
    assets(c, &mut tallies).await?;
    let ranks = risks(c, &mut tallies).await?;
    zones(c, &mut tallies).await?;
    decisions(c, &mut tallies, at.now).await?;
    exceptions(c, &mut tallies, at.now).await?;
    let sum = |of: fn(&Ranks) -> i64| ranks.values().map(of).sum();
    let all = Ranks { p1: sum(|r| r.p1), p2: sum(|r| r.p2), p3: sum(|r| r.p3), p4: sum(|r| r.p4) };
    let sites = found
        .into_iter()
        .map(|site| {
            let measures = tallies.get(&site.r#ref).cloned().unwrap_or_default();
            SitePosture {
                functions: functions(&measures),
                target: TARGET,
                risks: ranks.get(&site.r#ref).copied().unwrap_or_default(),
                because: why(&measures),
                measures,
                name: site.name,
                timezone: site.timezone,
                site: site.r#ref,
            }
        })
        .collect();
    Ok(Status {
        org,
        store: at.head.store_id.clone(),
        demo,
        entries: at.head.tip.seq,
        head: head_code(at.head.tip.seq, &at.head.tip.hash),
        as_of: at.now,
        functions: functions(&pooled(&tallies)),
        risks: all,
        sites,
    })
}
