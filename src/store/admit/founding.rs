//! The first entries of a store, and its repair: the only ones that need no grant.

use crate::domain::command::Kind;
use crate::domain::founding::{self, TOLD, founding_disciplines, founding_roles};
use crate::domain::person;
use crate::domain::refusal::{Code, Refusal};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, scalar};

fn refused(said: &Said<'_>, why: &str) -> StoreError {
    Refusal::new(
        Code::NotAllowed,
        format!("entry {} ({}) {why}", said.entry.seq, said.entry.kind),
        "only `smc init` founds a store, only its founder repairs it",
    )
    .into()
}

/// Checks the store's own entries: founded as the first, repaired by the founder or an administrator.
pub async fn admit(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &founding::Kind,
) -> Result<(), StoreError> {
    match kind {
        founding::Kind::Founded(_) if said.entry.seq == 1 && said.site.is_none() => Ok(()),
        founding::Kind::Founded(_) => Err(refused(said, "founds a store that stands")),
        founding::Kind::Repaired(_) => {
            let actor = crate::store::facts::person(c, &said.actor).await?;
            Ok(actor.may(said.spec.right, None, said.entry.at)?)
        }
        founding::Kind::Sealed(_) => {
            let actor = crate::store::facts::person(c, &said.actor).await?;
            Ok(actor.may(said.spec.right, None, said.entry.at)?)
        }
    }
}

/// Refuses an entry whose time was told in a store where nobody tells it: a real one, or one that is sealed.
pub async fn told(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    if said.body.from.via != TOLD || said.entry.seq == 1 {
        return Ok(());
    }
    let open = scalar!(c, i64, "SELECT seq FROM store WHERE demo AND sealed_at IS NULL")?;
    match open {
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            Code::NotAllowed,
            format!("entry {} tells a past, and this store has none to tell", said.entry.seq),
            "only `smc demo` tells a past, and seals it",
        )
        .into()),
    }
}

/// The most roles that a founder is granted: no entry further on belongs to a founding.
const MOST_ROLES: i64 = 8;

/// Whether an entry at this place may be one that a founding is made of.
pub const fn may_found(seq: i64) -> bool {
    seq.saturating_sub(2) <= MOST_ROLES
}

/// Whether this is one of the entries that a founding is made of: each has its own place behind the first.
pub async fn founds(c: &mut Link<'_>, said: &Said<'_>) -> Result<bool, StoreError> {
    if !may_found(said.entry.seq) {
        return Ok(false);
    }
    let place = said.entry.seq.saturating_sub(2);
    let Some((founder, demo)) =
        opt!(c, (String, bool), "SELECT founder, demo FROM store WHERE seq = 1 AND ref = 'store'")?
    else {
        return Ok(false);
    };
    let roles = founding_roles(demo);
    let Ok(place) = usize::try_from(place) else { return Ok(false) };
    if place > roles.len() || said.subject.as_str() != founder || said.site.is_some() {
        return Ok(false);
    }
    let Kind::Person(kind) = &said.kind else { return Ok(false) };
    Ok(match kind {
        person::Kind::Registered(made) => {
            place == 0
                && made.disciplines.as_deref().unwrap_or_default() == founding_disciplines(demo)
        }
        person::Kind::Granted(made) => {
            place > 0
                && roles.get(place - 1) == Some(&made.role)
                && made.site.is_none()
                && made.until.is_none()
        }
        person::Kind::Deactivated(_) | person::Kind::Revoked(_) => false,
    })
}
