//! The numbers of `docs/PERFORMANCE.md`: each part alone by its name, or all of them into one table.
//!
//! A number that stands alone says more about the machine than about the software, and none here is asserted. What
//! is compared is measured in the same run, in turns, so that a slow moment hits both sides. To add a part: a module
//! with `pub async fn measured(&mut Report)`, its two lines below, and its place in `docs/PERFORMANCE.md`.

use std::process::ExitCode;

mod clicks;
mod database;
mod floor;
mod flow;
mod load;
mod process;
mod reads;
mod report;
mod rows;
mod seed;
mod stage;

#[path = "../tests/support/folder.rs"]
mod folder;

use report::Report;

/// As in the product.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The parts, in the order of the page.
const PARTS: &[&str] = &["clicks", "flow", "reads", "fold", "audit", "process"];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if let Some(unknown) = asked.iter().find(|word| !PARTS.contains(&word.as_str())) {
        eprintln!(
            "There is no part `{unknown}`; there are: {}.",
            PARTS.join(", ")
        );
        return ExitCode::FAILURE;
    }
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let wanted = |part: &&&str| asked.is_empty() || asked.iter().any(|word| word == **part);
    for part in PARTS.iter().filter(wanted) {
        eprintln!("== {part}");
        let mut report = Report::begin();
        runtime.block_on(measured(part, &mut report));
        report.keep(part);
    }
    ExitCode::SUCCESS
}

async fn measured(part: &str, report: &mut Report) {
    match part {
        "clicks" => clicks::measured(report).await,
        "flow" => flow::cases(report).await,
        "reads" => reads::measured(report).await,
        "fold" => flow::pure(report).await,
        "audit" => flow::verify(report).await,
        "process" => process::measured(report).await,
        part => unreachable!("{part} is not in the list"),
    }
}
