//! `smc demo`: a store of a made-up organisation to look around in, made where none stands, and the console on it.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::At;
use super::fault::Fault;
use super::{config, print};
use crate::clock;
use crate::demo::{self, Made, Size};
use crate::domain::time::Time;
use crate::domain::time_input;
use crate::store::query::Object;
use crate::store::{Facts, Opening, Place, Store, StoreError};

/// Opens a store of a made-up organisation, and makes it first where none stands.
///
/// Five plants, thirty people, three hundred assets, 120 days of work and what goes on there now: changes, vendor
/// windows, risks, an incident. Everything is written by the same commands that you use, each by the person whose work
/// it is; its last entry seals what was told. `--as LOGIN` acts as any of these people. With `--store postgres://…` it
/// is made in an empty database, where one acts as a person by logging in as that role.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// The directory of the store, which is its smc.db; unless given, `demo` in the data directory of smc.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How large it is made: `small` is one plant, `plant` is five. `fleet` is 120 plants with a million
    /// entries to measure on; it takes some minutes and 2 GB, and what was broken off is gone on with.
    #[arg(long, value_name = "SIZE", value_parser = ["small", "plant", "fleet"], default_value = "plant")]
    size: String,
    /// Ids, salts, serial numbers and firmware are drawn by this number; the same number draws the same.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Make it anew where one stands, so that its story ends now; what was written there is lost.
    #[arg(long)]
    fresh: bool,
    /// Make the store and open no console.
    #[arg(long)]
    no_console: bool,
    /// Print JSON.
    #[arg(long, requires = "no_console")]
    pub json: bool,
}

/// How old the end of the story may be, in seconds, before it is said.
const OLD: i64 = 86_400;

impl From<demo::Fault> for Fault {
    fn from(fault: demo::Fault) -> Self {
        match fault {
            demo::Fault::Store(fault) => fault.into(),
            other @ (demo::Fault::File { .. }
            | demo::Fault::Step { .. }
            | demo::Fault::Io { .. }) => Self::Failed(other.to_string()),
        }
    }
}

/// The server that the command line itself names: a setting for other work is not meant.
fn server(at: &At, demo: &Demo) -> Result<Option<Place>, Fault> {
    let said = |arg: std::ffi::OsString| arg.to_string_lossy().starts_with("--store");
    let named = at.store.as_deref().filter(|_| std::env::args_os().any(said));
    match named.map(str::parse::<Place>).transpose()? {
        Some(place @ Place::Server(..)) if demo.dir.is_none() => Ok(Some(place)),
        Some(Place::Server(..)) => {
            Err(Fault::Usage("name a server with --store or a directory with --dir".to_owned()))
        }
        Some(Place::File(_)) | None => Ok(None),
    }
}

/// Runs `smc demo`; gives the store on which the console is to be opened.
///
/// # Errors
/// Exit 2 for a store that is no demo, 4 for a store that is none of ours or does not
/// answer, 1 for a directory that cannot be made.
pub async fn run(at: &At, demo: Demo) -> Result<Option<At>, Fault> {
    let size = Size::parse(&demo.size);
    let (place, made) = match server(at, &demo)? {
        Some(place) => {
            let made = match size {
                Some(size) => on_server(place.clone(), size, &demo).await?,
                None => demo::fleet::make(&place, &work_of(&place), demo.seed, writing).await?,
            };
            (place, made)
        }
        None => {
            let dir = match &demo.dir {
                Some(dir) => dir.clone(),
                None => config::demo_dir()?,
            };
            let file = Place::File(dir.join("smc.db"));
            let made = match size {
                Some(size) => in_file(&dir, size, &demo).await?,
                None if dir.join("smc.db").exists() => Made::Stood,
                None => demo::fleet::make_in(&dir, demo.seed, writing).await?,
            };
            (file, made)
        }
    };
    let (facts, sealed_at) = stands(&place).await?;
    let named = place.to_string();
    if let Some(days) = sealed_at.map(|end| clock::now().seconds_since(end)).filter(|s| *s > OLD) {
        let old = time_input::span(days);
        print::stderr(&format!(
            "its story ended {old} ago; `smc demo --fresh` makes one that ends now"
        ));
    }
    if !demo.no_console {
        return Ok(Some(At { store: Some(named), ..at.clone() }));
    }
    if demo.json {
        let fresh = made == Made::Fresh;
        print::json(
            &json!({"store": facts.store_id, "org": facts.org, "place": named, "made": fresh}),
        )?;
        return Ok(None);
    }
    let verb = match made {
        Made::Fresh => "made",
        Made::Stood => "found",
    };
    let next = match &place {
        Place::File(_) if size.is_some() => format!("smc --store {named} --as mvermeer"),
        // Nobody but its maker is registered in the fleet.
        Place::File(_) => format!("smc --store {named}"),
        Place::Server(..) => {
            "let the DBA make the login of one of its people: CREATE ROLE mvermeer LOGIN IN ROLE smc_console".to_owned()
        }
    };
    print::line(&format!("{verb} the store {named} of {}; next: {next}", facts.org)).map(|()| None)
}

