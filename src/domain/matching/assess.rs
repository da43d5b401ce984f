//! From identities and versions to a tier per vulnerability, with every step as a sentence.

use super::identify::{Identity, Step, Sure, Vendor, identify};
use super::prepare::{Listed, PreparedAdvisory, PreparedAsset, PreparedProduct};
use super::text::quoted;
use crate::domain::advisories::Tier;
use crate::domain::advisory::{Status, VersionText};
use crate::domain::version::{Reason, Verdict};

/// What an advisory means for one asset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// Vulnerabilities with the same tier for the same reasons stand together; ruled out ones are among them.
    pub found: Vec<Found>,
}

/// Vulnerabilities that concern an asset in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How sure.
    pub tier: Tier,
    /// The vulnerabilities by CVE or other id, in the order of the document.
    pub cves: Vec<String>,
    /// The document-local id of the product that decided.
    pub product: String,
    /// Steps passed and failed, one short sentence each.
    pub because: Vec<String>,
}

impl Assessment {
    /// Whether any vulnerability came out in another tier than ruled out.
    pub fn matches(&self) -> bool {
        self.found.iter().any(|found| found.tier != Tier::RuledOut)
    }

    /// The strongest tier.
    pub fn strongest(&self) -> Option<Tier> {
        self.found.iter().map(|found| found.tier).min_by_key(|tier| weight(*tier))
    }
}

/// What one product means for the asset.
struct Outcome<'a> {
    identity: Identity<'a>,
    version: Version,
    every_version: bool,
    tier: Tier,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    Known(Verdict),
    AssetUnknown,
}

impl PreparedAsset {
    /// Assesses this asset against an advisory; empty if it is none of its products.
    pub fn assess(&self, advisory: &PreparedAdvisory) -> Assessment {
        let mut outcomes: Vec<Option<Outcome>> = Vec::new();
        for (place, product) in advisory.products.iter().enumerate() {
            if let Some(outcome) = outcome(self, product) {
                outcomes.resize_with(advisory.products.len(), || None);
                if let Some(slot) = outcomes.get_mut(place) {
                    *slot = Some(outcome);
                }
            }
        }
        if outcomes.is_empty() {
            return Assessment::default();
        }
        let mut groups: Vec<(Decision, Vec<String>)> = Vec::new();
        for vulnerability in &advisory.vulnerabilities {
            let Some(decision) = decide(vulnerability, &outcomes) else { continue };
            match groups.iter_mut().find(|(known, _)| *known == decision) {
                Some((_, cves)) => cves.push(vulnerability.cve.clone()),
                None => groups.push((decision, vec![vulnerability.cve.clone()])),
            }
        }
        let found = groups
            .into_iter()
            .filter_map(|(decision, cves)| {
                let product = advisory.products.get(decision.place)?;
                let outcome = outcomes.get(decision.place)?.as_ref()?;
                let because = because(self, product, outcome, decision.status);
                Some(Found { tier: decision.tier, cves, product: product.id.clone(), because })
            })
            .collect();
        Assessment { found }
    }
}

