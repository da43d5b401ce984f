//! The ledger from end to end in pages, fetched ahead and checked by other threads, handed over in order.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::chain::{self, End, Page, Raw};
use super::report::{Fault, Place};
use crate::store::fault::StoreError;
use crate::store::link::{Link, On, Owned};
use crate::store::open::Store;
use crate::{opt, scalar};

/// Rows of one page.
const ROWS: i64 = 1_000;

/// Pages that are fetched ahead on each connection.
const AHEAD: usize = 3;

type Checking = Result<JoinHandle<Page>, StoreError>;

/// The ledger up to an entry, page by page.
pub struct Walk {
    store_id: String,
    lanes: Vec<mpsc::Receiver<Checking>>,
    turn: usize,
    end: End,
}

async fn fetch(c: &mut Link<'_>, over: i64, upto: i64, most: i64) -> Result<Vec<Raw>, sqlx::Error> {
    const ENTRIES: &str =
        "SELECT seq, id, prev, hash, actor, at, kind, subject, body, sig FROM ledger
         WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";
    Ok(match c {
        On::Sqlite(c) => sqlx::query(ENTRIES)
            .bind(over)
            .bind(upto)
            .bind(most)
            .fetch_all(&mut **c)
            .await?
            .into_iter()
            .map(On::Sqlite)
            .collect(),
        On::Postgres(c) => sqlx::query(ENTRIES)
            .bind(over)
            .bind(upto)
            .bind(most)
            .fetch_all(&mut **c)
            .await?
            .into_iter()
            .map(On::Postgres)
            .collect(),
    })
}

/// Fetches a range of an embedded store that may be damaged: what cannot be read is halved until it is named.
async fn salvage(c: &mut Link<'_>, over: i64, upto: i64) -> (Vec<Raw>, Vec<Fault>) {
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let mut ranges = vec![(over, upto)];
    while let Some((over, upto)) = ranges.pop() {
        match fetch(c, over, upto, ROWS).await {
            Ok(found) => rows.extend(found),
            Err(_) if upto.saturating_sub(over) > 1 => {
                let middle = over.midpoint(upto);
                ranges.push((middle, upto));
                ranges.push((over, middle));
            }
            Err(error) => {
                let told = format!("entry {upto} cannot be read: {error}");
                faults.push(Fault::at(Place::Ledger, upto, &told));
            }
        }
    }
    (rows, faults)
}

async fn page(
    c: &mut Link<'_>,
    store_id: &str,
    (over, upto): (i64, i64),
) -> Result<JoinHandle<Page>, StoreError> {
    let (rows, faults) = match fetch(c, over, upto, ROWS).await {
        Ok(rows) => (rows, Vec::new()),
        Err(error) if c.is_postgres() => return Err(error.into()),
        Err(_) => salvage(c, over.max(0), upto).await,
    };
    let store_id = store_id.to_owned();
    Ok(tokio::task::spawn_blocking(move || {
        let mut page = chain::check(&store_id, &rows);
        page.faults.extend(faults);
        page
    }))
}

fn broke_off() -> StoreError {
    StoreError::Unavailable("the check of a page broke off".to_owned())
}

/// The place of the last entry, and how many there are.
pub async fn extent(c: &mut Link<'_>) -> Result<(i64, i64), StoreError> {
    Ok(opt!(c, (i64, i64), "SELECT COALESCE(MAX(seq), 0), COUNT(*) FROM ledger")?.unwrap_or((0, 0)))
}

impl Walk {
    /// Starts to fetch the entries up to `upto`, over as many connections as the engine gains from.
    ///
    /// # Errors
    /// `Unavailable` if no connection is to be had.
    pub async fn start(
        store: &Store,
        store_id: &str,
        from: End,
        upto: i64,
    ) -> Result<Self, StoreError> {
        let over = from.tip().seq;
        // What fits into one page is read under the snapshot; a second connection pays for long ledgers.
        let lanes = match upto.saturating_sub(over) {
            ..=ROWS => 0,
            _ if store.is_postgres() => 1,
            _ => 2,
        };
        let mut receivers = Vec::new();
        for lane in 0..lanes {
            let (sender, receiver) = mpsc::channel(AHEAD);
            receivers.push(receiver);
            let connection = store.connect(false).await?;
            let ranges = ranges(over, upto).skip(lane).step_by(lanes);
            tokio::spawn(run(connection, store_id.to_owned(), ranges, sender));
        }
        Ok(Self { store_id: store_id.to_owned(), lanes: receivers, turn: 0, end: from })
    }

    /// The next page, linked to the one before; none at the end.
    ///
    /// # Errors
    /// `Unavailable` if the store broke off.
    pub async fn next(&mut self) -> Result<Option<Page>, StoreError> {
        let count = self.lanes.len();
        let Some(lane) = self.lanes.get_mut(self.turn) else { return Ok(None) };
        let Some(checking) = lane.recv().await else { return Ok(None) };
        self.turn = (self.turn + 1) % count;
        let page = checking?.await.map_err(|_| broke_off())?;
        Ok(Some(joined(&self.store_id, &mut self.end, page)))
    }

    /// Where the ledger ended with the last page.
    pub const fn end(&self) -> End {
        self.end
    }
}

fn joined(store_id: &str, end: &mut End, mut page: Page) -> Page {
    if let Some(first) = &page.first {
        page.faults.extend(chain::link(store_id, end, first));
    }
    if let Some(last) = page.items.last() {
        *end = last.end;
    }
    page
}

/// The entries behind `end`, up to `upto`, on a connection that may hold a snapshot, one page at a time.
///
/// # Errors
/// `Unavailable` if the store broke off.
pub async fn onward(
    c: &mut Link<'_>,
    store_id: &str,
    end: &mut End,
    upto: i64,
) -> Result<Option<Page>, StoreError> {
    let after = end.tip().seq;
    // A place below the first is no place, and must be seen.
    let over = if after == 0 { i64::MIN } else { after };
    let more = scalar!(c, i64, "SELECT seq FROM ledger WHERE seq > $1 ORDER BY seq LIMIT 1", over)?;
    let Some(next) = more.filter(|next| *next <= upto) else { return Ok(None) };
    let range = (over, next.saturating_add(ROWS - 1).min(upto));
    let checked = page(c, store_id, range).await?.await.map_err(|_| broke_off())?;
    let joined = joined(store_id, end, checked);
    if end.tip().seq <= after {
        // Nothing of it could be read: what follows still may be.
        *end = end.at(range.1);
    }
    Ok(Some(joined))
}

fn ranges(over: i64, upto: i64) -> impl Iterator<Item = (i64, i64)> + Send + 'static {
    let mut from = over;
    let mut first = true;
    std::iter::from_fn(move || {
        if from >= upto {
            return None;
        }
        let to = from.saturating_add(ROWS).min(upto);
        // A place below the first is no place, and must be seen.
        let low = if first && over == 0 { i64::MIN } else { from };
        first = false;
        from = to;
        Some((low, to))
    })
}

async fn run(
    mut connection: Owned,
    store_id: String,
    ranges: impl Iterator<Item = (i64, i64)> + Send,
    sender: mpsc::Sender<Checking>,
) {
    for range in ranges {
        let checking = page(&mut connection.link(), &store_id, range).await;
        let failed = checking.is_err();
        if sender.send(checking).await.is_err() || failed {
            return;
        }
    }
}
