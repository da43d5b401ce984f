//! Founding a store: its schema, its head and its first entries, once, however many start at the same time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::append::{self, Head};
use super::fault::StoreError;

use super::link::{Link, On};
use super::place::Place;
use super::said::Said;
use super::telling::Hand;
use super::turn::Turn;
use super::write::write_head;
use super::{admit, file, open, project, schema, server, waiting};
use crate::domain::command::Kind;
use crate::domain::founding::{self, founding_disciplines, founding_roles};
use crate::domain::names::Login;
use crate::domain::text::Line;
use crate::domain::{person, rule};
use crate::ledger::{Body, Draft, Id, Origin, Tip};

/// How long a founding waits for others that start at the same moment.
const PATIENCE: Duration = Duration::from_secs(60);

/// Founds a store at a place that holds none.
///
/// # Errors
/// `Present` if a store stands there; `NeedsDba` if the login may not make the schema; what `open` says.
pub async fn found(
    place: &Place,
    org: &Line,
    demo: bool,
    origin: &Origin,
) -> Result<(), StoreError> {
    match place {
        Place::File(path) => found_file(place, path, org, demo, origin, &Hand::Live).await,
        Place::Server(options, _) => {
            let mut c = server::connect(options).await?;
            if !server::stands(&mut c).await? {
                match server::create(&mut c, place, server::Guard::Now).await {
                    // Another start was first with the schema; one of the two founds the store.
                    Ok(()) | Err(StoreError::Present { .. }) => {}
                    Err(fault) => return Err(fault),
                }
            }
            if append::head(&mut On::Postgres(&mut c)).await?.is_some() {
                return Err(StoreError::Present { place: place.to_string() });
            }
            let user = server::session_user(&mut c).await?;
            let login = Login::new(&user).map_err(|_| StoreError::NoActor(user))?;
            let made = sqlx::query("SELECT api.found($1, $2, $3)")
                .bind(org.as_str())
                .bind(login.as_str())
                .bind(demo)
                .execute(&mut c)
                .await;
            match made {
                Ok(_) => Ok(()),
                // Another start was first.
                Err(error) if has_state(&error, "SM011") => {
                    Err(StoreError::Present { place: place.to_string() })
                }
                Err(error) => Err(error.into()),
            }
        }
    }
}

fn has_state(error: &sqlx::Error, state: &str) -> bool {
    error.as_database_error().is_some_and(|told| told.code().as_deref() == Some(state))
}

/// Founds a store in a file.
pub(super) async fn found_file(
    place: &Place,
    path: &Path,
    org: &Line,
    demo: bool,
    origin: &Origin,
    hand: &Hand,
) -> Result<(), StoreError> {
    let login = open::os_user()?;
    if let Some(dir) = path.parent()
        && !dir.as_os_str().is_empty()
        && !dir.exists()
    {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(StoreError::io(format!("make the directory {}", dir.display())))?;
    }
    file::check_place(place, path)?;
    let Some(_turn) = Turn::wait(path, login.as_str(), PATIENCE).await? else {
        return Err(waiting::held(Turn::holder(path).as_ref()));
    };
    if path.exists() {
        return Err(StoreError::Present { place: place.to_string() });
    }
    // It is made beside its place and appears there whole: whoever starts now finds all of it, or nothing.
    let mut beside = path.as_os_str().to_owned();
    beside.push(".founding");
    let beside = PathBuf::from(beside);
    // What somebody left who was killed here was never a store.
    forget(&beside);
    file::create(place, &beside)?;
    let made = match make(&beside, org, demo, &login, origin, hand).await {
        Ok(()) => std::fs::rename(&beside, path)
            .map_err(StoreError::io(format!("put the store at {}", path.display()))),
        Err(fault) => Err(fault),
    };
    if made.is_err() {
        forget(&beside);
    }
    made
}

/// Removes what is left of an attempt, as far as there is any.
fn forget(beside: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = beside.as_os_str().to_owned();
        name.push(suffix);
        // Mostly there is none; what stays is found when the file is made.
        let _ = std::fs::remove_file(name);
    }
}

async fn make(
    path: &Path,
    org: &Line,
    demo: bool,
    login: &Login,
    origin: &Origin,
    hand: &Hand,
) -> Result<(), StoreError> {
    use sqlx::{ConnectOptions, Connection};
    let mut connection = file::options(path, true).connect().await?;
    let mut c = On::Sqlite(&mut connection);
    schema::script(&mut c, "BEGIN IMMEDIATE").await?;
    schema::create_sqlite(&mut c).await?;
    let store_id = hand.id()?.to_string();
    fill(&mut c, &store_id, org, demo, login, origin, hand).await?;
    schema::script(&mut c, "COMMIT").await?;
    connection.close().await?;
    Ok(())
}

/// The entries of a founding, in their order.
pub fn kinds(org: &Line, demo: bool, founder: &Login) -> Result<Vec<Kind>, StoreError> {
    let name = Line::new(founder.as_str()).map_err(|fault| {
        StoreError::Refused(crate::domain::refusal::Refusal::new(
            crate::domain::refusal::Code::Invalid,
            fault.to_string(),
            "use another login",
        ))
    })?;
    let disciplines = founding_disciplines(demo);
    let mut kinds = vec![
        Kind::Store(founding::Kind::Founded(founding::Founded {
            org: org.clone(),
            demo,
            founder: founder.clone(),
        })),
        Kind::Person(person::Kind::Registered(person::Register {
            login: founder.clone(),
            name,
            disciplines: (!disciplines.is_empty()).then(|| disciplines.to_vec()),
        })),
    ];
    for role in founding_roles(demo) {
        kinds.push(Kind::Person(person::Kind::Granted(person::Grant {
            login: founder.clone(),
            role: *role,
            site: None,
            until: None,
        })));
    }
    Ok(kinds)
}

/// Lets the founder's login use the console.
pub(super) async fn let_in(c: &mut Link<'_>, founder: &Login) -> Result<(), StoreError> {
    crate::scalar!(c, String, "SELECT smc.let_in($1)", founder.as_str())?;
    Ok(())
}

/// The head and the entries of a founding.
pub(super) async fn fill(
    c: &mut Link<'_>,
    store_id: &str,
    org: &Line,
    demo: bool,
    founder: &Login,
    origin: &Origin,
    hand: &Hand,
) -> Result<(), StoreError> {
    write_head(c, store_id).await?;
    let mut tip = Tip::EMPTY;
    let mut first: Option<Id> = None;
    for kind in kinds(org, demo, founder)? {
        let mut body = Body::new(hand.id()?, hand.salt()?, rule::CURRENT, origin.clone(), &kind)?;
        body.cause = first;
        let draft = Draft::new(kind.name(), "", &body)?;
        let head = Head { store_id: store_id.to_owned(), tip };
        let entry =
            append::append(c, &head, founder.as_str(), draft, &kind.subject(), hand).await?;
        let said = Said::read(&entry)?;
        admit::admit(c, &said).await?;
        project::project(c, &said).await?;
        tip = Tip::after(&entry);
        first.get_or_insert(entry.id);
    }
    Ok(())
}
