//! Journals of released versions: each is whole, folds to what it folded to then, and makes every list again.

use std::path::PathBuf;

use countersign::domain::case::Case;
use countersign::domain::ids::CaseId;
use countersign::store::{CaseFilter, Page, Store};

use crate::bed::{Bed, on_each};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/journals"))
}

/// The released versions, oldest first.
fn versions() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut versions: Vec<String> = names
        .filter_map(|name| Some(name.strip_suffix(".jsonl")?.to_owned()))
        .collect();
    versions.sort();
    versions
}

/// Puts a journal into an empty database, as a backup would.
async fn put(bed: &Bed, version: &str) {
    let file = folder().join(format!("{version}.jsonl"));
    let lines = std::fs::read_to_string(file).unwrap();
    let quoted = |text: &String| format!("'{}'", text.replace('\'', "''"));
    let rows: Vec<String> = lines
        .lines()
        .map(|line| {
            let row: Vec<String> = serde_json::from_str(line).unwrap();
            let values: Vec<String> = row.iter().map(quoted).collect();
            let [stream, seq, at, rest @ ..] = &values[..] else {
                panic!("{line}")
            };
            let [seq, at] = [seq, at].map(|number| number.trim_matches('\''));
            format!("({stream}, {seq}, {at}, {})", rest.join(", "))
        })
        .collect();
    let put =
        "INSERT INTO journal (stream, seq, at, actor, cause, kind, body, prev_hash, hash) VALUES";
    bed.behind(&format!("{put} {}", rows.join(", ")))
        .await
        .unwrap();
}

/// What a case has become, in a line.
fn line(case: &Case) -> String {
    let states = case
        .requests
        .iter()
        .map(|asked| format!("{:?}", asked.state));
    let states: Vec<String> = states.collect();
    format!(
        "case {} after {} events: {:?}, {} drafts, {} escalations of which {} are open, requests {}",
        case.number,
        case.seq,
        case.stage(),
        case.drafts.len(),
        case.escalations.len(),
        case.open_escalations().count(),
        states.join(" ")
    )
}

async fn folded(store: &Store) -> String {
    let everything = Page {
        skip: 0,
        most: 1_000,
    };
    let cases = store
        .cases(&CaseFilter::default(), everything)
        .await
        .unwrap();
    let mut ids: Vec<(u64, CaseId)> = cases
        .into_iter()
        .map(|one| (one.number, one.case))
        .collect();
    ids.sort();
    let mut lines = String::new();
    for (_, id) in ids {
        let case = store.case(&id).await.unwrap().unwrap();
        lines.push_str(&line(&case));
        lines.push('\n');
    }
    lines
}

#[tokio::test]
async fn a_journal_of_every_released_version_still_folds() {
    assert!(!versions().is_empty());
    for version in versions() {
        on_each(async |bed| {
            put(bed, &version).await;
            let store = bed.another().await;
            let verified = store.verify(&mut |_| {}).await.unwrap();
            assert_eq!(verified.first_bad, None, "{version}");
            store.rebuild_projections().await.unwrap();
            assert!(store.board().await.unwrap().policy.is_some());
            let ends = folder().join(format!("{version}.ends.txt"));
            let folded = folded(&store).await;
            if std::env::var("COUNTERSIGN_WRITE_JOURNAL").is_ok_and(|new| new == version) {
                std::fs::write(&ends, &folded).unwrap();
            }
            assert_eq!(folded, std::fs::read_to_string(ends).unwrap(), "{version}");
            store.close().await;
        })
        .await;
    }
}
