//! Whether a table of two embedded stores is the same, told by texts of many rows at once.
//!
//! It is the short way only: it says yes where both sides hold the same rows in the same order, cell by cell and
//! type by type. Whatever else it meets, other rows, another order, a damaged page, it says no, and the rows are
//! compared one by one, which names the difference.

use futures::future::try_join;

use super::cells::{self, Chunk, Shape};
use crate::store::link::{Link, On};

/// Whether both hold the same rows. No also where it cannot be told.
pub async fn alike(live: &mut Link<'_>, scratch: &mut Link<'_>, shape: &Shape) -> bool {
    let (On::Sqlite(live), On::Sqlite(scratch)) = (live, scratch) else { return false };
    let sql = cells::chunks(shape);
    let (mut stored, mut made) = (Chunk::START, Chunk::START);
    loop {
        let next = try_join(stored.next(live, &sql), made.next(scratch, &sql));
        let Ok(next) = next.await else { return false };
        stored = next.0;
        made = next.1;
        if stored.rows != made.rows || stored.text != made.text {
            return false;
        }
        if stored.rows == 0 {
            return true;
        }
    }
}
