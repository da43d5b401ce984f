//! Opening the store that the command line means.

use super::args::At;
use super::config;
use super::fault::Fault;
use crate::commands::Desk;
use crate::domain::names::Login;
use crate::store::{Heads, Opening, Place, Store};

/// The place of the store that is meant.
///
/// # Errors
/// `Usage` for a name of no known form.
pub fn place(at: &At) -> Result<Place, Fault> {
    Ok(config::store(at.store.as_deref())?.parse::<Place>()?)
}

/// As whom the store is opened.
///
/// # Errors
/// `Usage` for a login of another form.
pub fn opening(at: &At) -> Result<Opening, Fault> {
    let act_as = at
        .act_as
        .as_deref()
        .map(Login::new)
        .transpose()
        .map_err(|fault| Fault::Usage(format!("--as: {fault}")))?;
    Ok(Opening { act_as, ..Opening::default() })
}

/// The desk of the store that is meant.
///
/// # Errors
/// What stands in the way of opening it.
pub async fn desk(at: &At, via: &str) -> Result<Desk, Fault> {
    let desk = Desk::open(place(at)?, opening(at)?, via).await?;
    seen(desk.store()).await?;
    Ok(desk)
}

/// Refuses a store that lost or changed what this user saw of it, and remembers where it ends now.
///
/// # Errors
/// Exit 4 if it went back, or the head that was seen cannot be read or kept.
pub async fn seen(store: &Store) -> Result<(), Fault> {
    match Heads::of_user() {
        Some(heads) => Ok(heads.check(store).await?),
        None => Ok(()),
    }
}

/// The store that is meant, for reading only: it opens where nothing may be written too.
///
/// # Errors
/// What stands in the way of opening it.
pub async fn reading(at: &At) -> Result<Store, Fault> {
    let why = Some("this subcommand only reads".to_owned());
    let opening = Opening { read_only: why, ..opening(at)? };
    Ok(Store::open(place(at)?, opening).await?)
}
