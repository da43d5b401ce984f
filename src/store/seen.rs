//! The furthest head that this process saw: a store that no longer holds it went backwards, forked, or is another.

use super::append::Head;
use super::fault::StoreError;
use super::link::Link;
use super::open::Store;
use crate::ledger::{Tip, head_code};
use crate::scalar;

impl Store {
    /// Remembers a head for as long as the store is open.
    pub(super) fn saw(&self, tip: &Tip) {
        if let Ok(mut seen) = self.seen.lock()
            && seen.as_ref().is_none_or(|seen| seen.seq < tip.seq)
        {
            *seen = Some(*tip);
        }
    }

    /// Refuses a store whose ledger does not hold the furthest head that was seen.
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
        let holds = if head.tip.seq == seen.seq {
            head.tip.hash == seen.hash
        } else if head.tip.seq < seen.seq {
            false
        } else {
            let stands = scalar!(c, Vec<u8>, "SELECT hash FROM ledger WHERE seq = $1", seen.seq)?;
            seen.seq == 0 || stands.as_deref() == Some(seen.hash.as_bytes())
        };
        if holds {
            self.saw(&head.tip);
            return Ok(());
        }
        Err(StoreError::WentBack {
            seen: head_code(seen.seq, &seen.hash).to_string(),
            found: head_code(head.tip.seq, &head.tip.hash).to_string(),
        })
    }
}
