//! Heads that were seen of a store, held against its ledger: one that it no longer holds says that it went backwards,
//! forked, or is another, unless a restore explains it.

use tokio::sync::watch;

use super::append::Head;
use super::fault::StoreError;
use super::link::Link;
use super::open::Store;
use super::restored;
use crate::domain::restore::Loss;
use crate::ledger::{Hash, Tip, head_code};
use crate::scalar;

/// Whether the ledger that ends at `head` holds the head that was seen; if not, the loss that explains it.
///
/// # Errors
/// `WentBack` if nothing explains it.
pub async fn held(c: &mut Link<'_>, head: &Head, seen: &Tip) -> Result<Option<Loss>, StoreError> {
    if seen.seq == 0 {
        return Ok(None);
    }
    let stands = if seen.seq == head.tip.seq {
        Some(head.tip.hash)
    } else if seen.seq > head.tip.seq {
        None
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

    /// Refuses a store whose ledger does not hold the furthest head that was seen, unless a restore explains it.
    ///
    /// # Errors
    /// `WentBack`, or `NotAStore` if it has another id.
    pub(super) async fn check_seen(&self, c: &mut Link<'_>, head: &Head) -> Result<(), StoreError> {
        if head.store_id != self.facts().store_id {
            return Err(StoreError::NotAStore {
                place: self.place().to_string(),
                why: format!("it became another store, {}", head.store_id),
            });
        }
        let Some(seen) = self.seen.lock().ok().and_then(|seen| *seen) else { return Ok(()) };
        match held(c, head, &seen).await? {
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
