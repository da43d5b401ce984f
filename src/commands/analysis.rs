//! Matching under the lock: which assets an advisory speaks of, and the risks that follow.

use crate::domain::names::Ref;
use crate::ledger::{Id, Origin};
use crate::store::{StoreError, Write};

/// Compares the assets that can meet an advisory; gives the entries written.
pub async fn advisory(
    _write: &mut Write<'_>,
    _origin: &Origin,
    _advisory: &Ref,
    _cause: Id,
) -> Result<Vec<i64>, StoreError> {
    Ok(Vec::new())
}

/// Compares these assets with the advisories they can meet; gives the entries written.
pub async fn assets(
    _write: &mut Write<'_>,
    _origin: &Origin,
    _assets: &[Ref],
    _cause: Id,
) -> Result<Vec<i64>, StoreError> {
    Ok(Vec::new())
}
