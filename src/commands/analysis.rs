//! Matching under the lock: which assets an advisory speaks of, and the risks that follow.

use crate::domain::advisories::{self, Match};
use crate::domain::command::Kind;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::risk;
use crate::ledger::{Id, Origin};
use crate::store::{Given, StoreError, Write};

/// x
pub async fn advisory(
    _w: &mut Write<'_>,
    _o: &Origin,
    _a: &Ref,
    _c: Id,
) -> Result<Vec<i64>, StoreError> {
    Ok(vec![])
}
/// x
pub async fn assets(
    _w: &mut Write<'_>,
    _o: &Origin,
    _a: &[Ref],
    _c: Id,
) -> Result<Vec<i64>, StoreError> {
    Ok(vec![])
}
