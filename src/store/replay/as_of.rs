//! The store as it once stood: its entries up to one, replayed under the rules into tables of their own.
//!
//! Results and checkpoints are kept in the user's cache directory under names that say of which store, entry,
//! hash and program they are. They are disposable, and a verification never looks at them.

use std::fmt;
use std::path::{Path, PathBuf};

use sqlx::{Connection, SqliteConnection};

use super::cache::{self, Cache, Key, Work};
use super::chain::{End, Page};
use super::progress::Progress;
use super::scratch::Scratch;
use super::walk::{self, Walk};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::domain::time_input::{self, BadTime};
use crate::ledger::{Hash, Tip};
use crate::store::append::{self, Head};
use crate::store::fault::StoreError;
use crate::store::link::{Link, On, Owned};
use crate::store::open::Store;
use crate::store::query::Since;
use crate::store::reader::Reader;
use crate::{clock, opt, rows};

/// A checkpoint is made each time that this many entries were replayed.
const APART: i64 = 50_000;

/// A moment of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// After this entry.
    Seq(i64),
    /// At this instant.
    Time(Time),
}

/// A moment that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}; or an entry's number")]
pub struct NoMoment(#[from] BadTime);

impl At {
    /// Reads a moment as people write it: an entry's number, a day, an instant; `now` is when it is read.
    ///
    /// # Errors
    /// [`NoMoment`] for what is neither an entry's number nor a time.
    pub fn read(text: &str, now: Time) -> Result<Self, NoMoment> {
        match Since::parse(text) {
            Some(Since::Seq(seq)) => Ok(Self::Seq(seq)),
            Some(Since::Time(time)) => Ok(Self::Time(time)),
            None => Ok(Self::Time(time_input::read(text, now, None, chrono_tz::Tz::UTC)?)),
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seq(seq) => write!(f, "{seq}"),
            Self::Time(time) => write!(f, "{time}"),
        }
    }
}

/// Where the tables of past moments are kept for this user: `$XDG_CACHE_HOME/smc/as-of`, else `~/.cache/smc/as-of`.
///
/// # Errors
/// `Unavailable` for a user without a home.
pub fn cache_of_user() -> Result<PathBuf, StoreError> {
    let dirs = directories::ProjectDirs::from("", "", "smc").ok_or_else(|| {
        let homeless = "there is no home directory: set XDG_CACHE_HOME and HOME";
        StoreError::Unavailable(homeless.to_owned())
    })?;
    Ok(dirs.cache_dir().join("as-of"))
}

/// The store as it once stood.
#[derive(Debug)]
pub struct Past {
    /// The tables, on a connection that only reads.
    pub tables: Owned,
    /// Where the ledger ended then.
    pub head: Head,
    /// The instant that clocks stand at.
    pub now: Time,
    /// The file of the tables, in the cache.
    file: PathBuf,
}

/// The moment that a store was opened at, when it is not the present.
#[derive(Clone, Debug)]
pub struct Moment {
    file: PathBuf,
    head: Head,
    now: Time,
}

impl Moment {
    /// A reader of this moment: its tables, the live store's ledger up to it, a clock that stands still.
    ///
    /// # Errors
    /// `Unavailable` if the store does not answer, or the cache was removed.
    pub async fn reader(&self, store: &Store) -> Result<Reader<'static>, StoreError> {
        let tables = On::Sqlite(cache::read(&self.file).await?);
        Ok(Reader::over(tables, store.take().await?, self.head.clone(), self.now))
    }
}

impl Past {
    /// What to keep of it in a store that is opened at this moment.
    pub(in crate::store) fn moment(self) -> Moment {
        Moment { file: self.file, head: self.head, now: self.now }
    }
}

fn refused(message: String, fix: &str) -> StoreError {
    Refusal::new(Code::Unknown, message, fix).into()
}

/// The last entry at or before an instant.
async fn last_before(c: &mut Link<'_>, last: i64, at: Time) -> Result<i64, StoreError> {
    let (mut low, mut high) = (0, last);
    // Entries are dated in their order, so that halving finds the place without reading them all.
    while low < high {
        let middle = low + (high - low + 1) / 2;
        let found = opt!(
            &mut *c,
            (Time,),
            "SELECT at FROM ledger WHERE seq >= $1 ORDER BY seq LIMIT 1",
            middle
        )?;
        match found {
            Some((dated,)) if dated <= at => low = middle,
            Some(_) | None => high = middle - 1,
        }
    }
    Ok(low)
}

async fn tip_at(c: &mut Link<'_>, seq: i64) -> Result<Option<Tip>, StoreError> {
    let found = opt!(c, (Vec<u8>, Time), "SELECT hash, at FROM ledger WHERE seq = $1", seq)?;
    let Some((hash, at)) = found else { return Ok(None) };
    let hash = Hash::try_from(hash.as_slice()).map_err(|fault| {
        StoreError::Unavailable(format!("entry {seq}: {fault}; run `smc verify`"))
    })?;
    Ok(Some(Tip { seq, hash, at }))
}

