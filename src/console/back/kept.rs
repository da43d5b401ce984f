//! What stands, kept by a console from one refresh to the next: after entries as much of it is read again as they may have
//! moved.

use std::sync::Arc;

use super::Door;
use super::scene::Scene;
use crate::ledger::Tip;
use crate::store::query::{Present, Touched};
use crate::store::{ReadError, Reader};

/// What stood where the ledger ended there.
#[derive(Debug)]
pub struct Kept {
    tip: Tip,
    present: Present,
    scene: Arc<Scene>,
}

impl Door {
    /// What stands now, read once for every screen that shows a part of it; after entries again as much of it as they may
    /// have moved.
    pub(super) async fn scene(&self, reader: &mut Reader<'_>) -> Result<Arc<Scene>, ReadError> {
        let (tip, now) = (reader.snapshot().head.tip, reader.now());
        let mut shelf = self.shared.scene.lock().await;
        // Taken out while it is worked on: whoever is cut off in the middle leaves nothing half read.
        let mut kept = match shelf.take().filter(|known| known.scene.lasts(now)) {
            Some(mut known) if known.tip != tip => {
                let touched = self.touched(reader, &known.tip).await?;
                if reader.present(&mut known.present, self.login(), &touched).await? {
                    known.scene = Arc::new(Scene::of(&known.present, now));
                }
                known
            }
            Some(known) => known,
            None => {
                let mut present = Present::default();
                reader.present(&mut present, self.login(), &Touched::Everything).await?;
                let scene = Arc::new(Scene::of(&present, now));
                Kept { tip, present, scene }
            }
        };
        kept.tip = tip;
        let scene = Arc::clone(&kept.scene);
        *shelf = Some(kept);
        Ok(scene)
    }

    /// What the entries after this one, up to where the reader stands, may have written.
    pub(super) async fn touched(
        &self,
        reader: &mut Reader<'_>,
        known: &Tip,
    ) -> Result<Touched, ReadError> {
        let tip = reader.snapshot().head.tip;
        if let Ok(Some((from, upto, touched))) = self.shared.touched.lock().as_deref()
            && (from, upto) == (known, &tip)
        {
            return Ok(touched.clone());
        }
        let touched = reader.touched_since(known).await?;
        if let Ok(mut kept) = self.shared.touched.lock() {
            *kept = Some((*known, tip, touched.clone()));
        }
        Ok(touched)
    }
}
