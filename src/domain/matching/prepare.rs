//! Normal forms made once, because an asset meets thousands of products.

use super::AssetIdentity;
use super::code::{Code, among_words, take_from};
use super::name::Name;
use super::text::{fingerprint, fold, known, words};
use super::vendor::vendor_keys;
use crate::domain::advisory::{Advisory, Product, Status, VersionText};
use crate::domain::version::{Installed, Range};

/// An asset, ready to be compared.
#[derive(Clone, Debug)]
pub struct PreparedAsset {
    pub(super) identity: AssetIdentity,
    /// Fingerprints of its vendor keys.
    pub(super) makers: Vec<u64>,
    pub(super) names: Vec<Name>,
    /// Whether `names` come only from what people call it.
    pub(super) by_label: bool,
    pub(super) mask: u64,
    pub(super) order_code: Option<Code>,
    /// Order codes that stand in the product or model field.
    pub(super) other_codes: Vec<Code>,
    pub(super) installed: Option<Installed>,
    pub(super) serial: Option<Code>,
}

impl PreparedAsset {
    /// Prepares what is known of an asset.
    pub fn new(identity: AssetIdentity) -> Self {
        let vendor_keys = vendor_keys(identity.vendor.as_deref().unwrap_or_default());
        let product = known(identity.product.as_deref());
        let model = known(identity.model.as_deref());
        let mut other_codes = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        for text in [product, model].into_iter().flatten() {
            let (rest, codes) = take_from(text);
            other_codes.extend(codes);
            texts.push(rest);
        }
        other_codes.extend(model.and_then(Code::literal));
        other_codes.extend(product.filter(|text| !text.contains(' ')).and_then(Code::literal));
        if let [product, model] = texts.as_slice() {
            texts.push(format!("{product} {model}"));
        }
        let by_label = texts.is_empty();
        if by_label {
            texts.push(identity.name.clone());
        }
        let keys = if vendor_keys.is_empty() { leading_keys(&texts) } else { vendor_keys.clone() };
        let names: Vec<Name> = texts.iter().filter_map(|text| Name::new(text, &keys)).collect();
        Self {
            mask: names.iter().fold(0, |mask, name| mask | name.mask()),
            names,
            by_label,
            makers: makers(&vendor_keys),
            order_code: known(identity.order_number.as_deref()).and_then(Code::literal),
            other_codes,
            installed: known(identity.firmware.as_deref()).and_then(Installed::read),
            serial: known(identity.serial.as_deref()).and_then(Code::literal),
            identity,
        }
    }

    /// What it was prepared from.
    pub fn identity(&self) -> &AssetIdentity {
        &self.identity
    }
}

fn makers(keys: &[String]) -> Vec<u64> {
    keys.iter().map(|key| fingerprint(key)).collect()
}

/// Without a vendor, the first words of a product may be one.
fn leading_keys(texts: &[String]) -> Vec<String> {
    let mut keys = Vec::new();
    for text in texts {
        let folded = fold(text);
        keys.extend(words(&folded).next().map(vendor_keys).unwrap_or_default());
    }
    keys.retain(|key| super::vocabulary::ALIASES.iter().any(|(from, to)| from == key || to == key));
    keys
}

/// A product of an advisory, ready to be compared.
#[derive(Clone, Debug)]
pub struct PreparedProduct {
    pub(super) id: String,
    pub(super) vendor: String,
    /// Fingerprints of its vendor keys.
    pub(super) makers: Vec<u64>,
    pub(super) names: Vec<Name>,
    pub(super) mask: u64,
    /// Order codes: another one ends the comparison.
    pub(super) codes: Vec<Code>,
    /// Whether the name itself carries an order code, so that the name alone is not all it says.
    pub(super) coded_name: bool,
    /// Codes and patterns among the words of the name: they may match, but another one ends nothing.
    pub(super) word_codes: Vec<Code>,
    pub(super) serials: Vec<Code>,
    pub(super) version: VersionText,
    pub(super) range: Range,
    pub(super) component: Option<String>,
}

