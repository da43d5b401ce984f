//! `smc completions`: scripts that know the words of `smc do` and `smc list` in every shell that clap knows.
//!
//! clap's scripts for bash and zsh offer the values of a word without a flag; those for the other shells offer
//! subcommands and flags alone, so for these each such word is told as a subcommand. It reads no store.

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;

use super::args::Args;
use super::fault::Fault;
use crate::domain::command::commands;
use crate::store::query::LISTS;

/// A word with what it stands for, where that is told.
type Told = (&'static str, Option<&'static str>);

/// A table of words that completion offers; a word that is not among them is refused later, in our own words.
#[derive(Clone, Copy, Debug)]
pub enum Words {
    /// The names of the command table.
    Commands,
    /// The lists.
    Lists,
}

impl Words {
    fn told(self) -> Vec<Told> {
        match self {
            Self::Commands => commands()
                .filter_map(|spec| spec.command.map(|name| (name, Some(spec.help))))
                .collect(),
            Self::Lists => LISTS.iter().map(|name| (*name, None)).collect(),
        }
    }
}

impl TypedValueParser for Words {
    type Value = String;

    fn parse_ref(
        &self,
        _command: &Command,
        _argument: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        Ok(value.to_string_lossy().into_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.told().into_iter().map(|(word, _)| PossibleValue::new(word))))
    }
}

/// The subcommands whose first word is of a table.
const FIRST_WORDS: [(&str, Words); 2] = [("do", Words::Commands), ("list", Words::Lists)];

/// A subcommand that has its first words as subcommands, each with all its flags.
fn branched(command: Command, words: Words) -> Command {
    let flags: Vec<Arg> =
        command.get_arguments().filter(|arg| !arg.is_positional()).cloned().collect();
    let branches = words.told().into_iter().map(|(word, help)| {
        let branch = Command::new(word).args(flags.iter().cloned());
        match help {
            Some(help) => branch.about(help),
            None => branch,
        }
    });
    // The words stand as subcommands now: as values they would be offered to no purpose.
    command.mut_args(|arg| arg.required(false)).subcommands(branches)
}

/// Prints the script of a shell.
///
/// # Errors
/// If the script cannot be written to stdout.
pub fn run(shell: Shell) -> Result<(), Fault> {
    let mut command = Args::command();
    let values = matches!(shell, Shell::Bash | Shell::Zsh);
    if !values {
        for (name, words) in FIRST_WORDS {
            command = command.mut_subcommand(name, |command| branched(command, words));
        }
    }
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "smc", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)
        .map_err(|error| Fault::Failed(format!("write the script to stdout: {error}")))
}