/// The entry that a moment ends with, and where clocks stand then.
async fn moment(c: &mut Link<'_>, head: &Head, at: At) -> Result<(Tip, Time), StoreError> {
    let last = head.tip.seq;
    let ends = || format!("the ledger ends at entry {last} of {}", head.tip.at);
    match at {
        At::Seq(seq) => match tip_at(c, seq).await? {
            Some(tip) if seq <= last => Ok((tip, tip.at)),
            Some(_) | None => Err(refused(
                format!("there is no entry {seq}: {}", ends()),
                "give one of its entries",
            )),
        },
        At::Time(time) if time > clock::now().max(head.tip.at) => Err(refused(
            format!("{time} lies ahead: {}", ends()),
            "give an instant that has passed",
        )),
        At::Time(time) => {
            let seq = last_before(c, last, time).await?;
            match tip_at(c, seq).await? {
                Some(tip) => Ok((tip, time)),
                None => Err(refused(
                    format!("at {time} the store was not founded yet"),
                    "give a later instant",
                )),
            }
        }
    }
}

/// Makes the tables as they stood at a moment; the same moment again is there at once.
///
/// # Errors
/// `Refused` with `unknown` for a moment that the ledger does not hold; `Stopped` if it was stopped; `Io` if the
/// cache cannot be written; `Unavailable` if the store breaks off.
pub async fn as_of(
    store: &Store,
    at: At,
    cache: &Path,
    progress: Progress<'_>,
) -> Result<Past, StoreError> {
    as_of_apart(store, at, cache, APART, progress).await
}

/// The same with checkpoints this many entries apart, or as soon after as a page of the ledger ends.
///
/// # Errors
/// As for [`as_of`].
pub async fn as_of_apart(
    store: &Store,
    at: At,
    cache: &Path,
    apart: i64,
    progress: Progress<'_>,
) -> Result<Past, StoreError> {
    let cache = Cache::open(cache)?;
    let mut connection = store.take().await?;
    let mut c = connection.link();
    let live = append::head(&mut c)
        .await?
        .ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))?;
    let (tip, now) = moment(&mut c, &live, at).await?;
    let head = Head { store_id: live.store_id, tip };
    let key = Key::new(&head.store_id, &head.tip);
    if !cache.holds(&key).await {
        let base = base(&mut c, &cache, &head).await?;
        let work = cache.begin(base.as_ref().map(|(key, _)| key))?;
        let from = base.map_or(Tip::EMPTY, |(_, tip)| tip);
        let mut scratch = open(&work, &head.store_id, from == Tip::EMPTY).await?;
        know(&mut c, &mut scratch).await?;
        play(store, &mut c, (&cache, apart, &mut scratch), (from, &head), progress).await?;
        scratch.into_connection().close().await?;
        cache.finish(work, &key)?;
    }
    store.keep(connection);
    let file = cache.used(&key);
    let tables = On::Sqlite(cache::read(&file).await?);
    Ok(Past { tables, head, now, file })
}

/// The latest checkpoint at or before a moment that is of this very ledger.
async fn base(
    c: &mut Link<'_>,
    cache: &Cache,
    head: &Head,
) -> Result<Option<(Key, Tip)>, StoreError> {
    for seq in cache.places(&head.store_id, head.tip.seq) {
        if let Some(tip) = tip_at(c, seq).await? {
            let key = Key::new(&head.store_id, &tip);
            if cache.holds(&key).await {
                return Ok(Some((key, tip)));
            }
        }
    }
    Ok(None)
}

async fn open(work: &Work, store_id: &str, fresh: bool) -> Result<Scratch, StoreError> {
    if fresh { Scratch::at(work.path(), store_id).await } else { Scratch::on(work.path()).await }
}

async fn know(c: &mut Link<'_>, scratch: &mut Scratch) -> Result<(), StoreError> {
    for (digest, media) in rows!(c, (String, String), "SELECT digest, media FROM document")? {
        scratch.know(&digest, &media).await?;
    }
    Ok(())
}

async fn play(
    store: &Store,
    c: &mut Link<'_>,
    (cache, apart, scratch): (&Cache, i64, &mut Scratch),
    (from, head): (Tip, &Head),
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    let (over, upto) = (from.seq, head.tip.seq);
    let mut kept = over;
    let mut walk = Walk::start(store, &head.store_id, End::after(from), upto).await?;
    let mut end = walk.end();
    loop {
        let page = match walk.next().await? {
            Some(page) => page,
            None => match walk::onward(c, &head.store_id, &mut end, upto).await? {
                Some(page) => page,
                None => break,
            },
        };
        end = page_end(&page, end);
        scratch.play(&page.items).await?;
        let seq = end.tip().seq;
        progress.step("entries", seq - over, upto - over)?;
        if seq - kept >= apart && seq < upto && end.is_whole() {
            keep(cache, scratch.connection(), &Key::new(&head.store_id, end.tip())).await?;
            kept = seq;
        }
    }
    Ok(())
}

fn page_end(page: &Page, before: End) -> End {
    page.items.last().map_or(before, |item| item.end)
}

/// Copies the scratch tables as they are into the cache.
async fn keep(cache: &Cache, c: &mut SqliteConnection, key: &Key) -> Result<(), StoreError> {
    let work = cache.begin(None)?;
    let path = work.path().to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO $1").bind(path).execute(c).await?;
    cache.finish(work, key)
}