async fn in_file(dir: &Path, size: Size, demo: &Demo) -> Result<Made, Fault> {
    let path = dir.join("smc.db");
    let stood = path.exists();
    if stood && !demo.fresh {
        stands(&Place::File(path)).await?;
        return Ok(Made::Stood);
    }
    if stood {
        // One of another version of this program is a demo as well, and is put away like any.
        let opening = Opening { inspect: true, ..Opening::default() };
        let place = Place::File(path.clone());
        let store = Store::open(place.clone(), opening).await?;
        let facts = store.facts().clone();
        store.close().await;
        only_a_demo(&place, &facts)?;
    }
    telling(demo, &path.display());
    Ok(if stood {
        demo::make_anew(dir, size, demo.seed).await?
    } else {
        demo::make(dir, size, demo.seed).await?
    })
}

async fn on_server(place: Place, size: Size, demo: &Demo) -> Result<Made, Fault> {
    match Store::open(place.clone(), Opening::default()).await {
        Ok(store) => store.close().await,
        Err(StoreError::Absent { .. }) => {
            telling(demo, &place);
            demo::tell(&place, size, demo.seed, clock::now()).await?;
            return Ok(Made::Fresh);
        }
        Err(fault) => return Err(fault.into()),
    }
    if demo.fresh {
        return Err(Fault::Usage(format!(
            "--fresh is for files: drop the database of {place} first"
        )));
    }
    Ok(Made::Stood)
}

/// Where the advisories of a fleet on a server stand while they are taken in.
fn work_of(place: &Place) -> PathBuf {
    let name: String =
        place.to_string().chars().filter(char::is_ascii_alphanumeric).take(60).collect();
    std::env::temp_dir().join(format!("smc-fleet-{name}"))
}

fn writing(what: &str) {
    print::stderr(&format!("writing {what} …"));
}

fn telling(demo: &Demo, what: &dyn std::fmt::Display) {
    if !demo.no_console {
        print::stderr(&format!("making {what} …"));
    }
}

/// Refuses a store that is no demo: its history is somebody's.
fn only_a_demo(place: &Place, facts: &Facts) -> Result<(), Fault> {
    if facts.demo {
        return Ok(());
    }
    Err(Fault::Usage(format!(
        "{place} is a real store, that of {}: name another directory with --dir",
        facts.org
    )))
}

/// The demo store that stands at a place, and when its story ended.
async fn stands(place: &Place) -> Result<(Facts, Option<Time>), Fault> {
    let store = Store::open(place.clone(), Opening::default()).await?;
    let facts = store.facts().clone();
    let mut reader = store.reader().await?;
    let shown = reader.show("store").await;
    reader.done().await;
    store.close().await;
    only_a_demo(place, &facts)?;
    let sealed_at = if let Object::Store(row) = shown?.object { row.sealed_at } else { None };
    Ok((facts, sealed_at))
}
