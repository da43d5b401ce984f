//! `smc import`: takes in advisories, inventories and access logs, with what was refused and why.

use std::path::PathBuf;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::site::Zone;
use crate::domain::words;
use crate::exchange::access;
use crate::exchange::advisories::{self, Taking};
use crate::exchange::assets;
use crate::safe_text::SafeText;

/// Takes in advisories and inventories.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// What the files hold.
    #[command(subcommand)]
    what: What,
}

/// What the files hold.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// CSAF 2.0 advisories: files, or folders of them.
    Csaf(Csaf),
    /// An asset inventory: CSV with a header, from whatever tool wrote it.
    Assets(Assets),
    /// Access logs: what sshd writes, JSON lines, or CSV with a header.
    AccessEvents(AccessEvents),
}

/// How an inventory is taken in.
#[derive(Debug, clap::Args)]
struct Assets {
    /// CSV files.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Check everything and show the difference, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// The site of every row that names none.
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Register sites that are not there, with this IANA time zone.
    #[arg(long, value_name = "TZ")]
    create_sites: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// How access logs are taken in.
#[derive(Debug, clap::Args)]
struct AccessEvents {
    /// The logs.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Check everything and count, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// The form of the files; found by their first line if none is said: json, csv, sshd.
    #[arg(long, value_name = "FORM")]
    form: Option<String>,
    /// The site in which hosts are looked for.
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Which asset a host of the log is; may be given several times.
    #[arg(long, value_name = "HOST=SITE/TAG")]
    host: Vec<String>,
    /// The IANA time zone of times without one; that of the asset's site if none is said.
    #[arg(long, value_name = "TZ")]
    timezone: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// How advisories are taken in.
#[derive(Debug, clap::Args)]
struct Csaf {
    /// Files, or folders.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read and check everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take revisions whose version is lower than the one that stands.
    #[arg(long)]
    older: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Whether the answer is to be JSON.
    pub const fn json(&self) -> bool {
        match &self.what {
            What::Csaf(csaf) => csaf.json,
            What::Assets(assets) => assets.json,
            What::AccessEvents(events) => events.json,
        }
    }
}

/// Runs `smc import`.
///
/// # Errors
/// Exit 3 if a right is lacking, 4 for a store that does not answer, 1 for a path that cannot be read.
pub async fn run(at: &At, import: Import) -> Result<(), Fault> {
    match import.what {
        What::Csaf(csaf) => csaf_folder(at, &csaf).await,
        What::Assets(assets) => inventory(at, &assets).await,
        What::AccessEvents(events) => access_log(at, &events).await,
    }
}

async fn csaf_folder(at: &At, csaf: &Csaf) -> Result<(), Fault> {
    let desk = open::desk(at, "import").await?;
    let taking = Taking { dry_run: csaf.dry_run, older: csaf.older };
    let quiet = csaf.json;
    let progress = |read: u32, left: usize| {
        if !quiet && read.is_multiple_of(100) {
            print::stderr(&format!("{read} read, {left} to go"));
        }
    };
    let summary = advisories::take(&desk, &csaf.paths, taking, progress).await?;
    // What was written stands, whether or not its head can be remembered.
    let _ = open::seen(desk.store()).await;
    if csaf.json {
        return print::json(&summary);
    }
    lines(summary.words(csaf.dry_run))
}

fn lines(words: Vec<String>) -> Result<(), Fault> {
    words.iter().try_for_each(|line| print::line(SafeText::from_untrusted(line).as_str()))
}

async fn inventory(at: &At, asked: &Assets) -> Result<(), Fault> {
    let usage = |flag: &'static str| move |fault: String| Fault::Usage(format!("{flag}: {fault}"));
    let site = asked.site.as_deref().map(SiteCode::new).transpose();
    let zone = asked.create_sites.as_deref().map(Zone::parse).transpose();
    let taking = assets::Taking {
        dry_run: asked.dry_run,
        site: site.map_err(|fault| usage("--site")(fault.to_string()))?,
        create_sites: zone.map_err(|fault| usage("--create-sites")(fault.to_string()))?,
    };
    let desk = open::desk(at, "import").await?;
    let quiet = asked.json;
    let progress = |done: usize, all: usize| {
        if !quiet && all > 1000 {
            print::stderr(&format!("{done} of {all} written"));
        }
    };
    let summary = assets::take(&desk, &asked.paths, &taking, progress).await?;
    // What was written stands, whether or not its head can be remembered.
    let _ = open::seen(desk.store()).await;
    if asked.json {
        print::json(&summary)?;
    } else {
        lines(summary.words(asked.dry_run))?;
    }
    if summary.refused.is_empty() {
        Ok(())
    } else {
        let count = summary.refused.len();
        Err(Fault::Failed(format!(
            "nothing was written: {} wrong with the file, as listed",
            things(count)
        )))
    }
}

/// What was asked for, read.
fn asked_of(asked: &AccessEvents) -> Result<access::Taking, Fault> {
    let usage = |flag: &'static str| move |fault: String| Fault::Usage(format!("{flag}: {fault}"));
    let form = asked.form.as_deref().map(|word| {
        let known = access::Form::WORDS.join(", ");
        access::Form::parse(word).ok_or_else(|| format!("{word:?} is none of {known}"))
    });
    let site = asked.site.as_deref().map(SiteCode::new).transpose();
    let zone = asked.timezone.as_deref().map(str::parse).transpose();
    let mut hosts = std::collections::BTreeMap::new();
    for pair in &asked.host {
        let (host, asset) = pair
            .split_once('=')
            .ok_or_else(|| usage("--host")(format!("{pair:?} is not HOST=SITE/TAG")))?;
        let asset = Ref::new(asset).map_err(|fault| usage("--host")(fault.to_string()))?;
        hosts.insert(host.to_owned(), asset);
    }
    Ok(access::Taking {
        dry_run: asked.dry_run,
        form: form.transpose().map_err(usage("--form"))?,
        site: site.map_err(|fault| usage("--site")(fault.to_string()))?,
        hosts,
        zone: zone
            .map_err(|fault: chrono_tz::ParseError| usage("--timezone")(fault.to_string()))?,
    })
}

async fn access_log(at: &At, asked: &AccessEvents) -> Result<(), Fault> {
    open::present(at, "import access-events")?;
    let taking = asked_of(asked)?;
    let desk = open::desk(at, "import").await?;
    let quiet = asked.json;
    let progress = |done: usize, all: usize| {
        if !quiet && all > 1000 {
            print::stderr(&format!("{done} of {all} written"));
        }
    };
    let summary = access::take(&desk, &asked.paths, &taking, progress).await?;
    // What was written stands, whether or not its head can be remembered.
    let _ = open::seen(desk.store()).await;
    if asked.json {
        print::json(&summary)?;
    } else {
        lines(summary.words(asked.dry_run))?;
    }
    match summary.refused.len() {
        0 => Ok(()),
        count => Err(Fault::Failed(format!(
            "nothing was written: {} wrong with the log, as listed",
            things(count)
        ))),
    }
}

/// So many things are, in grammar.
fn things(count: usize) -> String {
    let are = if count == 1 { "is" } else { "are" };
    format!("{} {are}", words::count(count, "thing"))
}
