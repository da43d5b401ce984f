//! The assets of a store, prepared for matching once and kept while one advisory after the other comes in.
//!
//! It is read before the lock and used under it, if no entry about an asset was written in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use tokio::sync::Mutex;

use super::analysis::identity;
use crate::domain::matching::Fleet;
use crate::store::{Store, StoreError, Write};

/// So many advisories of one desk are compared with what they meet alone, before all assets are prepared.
const SINGLE: u32 = 2;

/// All assets in the plant as they stood at an entry.
#[derive(Debug)]
struct Kept {
    upto: i64,
    fleet: Arc<Fleet<String>>,
}

/// What a desk keeps of assets between advisories.
#[derive(Debug, Default)]
pub struct Fleets {
    taken: AtomicU32,
    kept: Mutex<Option<Kept>>,
}

impl Fleets {
    /// Notes that an advisory comes in, and prepares all assets if it is one of many.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn ready(&self, store: &Store) -> Result<(), StoreError> {
        if self.taken.fetch_add(1, Relaxed) < SINGLE {
            return Ok(());
        }
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_mut()
            && let Some(upto) = store.untouched_since(kept.upto).await?
        {
            kept.upto = upto;
            return Ok(());
        }
        // What is known already goes first: two fleets are not held at once.
        *kept = None;
        let (upto, assets) = store.all_candidates().await?;
        let fleet = Arc::new(Fleet::new(assets.into_iter().map(identity)));
        *kept = Some(Kept { upto, fleet });
        Ok(())
    }

    /// All assets in the plant, if they are kept and stand as they were kept.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn current(
        &self,
        write: &mut Write<'_>,
    ) -> Result<Option<Arc<Fleet<String>>>, StoreError> {
        let kept = self.kept.lock().await;
        let Some(kept) = kept.as_ref() else { return Ok(None) };
        let untouched = write.untouched_since(kept.upto).await?.is_some();
        Ok(untouched.then(|| Arc::clone(&kept.fleet)))
    }
}
