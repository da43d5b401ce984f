//! Many assets against many advisories: equal identities are compared once, and only under a common key.

use std::collections::HashMap;

use super::text::known;
use super::{Assessment, AssetIdentity, PreparedAdvisory, PreparedAsset, asset_keys};

/// Assets indexed by their keys. `R` is how the caller calls an asset.
#[derive(Debug)]
pub struct Fleet<R> {
    distinct: Vec<(PreparedAsset, Vec<R>)>,
    by_key: HashMap<String, Vec<u32>>,
}

impl<R> Fleet<R> {
    /// Prepares and indexes assets.
    pub fn new(assets: impl IntoIterator<Item = (R, AssetIdentity)>) -> Self {
        let mut places: HashMap<AssetIdentity, usize> = HashMap::new();
        let mut distinct: Vec<(PreparedAsset, Vec<R>)> = Vec::new();
        let mut by_key: HashMap<String, Vec<u32>> = HashMap::new();
        for (reference, mut identity) in assets {
            // A label only counts where nothing better is known; else it would keep equal assets apart.
            if known(identity.product.as_deref()).or(known(identity.model.as_deref())).is_some() {
                identity.name = String::new();
            }
            let place = match places.get(&identity) {
                Some(place) => *place,
                None => {
                    let place = distinct.len();
                    for key in asset_keys(&identity) {
                        by_key
                            .entry(key)
                            .or_default()
                            .push(u32::try_from(place).unwrap_or(u32::MAX));
                    }
                    places.insert(identity.clone(), place);
                    distinct.push((PreparedAsset::new(identity), Vec::new()));
                    place
                }
            };
            if let Some((_, references)) = distinct.get_mut(place) {
                references.push(reference);
            }
        }
        Self { distinct, by_key }
    }

    /// Assesses every asset that shares a key with the advisory; only those with a finding come back, and how many
    /// assets were compared.
    pub fn assess(&self, advisory: &PreparedAdvisory) -> (Vec<(&[R], Assessment)>, u32) {
        let mut places: Vec<u32> = advisory
            .keys()
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        places.dedup();
        let mut out = Vec::new();
        let mut compared = 0u32;
        for place in places {
            let Some((asset, references)) = self.distinct.get(place as usize) else { continue };
            compared = compared.saturating_add(u32::try_from(references.len()).unwrap_or(u32::MAX));
            let assessment = asset.assess(advisory);
            if !assessment.found.is_empty() {
                out.push((references.as_slice(), assessment));
            }
        }
        (out, compared)
    }
}
