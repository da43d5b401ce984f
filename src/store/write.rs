//! The one write path: turn, lock, entries with their checks and rows, commit or nothing.

use std::time::Duration;

use tokio::sync::MutexGuard;
use tokio::time::timeout;

use super::append::{self, Head};
use super::fault::StoreError;
use super::kept::FileId;
use super::link::{Link, On, Owned};
use super::open::Store;
use super::run::{self, Numbers};
use super::said::Said;
use super::telling::Hand;
use super::turn::Turn;
use super::{admit, project, schema, waiting};
use crate::domain::command::{Kind, Subject};
use crate::domain::comment;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rule;
use crate::domain::time::Time;
use crate::domain::wrote::Wrote;
use crate::ledger::{Body, Draft, Entry, Hash, Id, Origin, Tip};
use crate::{among, exec};

/// How long one step of a write may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// A write that has begun: it holds the lock until it is committed or dropped.
pub struct Write<'s> {
    store: &'s Store,
    place: MutexGuard<'s, Option<(Owned, FileId)>>,
    connection: Option<Owned>,
    file: FileId,
    head: Head,
    first: Option<Id>,
    _turn: Option<Turn>,
}

/// What an entry needs beside its kind.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The id it must have; random if none.
    pub id: Option<Id>,
    /// The entry that made it follow.
    pub cause: Option<Id>,
    /// Why, in a person's words.
    pub reason: Option<String>,
}

/// 128 bits of the operating system's randomness.
pub(super) fn random() -> Result<u128, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|fault| StoreError::Unavailable(format!("no randomness: {fault}")))?;
    Ok(u128::from_be_bytes(bytes))
}

/// A new random id.
///
/// # Errors
/// If the operating system gives no randomness.
pub fn fresh_id() -> Result<Id, StoreError> {
    Ok(Id::from_parts(crate::clock::now(), random()?))
}

/// A fault in its own words, without what is said around it.
pub(super) fn plain(fault: StoreError) -> String {
    if let StoreError::Unavailable(why) = fault { why } else { fault.to_string() }
}

/// Waits for one step, and counts a store as lost that does not answer.
async fn within<T>(step: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match timeout(PATIENCE, step).await {
        Ok(done) => done,
        Err(_) => Err(StoreError::Unavailable(format!("no answer for {} s", PATIENCE.as_secs()))),
    }
}

/// What an entry of this kind will hold, before it has a place and a subject.
fn draft(
    kind: &Kind,
    site: Option<&SiteCode>,
    origin: &Origin,
    given: Given,
    hand: &Hand,
) -> Result<Draft, StoreError> {
    let id = match given.id {
        Some(id) => id,
        None => hand.id()?,
    };
    let mut body = Body::new(id, hand.salt()?, rule::CURRENT, origin.clone(), kind)?;
    body.site = site.map(ToString::to_string);
    body.cause = given.cause;
    body.reason = given.reason;
    Ok(Draft::new(kind.name(), "", &body)?)
}

impl<'s> Write<'s> {
    /// Waits for the turn and the lock, and begins a transaction.
    ///
    /// # Errors
    /// `ReadOnly`; `Refused` with `conflict` if another session holds the ledger; `Unavailable`.
    pub async fn begin(store: &'s Store) -> Result<Self, StoreError> {
        if let Some(why) = store.read_only() {
            return Err(StoreError::ReadOnly(why.to_owned()));
        }
        // On the heap: it is a large future, and whoever awaits a write would carry it on the stack.
        Box::pin(store.telling(Self::wait(store))).await
    }

    async fn wait(store: &'s Store) -> Result<Self, StoreError> {
        let mut place = store.writer.lock().await;
        let turn = match store.path() {
            Some(path) => match Turn::wait(path, store.whoami(), PATIENCE).await? {
                Some(turn) => Some(turn),
                None => return Err(waiting::held(store.holder().await.as_ref())),
            },
            None => None,
        };
        let file = within(store.current_file()).await?;
        // After any error the connection is dropped and the next write opens another: one that was in a disk
        // that was full stays broken.
        let mut connection = match place.take() {
            Some((kept, of)) if of == file => kept,
            Some(_) | None => within(store.connect(true)).await?,
        };
        let seen = store.furthest();
        let (head, stood) = match within(Self::enter(&mut connection, seen.as_ref())).await {
            Err(StoreError::Refused(refusal)) if refusal.code == Code::Conflict => {
                return Err(waiting::held(store.holder().await.as_ref()));
            }
            other => other?,
        };
        within(store.check_seen(&mut connection.link(), seen, &head, stood)).await?;
        Ok(Self {
            store,
            place,
            connection: Some(connection),
            file,
            head,
            first: None,
            _turn: turn,
        })
    }

