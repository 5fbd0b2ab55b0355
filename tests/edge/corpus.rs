//! The seeds of `fuzz/` and what comes of them by mutation, held to the same promises as under the fuzzer.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use countersign::http::intake::ticket;
use countersign::slack::inbound::payload::{Interaction, event, interaction, slash};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[path = "../../fuzz/src/lib.rs"]
mod fuzz;

use fuzz::{READERS, Reader, policies};

/// How many mutations of its seeds each reader meets in each run.
const MUTATIONS: u32 = 64;

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(below)
}

fn names(below: &str) -> BTreeSet<String> {
    let listed = std::fs::read_dir(folder(below)).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.trim_end_matches(".rs").to_owned()
    };
    listed.map(name).collect()
}

/// The seeds of a reader with their names, in a stable order.
fn seeds(reader: &str) -> Vec<(String, Vec<u8>)> {
    let below = format!("seeds/{reader}");
    let read = |name: String| {
        let bytes = std::fs::read(folder(&below).join(&name)).unwrap();
        (name, bytes)
    };
    names(&below).into_iter().map(read).collect()
}

/// What a reader says against an input; `None` if every promise held.
fn complaint(take: fn(&[u8]), input: &[u8]) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| take(input))).err()?;
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .or_else(|| Some("it panicked".to_owned()))
}

#[test]
fn every_reader_has_a_target_and_seeds_and_there_are_no_others() {
    let readers: BTreeSet<String> = READERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), readers);
    assert_eq!(names("seeds"), readers);
    let manifest = std::fs::read_to_string(folder("Cargo.toml")).unwrap();
    for reader in readers {
        assert!(
            manifest.contains(&format!("name = \"{reader}\"")),
            "{reader}"
        );
        assert!(seeds(&reader).len() >= 5, "{reader} has too few seeds");
    }
}

#[test]
fn every_seed_keeps_every_promise() {
    for (reader, take) in READERS {
        for (name, bytes) in seeds(reader) {
            let said = complaint(*take, &bytes);
            assert_eq!(said, None, "fuzz/seeds/{reader}/{name}");
        }
    }
}

#[test]
fn a_promise_that_is_broken_is_noticed_and_told() {
    let broken: fn(&[u8]) = |input| assert!(input.is_empty(), "it is not empty");
    assert_eq!(complaint(broken, b""), None);
    assert_eq!(complaint(broken, b"x").as_deref(), Some("it is not empty"));
}

/// A seed that is refused at the first byte would exercise nothing behind it.
#[test]
fn the_seeds_reach_what_lies_behind_the_first_check() {
    let all = |reader: &str| seeds(reader).into_iter().map(|(_, bytes)| bytes);
    let taken = |input: &Vec<u8>| ticket::read(input).is_ok();
    assert!(all("tickets").any(|input| taken(&input)));
    assert!(!all("tickets").all(|input| taken(&input)));
    let form = |name: &str| std::fs::read(folder("seeds/payloads").join(name)).unwrap();
    assert!(matches!(
        interaction(&form("press.form")),
        Ok(Interaction::Press(_))
    ));
    assert!(slash(&form("command.form")).is_ok() && event(&form("event.json")).is_ok());
    assert!(all("policies").any(|input| policies::loaded(&input).is_ok()));
}

/// One change of an input: where (in thousandths), how many bytes go, what stands there then.
type Change = (usize, usize, Vec<u8>);

fn change() -> impl Strategy<Value = Change> {
    let words = prop_oneof![
        any::<[u8; 1]>().prop_map(|byte| byte.to_vec()),
        prop::sample::select(vec![
            "\"",
            "{",
            "[",
            "}",
            ",",
            ":",
            "\\u0000",
            "\\ud800",
            "%",
            "&",
            "=",
            "\n",
            "\0",
            "@",
            "-",
            "null",
            "99999999999999999999",
            "e9",
            "\u{200B}",
            "\u{202E}",
            "\u{301}",
            "<!here>",
            "[EMAIL_1]",
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    (0_usize..=1_000, 0_usize..24, words)
}

fn changed(mut input: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for (at, gone, words) in changes {
        let start = input.len() * at / 1_000;
        let end = (start + gone).min(input.len());
        input.splice(start..end, words.iter().copied());
    }
    input
}

fn mutated((reader, take): &Reader) {
    let kept = seeds(reader);
    let config = Config {
        cases: MUTATIONS,
        failure_persistence: None,
        ..Config::default()
    };
    let strategy = (0..kept.len(), prop::collection::vec(change(), 1..6));
    let outcome = TestRunner::new(config).run(&strategy, |(which, changes)| {
        let input = changed(kept[which].1.clone(), &changes);
        let said = complaint(*take, &input);
        prop_assert!(
            said.is_none(),
            "{:?} of {:?}",
            said,
            String::from_utf8_lossy(&input)
        );
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{reader}: {failure}"));
}

#[test]
fn what_comes_of_the_seeds_by_mutation_keeps_every_promise() {
    READERS.iter().for_each(mutated);
}
