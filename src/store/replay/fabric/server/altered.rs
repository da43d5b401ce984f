//! The rows of what each kind alters, against those that this program makes.

use std::collections::BTreeSet;

use super::differ;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::referee::{Alters, alters};
use crate::store::replay::report::{Fault, Named};
use crate::{rows as of, scalar};

/// Names every row that differs. A store that an earlier program made has no table of them, which is named already.
///
/// # Errors
/// `Unavailable` if the catalog cannot be read.
pub async fn rows(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    let stands = scalar!(
        c,
        i64,
        "SELECT COUNT(*) FROM pg_class AS k JOIN pg_namespace AS n ON n.oid = k.relnamespace
         WHERE n.nspname = 'smc' AND k.relname = 'alters' AND k.relkind = 'r'"
    )?;
    if stands != Some(1) {
        return Ok(());
    }
    let found = of!(
        c,
        (String,),
        "SELECT concat_ws(' ', 'alters', tab, col, kind, COALESCE(holds, '-')) FROM alters"
    )?;
    let own: BTreeSet<String> = alters()
        .into_iter()
        .map(|Alters { tab, col, kind, holds }| {
            format!("alters {tab} {col} {kind} {}", holds.unwrap_or("-"))
        })
        .collect();
    differ("the referee's row", &own, &found.into_iter().map(|(row,)| row).collect(), faults);
    Ok(())
}
