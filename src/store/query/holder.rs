//! Who asks, as the rules see one, and whether time has made something true that no entry says yet.

use crate::domain::names::Login;
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::scalar;
use crate::store::facts;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// The person of this login as the rules see one.
pub async fn holder(c: &mut Link<'_>, login: &Login) -> Result<Option<Holder>, StoreError> {
    facts::holder(c, login).await
}

/// Whether time has made something true that no entry says yet.
pub async fn due(c: &mut Link<'_>, now: Time) -> Result<bool, StoreError> {
    let found = scalar!(
        c,
        i64,
        "SELECT COUNT(*) FROM (
            SELECT ref FROM change WHERE state IN ('requested', 'approved') AND end_at <= $1
            UNION ALL
            SELECT ref FROM vendor_window WHERE state IN ('requested', 'approved') AND end_at <= $1
            UNION ALL
            SELECT ref FROM acceptance WHERE state = 'approved' AND until_at <= $1) d",
        now
    )?;
    Ok(found.unwrap_or_default() > 0)
}
