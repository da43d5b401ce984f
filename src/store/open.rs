//! Opening a store: which engine, which actor, reading or writing, and the connections that are kept.

use std::path::{Path, PathBuf};
use std::sync::Mutex as Brief;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, Notify, watch};

use super::fault::StoreError;
use super::kept::{FileId, Shelf, file_id};
use super::link::{Link, On, Owned};
use super::place::Place;
use super::replay::{Moment, Past};
use super::schema::{self, Standing};
use super::telling::Hand;
use super::waiting::Waiting;
use super::{append, file, server};
use crate::domain::names::Login;
use crate::domain::restore::Loss;
use crate::ledger::Tip;
use crate::scalar;

/// The least SQLite without the WAL-reset corruption that versions up to 3.51.2 have.
const LEAST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// A store that is open.
#[derive(Debug)]
pub struct Store {
    place: Place,
    engine: On<PathBuf, Box<PgConnectOptions>>,
    read_only: Option<String>,
    past: Option<Moment>,
    other_tables: bool,
    pub(super) hand: Hand,
    pub(super) writer: Mutex<Option<(Owned, FileId)>>,
    shelf: Brief<Shelf>,
    pub(super) seen: Brief<Option<Tip>>,
    pub(super) waiting: watch::Sender<Option<Waiting>>,
    pub(super) lost: watch::Sender<Option<Loss>>,
    pub(super) gave_up: Notify,
    facts: Facts,
}

/// What stays true of a store while it is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The store's id, a ULID.
    pub store_id: String,
    /// The organisation.
    pub org: String,
    /// Whether it says DEMO on every screen.
    pub demo: bool,
    /// Who acts: the operating system's user on SQLite, the session's login on PostgreSQL.
    pub actor: Login,
    /// The operating system's user, where somebody else acts in a demo store.
    pub os_user: Option<String>,
}

/// How a store is to be opened.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Act as this login; a SQLite demo store alone allows it.
    pub act_as: Option<Login>,
    /// Why nothing is to be written, if nothing is.
    pub read_only: Option<String>,
    /// Open what has planted or missing objects too: a verification names them, a repair mends them.
    pub inspect: bool,
}

/// The operating system's user, by effective id.
///
/// # Errors
/// `NoActor` if the user has no name in the password file, or one that is no login.
pub fn os_user() -> Result<Login, StoreError> {
    let uid = nix::unistd::geteuid();
    let user = nix::unistd::User::from_uid(uid).ok().flatten();
    let name = user.map_or_else(|| uid.to_string(), |user| user.name);
    Login::new(&name).map_err(|_| StoreError::NoActor(name))
}

fn lacks_sqlite(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) < LEAST_SQLITE
}

/// Opens a connection to the file.
async fn connect_file(path: &Path, writes: bool) -> Result<Owned, StoreError> {
    let connection = file::options(path, writes).connect().await?;
    Ok(On::Sqlite(connection))
}

impl Store {
    /// Opens a store.
    ///
    /// # Errors
    /// Whatever stands in the way, each with what to do next: absent, not a store, another schema, a planted
    /// trigger, a network file system, wrong modes, no answer.
    pub async fn open(place: Place, opening: Opening) -> Result<Self, StoreError> {
        match &place {
            Place::File(path) => Self::open_file(place.clone(), path.clone(), opening).await,
            Place::Server(options, _) => {
                Self::open_server(place.clone(), options.clone(), opening, Hand::Live).await
            }
        }
    }

    /// Opens a store whose past is told.
    pub(super) async fn open_told(
        place: Place,
        opening: Opening,
        hand: Hand,
    ) -> Result<Self, StoreError> {
        match &place {
            Place::File(path) => {
                let store = Self::open_file(place.clone(), path.clone(), opening).await?;
                Ok(Self { hand, ..store })
            }
            Place::Server(options, _) => {
                Self::open_server(place.clone(), options.clone(), opening, hand).await
            }
        }
    }

