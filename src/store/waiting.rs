//! Who holds the ledger while others wait for it, on both engines: what a console shows after a second.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use sqlx::FromRow;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::fault::StoreError;
use super::link::On;
use super::open::Store;
use super::turn::Turn;
use crate::clock;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// How long a wait is nobody's concern.
const SHORT: Duration = Duration::from_secs(1);

/// Whoever holds the lock of writers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The process on its host, or the server's session: what `smc doctor --release` takes.
    pub pid: i32,
    /// Who.
    pub login: String,
    /// The host on SQLite, the name of the program on PostgreSQL.
    pub place: String,
    /// Since when it has the lock, or has done nothing on PostgreSQL; none where that may not be seen.
    pub since: Option<Time>,
    /// What the session does, in the server's words.
    pub state: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &str| SafeText::from_untrusted(text).to_string();
        write!(f, "{} ({}, process {}", text(&self.login), text(&self.place), self.pid)?;
        if let Some(state) = &self.state {
            write!(f, ", {}", text(state))?;
        }
        if let Some(since) = self.since {
            let seconds = clock::now().micros().saturating_sub(since.micros()) / 1_000_000;
            write!(f, ", for {} s", seconds.max(0))?;
        }
        f.write_str(")")
    }
}

/// A write of this process that has waited for the lock for a second or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Since when it waits.
    pub since: Time,
    /// Who holds the lock, if that is known.
    pub holder: Option<Holder>,
}

/// The refusal of a lock that did not come in time.
pub fn held(holder: Option<&Holder>) -> StoreError {
    let told = match holder {
        Some(holder) => format!("{holder} holds the ledger"),
        None => "another session holds the ledger".to_owned(),
    };
    Refusal::new(
        Code::Conflict,
        format!("{told}; nothing was written"),
        "try again; if it does not let go, `smc doctor` names it, and a shift lead may release a session of the server",
    )
    .into()
}

#[derive(FromRow)]
struct Blocker {
    pid: i32,
    login: Option<String>,
    application: Option<String>,
    state: Option<String>,
    since: Option<Time>,
    waiting: bool,
}

impl Store {
    /// Who holds the lock of writers and who waits for it, as far as this user may see.
    ///
    /// # Errors
    /// `Unavailable` if the store does not answer.
    pub async fn blockers(&self) -> Result<(Vec<Holder>, Vec<Holder>), StoreError> {
        if let Some(path) = self.path() {
            return Ok((Turn::holder(path).into_iter().collect(), Vec::new()));
        }
        let mut connection = self.take().await?;
        let On::Postgres(c) = &mut connection else { return Ok((Vec::new(), Vec::new())) };
        let found: Vec<Blocker> = sqlx::query_as(
            "SELECT pid, login, application, state, since, waiting FROM api.blockers()",
        )
        .fetch_all(c)
        .await?;
        self.keep(connection);
        let mut sides = (Vec::new(), Vec::new());
        for found in found {
            let holder = Holder {
                pid: found.pid,
                login: found.login.unwrap_or_else(|| "somebody".to_owned()),
                place: found.application.unwrap_or_default(),
                since: found.since,
                state: found.state,
            };
            if found.waiting { sides.1.push(holder) } else { sides.0.push(holder) }
        }
        Ok(sides)
    }

    /// Who holds the lock of writers, if that can be found out within a second.
    pub(super) async fn holder(&self) -> Option<Holder> {
        let (holders, _) = timeout(SHORT, self.blockers()).await.ok()?.ok()?;
        holders.into_iter().next()
    }

    /// What a write of this process waits for, whenever one waits for a second or more.
    pub fn waiting(&self) -> watch::Receiver<Option<Waiting>> {
        self.waiting.subscribe()
    }

    async fn tell(&self) -> Infallible {
        let since = clock::now();
        loop {
            sleep(SHORT).await;
            let holder = self.holder().await;
            self.waiting.send_replace(Some(Waiting { since, holder }));
        }
    }

    /// Ends the waits for the lock that go on in this process: each is refused, and nothing of it was written. A
    /// write that has begun goes on.
    pub fn give_up(&self) {
        self.gave_up.notify_waiters();
    }

    /// Waits for the lock, and tells who holds it while it waits.
    pub(super) async fn telling<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let told = Told(&self.waiting);
        let done = tokio::select! {
            biased;
            done = work => done,
            () = self.gave_up.notified() => Err(Refusal::new(
                Code::Conflict,
                "you gave up waiting for the ledger; nothing was written",
                "do it again when whoever holds it has let go",
            )
            .into()),
            never = self.tell() => match never {},
        };
        drop(told);
        done
    }
}

/// Takes the word back, also when whoever waited gave up.
struct Told<'w>(&'w watch::Sender<Option<Waiting>>);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.0.send_if_modified(|waiting| waiting.take().is_some());
    }
}
