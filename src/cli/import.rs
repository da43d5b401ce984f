//! `smc import`: takes in advisories and inventories, with what was refused and why.

use std::path::PathBuf;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::exchange::advisories::{self, Taking};
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
        }
    }
}

/// Runs `smc import`.
///
/// # Errors
/// Exit 3 if a right is lacking, 4 for a store that does not answer, 1 for a path that cannot be read.
pub async fn run(at: &At, import: Import) -> Result<(), Fault> {
    match import.what {
        What::Csaf(csaf) => take(at, &csaf).await,
    }
}

async fn take(at: &At, csaf: &Csaf) -> Result<(), Fault> {
    let desk = open::desk(at, "import").await?;
    let taking = Taking { dry_run: csaf.dry_run, older: csaf.older };
    let quiet = csaf.json;
    let progress = |read: u32, left: usize| {
        if !quiet && read % 100 == 0 {
            print::stderr(&format!("{read} read, {left} to go"));
        }
    };
    let summary = advisories::take(&desk, &csaf.paths, taking, progress).await?;
    if csaf.json {
        return print::json(&summary);
    }
    let verb = if csaf.dry_run { "would be taken" } else { "taken" };
    print::line(&format!(
        "{} read, {} {verb}, {} stood already, {} refused",
        summary.read,
        summary.accepted,
        summary.unchanged,
        summary.refused.len()
    ))?;
    if !summary.matches.is_empty() {
        let tiers: Vec<_> =
            summary.matches.iter().map(|(tier, count)| format!("{tier} {count}")).collect();
        print::line(&format!("assets found: {}", tiers.join(", ")))?;
    }
    said("refused", summary.refused.iter().map(|r| (&r.file, &r.reason)))?;
    said("finding", summary.findings.iter().map(|f| (&f.file, &f.finding)))
}

fn said<'a>(what: &str, rows: impl Iterator<Item = (&'a String, &'a String)>) -> Result<(), Fault> {
    for (file, words) in rows {
        let text = format!("{what}: {file}: {words}");
        print::line(SafeText::from_untrusted(&text).as_str())?;
    }
    Ok(())
}
