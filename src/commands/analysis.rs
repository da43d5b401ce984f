//! Matching under the lock: which assets an advisory speaks of, and the risks that follow.
//!
//! How an asset is compared with an advisory is `domain`'s; here it is decided what is compared and recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fleets::Fleets;

use crate::domain::advisories::{self, Analyse, Match, Tier};
use crate::domain::advisory::Advisory;
use crate::domain::command::Kind;
use crate::domain::import::Count;
use crate::domain::matching::{ANALYSER_VERSION, AssetIdentity, Fleet, PreparedAdvisory};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::risk;
use crate::domain::text::Line;
use crate::ledger::{Id, Origin};
use crate::store::{Candidate, Given, Standing, StoreError, Subject, Write};

/// Assets found that one entry names; further ones stand in further entries, each with the counts of all.
const MATCHES: usize = 1000;

fn broken(what: &str, why: impl std::fmt::Display) -> StoreError {
    StoreError::NotAStore { place: what.to_owned(), why: why.to_string() }
}

fn reference(text: &str) -> Result<Ref, StoreError> {
    Ref::new(text).map_err(|fault| broken("a reference", fault))
}

/// One line of at most what a line holds.
fn line(text: &str) -> Result<Line, StoreError> {
    let short: String = text.chars().filter(|c| !c.is_control()).take(400).collect();
    Line::new(&short).map_err(|fault| broken("an analysis", fault))
}

pub(super) fn identity(asset: Candidate) -> (String, AssetIdentity) {
    let Candidate { asset, name, vendor, product, model, order_number, firmware, serial } = asset;
    (asset, AssetIdentity { vendor, product, model, order_number, firmware, serial, name })
}

async fn prepared(
    write: &mut Write<'_>,
    subject: &Subject,
) -> Result<PreparedAdvisory, StoreError> {
    let bytes = write
        .document(&subject.reading)
        .await?
        .ok_or_else(|| broken(&subject.advisory, "its reading is gone; run `smc verify`"))?;
    let advisory: Advisory =
        serde_json::from_slice(&bytes).map_err(|fault| broken(&subject.advisory, fault))?;
    Ok(PreparedAdvisory::new(&advisory))
}

/// Compares the assets that can meet an advisory; gives the entries written.
pub async fn advisory(
    write: &mut Write<'_>,
    origin: &Origin,
    fleets: &Fleets,
    advisory: &Ref,
    cause: Id,
) -> Result<Vec<i64>, StoreError> {
    let Some(subject) = write.advisory(advisory).await? else { return Ok(Vec::new()) };
    let prepared = prepared(write, &subject).await?;
    let standing = write.standing(&subject.advisory).await?;
    let fleet = match fleets.current(write).await? {
        Some(fleet) => fleet,
        None => Arc::new(Fleet::new(meeting(write, &subject.advisory).await?)),
    };
    record(write, origin, &subject, &prepared, &fleet, &standing, cause).await
}

/// The assets that share a vendor key with an advisory, or were matched to it before.
async fn meeting(
    write: &mut Write<'_>,
    advisory: &str,
) -> Result<Vec<(String, AssetIdentity)>, StoreError> {
    let mut assets = Vec::new();
    let mut after = String::new();
    loop {
        let page = write.assets_meeting(advisory, &after).await?;
        let Some(last) = page.last() else { return Ok(assets) };
        after.clone_from(&last.asset);
        assets.extend(page.into_iter().map(identity));
    }
}

/// Compares these assets with the advisories they can meet; gives the entries written.
pub async fn assets(
    write: &mut Write<'_>,
    origin: &Origin,
    assets: &[Ref],
    cause: Id,
) -> Result<Vec<i64>, StoreError> {
    let candidates: Vec<_> = write.candidates(assets).await?.into_iter().map(identity).collect();
    let touched: BTreeSet<String> = candidates.iter().map(|(asset, _)| asset.clone()).collect();
    let fleet = Fleet::new(candidates);
    let mut entries = Vec::new();
    for subject in write.advisories_meeting(assets).await? {
        let prepared = prepared(write, &subject).await?;
        let mut standing = write.standing(&subject.advisory).await?;
        standing.retain(|found| touched.contains(&found.asset));
        entries.extend(record(write, origin, &subject, &prepared, &fleet, &standing, cause).await?);
    }
    Ok(entries)
}

