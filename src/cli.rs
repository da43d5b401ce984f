//! The command line: one file per subcommand, text and `--json`. It holds no rule and no SQL.

use std::process::ExitCode;

/// Runs the program with the arguments of this process and returns its exit code.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
