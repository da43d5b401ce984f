//! Some entries of a ledger played alone, by the rules: those that a question rests on, when the whole would take long.
//!
//! It proves nothing about the chain between them: that is a verification.

use super::chain::{Item, unchanged};
use super::scratch::Scratch;
use crate::ledger::Entry;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// A store in memory that holds what these entries led to.
#[derive(Debug)]
pub struct Fragment {
    scratch: Scratch,
}

impl Fragment {
    /// Plays entries in their order; one that was changed, or that the rules refuse, has no effect.
    ///
    /// # Errors
    /// `Unavailable` if there is no room for a scratch store.
    pub async fn of(store_id: &str, entries: Vec<Entry>) -> Result<Self, StoreError> {
        let mut scratch = Scratch::fresh(store_id).await?;
        let items: Vec<Item> =
            entries.into_iter().filter_map(|entry| unchanged(store_id, entry)).collect();
        scratch.play(&items).await?;
        Ok(Self { scratch })
    }

    /// The connection, for questions.
    pub fn link(&mut self) -> Link<'_> {
        self.scratch.link()
    }
}