/// What was found, against what stood: only what differs is recorded, so that a new revision that changes
/// nothing for an asset does not bring it up again (CSAF 2.0 section 9.1.13).
struct Differences {
    matches: Vec<Match>,
    assessed: u32,
    ruled_out: u32,
}

fn differences(
    fleet: &Fleet<String>,
    prepared: &PreparedAdvisory,
    standing: &[Standing],
) -> Result<Differences, StoreError> {
    let mut stood: BTreeMap<(String, String), &Standing> =
        standing.iter().map(|found| ((found.asset.clone(), found.cve.clone()), found)).collect();
    let (found, assessed) = fleet.assess(prepared);
    let mut matches = Vec::new();
    let mut ruled_out = assessed;
    for (assets, assessment) in found {
        for asset in assets {
            if assessment.matches() {
                ruled_out = ruled_out.saturating_sub(1);
            }
            for found in assessment.found.iter().filter(|found| found.tier != Tier::RuledOut) {
                let because =
                    found.because.iter().map(|step| line(step)).collect::<Result<Vec<_>, _>>()?;
                let text = serde_json::to_string(&because)
                    .map_err(|fault| broken("an analysis", fault))?;
                let mut cves = Vec::new();
                for cve in &found.cves {
                    let before = stood.remove(&(asset.clone(), cve.clone()));
                    if before.is_none_or(|b| b.tier != found.tier.word() || b.because != text) {
                        cves.push(line(cve)?);
                    }
                }
                if !cves.is_empty() {
                    matches.push(Match {
                        asset: reference(asset)?,
                        tier: found.tier,
                        cves,
                        because,
                    });
                }
            }
        }
    }
    for (asset, cve) in stood.into_iter().filter(|(_, s)| s.tier != "ruled_out").map(|(key, _)| key)
    {
        matches.push(Match {
            asset: reference(&asset)?,
            tier: Tier::RuledOut,
            cves: vec![line(&cve)?],
            because: vec![line("nothing in this revision speaks of the asset as it is now")?],
        });
    }
    Ok(Differences { matches, assessed, ruled_out })
}

async fn record(
    write: &mut Write<'_>,
    origin: &Origin,
    subject: &Subject,
    prepared: &PreparedAdvisory,
    fleet: &Fleet<String>,
    standing: &[Standing],
    cause: Id,
) -> Result<Vec<i64>, StoreError> {
    let Differences { matches, assessed, ruled_out } = differences(fleet, prepared, standing)?;
    if assessed == 0 && matches.is_empty() {
        return Ok(Vec::new());
    }
    let advisory = reference(&subject.advisory)?;
    // An asset's reference begins with its site.
    let sites: BTreeSet<String> = matches
        .iter()
        .filter_map(|found| found.asset.as_str().split_once('/'))
        .map(|(site, _)| site.to_owned())
        .collect();
    let given = |cause: Id| Given { cause: Some(cause), ..Given::default() };
    let mut entries = Vec::new();
    let mut matches = matches;
    let last = loop {
        let rest = matches.split_off(matches.len().min(MATCHES));
        let kind = Kind::Advisory(advisories::Kind::Matched(Analyse {
            advisory: advisory.clone(),
            digest: line(&subject.digest)?,
            analyser: Count(ANALYSER_VERSION),
            assessed: Count(assessed),
            ruled_out: Count(ruled_out),
            matches,
        }));
        let matched = write.append(kind, origin, given(cause)).await?;
        entries.push(matched.seq);
        if rest.is_empty() {
            break matched.id;
        }
        matches = rest;
    };
    if sites.is_empty() {
        return Ok(entries);
    }
    for raised in write.raised(&advisory).await?.into_iter().filter(|r| sites.contains(&r.site)) {
        let kind = match (raised.risk, raised.state.as_deref()) {
            (None, _) => {
                let site = SiteCode::new(&raised.site).map_err(|fault| broken("a site", fault))?;
                risk::Kind::Found(risk::Found { site, advisory: advisory.clone() })
            }
            (Some(risk), Some("candidate")) => {
                risk::Kind::Reweighed(risk::Reweighed { r#ref: reference(&risk)? })
            }
            (Some(_), _) => continue,
        };
        let follows = write.append(Kind::Risk(kind), origin, given(last)).await?;
        entries.push(follows.seq);
    }
    Ok(entries)
}