    async fn open_file(place: Place, path: PathBuf, opening: Opening) -> Result<Self, StoreError> {
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => return Err(StoreError::Absent { place: place.to_string() }),
            Err(fault) => {
                return Err(StoreError::NotWritable {
                    place: place.to_string(),
                    why: fault.to_string(),
                    fix: "ask whoever keeps the store to put you into the group of its directory"
                        .to_owned(),
                });
            }
        }
        file::check_place(&place, &path)?;
        let mut read_only = opening.read_only;
        match file::check_modes(&place, &path) {
            Err(fault) if read_only.is_none() => return Err(fault),
            Err(_) | Ok(()) => {}
        }
        let opened = file_id(&path)?;
        let mut c = connect_file(&path, read_only.is_none())
            .await
            .map_err(|fault| garbage(&place, fault))?;
        let version =
            scalar!(&mut c.link(), String, "SELECT sqlite_version()")?.unwrap_or_default();
        if lacks_sqlite(&version) {
            return Err(StoreError::Unavailable(format!(
                "SQLite {version} may corrupt a shared file; use a build with 3.51.3 or newer"
            )));
        }
        let standing = schema::standing(&mut c.link(), &place)
            .await
            .map_err(|fault| garbage(&place, fault))?;
        read_only = settle(&place, standing, read_only, opening.inspect)?;
        if standing == Standing::Current && !opening.inspect {
            schema::check_sqlite(&mut c.link(), &place).await?;
        }
        let os_user = os_user()?;
        let (mut facts, tip) = Self::facts_of(&mut c.link(), &place, os_user.clone()).await?;
        if let Some(other) = opening.act_as {
            if !facts.demo {
                return Err(StoreError::Refused(crate::domain::refusal::Refusal::new(
                    crate::domain::refusal::Code::NotAllowed,
                    "--as is for demo stores",
                    "log in as that user; the operating system says who acts",
                )));
            }
            facts.os_user = Some(os_user.to_string());
            facts.actor = other;
        }
        let store = Self {
            place,
            engine: On::Sqlite(path),
            read_only,
            past: None,
            other_tables: standing == Standing::OtherTables,
            hand: Hand::Live,
            writer: Mutex::new(None),
            shelf: Brief::new(Shelf::new(c, opened)),
            seen: Brief::new(Some(tip)),
            waiting: watch::Sender::new(None),
            lost: watch::Sender::new(None),
            gave_up: Notify::new(),
            facts,
        };
        Ok(store)
    }

    async fn open_server(
        place: Place,
        options: Box<PgConnectOptions>,
        opening: Opening,
        hand: Hand,
    ) -> Result<Self, StoreError> {
        if let Some(login) = opening.act_as {
            return Err(StoreError::Refused(crate::domain::refusal::Refusal::new(
                crate::domain::refusal::Code::NotAllowed,
                format!("--as {login} is for SQLite demo stores"),
                "log in to PostgreSQL as that role",
            )));
        }
        let mut c = server::connect(&options).await?;
        if !server::stands(&mut c).await? {
            return Err(StoreError::Absent { place: place.to_string() });
        }
        let user = server::session_user(&mut c).await?;
        server::enter(&mut c, &user).await?;
        if matches!(hand, Hand::Live) && server::is_told(&mut c).await? {
            return Err(StoreError::NotAStore {
                place: place.to_string(),
                why: "`smc demo` is making it, or broke off; drop the database and begin anew"
                    .to_owned(),
            });
        }
        let actor = Login::new(&user).map_err(|_| StoreError::NoActor(user))?;
        let mut c = On::Postgres(c);
        let standing = schema::standing(&mut c.link(), &place).await?;
        let read_only = settle(&place, standing, opening.read_only, opening.inspect)?;
        let (facts, tip) = Self::facts_of(&mut c.link(), &place, actor).await?;
        Ok(Self {
            place,
            engine: On::Postgres(options),
            read_only,
            past: None,
            other_tables: standing == Standing::OtherTables,
            hand,
            writer: Mutex::new(None),
            shelf: Brief::new(Shelf::new(c, None)),
            seen: Brief::new(Some(tip)),
            waiting: watch::Sender::new(None),
            lost: watch::Sender::new(None),
            gave_up: Notify::new(),
            facts,
        })
    }

    async fn facts_of(
        c: &mut Link<'_>,
        place: &Place,
        actor: Login,
    ) -> Result<(Facts, Tip), StoreError> {
        let not = || StoreError::NotAStore {
            place: place.to_string(),
            why: "it was never founded".to_owned(),
        };
        let head = append::head(c).await?.ok_or_else(not)?;
        let (org, demo) = crate::opt!(c, (String, bool), "SELECT org, demo FROM store")?
            .unwrap_or_else(|| ("?".to_owned(), false));
        Ok((Facts { store_id: head.store_id, org, demo, actor, os_user: None }, head.tip))
    }

    /// Where the store is.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// What stays true of the store while it is open.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The person of the operating system behind whoever acts.
    pub(super) fn whoami(&self) -> &str {
        self.facts.os_user.as_deref().unwrap_or(self.facts.actor.as_str())
    }

    /// Why nothing may be written, if nothing may.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// Whether another version of this program made its tables, so that its owner has to rebuild them.
    pub const fn other_tables(&self) -> bool {
        self.other_tables
    }

    /// Whether the store is on a server.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.engine, On::Postgres(_))
    }

    /// The path of an embedded store.
    pub fn path(&self) -> Option<&Path> {
        match &self.engine {
            On::Sqlite(path) => Some(path),
            On::Postgres(_) => None,
        }
    }

    /// The same store as it once stood: readers read that moment, and nothing is written.
    #[must_use]
    pub fn at(mut self, past: Past) -> Self {
        let why =
            format!("it is shown as it stood at {:#} (entry {})", past.now, past.head.tip.seq);
        self.read_only = Some(why);
        self.past = Some(past.moment());
        self
    }

    /// The moment that the store was opened at, if it is not the present.
    pub(super) const fn moment(&self) -> Option<&Moment> {
        self.past.as_ref()
    }

    /// How to reach the server, for a store that is on one.
    pub(super) fn server(&self) -> Option<&PgConnectOptions> {
        match &self.engine {
            On::Sqlite(_) => None,
            On::Postgres(options) => Some(options),
        }
    }

    /// A new connection of the kind asked for.
    pub(super) async fn connect(&self, writes: bool) -> Result<Owned, StoreError> {
        let mut connection = match &self.engine {
            On::Sqlite(path) => connect_file(path, writes).await?,
            On::Postgres(options) => On::Postgres(server::connect(options).await?),
        };
        self.hand.hurry(&mut connection.link()).await?;
        Ok(connection)
    }

    /// Does something with the shelf of connections, which nobody holds for long.
    pub(super) fn on_shelf<T: Default>(&self, work: impl FnOnce(&mut Shelf) -> T) -> T {
        self.shelf.lock().map(|mut shelf| work(&mut shelf)).unwrap_or_default()
    }

    /// A connection for reading: one that was kept, else a new one.
    pub(super) async fn take(&self) -> Result<Owned, StoreError> {
        self.current_file().await?;
        match self.on_shelf(Shelf::take) {
            Some(connection) => Ok(connection),
            None => self.connect(self.read_only.is_none()).await,
        }
    }

    /// Keeps a connection that is in order for the next read.
    pub(super) fn keep(&self, connection: Owned) {
        self.on_shelf(|shelf| shelf.keep(connection));
    }

    /// Closes what is kept, so that the embedded engine folds its log away.
    pub async fn close(self) {
        let kept = self.shelf.into_inner().unwrap_or_default().into_connections();
        let writer = self.writer.into_inner().map(|(connection, _)| connection);
        for connection in kept.into_iter().chain(writer) {
            // Nothing is lost by a connection that closes badly.
            match connection {
                On::Sqlite(c) => drop(c.close().await),
                On::Postgres(c) => drop(c.close().await),
            }
        }
    }
}

