//! Arguments to a command to an exit code.

use std::process::ExitCode;

use clap::Parser as _;
use countersign::cli::{Arguments, run};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(arguments)
}
