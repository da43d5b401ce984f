//! Who comes, with whom, and what their site asks of remote access beside an approval.

use super::Window;
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::window::{self, remote};
use crate::store::admit::change;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, scalar};

/// Refuses a window that does not say what its site asks of remote access, or that names a risk of elsewhere or one that is
/// closed.
pub async fn weighed(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &window::Request,
) -> Result<(), StoreError> {
    let Some(site) = &said.site else { return Ok(()) };
    change::risks(c, site.as_str(), made.risks.as_deref()).await?;
    change::open_risks(c, made.risks.as_deref()).await?;
    let told = remote::Said {
        second_factor: made.second_factor.is_some(),
        recording: made.recording.is_some(),
        risk: made.risks.as_ref().is_some_and(|risks| !risks.is_empty()),
    };
    let asks =
        scalar!(c, i64, "SELECT seq FROM site WHERE ref = $1 AND asks_remote", site.as_str())?;
    match asks.and_then(|_| remote::lacks(site.as_str(), told)) {
        None => Ok(()),
        Some(refusal) => Err(refusal.into()),
    }
}

/// What a window lacks by then of what its site asks of remote access.
pub async fn unweighed(c: &mut Link<'_>, window: &Ref) -> Result<Option<Refusal>, StoreError> {
    let row = opt!(
        c,
        (String, bool, bool, bool),
        "SELECT t.site, t.second_factor IS NOT NULL, t.recording IS NOT NULL, t.risks <> ''
         FROM vendor_window t JOIN site s ON s.ref = t.site AND s.asks_remote WHERE t.ref = $1",
        window.as_str()
    )?;
    Ok(row.and_then(|(site, second_factor, recording, risk)| {
        remote::lacks(&site, remote::Said { second_factor, recording, risk })
    }))
}

/// Refuses whoever says yes to their own access, or opens it, since rule version 7: a vendor's person may have a login here.
pub fn lets_others_in(said: &Said<'_>, window: &Window) -> Result<(), Refusal> {
    if said.body.v < 7 || window.person != said.actor.as_str() {
        return Ok(());
    }
    Err(Refusal::new(
        Code::FourEyes,
        format!("{} is who would come", said.actor),
        "somebody else says yes to it, and opens it",
    ))
}

/// Refuses a person who would come as their own escort: by the word that the window names them by, or since rule version 7
/// by their name, however it is written.
pub async fn alone(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &window::Request,
) -> Result<(), StoreError> {
    let (Some(escort), person) = (&made.escort, &made.person) else { return Ok(()) };
    let folded = |word: &str| word.trim().to_lowercase();
    let mut own = escort == person;
    if said.body.v >= 7 {
        let name = scalar!(
            c,
            String,
            "SELECT name FROM vendor_person WHERE vendor_ref = $1 AND person = $2 AND name IS NOT NULL",
            made.vendor.as_str(),
            person.as_str()
        )?;
        let called = [Some(person.as_str()), name.as_deref()];
        own = called.into_iter().flatten().any(|word| folded(word) == folded(escort.as_str()));
    }
    if !own {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Invalid,
        format!("{person} would be escorted by themselves"),
        "name in `escort` somebody of the plant, or nobody",
    )
    .into())
}
