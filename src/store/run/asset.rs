//! The assets of a run: all new, at zones and with owners that are there.

use std::collections::BTreeSet;

use super::{Made, all};
use crate::among;
use crate::domain::asset::{Kind as Of, Register};
use crate::domain::command::Kind;
use crate::domain::names::Ref;
use crate::store::facts;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;

/// The registration that an entry is, if it is one.
pub fn made<'r>(said: &'r Said<'r>) -> Option<Made<'r, Register>> {
    let Kind::Asset(Of::Registered(made)) = &said.kind else { return None };
    Some((said, made))
}

/// Whether none stands already or comes twice, and every zone and owner stands.
pub async fn fit(c: &mut Link<'_>, new: &[Made<'_, Register>]) -> Result<bool, StoreError> {
    if new.is_empty() {
        return Ok(true);
    }
    let assets: BTreeSet<&str> = new.iter().map(|(said, _)| said.subject.as_str()).collect();
    if assets.len() < new.len() {
        return Ok(false);
    }
    // What one is part of may be another of the run: that is looked at one by one.
    if new.iter().any(|(_, made)| made.part_of.is_some()) {
        return Ok(false);
    }
    let list = facts::json(&assets)?;
    if !all(0, among!(c, (i64,), "SELECT COUNT(*) FROM asset WHERE ref", list))? {
        return Ok(false);
    }
    let zones: BTreeSet<String> = new
        .iter()
        .filter_map(|(_, made)| Some(Ref::zone(&made.site, made.zone.as_ref()?).to_string()))
        .collect();
    let list = facts::json(&zones)?;
    if !all(zones.len(), among!(c, (i64,), "SELECT COUNT(*) FROM zone WHERE ref", list))? {
        return Ok(false);
    }
    let owners: BTreeSet<&str> =
        new.iter().filter_map(|(_, made)| Some(made.owner.as_ref()?.as_str())).collect();
    let list = facts::json(&owners)?;
    all(owners.len(), among!(c, (i64,), "SELECT COUNT(*) FROM person WHERE ref", list))
}