fn outcome<'a>(asset: &'a PreparedAsset, product: &'a PreparedProduct) -> Option<Outcome<'a>> {
    let identity = identify(asset, product)?;
    let version = match &asset.installed {
        Some(installed) => Version::Known(product.range.holds(installed)),
        None if product.range.is_all() => Version::Known(Verdict::Affected),
        None => Version::AssetUnknown,
    };
    let tier = match (identity.sure, version) {
        (_, Version::Known(Verdict::NotAffected)) => Tier::RuledOut,
        (Sure::Wholly, Version::Known(Verdict::Affected)) => Tier::Confirmed,
        (Sure::Wholly, Version::AssetUnknown) => Tier::Likely,
        (Sure::Wholly, Version::Known(Verdict::Undetermined(_))) => Tier::Undetermined,
        (
            Sure::Partly,
            Version::Known(Verdict::Affected | Verdict::Undetermined(_)) | Version::AssetUnknown,
        ) => Tier::Possible,
    };
    Some(Outcome { identity, version, every_version: product.range.is_all(), tier })
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Decision {
    tier: Tier,
    place: usize,
    status: Status,
}

const fn weight(tier: Tier) -> u8 {
    match tier {
        Tier::Confirmed => 0,
        Tier::Likely => 1,
        Tier::Undetermined => 2,
        Tier::Possible => 3,
        Tier::RuledOut => 4,
    }
}

/// The strongest tier over the affected products, unless a product the asset surely is in its very version is
/// listed as fixed or not affected.
fn decide(vulnerability: &Listed, outcomes: &[Option<Outcome>]) -> Option<Decision> {
    let mut best: Option<Decision> = None;
    let mut cleared: Option<Decision> = None;
    for (place, status) in &vulnerability.products {
        let Some(Some(outcome)) = outcomes.get(*place) else { continue };
        let decision = |tier| Decision { tier, place: *place, status: *status };
        match status {
            Status::Affected | Status::Investigated => {
                let tier = match (status, outcome.tier) {
                    (Status::Investigated, Tier::Confirmed | Tier::Likely) => Tier::Undetermined,
                    (_, tier) => tier,
                };
                if best.is_none_or(|known| weight(tier) < weight(known.tier)) {
                    best = Some(decision(tier));
                }
            }
            Status::Fixed | Status::NotAffected => {
                if outcome.tier == Tier::Confirmed {
                    cleared = cleared.or(Some(decision(Tier::RuledOut)));
                }
            }
        }
    }
    match (best, cleared) {
        (Some(best), Some(cleared)) => {
            // Cleared in every version, yet affected: nothing tells the two apart, so the warning stays.
            let every =
                matches!(outcomes.get(cleared.place), Some(Some(outcome)) if outcome.every_version);
            let warned = match best.tier {
                Tier::Confirmed | Tier::Likely | Tier::Undetermined => true,
                Tier::Possible | Tier::RuledOut => false,
            };
            Some(if every && warned { best } else { cleared })
        }
        (None, cleared) => cleared,
        (best, None) => best,
    }
}

fn because(
    asset: &PreparedAsset,
    product: &PreparedProduct,
    outcome: &Outcome,
    status: Status,
) -> Vec<String> {
    let mut steps = Vec::with_capacity(4);
    let ours = asset.identity.vendor.as_deref().unwrap_or_default();
    steps.push(match outcome.identity.vendor {
        Vendor::Same => {
            format!("Vendor {} is the advisory's {}.", quoted(ours), quoted(&product.vendor))
        }
        Vendor::AssetUnknown => {
            format!(
                "The asset's vendor is not known; the advisory names {}.",
                quoted(&product.vendor)
            )
        }
        Vendor::Other => {
            format!("Vendor {} is not the advisory's {}.", quoted(ours), quoted(&product.vendor))
        }
    });
    steps.push(identity_sentence(&outcome.identity.step));
    if asset.order_code.is_none()
        && !product.codes.is_empty()
        && !matches!(outcome.identity.step, Step::Code(..))
    {
        steps.push("The asset's order number is not known.".to_owned());
    }
    if let Some(component) = &product.component {
        steps.push(format!("The advisory names it with {} installed.", quoted(component)));
    }
    steps.push(version_sentence(asset, product, outcome.version));
    steps.push(match status {
        Status::Affected if outcome.tier == Tier::RuledOut => {
            "The advisory lists only other versions of it as affected.".to_owned()
        }
        Status::Affected => "The advisory lists this product as affected.".to_owned(),
        Status::Fixed => "The advisory lists this version as fixed.".to_owned(),
        Status::NotAffected => "The advisory lists this product as not affected.".to_owned(),
        Status::Investigated => "The vendor is still investigating this product.".to_owned(),
    });
    steps
}

fn identity_sentence(step: &Step) -> String {
    match step {
        Step::Serial(code) => {
            format!("The serial number is one the advisory lists: {}.", quoted(&code.text))
        }
        Step::Code(code, own) => {
            format!("Order number {} is the advisory's {}.", quoted(&own.text), quoted(&code.text))
        }
        Step::CodeBegins(code, own) => {
            format!(
                "Order number {} is only the beginning of the advisory's {}.",
                quoted(&own.text),
                quoted(&code.text)
            )
        }
        Step::Name(own, name) => {
            format!("Product {} is the advisory's {}.", quoted(&own.text), quoted(&name.text))
        }
        Step::NameWithoutCode(own, name, code) => format!(
            "Product {} is the advisory's {}, but that names the order number {}.",
            quoted(&own.text),
            quoted(&name.text),
            quoted(&code.text)
        ),
        Step::Series(own, name) => {
            format!(
                "Product {} in its version is the advisory's {}.",
                quoted(&own.text),
                quoted(&name.text)
            )
        }
        Step::SeriesUnknown(own, name) => format!(
            "Product {} is the advisory's {}, but whether it is of that series is not certain.",
            quoted(&own.text),
            quoted(&name.text)
        ),
        Step::Finer(own, name) => {
            format!(
                "The advisory names {}, which is finer than {}.",
                quoted(&name.text),
                quoted(&own.text)
            )
        }
        Step::Coarser(own, name) => {
            format!(
                "The advisory names {}, which is only part of {}.",
                quoted(&name.text),
                quoted(&own.text)
            )
        }
        Step::Label(own, name) => format!(
            "Neither product nor model is known; only the label {} resembles {}.",
            quoted(&own.text),
            quoted(&name.text)
        ),
    }
}

fn version_sentence(asset: &PreparedAsset, product: &PreparedProduct, version: Version) -> String {
    let firmware = quoted(asset.identity.firmware.as_deref().unwrap_or_default());
    let named = match &product.version {
        VersionText::Unnamed => return "The advisory names no version.".to_owned(),
        VersionText::Exact(text) | VersionText::Range(text) => quoted(text),
    };
    match version {
        Version::Known(Verdict::Affected) if product.range.is_all() => {
            format!("Every version is meant: {named}.")
        }
        Version::Known(Verdict::Affected) => format!("Version {firmware} lies in {named}."),
        Version::Known(Verdict::NotAffected) => {
            format!("Version {firmware} does not lie in {named}.")
        }
        Version::Known(Verdict::Undetermined(reason)) => undetermined(&firmware, &named, reason),
        Version::AssetUnknown => {
            format!("The asset's version is not known; the advisory names {named}.")
        }
    }
}

fn undetermined(firmware: &str, named: &str, reason: Reason) -> String {
    format!("Version {firmware} and {named} could not be compared: {reason}.")
}