fn garbage(place: &Place, fault: StoreError) -> StoreError {
    let marks = ["not a database", "malformed", "disk image"];
    if let StoreError::Unavailable(why) = &fault
        && marks.iter().any(|mark| why.contains(mark))
    {
        return StoreError::NotAStore { place: place.to_string(), why: why.clone() };
    }
    fault
}

fn settle(
    place: &Place,
    standing: Standing,
    asked: Option<String>,
    inspect: bool,
) -> Result<Option<String>, StoreError> {
    Ok(match standing {
        Standing::Current => asked,
        Standing::OtherTables if !inspect => {
            return Err(StoreError::OtherTables { place: place.to_string() });
        }
        Standing::OtherTables => asked.or_else(|| {
            Some("its tables are of another version; its owner runs `smc init` once".to_owned())
        }),
        Standing::Older(found) => {
            return Err(StoreError::Older {
                place: place.to_string(),
                found,
                known: schema::VERSION,
            });
        }
        Standing::Newer(found) => {
            return Err(StoreError::Newer {
                place: place.to_string(),
                found,
                known: schema::VERSION,
            });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_may_corrupt_is_refused() {
        assert!(lacks_sqlite("3.40.1") && lacks_sqlite("3.51.2"));
        assert!(!lacks_sqlite("3.51.3") && !lacks_sqlite("3.52.0") && !lacks_sqlite("4.0.0"));
    }
}
