//! Telling the past of a demo store: who acts and when is said by whoever founds it, until the past is sealed.
//!
//! What begins here begins with the founding of a store that says DEMO on every screen: there is no way to this for
//! a store that stands, and none back after `demo.sealed`. The rules hold as for every entry, by the instant told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::fault::StoreError;
use super::link::{Link, On};
use super::open::{Opening, Store};
use super::place::Place;
use super::write::{Given, Write, random};
use super::{found, schema, server};
use crate::domain::command::Kind;
use crate::domain::founding::{self, Sealed, TOLD};
use crate::domain::names::Login;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::ledger::{Id, Origin, Salt, Tip};
use crate::scalar;

/// What a PostgreSQL store has while its past is told, in the place of its guard.
pub(super) const SCRIPT: &str = include_str!("../../migrations/postgres/telling.sql");

/// Takes that away again, as the owner.
const AWAY: &str = "SET LOCAL ROLE smc_owner; SET LOCAL search_path = smc, pg_temp;
    DROP FUNCTION api.seed_append(text, timestamptz, text, text, bytea)";

/// Whoever tells the past of one demo store: says who acts at which instant.
#[derive(Clone, Debug)]
pub struct Teller(Arc<Mutex<Told>>);

#[derive(Debug)]
struct Told {
    actor: Login,
    at: Time,
    seed: u64,
    drawn: u64,
}

/// Where a write takes its actor, its instant and its numbers from.
#[derive(Debug)]
pub(super) enum Hand {
    /// From who is logged in, the clock, and the operating system.
    Live,
    /// From whoever tells the past.
    Telling(Teller),
}

impl Hand {
    /// The instant of what is written now, by this machine's clock unless it is told.
    pub(super) fn now(&self) -> Time {
        match self {
            Self::Live => crate::clock::now(),
            Self::Telling(teller) => teller.told().at,
        }
    }

    /// Whether what is written is of now, and not of a past that is told.
    pub(super) const fn is_live(&self) -> bool {
        matches!(self, Self::Live)
    }

    /// The store's own clock, unless the instant is told.
    pub(super) async fn clock(&self, c: &mut Link<'_>) -> Result<Time, StoreError> {
        match (self, c) {
            (Self::Live, c @ On::Postgres(_)) => {
                let clock = scalar!(c, Time, "SELECT clock_timestamp()")?;
                clock.ok_or_else(|| StoreError::Unavailable("the server has no clock".to_owned()))
            }
            (Self::Live | Self::Telling(_), On::Sqlite(_))
            | (Self::Telling(_), On::Postgres(_)) => Ok(self.now()),
        }
    }

    /// Does not wait for the disc while a past is told: what is not told to its end is no store.
    pub(super) async fn hurry(&self, c: &mut Link<'_>) -> Result<(), StoreError> {
        match (self, &*c) {
            (Self::Live, _) => Ok(()),
            (Self::Telling(_), On::Sqlite(_)) => {
                schema::script(c, "PRAGMA synchronous = OFF").await
            }
            (Self::Telling(_), On::Postgres(_)) => {
                schema::script(c, "SET synchronous_commit = off").await
            }
        }
    }

    /// Who acts, if that is told.
    pub(super) fn actor(&self) -> Option<Login> {
        match self {
            Self::Live => None,
            Self::Telling(teller) => Some(teller.told().actor.clone()),
        }
    }

    /// The id of an entry.
    pub(super) fn id(&self) -> Result<Id, StoreError> {
        Ok(Id::from_parts(self.now(), self.number()?))
    }

    /// The salt of an entry.
    pub(super) fn salt(&self) -> Result<Salt, StoreError> {
        Ok(Salt(self.number()?.to_be_bytes()))
    }

    fn number(&self) -> Result<u128, StoreError> {
        match self {
            Self::Live => random(),
            Self::Telling(teller) => Ok(teller.told().draw()),
        }
    }

