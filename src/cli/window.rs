//! `smc window check`: may this person be on this asset now? For gates to ask; it writes nothing.

use super::args::At;
use super::fault::Fault;
use super::session::{Who, vendor};
use super::{open, print};

/// Asks about access windows.
#[derive(Debug, clap::Args)]
pub struct Window {
    /// What is asked.
    #[command(subcommand)]
    what: What,
}

/// What is asked.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// Whether a vendor's person may be on an asset now: exit 0 if so, 3 with the reason if not.
    Check(Check),
}

#[derive(Debug, clap::Args)]
struct Check {
    #[command(flatten)]
    who: Who,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Window {
    /// Whether the answer is to be JSON.
    pub const fn json(&self) -> bool {
        match &self.what {
            What::Check(check) => check.json,
        }
    }
}

/// Runs `smc window`.
///
/// # Errors
/// Exit 2 where several vendors send a person of that name and none is named, 3 with the code and the reason if the person may not, 4 for a store that does not answer or went backwards.
pub async fn run(at: &At, window: &Window) -> Result<(), Fault> {
    let What::Check(check) = &window.what;
    // Who might have passed is another question than who may.
    open::present(at, "window check")?;
    // A gate must not trust a store that went backwards: it asks a desk, which refuses one.
    let desk = open::desk(at, "gate").await?;
    let mut reader = desk.store().reader().await?;
    let Who { person, asset, .. } = &check.who;
    // The window of one vendor's person must not let another's in.
    let vendor = vendor(&mut reader, &check.who).await?;
    let passage = reader.passage(&vendor, person, asset).await?;
    reader.done().await;
    if check.json {
        return print::json(&passage);
    }
    print::line(&passage.words())
}
