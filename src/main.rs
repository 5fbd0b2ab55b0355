//! Arguments to a command to an exit code.

use std::process::ExitCode;

use clap::Parser as _;
use countersign::cli::{Arguments, run};

/// JSON, digests and rows are many small values of short lives, made on one thread and dropped on another.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(arguments)
}
