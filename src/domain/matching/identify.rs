//! Whether an asset is the product an advisory names: serial number, order code, then names.

use super::code::{Code, Fit};
use super::name::{Name, Relation};
use super::prepare::{PreparedAsset, PreparedProduct};
use crate::domain::version::{Installed, Range, Verdict};

/// What the comparison of an asset with a product found, without any text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity<'a> {
    pub(super) sure: Sure,
    pub(super) vendor: Vendor,
    pub(super) step: Step<'a>,
}

/// How far the identity is sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// Something finer is not known, or only a part of the name is equal.
    Partly,
    /// It is the product.
    Wholly,
}

/// What is known of the vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vendor {
    Same,
    AssetUnknown,
    Other,
}

/// The step that decided.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Serial(&'a Code),
    Code(&'a Code, &'a Code),
    CodeBegins(&'a Code, &'a Code),
    Name(&'a Name, &'a Name),
    /// The name is equal, but the advisory's carries an order code and none is known of the asset.
    NameWithoutCode(&'a Name, &'a Name, &'a Code),
    Series(&'a Name, &'a Name),
    SeriesUnknown(&'a Name, &'a Name),
    Finer(&'a Name, &'a Name),
    Coarser(&'a Name, &'a Name),
    Label(&'a Name, &'a Name),
}

/// Compares an asset with one product; nothing if it is another one.
pub(super) fn identify<'a>(
    asset: &'a PreparedAsset,
    product: &'a PreparedProduct,
) -> Option<Identity<'a>> {
    let has_codes =
        !product.codes.is_empty() || !product.word_codes.is_empty() || !product.serials.is_empty();
    if asset.mask & product.mask == 0 && !has_codes && !same_print(asset, product) {
        return None;
    }
    let vendor = vendor(asset, product);
    let found = |sure, step| Some(Identity { sure, vendor, step });
    if vendor == Vendor::Other {
        // A long order code is still worth a look under another vendor's name.
        let (code, own) = same_code(asset, product)?;
        return if own.len() >= 8 { found(Sure::Partly, Step::Code(code, own)) } else { None };
    }
    if let Some(serial) = &asset.serial
        && !product.serials.is_empty()
    {
        let fit = product.serials.iter().find(|pattern| pattern.fit(serial) == Fit::Same)?;
        return found(Sure::Wholly, Step::Serial(fit));
    }
    if let Some((code, own)) = same_code(asset, product) {
        return found(Sure::Wholly, Step::Code(code, own));
    }
    if let (Some(own), false) = (&asset.order_code, product.codes.is_empty()) {
        let code = product.codes.iter().find(|code| code.fit(own) == Fit::Begins)?;
        return found(Sure::Partly, Step::CodeBegins(code, own));
    }
    let known = if vendor == Vendor::Same { Sure::Wholly } else { Sure::Partly };
    by_name(asset, product, known).and_then(|(sure, step)| found(sure, step))
}

fn vendor(asset: &PreparedAsset, product: &PreparedProduct) -> Vendor {
    if asset.makers.is_empty() {
        Vendor::AssetUnknown
    } else if asset.makers.iter().any(|maker| product.makers.contains(maker)) {
        Vendor::Same
    } else {
        Vendor::Other
    }
}

fn same_print(asset: &PreparedAsset, product: &PreparedProduct) -> bool {
    asset.names.iter().any(|own| {
        let prints = own.prints();
        product.names.iter().any(|name| name.prints().iter().any(|print| prints.contains(print)))
    })
}

fn same_code<'a>(
    asset: &'a PreparedAsset,
    product: &'a PreparedProduct,
) -> Option<(&'a Code, &'a Code)> {
    if product.codes.is_empty() && product.word_codes.is_empty() {
        return None;
    }
    let own = asset.order_code.iter().chain(if asset.order_code.is_none() {
        asset.other_codes.as_slice()
    } else {
        &[]
    });
    for own in own {
        for code in &product.codes {
            if code.fit(own) == Fit::Same {
                return Some((code, own));
            }
        }
        for code in &product.word_codes {
            let counts = asset.order_code.is_some() || code.is_pattern();
            if counts && code.fit(own) == Fit::Same {
                return Some((code, own));
            }
        }
    }
    None
}

fn by_name<'a>(
    asset: &'a PreparedAsset,
    product: &'a PreparedProduct,
    known: Sure,
) -> Option<(Sure, Step<'a>)> {
    let mut best: Option<(Sure, Step<'a>)> = None;
    for own in &asset.names {
        for name in &product.names {
            let found = match own.relation(name) {
                Relation::Different | Relation::OtherSeries => continue,
                Relation::Equal => match product.codes.first() {
                    Some(code) if product.coded_name && asset.order_code.is_none() => {
                        (Sure::Partly, Step::NameWithoutCode(own, name, code))
                    }
                    Some(_) | None => (known, Step::Name(own, name)),
                },
                Relation::EqualInSeries => match in_series(name, asset.installed.as_ref()) {
                    Some(true) if product.coded_name && asset.order_code.is_none() => {
                        (Sure::Partly, Step::Series(own, name))
                    }
                    Some(true) => (known, Step::Series(own, name)),
                    Some(false) => continue,
                    None => (Sure::Partly, Step::SeriesUnknown(own, name)),
                },
                Relation::AdvisoryFiner => (Sure::Partly, Step::Finer(own, name)),
                Relation::AdvisoryCoarser => (Sure::Partly, Step::Coarser(own, name)),
            };
            if asset.by_label {
                return Some((Sure::Partly, Step::Label(own, name)));
            }
            if found.0 == Sure::Wholly {
                return Some(found);
            }
            best = best.or(Some(found));
        }
    }
    best
}

/// Whether the asset's version is of the series in the advisory's name; nothing if it cannot be said.
fn in_series(name: &Name, installed: Option<&Installed>) -> Option<bool> {
    let series = name.series.as_deref()?;
    let all_of_it = if series.ends_with('x') { series.to_owned() } else { format!("{series}.x") };
    match Range::parse(&all_of_it).holds(installed?) {
        Verdict::Affected => Some(true),
        // "RS416 v2" names a generation of hardware, "PCS 7 V8.1" a version.
        Verdict::NotAffected if series.contains('.') => Some(false),
        Verdict::NotAffected | Verdict::Undetermined(_) => None,
    }
}