impl PreparedProduct {
    /// Prepares a product of an advisory.
    pub fn new(product: &Product) -> Self {
        let keys = vendor_keys(&product.vendor);
        let mut codes = Vec::new();
        let mut word_codes = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        for name in &product.names {
            let (rest, found) = take_from(name);
            codes.extend(found);
            word_codes.extend(among_words(&rest));
            texts.push(rest);
        }
        let coded_name = !codes.is_empty();
        if let [.., family, name] = texts.as_slice() {
            texts.push(format!("{family} {name}"));
        }
        if texts.is_empty() {
            texts.push(product.full_name.clone());
        }
        // Of a path from family to product, the family alone is coarser than what the advisory speaks of.
        let from = product.names.len().saturating_sub(1);
        let names: Vec<Name> =
            texts.iter().skip(from).filter_map(|text| Name::new(text, &keys)).collect();
        codes.extend(
            product
                .model_numbers
                .iter()
                .chain(&product.skus)
                .filter_map(|code| Code::partial(code)),
        );
        Self {
            id: product.id.clone(),
            vendor: product.vendor.clone(),
            mask: names.iter().fold(0, |mask, name| mask | name.mask()),
            names,
            makers: makers(&keys),
            codes,
            coded_name,
            word_codes,
            serials: product
                .serial_numbers
                .iter()
                .filter_map(|serial| Code::partial(serial))
                .collect(),
            range: match &product.version {
                VersionText::Unnamed => Range::all(),
                VersionText::Exact(text) | VersionText::Range(text) => Range::parse(text),
            },
            version: product.version.clone(),
            component: product.component.clone(),
        }
    }
}

/// An advisory, ready to be compared.
#[derive(Clone, Debug)]
pub struct PreparedAdvisory {
    pub(super) products: Vec<PreparedProduct>,
    pub(super) vulnerabilities: Vec<Listed>,
    pub(super) keys: Vec<String>,
}

/// A vulnerability with the products it lists, by their place.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) cve: String,
    pub(super) products: Vec<(usize, Status)>,
}

impl PreparedAdvisory {
    /// Prepares an advisory: only products that some vulnerability lists take part.
    pub fn new(advisory: &Advisory) -> Self {
        let mut places = std::collections::HashMap::new();
        let mut products = Vec::new();
        let by_id: std::collections::HashMap<&str, &Product> =
            advisory.products.iter().map(|product| (product.id.as_str(), product)).collect();
        let mut ids: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
        let mut vulnerabilities: Vec<Listed> = Vec::with_capacity(advisory.vulnerabilities.len());
        for vulnerability in &advisory.vulnerabilities {
            let mut listed = Vec::new();
            for (ids, status) in [
                (&vulnerability.affected, Status::Affected),
                (&vulnerability.fixed, Status::Fixed),
                (&vulnerability.not_affected, Status::NotAffected),
                (&vulnerability.investigated, Status::Investigated),
            ] {
                for id in ids {
                    let Some(product) = by_id.get(id.as_str()) else { continue };
                    let place = *places.entry(id.as_str()).or_insert_with(|| {
                        products.push(PreparedProduct::new(product));
                        products.len() - 1
                    });
                    listed.push((place, status));
                }
            }
            // An id that comes twice in a document is one vulnerability.
            let known = *ids.entry(vulnerability.cve.as_str()).or_insert(vulnerabilities.len());
            match vulnerabilities.get_mut(known) {
                Some(Listed { products, .. }) => products.extend(listed),
                None => vulnerabilities
                    .push(Listed { cve: vulnerability.cve.clone(), products: listed }),
            }
        }
        Self { products, vulnerabilities, keys: super::advisory_keys(advisory) }
    }

    /// The keys under which it is indexed.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// How many products take part in a comparison.
    pub fn products(&self) -> usize {
        self.products.len()
    }
}
