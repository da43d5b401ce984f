//! `smc init`: makes a store, or brings one up to this program's schema.

use std::sync::atomic::AtomicBool;

use serde_json::json;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::commands::origin;
use crate::domain::names::Login;
use crate::domain::text::Line;
use crate::store::replay::{self, Progress};
use crate::store::{Opening, Place, Store, StoreError, found, print_sql};

/// Makes a store, or migrates one.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The organisation's name; not needed where a store stands, which is brought up to this version.
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// Mark the store DEMO on every screen.
    #[arg(long)]
    demo: bool,
    /// Print the SQL for the database's administrator and do nothing.
    #[arg(long)]
    print_sql: bool,
    /// The first administrator, for --print-sql; whoever the store is opened as if not given.
    #[arg(long, value_name = "LOGIN")]
    admin: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs `smc init`.
///
/// # Errors
/// Exit 4 if a store stands there, the login may not make the schema, or the place cannot hold one.
pub async fn run(at: &At, init: Init) -> Result<(), Fault> {
    open::present(at, "init")?;
    let place = open::place(at)?;
    let Some(org) = init.org.as_deref() else { return bring_up(place, &init).await };
    let org = Line::new(org).map_err(|fault| Fault::Usage(format!("--org {fault}")))?;
    if init.print_sql {
        return print::line(&sql(&org, &init, &place)?);
    }
    match found(&place, &org, init.demo, &origin("cli")).await {
        Ok(()) => {}
        Err(StoreError::NeedsDba) => {
            print::line(&sql(&org, &init, &place)?)?;
            return Err(Fault::Store(StoreError::NeedsDba));
        }
        // A store that stands is brought up whether it is named as a new one or not.
        Err(StoreError::Present { .. }) => return bring_up(place, &init).await,
        Err(fault) => return Err(fault.into()),
    }
    let store = Store::open(place, Opening::default()).await?;
    let facts = store.facts().clone();
    let told = json!({
        "store": facts.store_id, "org": facts.org, "demo": facts.demo, "admin": facts.actor,
        "place": store.place().to_string(),
    });
    store.close().await;
    if init.json {
        return print::json(&told);
    }
    print::line(&format!(
        "made the store {} of {} for {}; next: smc do site.register --json '{{\"site\":\"RLF\",\"name\":\"…\",\"timezone\":\"Europe/Amsterdam\"}}'",
        told.get("place").and_then(|p| p.as_str()).unwrap_or_default(),
        facts.org,
        facts.actor
    ))
}

/// Brings up a store that stands; a new one must be told whose it is.
async fn bring_up(place: Place, init: &Init) -> Result<(), Fault> {
    let new = || {
        let told = "a new store belongs to somebody: name the organisation, `smc init --org NAME`";
        Fault::Usage(told.to_owned())
    };
    if init.print_sql {
        return Err(new());
    }
    let name = place.to_string();
    let opening = Opening { inspect: true, ..Opening::default() };
    match Store::open(place, opening).await {
        Ok(store) => migrate(store, StoreError::Present { place: name }, init.json).await,
        Err(StoreError::Absent { .. }) => Err(new()),
        Err(fault) => Err(fault.into()),
    }
}

/// Brings the tables of a store up to this program's; there is nothing to do for one that has them.
async fn migrate(store: Store, present: StoreError, json: bool) -> Result<(), Fault> {
    if !store.other_tables() {
        return Err(present.into());
    }
    let stop = AtomicBool::new(false);
    replay::rebuild(&store, Progress::new(&super::verify::show, &stop)).await?;
    let told = json!({
        "store": store.facts().store_id, "place": store.place().to_string(), "rebuilt": true,
    });
    store.close().await;
    if json {
        return print::json(&told);
    }
    print::line("the tables were made anew from the ledger, for this version of the program")
}

fn sql(org: &Line, init: &Init, place: &Place) -> Result<String, Fault> {
    let login = match &init.admin {
        Some(login) => {
            Login::new(login).map_err(|fault| Fault::Usage(format!("--admin: {fault}")))?
        }
        None => place.login()?,
    };
    Ok(print_sql(org.as_str(), &login, init.demo))
}
