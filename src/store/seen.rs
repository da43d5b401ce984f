//! Heads that were seen of a store, held against its ledger: one that it no longer holds says that it went backwards,
//! forked, or is another, unless a restore explains it.

use tokio::sync::watch;

use super::append::{self, Head};
use super::fault::StoreError;
use super::link::Link;
use super::open::Store;
use super::restored;
use crate::domain::restore::Loss;
use crate::ledger::{Hash, Tip, head_code};
use crate::scalar;

/// Whether the ledger that ends at `head` holds the head that was seen; if not, the loss that explains it. `stood` is what
/// stands in its place, where that was read already.
///
/// # Errors
/// `WentBack` if nothing explains it.
pub async fn held(
    c: &mut Link<'_>,
    head: &Head,
    seen: &Tip,
    stood: Option<Hash>,
) -> Result<Option<Loss>, StoreError> {
    if seen.seq == 0 {
        return Ok(None);
    }
    let stands = if seen.seq == head.tip.seq {
        Some(head.tip.hash)
    } else if seen.seq > head.tip.seq {
        None
    } else if stood.is_some() {
        stood
    } else {
        scalar!(&mut *c, Vec<u8>, "SELECT hash FROM ledger WHERE seq = $1", seen.seq)?
            .and_then(|bytes| Hash::try_from(bytes.as_slice()).ok())
    };
    if stands == Some(seen.hash) {
        return Ok(None);
    }
    if let Some(loss) = restored::explained(c, &head.store_id, seen).await? {
        return Ok(Some(loss));
    }
    let found = match stands {
        Some(other) => head_code(seen.seq, &other),
        None => head_code(head.tip.seq, &head.tip.hash),
    };
    Err(StoreError::WentBack {
        seen: head_code(seen.seq, &seen.hash).to_string(),
        found: found.to_string(),
    })
}

impl Store {
    /// Remembers a head for as long as the store is open.
    pub(super) fn saw(&self, tip: &Tip) {
        if let Ok(mut seen) = self.seen.lock()
            && seen.as_ref().is_none_or(|seen| seen.seq < tip.seq)
        {
            *seen = Some(*tip);
        }
    }

    /// Where the ledger ends; refuses a store whose ledger does not hold the furthest head that was seen before it was
    /// looked at.
    ///
    /// # Errors
    /// As `check_seen`; none of it for a store that was never founded.
    pub(super) async fn look(&self, c: &mut Link<'_>) -> Result<Option<Head>, StoreError> {
        // First: what others of this program see while the head is read stands behind it.
        let seen = self.furthest();
        let Some(head) = append::head(c).await? else { return Ok(None) };
        self.check_seen(c, seen, &head, None).await?;
        Ok(Some(head))
    }

    /// The furthest head that was seen, if one was.
    pub(super) fn furthest(&self) -> Option<Tip> {
        self.seen.lock().ok().and_then(|seen| *seen)
    }

    /// Refuses a head of another store.
    ///
    /// # Errors
    /// `NotAStore` if it has another id.
    pub(super) fn check_same(&self, head: &Head) -> Result<(), StoreError> {
        if head.store_id == self.facts().store_id {
            return Ok(());
        }
        Err(StoreError::NotAStore {
            place: self.place().to_string(),
            why: format!("it became another store, {}", head.store_id),
        })
    }

    /// Refuses a store whose ledger does not hold a head that was seen before it was read where it ends, unless a
    /// restore explains it. `stood` is what stands in its place, where that was read already.
    ///
    /// # Errors
    /// `WentBack`, or `NotAStore` if it has another id.
    pub(super) async fn check_seen(
        &self,
        c: &mut Link<'_>,
        seen: Option<Tip>,
        head: &Head,
        stood: Option<Hash>,
    ) -> Result<(), StoreError> {
        self.check_same(head)?;
        let Some(seen) = seen else { return Ok(()) };
        match held(c, head, &seen, stood).await? {
            None => self.saw(&head.tip),
            Some(loss) => {
                if let Ok(mut seen) = self.seen.lock() {
                    *seen = Some(head.tip);
                }
                self.tell_lost(loss);
            }
        }
        Ok(())
    }

    /// Tells whoever looks at this store that entries of it are lost.
    pub(super) fn tell_lost(&self, loss: Loss) {
        self.lost.send_replace(Some(loss));
    }

    /// The loss that was accepted last, in this process or at opening: what a console says once, loudly.
    pub fn lost(&self) -> watch::Receiver<Option<Loss>> {
        self.lost.subscribe()
    }
}