    async fn enter(
        connection: &mut Owned,
        seen: Option<&Tip>,
    ) -> Result<(Head, Option<Hash>), StoreError> {
        let mut c = connection.link();
        match &c {
            On::Sqlite(_) => schema::script(&mut c, "BEGIN IMMEDIATE").await?,
            On::Postgres(_) => schema::script(&mut c, "BEGIN").await?,
        }
        append::lock(&mut c, seen)
            .await?
            .ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))
    }

    /// The store that is written to.
    pub const fn store(&self) -> &'s Store {
        self.store
    }

    /// The connection, for queries under the lock.
    ///
    /// # Errors
    /// `Unavailable` after the write has ended.
    pub fn link(&mut self) -> Result<Link<'_>, StoreError> {
        match &mut self.connection {
            Some(connection) => Ok(connection.link()),
            None => Err(StoreError::Unavailable("the write has ended".to_owned())),
        }
    }

    /// Where the ledger ends, with what this write has appended.
    pub const fn tip(&self) -> &Tip {
        &self.head.tip
    }

    /// The entry with this id, if it stands.
    pub async fn by_id(&mut self, id: &Id) -> Result<Option<Entry>, StoreError> {
        within(append::by_id(&mut self.link()?, id)).await
    }

    /// Which of these ids stand.
    pub async fn stand(&mut self, ids: &[Id]) -> Result<Vec<String>, StoreError> {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let list = super::facts::json(&ids)?;
        let asked = async {
            let mut c = self.link()?;
            Ok(among!(&mut c, (String,), "SELECT id FROM ledger WHERE id", list)?)
        };
        Ok(within(asked).await?.into_iter().map(|(id,)| id).collect())
    }

    /// Refuses if the subject moved since it was read at this version; what is said beside it moves nothing.
    ///
    /// # Errors
    /// `stale`, with who moved it and when.
    pub async fn expect(&mut self, subject: &Ref, version: i64) -> Result<(), StoreError> {
        let moved = crate::opt!(
            &mut self.link()?,
            (i64, String, Time, String),
            "SELECT seq, actor, at, kind FROM ledger WHERE subject = $1 AND seq > $2 AND kind <> $3
             ORDER BY seq DESC LIMIT 1",
            subject.as_str(),
            version,
            comment::ADDED
        )?;
        match moved {
            None => Ok(()),
            Some((seq, actor, at, kind)) => Err(Refusal::new(
                Code::Stale,
                format!(
                    "{subject} changed meanwhile: {} (entry {seq})",
                    Wrote { seq, kind, actor, at }.words()
                ),
                "read it again and decide anew",
            )
            .into()),
        }
    }

    /// Keeps a document under the digest of its bytes; the same bytes are kept once.
    pub async fn keep(
        &mut self,
        digest: &str,
        media: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        match &mut self.link()? {
            On::Sqlite(c) => {
                sqlx::query(
                    "INSERT INTO document (digest, media, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                )
                .bind(digest)
                .bind(media)
                .bind(bytes)
                .execute(&mut **c)
                .await?;
            }
            On::Postgres(c) => {
                sqlx::query("SELECT api.keep_document($1, $2, $3)")
                    .bind(digest)
                    .bind(media)
                    .bind(bytes)
                    .execute(&mut **c)
                    .await?;
            }
        }
        Ok(())
    }

    /// Lets a registered person's database login use the console; nothing to do on the embedded engine, nor
    /// while the server knows no login of that name.
    ///
    /// # Errors
    /// `Refused` for a login that must never be let in; `Unavailable` if the engine breaks off.
    pub async fn let_in(&mut self, login: &Ref) -> Result<(), StoreError> {
        if let On::Postgres(c) = &mut self.link()? {
            sqlx::query("SELECT api.grant_console($1)")
                .bind(login.as_str())
                .execute(&mut **c)
                .await?;
        }
        Ok(())
    }

    /// The site that an entry of this kind would be about.
    pub async fn site(&mut self, kind: &Kind) -> Result<Option<SiteCode>, StoreError> {
        let subject = match kind.subject() {
            Subject::Is(subject) => subject,
            Subject::New(prefix) => Ref::numbered(prefix, i64::MAX),
        };
        admit::place_of(&mut self.link()?, kind, &subject).await
    }

    /// Appends an entry, checks it against the rules and writes its rows.
    ///
    /// # Errors
    /// `Refused` by a rule: nothing of this write will stand, drop it.
    pub async fn append(
        &mut self,
        kind: Kind,
        origin: &Origin,
        given: Given,
    ) -> Result<Entry, StoreError> {
        let actor = self.store.actor();
        self.append_as(kind, origin, given, &actor).await
    }

    /// Appends entries that form a run, checks them against the rules and writes their rows.
    ///
    /// # Errors
    /// `Refused` by a rule: nothing of this write will stand, drop it.
    pub async fn append_run(
        &mut self,
        kinds: Vec<(Kind, Given)>,
        origin: &Origin,
    ) -> Result<Vec<Entry>, StoreError> {
        let actor = self.store.actor();
        if let Hand::Telling(_) = self.store.hand {
            // What is told has an instant of its own for every entry.
            let mut entries = Vec::with_capacity(kinds.len());
            for (kind, given) in kinds {
                entries.push(self.append_as(kind, origin, given, &actor).await?);
            }
            return Ok(entries);
        }
        let mut drafts = Vec::with_capacity(kinds.len());
        for (kind, given) in kinds {
            let draft = draft(&kind, run::site(&kind), origin, given, &self.store.hand)?;
            drafts.push((draft, kind.subject()));
        }
        let head = self.head.clone();
        let mut c = self.link()?;
        let many = append::append_many(&mut c, &head, actor.as_str(), drafts);
        let entries = within(many).await?;
        let said = entries.iter().map(Said::read).collect::<Result<Vec<_>, _>>()?;
        if !within(run::play(&mut c, &said, Numbers::Given)).await? {
            // One of them may be refused: one by one, it is named.
            for said in &said {
                within(admit::admit_given(&mut c, said, None)).await?;
                within(project::project(&mut c, said)).await?;
            }
        }
        drop(said);
        if let Some(last) = entries.last() {
            self.head.tip = Tip::after(last);
        }
        if let Some(first) = entries.first() {
            self.first.get_or_insert(first.id);
        }
        Ok(entries)
    }

    async fn append_as(
        &mut self,
        kind: Kind,
        origin: &Origin,
        given: Given,
        actor: &crate::domain::names::Login,
    ) -> Result<Entry, StoreError> {
        let site = self.site(&kind).await?;
        let subject = kind.subject();
        let draft = draft(&kind, site.as_ref(), origin, given, &self.store.hand)?;
        let head = self.head.clone();
        let hand = &self.store.hand;
        let mut c = self.link()?;
        let (entry, met) =
            within(append::append_by(&mut c, &head, actor, site.as_ref(), draft, &subject, hand))
                .await?;
        let said = Said::read(&entry)?;
        within(admit::admit_given(&mut c, &said, Some(met))).await?;
        within(project::project(&mut c, &said)).await?;
        self.head.tip = Tip::after(&entry);
        self.first.get_or_insert(entry.id);
        Ok(entry)
    }

    /// Commits everything, or nothing.
    ///
    /// # Errors
    /// `Refused` if a guard of the database refuses at the end; `Unknown` if the answer was lost.
    pub async fn commit(mut self) -> Result<Tip, StoreError> {
        let Some(mut connection) = self.connection.take() else {
            return Err(StoreError::Unavailable("the write has ended".to_owned()));
        };
        let unknown = |why: StoreError| match (why, self.first) {
            // The engine itself says that it did not.
            (refused @ (StoreError::Refused(_) | StoreError::Full(_)), _) => refused,
            (why, Some(id)) => StoreError::Unknown { id: id.to_string(), why: plain(why) },
            (other, None) => other,
        };
        match within(schema::script(&mut connection.link(), "COMMIT")).await {
            Ok(()) => {
                *self.place = Some((connection, self.file));
                self.store.saw(&self.head.tip);
                Ok(self.head.tip)
            }
            Err(fault) => Err(unknown(fault)),
        }
    }

    /// Takes everything back after a rule's refusal and keeps the connection; after any other fault drop
    /// the write instead.
    pub async fn roll_back(mut self) {
        if let Some(mut connection) = self.connection.take()
            && within(schema::script(&mut connection.link(), "ROLLBACK")).await.is_ok()
        {
            *self.place = Some((connection, self.file));
        }
    }
}

/// Writes the head of a store that has no entry yet.
pub(super) async fn write_head(c: &mut Link<'_>, store_id: &str) -> Result<(), StoreError> {
    exec!(
        c,
        "INSERT INTO head (one, store_id, seq, hash, at) VALUES (1, $1, 0, $2, $3)",
        store_id,
        Tip::EMPTY.hash.as_bytes(),
        Time::from_micros(0)
    )?;
    Ok(())
}
