//! `smc man`, made from the same words that the command line is read by.

use clap::CommandFactory;

use super::args::Args;
use super::fault::Fault;

/// Prints the manual page.
///
/// # Errors
/// If stdout cannot be written.
pub fn man() -> Result<(), Fault> {
    clap_mangen::Man::new(Args::command())
        .render(&mut std::io::stdout())
        .map_err(|error| Fault::Failed(format!("write to stdout: {error}")))
}
