//! What was decided on, by the title that its own list gives it.

use std::collections::BTreeMap;

use crate::among;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// The titles of these references, of those that decisions are taken on.
pub async fn titles(
    c: &mut Link<'_>,
    references: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    if references.is_empty() {
        return Ok(BTreeMap::new());
    }
    let list = serde_json::json!(references).to_string();
    let found = among!(
        c,
        (String, String),
        "SELECT o.ref, o.title FROM (
           SELECT ref, title FROM change
           UNION ALL SELECT ref, purpose FROM vendor_window
           UNION ALL SELECT a.ref, r.title FROM acceptance a JOIN risk r ON r.ref = a.risk
           UNION ALL SELECT e.ref, w.purpose FROM extension e JOIN vendor_window w ON w.ref = e.window_ref
         ) o WHERE o.ref",
        &list
    )?;
    Ok(found.into_iter().collect())
}
