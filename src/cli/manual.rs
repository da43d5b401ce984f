//! `smc completions` and `smc man`, made from the same words that the command line is read by.

use clap::CommandFactory;

use super::args::Args;
use super::fault::Fault;

/// Prints completions for a shell.
///
/// # Errors
/// Never today; the signature is that of every subcommand.
pub fn completions(shell: clap_complete::Shell) -> Result<(), Fault> {
    clap_complete::generate(shell, &mut Args::command(), "smc", &mut std::io::stdout());
    Ok(())
}

/// Prints the manual page.
///
/// # Errors
/// If stdout cannot be written.
pub fn man() -> Result<(), Fault> {
    clap_mangen::Man::new(Args::command())
        .render(&mut std::io::stdout())
        .map_err(|error| Fault::Failed(format!("write to stdout: {error}")))
}
