//! The command line: one file per subcommand, text and `--json`. It holds no rule and no SQL.

mod act;
mod args;
mod backup;
mod completions;
mod config;
mod console;
mod demo;
mod doctor;
mod fault;
mod import;
mod init;
mod list;
mod log;
mod manual;
mod open;
mod print;
mod repair;
mod session;
mod show;
mod status;
mod table;
mod tick;
mod verify;
mod window;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Verb};
use fault::Fault;

use crate::safe_text::SafeText;

/// Runs the program with the arguments of this process and returns its exit code.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, everything else is usage.
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            // What is wrong repeats what was typed, which may hold anything.
            let told = error.render().to_string();
            SafeText::lines(&told).iter().for_each(|line| print::stderr(line.as_str()));
            return ExitCode::from(2);
        }
    };
    let json = args.json();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Fault::Failed(format!("no runtime: {error}")).tell(json),
    };
    match runtime.block_on(run(args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fault.tell(json),
    }
}

async fn run(args: Args) -> Result<(), Fault> {
    let Args { at, console, verb } = args;
    match verb {
        None => console::run(&at, console).await,
        Some(Verb::Demo(demo)) => match demo::run(&at, demo).await? {
            Some(there) => console::run(&there, console).await,
            None => Ok(()),
        },
        Some(Verb::Init(init)) => init::run(&at, init).await,
        Some(Verb::Do(act)) => act::run(&at, act).await,
        Some(Verb::Import(import)) => import::run(&at, import).await,
        Some(Verb::List(list)) => list::run(&at, list).await,
        Some(Verb::Show(show)) => show::run(&at, &show).await,
        Some(Verb::Status(status)) => status::run(&at, &status).await,
        Some(Verb::Log(log)) => log::run(&at, log).await,
        Some(Verb::Session(session)) => session::run(&at, session).await,
        Some(Verb::Window(window)) => window::run(&at, &window).await,
        Some(Verb::Backup(backup)) => backup::run(&at, &backup).await,
        Some(Verb::Doctor(doctor)) => doctor::run(&at, &doctor).await,
        Some(Verb::Tick(tick)) => tick::run(&at, &tick).await,
        Some(Verb::Repair(repair)) => repair::run(&at, &repair).await,
        Some(Verb::Verify(verify)) => verify::run(&at, &verify).await,
        Some(Verb::Completions { shell }) => completions::run(shell),
        Some(Verb::Man) => manual::man(),
    }
}
