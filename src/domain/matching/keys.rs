//! The keys under which assets and advisories are indexed: without a common key they cannot match.

use super::AssetIdentity;
use super::code::{Code, take_from};
use super::text::{fold, known, words};
use super::vendor::vendor_keys;
use crate::domain::advisory::Advisory;

/// The keys of an asset: of its vendor, of its order code, and, without a vendor, of the first words of its product.
pub fn asset_keys(asset: &AssetIdentity) -> Vec<String> {
    let mut keys = vendor_keys(asset.vendor.as_deref().unwrap_or_default());
    if keys.is_empty()
        && let Some(product) = known(asset.product.as_deref())
    {
        let folded = fold(product);
        let mut head = String::new();
        for word in words(&folded).take(3) {
            head.push_str(word);
            push(&mut keys, vendor_keys(&head));
        }
    }
    let codes = [asset.order_number.as_deref(), asset.model.as_deref()];
    for code in codes.into_iter().filter_map(known).filter_map(Code::literal) {
        push(&mut keys, code.key());
    }
    keys
}

/// The keys of an advisory: of every vendor it names and of every order code.
pub fn advisory_keys(advisory: &Advisory) -> Vec<String> {
    let mut keys = Vec::new();
    let mut last = "";
    for product in &advisory.products {
        if product.vendor != last {
            push(&mut keys, vendor_keys(&product.vendor));
            last = &product.vendor;
        }
        if fold(&product.vendor).starts_with("multiple")
            && let Some(name) = product.names.last()
            && let Some(word) = words(&fold(name)).next()
        {
            push(&mut keys, vendor_keys(word));
        }
        for code in product.model_numbers.iter().chain(&product.skus) {
            push(&mut keys, Code::partial(code).and_then(|code| code.key()));
        }
        for name in &product.names {
            let (_, codes) = take_from(name);
            push(&mut keys, codes.iter().filter_map(Code::key));
        }
    }
    keys
}

fn push(keys: &mut Vec<String>, new: impl IntoIterator<Item = String>) {
    for key in new {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
}
