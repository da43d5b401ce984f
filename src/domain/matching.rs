//! Matching an asset to an advisory's products: the keys by which the two can meet.

/// The keys under which a vendor's name is indexed; two names can only be the same vendor if they share one.
pub fn vendor_keys(vendor: &str) -> Vec<String> {
    let key = vendor.trim().to_lowercase();
    if key.is_empty() { Vec::new() } else { vec![key] }
}
