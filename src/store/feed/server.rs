//! What wakes the feed of a store on a server: its notifications. They carry nothing, may be lost and may be forged, so
//! they only say when to look, and the head is read now and then without them.

use std::time::Duration;

use sqlx::Acquire;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::time::timeout;

use super::Hint;
use super::end::{self, End};
use crate::ledger::Tip;
use crate::store::fault::StoreError;
use crate::store::link::{Link, On};
use crate::store::open::Store;
use crate::store::server;

/// How often the head is read without a notification.
const BACKSTOP: Duration = Duration::from_millis(2500);
/// How long a connection is waited for.
const CONNECT: Duration = Duration::from_secs(4);

/// Listens to the server, on a connection of its own.
pub struct Listener {
    listener: PgListener,
}

impl Listener {
    /// Connects and listens.
    pub async fn open(store: &Store) -> Result<Self, StoreError> {
        let Some(options) = store.server() else {
            return Err(StoreError::Unavailable("the store is on no server".to_owned()));
        };
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(CONNECT)
            .connect_lazy_with(server::session(options));
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.ignore_pool_close_event(true);
        // A lost connection is told before it is made again.
        listener.eager_reconnect(false);
        listener.listen("smc_head").await?;
        Ok(Self { listener })
    }

    /// Waits for a notification; many of them count as one.
    pub async fn wait(&mut self) -> Result<Hint, StoreError> {
        match timeout(BACKSTOP, self.listener.try_recv()).await {
            Err(_) => Ok(Hint::Backstop),
            Ok(Ok(Some(_))) => Ok(Hint::Nudge),
            Ok(Ok(None)) => Err(StoreError::Unavailable("the connection was lost".to_owned())),
            Ok(Err(error)) => Err(error.into()),
        }
    }

    /// Where the ledger ends, if it still holds what was seen.
    pub async fn end(&mut self, store: &Store, known: Option<&Tip>) -> Result<End, StoreError> {
        while self.listener.next_buffered().is_some() {}
        let mut c: Link<'_> = On::Postgres(self.listener.acquire().await?);
        end::read(&mut c, store, known).await
    }
}
