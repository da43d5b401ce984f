//! `smc backup`: a copy of the store in a new file, or the command that makes one on a server.

use std::path::PathBuf;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::store::NoBackup;

/// Copies the store into a new file.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The file, which must not exist.
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs `smc backup`.
///
/// # Errors
/// Exit 2 with the command to run for a store on a server; 4 if there is a file already, or the store does not
/// answer.
pub async fn run(at: &At, backup: &Backup) -> Result<(), Fault> {
    let store = open::reading(at).await?;
    let made = match store.backup(&backup.file).await {
        Ok(made) => made,
        Err(NoBackup::ByServer(command)) => {
            return Err(Fault::Usage(NoBackup::ByServer(command).to_string()));
        }
        Err(NoBackup::Store(fault)) => return Err(fault.into()),
    };
    store.close().await;
    if backup.json {
        return print::json(&made);
    }
    print::line(&made.words(&backup.file))
}
