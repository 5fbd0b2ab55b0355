//! The command line: one file for each subcommand.
//!
//! A subcommand reads its arguments, calls the rooms, and prints for people by default and as JSON where
//! it says so. It decides nothing. To add one: a file here, a member of `Command`, an arm in `dispatch`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::NotPinned;
use crate::domain::policy::Problem;
use crate::telemetry::{self, LogForm, Traces};

/// Prints a line. A reader that has gone, as `head` does, ends no command: what it does is done to its end.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::print_line(format_args!($($words)*))
    };
}

mod audit;
mod case;
mod changes;
mod check;
mod database;
mod decision;
mod demo;
mod dialogue;
mod diff;
mod explain;
mod going;
mod keyboard;
mod lint;
pub mod local;
mod pin;
mod record;
mod rehearse;
mod schema;
pub mod script;
mod serve;
mod sheet;
mod stagehand;
mod terminal;

/// Slack-native support triage whose every action is proposed, tiered by rules, decided by a person and
/// provable afterwards.
#[derive(Parser)]
#[command(name = "countersign", version, about, max_term_width = 100)]
pub struct Arguments {
    /// The folder with workspace.json and policy/.
    #[arg(long, global = true, default_value = "manifests", value_name = "DIR")]
    manifests: PathBuf,
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Subcommand)]
enum Command {
    /// Show everything on this machine, without a key and without a network.
    Demo(demo::Demo),
    /// Run the bot against your Slack workspace.
    Serve(serve::Serve),
    /// Take one ticket through the flow in the terminal, on a rehearsal database.
    Run(rehearse::Run),
    /// Read all manifests and name every problem.
    Check(check::Check),
    /// Look at cases.
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// Check the record.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// The database.
    #[command(subcommand)]
    Database(database::DatabaseCommand),
    /// The policy that this installation runs.
    #[command(subcommand)]
    Policy(pin::PolicyCommand),
}

/// How a command ended, as an exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// Fine: 0.
    Fine,
    /// The answer is no: 1.
    No,
    /// The arguments or the configuration are wrong: 2.
    Misused,
    /// Something outside failed: 3.
    Failed,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        Self::from(match ended {
            Ended::Fine => 0,
            Ended::No => 1,
            Ended::Misused => 2,
            Ended::Failed => 3,
        })
    }
}

/// Runs a command to its exit code. A failure is one line on standard error.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    // Two TLS providers in one process would end at the first handshake; this is the one.
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("a TLS provider is installed already");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("countersign: the machine gives no threads: {error}");
            return Ended::Failed.into();
        }
    };
    match runtime.block_on(dispatch(arguments)) {
        Ok(ended) => ended.into(),
        Err(error) => {
            eprintln!("countersign: {error:#}");
            let misused = error
                .chain()
                .any(|cause| cause.is::<Misuse>() || cause.is::<NotPinned>());
            let ended = if misused {
                Ended::Misused
            } else {
                Ended::Failed
            };
            ended.into()
        }
    }
}

/// The arguments or the configuration are wrong, in a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Misuse(String);

impl Misuse {
    /// All problems of a folder of manifests.
    fn of(problems: &[Problem]) -> Self {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Self(format!("the manifests are not valid\n{}", lines.join("\n")))
    }
}

async fn dispatch(arguments: Arguments) -> anyhow::Result<Ended> {
    let manifests = arguments.manifests;
    match arguments.command {
        Command::Demo(demo) => demo.run(&manifests).await,
        Command::Serve(serve) => serve.run(&manifests).await,
        Command::Run(run) => run.run(&manifests).await,
        Command::Check(check) => check.run(&manifests).await,
        Command::Case(case) => case.run(&manifests).await,
        Command::Audit(audit) => audit.run(&manifests).await,
        Command::Database(database) => database.run(&manifests).await,
        Command::Policy(policy) => policy.run(&manifests).await,
    }
}

/// Starts logging as `RUST_LOG` says, and tracing to where `OTEL_EXPORTER_OTLP_ENDPOINT` says.
fn start_logging(form: LogForm) -> Result<Traces, String> {
    let filter = crate::config::environment("RUST_LOG");
    let collector = crate::config::environment("OTEL_EXPORTER_OTLP_ENDPOINT");
    telemetry::start(form, filter.as_deref(), collector.as_deref())
}

fn print_line(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// Prints every problem of a folder of manifests, one to a line, and how many there are.
fn print_problems(problems: &[Problem]) -> Ended {
    for problem in problems {
        eprintln!("{problem}");
    }
    let what = if problems.len() == 1 {
        "problem"
    } else {
        "problems"
    };
    eprintln!("{} {what}; nothing was started", problems.len());
    Ended::Misused
}
