//! The desk: where a command is handed in and a receipt handed out. Today it opens the store in this process;
//! nothing above it may count on that.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::bulk::Bulk;
use super::consequence::Consequences;
use super::fleets::Fleets;
use super::receipt::Receipt;
use crate::domain::command::{Command, Kind, Subject};
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::restore::{self, Loss};
use crate::domain::text::Line;
use crate::ledger::{Entry, Id, Origin, head_code};
use crate::store::feed::{Tail, follow};
use crate::store::{Given, Opening, Place, Store, StoreError, Waiting, Write};

/// How long an unknown outcome is asked for before it is given up.
const ASKING: Duration = Duration::from_secs(20);

/// A document that a command brings along, kept whole under its digest.
#[derive(Clone, Debug)]
pub struct Document {
    /// SHA-256 of the bytes, hexadecimal.
    pub digest: String,
    /// The media type.
    pub media: &'static str,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
}

/// A command with what goes beside it.
#[derive(Clone, Debug)]
pub struct Submission {
    /// What is asked.
    pub command: Command,
    /// The version that the asker saw of the subject, or of what something new is made out of; refused as stale if it
    /// moved.
    pub expect: Option<i64>,
    /// The id of the first entry; the same id twice writes once.
    pub request_id: Option<Id>,
    /// Why, in a person's words.
    pub reason: Option<Line>,
    /// The entry that made this follow, for importers.
    pub cause: Option<Id>,
    /// Documents it refers to.
    pub documents: Vec<Document>,
}

impl From<Command> for Submission {
    fn from(command: Command) -> Self {
        Self {
            command,
            expect: None,
            request_id: None,
            reason: None,
            cause: None,
            documents: Vec::new(),
        }
    }
}

/// The one door to a store.
#[derive(Clone, Debug)]
pub struct Desk {
    store: Arc<Store>,
    origin: Origin,
    fleets: Arc<Fleets>,
}

/// Where this process writes from: host, terminal, way in, version.
pub fn origin(via: &str) -> Origin {
    let host = nix::unistd::gethostname()
        .ok()
        .and_then(|name| name.into_string().ok())
        .unwrap_or_else(|| "unknown".to_owned());
    let tty = nix::unistd::ttyname(std::io::stdin())
        .map(|path| path.to_string_lossy().trim_start_matches("/dev/").to_owned())
        .unwrap_or_default();
    Origin {
        host,
        tty,
        via: via.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        os_user: None,
    }
}

impl Desk {
    /// Opens a store for writing through this door.
    ///
    /// # Errors
    /// What stands in the way of opening it.
    pub async fn open(place: Place, opening: Opening, via: &str) -> Result<Self, StoreError> {
        Ok(Self::over(Store::open(place, opening).await?, via))
    }

    /// The door of a store that is open.
    pub fn over(store: Store, via: &str) -> Self {
        let origin = store
            .told_from()
            .unwrap_or_else(|| Origin { os_user: store.facts().os_user.clone(), ..origin(via) });
        Self { store: Arc::new(store), origin, fleets: Arc::default() }
    }

    /// Where this desk writes from.
    pub(super) const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What this desk keeps of assets between advisories.
    pub(super) fn fleets(&self) -> &Fleets {
        &self.fleets
    }

    /// The store behind the desk, for reading.
    pub const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// News from the end of the ledger, whoever wrote it, and whether the store still answers; the first at once.
    /// It ends when the receiver is dropped.
    pub fn watch(&self) -> mpsc::Receiver<Tail> {
        follow(Arc::clone(&self.store))
    }

    /// What a write of this desk waits for, whenever one waits for the lock for a second or more.
    pub fn waiting(&self) -> watch::Receiver<Option<Waiting>> {
        self.store.waiting()
    }

    /// Gives up waiting for the lock: what waits is refused, and nothing of it was written.
    pub fn give_up(&self) {
        self.store.give_up();
    }

    /// The loss that was accepted last, which whoever looks at the store is told once.
    pub fn lost(&self) -> watch::Receiver<Option<Loss>> {
        self.store.lost()
    }

    /// Leaves the desk, and closes the store if nobody else stands at it.
    pub async fn close(self) {
        if let Some(store) = Arc::into_inner(self.store) {
            store.close().await;
        }
    }

    /// Hands in a command: all of it is written, with what follows from it, or nothing.
    ///
    /// # Errors
    /// `Refused` with a stable code; a store that does not answer. An outcome that was lost is asked for by its
    /// id before this returns; `Unknown` only if the store stays away.
    pub async fn submit(&self, submission: Submission) -> Result<Receipt, StoreError> {
        let mut receipts = self.submit_all(vec![submission]).await?;
        receipts.pop().ok_or_else(|| StoreError::Unavailable("no receipt".to_owned()))
    }

