//! Checks of vendors and their persons against the tables.

use crate::domain::refusal::{Code, Refusal};
use crate::domain::vendor::Kind;
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::{facts, link::Link};

/// A vendor is registered once; its persons have a login or a name.
pub async fn admit(c: &mut Link<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Registered(made) => {
            let found =
                scalar!(c, i64, "SELECT seq FROM vendor WHERE ref = $1", made.vendor.as_str())?;
            facts::fresh(found, "vendor", made.vendor.as_str())
        }
        Kind::PersonRegistered(made) => {
            scalar!(c, i64, "SELECT seq FROM vendor WHERE ref = $1", made.vendor.as_str())?
                .ok_or_else(|| Refusal::unknown("vendor", made.vendor.as_str(), "vendors"))?;
            made.called().map(|_| ()).ok_or_else(|| {
                Refusal::new(
                    Code::Missing,
                    "the vendor's person has neither login nor name",
                    "give `login` or `name`",
                )
                .into()
            })
        }
    }
}