    /// Refuses an instant that is told and lies before the last entry or is still to come.
    ///
    /// # Errors
    /// `Refused` with `invalid`.
    pub(super) fn check(&self, tip: &Tip) -> Result<(), StoreError> {
        let Self::Telling(teller) = self else { return Ok(()) };
        let at = teller.told().at;
        if tip.at <= at && at <= crate::clock::now() {
            return Ok(());
        }
        Err(Refusal::new(
            Code::Invalid,
            format!("{at} is before the last entry, or still to come"),
            "tell what happened in its order, up to now",
        )
        .into())
    }
}

impl Told {
    /// The next 128 bits that follow from the seed. They keep no secret.
    fn draw(&mut self) -> u128 {
        let mut sha = Sha256::new();
        sha.update(b"smc-told");
        sha.update(self.seed.to_be_bytes());
        sha.update(self.drawn.to_be_bytes());
        self.drawn = self.drawn.wrapping_add(1);
        let whole = <[u8; 32]>::from(sha.finalize());
        let mut first = [0; 16];
        first.copy_from_slice(&whole[..16]);
        u128::from_be_bytes(first)
    }
}

/// What entries that were told name as the place they were written from: no host, for they were written on none.
fn origin() -> Origin {
    Origin {
        host: TOLD.to_owned(),
        tty: String::new(),
        via: TOLD.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        os_user: None,
    }
}

impl Teller {
    /// Founds a demo store and opens it for the telling; its first entries are of this instant, and all ids and
    /// salts follow from the seed. Its first administrator is whoever comes.
    ///
    /// # Errors
    /// As for the founding of any store.
    pub async fn found(
        place: &Place,
        org: &Line,
        at: Time,
        seed: u64,
    ) -> Result<(Store, Self), StoreError> {
        let founder = match place {
            Place::File(_) => super::os_user()?,
            Place::Server(options, _) => {
                let mut c = server::connect(options).await?;
                let user = server::session_user(&mut c).await?;
                Login::new(&user).map_err(|_| StoreError::NoActor(user))?
            }
        };
        let told = Told { actor: founder.clone(), at, seed, drawn: 0 };
        let teller = Self(Arc::new(Mutex::new(told)));
        let hand = Hand::Telling(teller.clone());
        match place {
            Place::File(path) => {
                found::found_file(place, path, org, true, &origin(), &hand).await?;
            }
            Place::Server(options, _) => {
                let mut c = server::connect(options).await?;
                server::create(&mut c, place, server::Guard::Later).await?;
                let mut c = On::Postgres(&mut c);
                schema::script(&mut c, "BEGIN; SET LOCAL ROLE smc_owner").await?;
                let id = hand.id()?.to_string();
                found::fill(&mut c, &id, org, true, &founder, &origin(), &hand).await?;
                found::let_in(&mut c, &founder).await?;
                schema::script(&mut c, "COMMIT").await?;
            }
        }
        let store = Store::open_told(place.clone(), Opening::default(), hand).await?;
        Ok((store, teller))
    }

    /// From here on this person acts, at this instant.
    pub fn turn(&self, actor: &Login, at: Time) {
        let mut told = self.told();
        told.actor = actor.clone();
        told.at = at;
    }

    /// Seals the past, as whoever acts now: from here on the store is as every other.
    ///
    /// # Errors
    /// `Refused` for who is no administrator; a store that does not answer.
    pub async fn seal(self, store: &Store) -> Result<(), StoreError> {
        let mut write = Write::begin(store).await?;
        let sealed = Kind::Store(founding::Kind::Sealed(Sealed {}));
        write.append(sealed, &origin(), Given::default()).await?;
        let mut c = write.link()?;
        if c.is_postgres() {
            schema::script(&mut c, AWAY).await?;
            schema::script(&mut c, server::GUARD).await?;
        }
        write.commit().await.map(|_| ())
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Where what is written comes from, if its past is told.
    pub fn told_from(&self) -> Option<Origin> {
        self.hand.actor().map(|_| origin())
    }

    /// Who acts: whoever is logged in, or is told to.
    pub(super) fn actor(&self) -> Login {
        self.hand.actor().unwrap_or_else(|| self.facts().actor.clone())
    }

    /// A new id.
    ///
    /// # Errors
    /// If the operating system gives no randomness.
    pub fn fresh_id(&self) -> Result<Id, StoreError> {
        self.hand.id()
    }
}
