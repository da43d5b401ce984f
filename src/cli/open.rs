//! Opening the store that the command line means.

use std::sync::atomic::AtomicBool;

use super::args::At;
use super::fault::Fault;
use super::{config, print};
use crate::commands::Desk;
use crate::domain::names::Login;
use crate::domain::refusal::{Code, Refusal};
use crate::safe_text::SafeText;
use crate::store::replay::{self, Progress};
use crate::store::{Heads, Opening, Place, Store, StoreError};

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
    desk_that(at, via, None).await
}

/// The same, which writes nothing for a reason.
///
/// # Errors
/// What stands in the way of opening it.
pub async fn desk_that(at: &At, via: &str, read_only: Option<String>) -> Result<Desk, Fault> {
    let store = Store::open(place(at)?, Opening { read_only, ..opening(at)? }).await?;
    known(at, &store).await?;
    seen(&store).await?;
    Ok(Desk::over(moment(at, store).await?, via))
}

/// Refuses `--as` for a login that the store does not know; whom the system names may read without being registered.
async fn known(at: &At, store: &Store) -> Result<(), Fault> {
    if at.act_as.is_none() {
        return Ok(());
    }
    let actor = &store.facts().actor;
    let mut reader = store.reader().await?;
    let holder = reader.holder(actor).await;
    reader.done().await;
    match holder {
        Ok(None) => Err(Fault::Refused(Refusal::new(
            Code::Unknown,
            format!("--as {actor}: there is no person {actor} in this store"),
            "`smc list people` names those there are",
        ))),
        // What else is wrong with the store is said by whoever reads it next.
        Ok(Some(_)) | Err(_) => Ok(()),
    }
}

/// The desk for whoever says that a store was restored, or confirms it: open although its head went back.
///
/// # Errors
/// What else stands in the way of opening it.
pub async fn restoring(at: &At, via: &str) -> Result<Desk, Fault> {
    present(at, "do store.restore")?;
    let store = Store::open(place(at)?, opening(at)?).await?;
    warned(seen(&store).await)?;
    Ok(Desk::over(store, via))
}

/// Lets a store pass that went back, with a warning.
fn warned(seen: Result<(), Fault>) -> Result<(), Fault> {
    match seen {
        Err(Fault::Store(back @ StoreError::WentBack { .. })) => {
            print::stderr(&format!("WARNING: {back}"));
            Ok(())
        }
        other => other,
    }
}

/// The store at the moment that is meant, if that is not the present.
async fn moment(at: &At, store: Store) -> Result<Store, Fault> {
    let Some(text) = at.as_of.as_deref() else { return Ok(store) };
    let moment = replay::At::read(text, crate::clock::now())
        .map_err(|fault| Fault::Usage(format!("--as-of: {fault}")))?;
    let cache = replay::cache_of_user()?;
    let stop = AtomicBool::new(false);
    let past = tokio::select! {
        past = replay::as_of(&store, moment, &cache, Progress::new(&super::verify::show, &stop)) => past?,
        _ = tokio::signal::ctrl_c() => return Err(StoreError::Stopped.into()),
    };
    Ok(store.at(past))
}

/// Refuses `--as-of` where only the present makes sense.
///
/// # Errors
/// Exit 2 if a moment was named.
pub fn present(at: &At, verb: &str) -> Result<(), Fault> {
    match &at.as_of {
        None => Ok(()),
        Some(_) => {
            Err(Fault::Usage(format!("smc {verb} works on the whole store: leave --as-of out")))
        }
    }
}

/// Refuses a store that lost or changed what this user saw of it, and remembers where it ends now; says once what
/// a restore has lost.
///
/// # Errors
/// Exit 4 if it went back, or the head that was seen cannot be read or kept.
pub async fn seen(store: &Store) -> Result<(), Fault> {
    match Heads::of_user() {
        Some(heads) => {
            if let Some(loss) = heads.check(store).await? {
                let told = format!("ENTRIES ARE LOST: {loss}");
                print::stderr(SafeText::from(told).as_str());
            }
            Ok(())
        }
        None => Ok(()),
    }
}

/// The store that is meant, for reading only: it opens where nothing may be written too, and with a warning where
/// its head went back. What grants somebody something asks a desk instead.
///
/// # Errors
/// What stands in the way of opening it.
pub async fn reading(at: &At) -> Result<Store, Fault> {
    let why = Some("this subcommand only reads".to_owned());
    let opening = Opening { read_only: why, ..opening(at)? };
    let store = Store::open(place(at)?, opening).await?;
    known(at, &store).await?;
    warned(seen(&store).await)?;
    moment(at, store).await
}
