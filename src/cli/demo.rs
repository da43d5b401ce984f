//! `smc demo`: a store of a made-up organisation to look around in, made where none stands, and the console on it.

use std::path::PathBuf;

use serde_json::json;

use super::args::At;
use super::fault::Fault;
use super::{config, print};
use crate::demo::{self, Made, Size};
use crate::store::{Opening, Place, Store};

/// Opens a store of a made-up organisation, and makes it first where none stands.
///
/// Five plants, thirty people, three hundred assets, and what goes on there today: changes, vendor windows, risks,
/// an incident. Everything is written by the same commands that you use, each by the person whose work it is, so
/// the store's history begins when it is made. `--as LOGIN` acts as any of these people.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// The directory of the store, which is its smc.db; unless given, `demo` in the data directory of smc.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How large it is made: `small` is one plant, `plant` is five. `fleet`, 120 plants with a long history, is not
    /// built yet.
    #[arg(long, value_name = "SIZE", value_parser = ["small", "plant", "fleet"], default_value = "plant")]
    size: String,
    /// Serial numbers and firmware are drawn by this number; the same number draws the same.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Make the store and open no console.
    #[arg(long)]
    no_console: bool,
    /// Print JSON.
    #[arg(long, requires = "no_console")]
    pub json: bool,
}

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

/// Runs `smc demo`; gives the store on which the console is to be opened.
///
/// # Errors
/// Exit 2 for a size that is not built, 4 for a store that is none of ours or does not answer, 1 for a directory
/// that cannot be made.
pub async fn run(at: &At, demo: Demo) -> Result<Option<At>, Fault> {
    let size = Size::parse(&demo.size).ok_or_else(|| {
        Fault::Usage(format!("the size {} is not built yet; use small or plant", demo.size))
    })?;
    let dir = match &demo.dir {
        Some(dir) => dir.clone(),
        None => config::demo_dir()?,
    };
    let path = dir.join("smc.db");
    let made = if path.exists() {
        Made::Stood
    } else {
        if !demo.no_console {
            print::stderr(&format!("making {} …", path.display()));
        }
        demo::make(&dir, size, demo.seed).await?
    };
    let store = Store::open(Place::File(path.clone()), Opening::default()).await?;
    let facts = store.facts().clone();
    store.close().await;
    if !facts.demo {
        return Err(Fault::Usage(format!(
            "{} is a real store, that of {}: name another directory with --dir",
            path.display(),
            facts.org
        )));
    }
    let place = format!("sqlite:{}", path.display());
    if !demo.no_console {
        return Ok(Some(At { store: Some(place), ..at.clone() }));
    }
    if demo.json {
        let fresh = made == Made::Fresh;
        print::json(
            &json!({"store": facts.store_id, "org": facts.org, "place": place, "made": fresh}),
        )?;
        return Ok(None);
    }
    let verb = match made {
        Made::Fresh => "made",
        Made::Stood => "found",
    };
    let told = print::line(&format!(
        "{verb} the store {place} of {}; next: smc --store {place} --as mvermeer",
        facts.org
    ));
    told.map(|()| None)
}
