//! A secret in a ticket at the terminal: it is in nothing that is printed and in no file of the record.

use std::path::{Path, PathBuf};

use crate::bench::{Bench, Left};

const DATABASE: &[&str] = &["--database", ".countersign/rehearsal.db"];

/// A ticket with this in its subject and its message, run, decided and recorded: everything printed and written.
fn whole_run(secret: &str) -> Vec<String> {
    let bench = Bench::new();
    let ticket = serde_json::json!({
        "id": "T-1", "requester": { "email": "dev@harbour.example.com" },
        "subject": format!("Does {secret} still work?"),
        "body": format!("Hello, is there a dark mode? By the way, this is what we use: {secret}. Thank you."),
    });
    bench.write("ticket.json", ticket.to_string());
    let mut said = vec![];
    let mut keep = |left: Left| said.extend([left.out, left.err]);
    keep(bench.run(&["run", "ticket.json"]).exits(0));
    let decide = ["--decide", "approve", "--as", "U0LEAD0001"];
    let more = ["--reason", "Agreed.", "--record", "proof"];
    let decided = bench.run(&[&["run", "ticket.json"], &decide[..], &more].concat());
    keep(decided.exits(0));
    for command in [
        &["case", "list"][..],
        &["case", "show", "1"],
        &["case", "story", "1"],
        &["audit", "verify"],
    ] {
        keep(bench.run(&[command, DATABASE].concat()).exits(0));
    }
    let files = files_of(&bench.path("proof"));
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        said.push(String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned());
    }
    said
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(files_of(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files
}

fn is_nowhere(secret: &str, words: &[&str], placeholder: &str) {
    let said = whole_run(secret);
    for text in &said {
        for word in words {
            assert!(!text.contains(word), "{text}");
        }
    }
    let shown = said
        .iter()
        .filter(|text| text.contains(placeholder))
        .count();
    assert!(shown >= 2, "{placeholder} stands where it was: {said:#?}");
}

#[test]
fn a_key_is_in_nothing_that_is_printed_or_recorded() {
    // Put together here, so that no file holds anything that looks like one.
    let key = ["sk", "live", &format!("NotARealKey{}", "0".repeat(20))].join("_");
    is_nowhere(&key, &["NotARealKey"], "[API_KEY_1]");
}

#[test]
fn a_card_number_is_in_nothing_that_is_printed_or_recorded() {
    let words = ["4242 4242 4242", "424242424242"];
    is_nowhere("4242 4242 4242 4242", &words, "[CARD_1]");
}

#[test]
fn an_account_number_is_in_nothing_that_is_printed_or_recorded() {
    let words = ["3704 0044 0532", "370400440532"];
    is_nowhere("DE89 3704 0044 0532 0130 00", &words, "[IBAN_1]");
}
