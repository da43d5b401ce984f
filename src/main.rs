//! The `smc` binary: hands its arguments to the command line room and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    smc::cli::main()
}