    /// Hands in several commands as one: all are written, or none.
    ///
    /// # Errors
    /// As for one; the first refusal refuses all.
    pub async fn submit_all(
        &self,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Receipt>, StoreError> {
        let mut submissions = submissions;
        // Only an id that somebody brought can stand already.
        let brought: HashSet<Id> = submissions.iter().filter_map(|s| s.request_id).collect();
        // The id is fixed before the first try, so that a lost answer can be asked for.
        for submission in &mut submissions {
            if submission.request_id.is_none() {
                submission.request_id = Some(self.store.fresh_id()?);
            }
        }
        let ids: Vec<Id> = submissions.iter().filter_map(|s| s.request_id).collect();
        match self.write(submissions, &brought).await {
            Err(StoreError::Unknown { id, why }) => self.ask(id, why, &ids).await,
            other => other,
        }
    }

    async fn write(
        &self,
        submissions: Vec<Submission>,
        brought: &HashSet<Id>,
    ) -> Result<Vec<Receipt>, StoreError> {
        let advisory = |s: &Submission| matches!(s.command, Command::Advisory(_));
        if submissions.iter().any(advisory) {
            self.fleets.ready(&self.store).await?;
        }
        let mut write = Write::begin(&self.store).await?;
        match self.write_all(&mut write, submissions, brought).await {
            Ok(Written { mut receipts, fresh: true }) => {
                let tip = write.commit().await?;
                for receipt in &mut receipts {
                    receipt.head = head_code(tip.seq, &tip.hash);
                }
                Ok(receipts)
            }
            Ok(Written { receipts, fresh: false }) => {
                write.roll_back().await;
                Ok(receipts)
            }
            Err(refused @ StoreError::Refused(_)) => {
                write.roll_back().await;
                Err(refused)
            }
            Err(fault) => Err(fault),
        }
    }

    async fn write_all(
        &self,
        write: &mut Write<'_>,
        submissions: Vec<Submission>,
        brought: &HashSet<Id>,
    ) -> Result<Written, StoreError> {
        let mut receipts = Vec::with_capacity(submissions.len());
        let mut fresh = false;
        let mut consequences = Consequences::default();
        let mut bulk = Bulk::over(write, &submissions, brought).await?;
        let mut rest = VecDeque::from(submissions);
        loop {
            let run = bulk.take_run(&mut rest)?;
            if !run.is_empty() {
                for entry in write.append_run(run, &self.origin).await? {
                    fresh = true;
                    consequences.note(write, &self.origin, &self.fleets, &entry).await?;
                    receipts.push(self.receipt(write, &entry, vec![entry.seq], false)?);
                }
                continue;
            }
            let Some(submission) = rest.pop_front() else { break };
            if let Some(id) = submission.request_id.as_ref().filter(|id| brought.contains(*id))
                && let Some(stands) = write.by_id(id).await?
            {
                receipts.push(self.receipt(write, &stands, Vec::new(), true)?);
                continue;
            }
            let entry = self.enter(write, submission).await?;
            fresh = true;
            consequences.note(write, &self.origin, &self.fleets, &entry).await?;
            receipts.push(self.receipt(write, &entry, vec![entry.seq], false)?);
        }
        let more = consequences.finish(write, &self.origin).await?;
        if let Some(last) = receipts.last_mut() {
            last.entries.extend(more);
        }
        Ok(Written { receipts, fresh })
    }

    async fn enter(
        &self,
        write: &mut Write<'_>,
        submission: Submission,
    ) -> Result<Entry, StoreError> {
        let kind = submission.command.into_kind()?;
        if let Some(version) = submission.expect {
            let seen = match kind.subject() {
                Subject::Is(subject) => Some(subject),
                Subject::New(_) => kind.made_of().cloned(),
            };
            if let Some(seen) = seen {
                write.expect(&seen, version).await?;
            }
        }
        if let Kind::Restore(restore::Kind::Proposed(made)) = &kind {
            write.lacks(made).await?;
        }
        for document in &submission.documents {
            write.keep(&document.digest, document.media, &document.bytes).await?;
        }
        let given = Given {
            id: submission.request_id,
            cause: submission.cause,
            reason: submission.reason.map(|line| line.to_string()),
        };
        write.append(kind, &self.origin, given).await
    }

    fn receipt(
        &self,
        write: &Write<'_>,
        entry: &Entry,
        entries: Vec<i64>,
        repeated: bool,
    ) -> Result<Receipt, StoreError> {
        let reference =
            Ref::new(&entry.subject).map_err(|fault| StoreError::Unavailable(fault.to_string()))?;
        let entries = if repeated { vec![entry.seq] } else { entries };
        let head = head_code(write.tip().seq, &write.tip().hash);
        Ok(Receipt { reference, id: entry.id, entries, head, repeated })
    }

    /// Asks for the outcome of a write whose answer was lost, until the store answers.
    async fn ask(&self, id: String, why: String, ids: &[Id]) -> Result<Vec<Receipt>, StoreError> {
        let asked = async {
            loop {
                match self.outcome(ids).await {
                    Ok(found) => return Some(found),
                    Err(fault) if may_pass(&fault) => {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                    Err(_) => return None,
                }
            }
        };
        match tokio::time::timeout(ASKING, asked).await {
            Ok(Some(Some(receipts))) => Ok(receipts),
            Ok(Some(None)) => {
                Err(StoreError::Unavailable(format!("{why}; the commit did not happen")))
            }
            Ok(None) | Err(_) => Err(StoreError::Unknown { id, why }),
        }
    }

    /// What became of these ids, asked under the lock: receipts if they stand, none if they never will.
    ///
    /// # Errors
    /// `Unavailable` while the store does not answer.
    pub async fn outcome(&self, ids: &[Id]) -> Result<Option<Vec<Receipt>>, StoreError> {
        let mut write = Write::begin(&self.store).await?;
        let mut receipts = Vec::new();
        for id in ids {
            match write.by_id(id).await? {
                Some(entry) => receipts.push(self.receipt(&write, &entry, Vec::new(), true)?),
                None => {
                    write.roll_back().await;
                    return Ok(None);
                }
            }
        }
        write.roll_back().await;
        Ok(Some(receipts))
    }
}

/// Whether it is worth asking again: the store is away, or somebody holds the lock.
fn may_pass(fault: &StoreError) -> bool {
    let held = |refusal: &Refusal| refusal.code == Code::Conflict;
    matches!(fault, StoreError::Unavailable(_))
        || matches!(fault, StoreError::Refused(refusal) if held(refusal))
}

struct Written {
    receipts: Vec<Receipt>,
    fresh: bool,
}
