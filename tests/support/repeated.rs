//! Whether a log repeats what somebody wrote: not only whole texts, any four words of one in a row.

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher as _, RandomState};

/// How many words in a row are nobody's but the writer's.
const RUN: usize = 4;
/// How long a single word must be to be looked for: keys and card numbers are, names of months are not.
const TELLING: usize = 12;

/// The runs of words that stand in a log and in one of the texts. A text of two or three words is looked for whole,
/// one of a single word where that is as long as a key. JSON is looked through value by value.
pub fn repeated(log: &str, texts: &[String]) -> BTreeSet<String> {
    let hashes = RandomState::new();
    let log = words(log);
    let runs = |length| log.windows(length).map(|run| hashes.hash_one(run));
    let known: Vec<HashSet<u64>> = (1..=RUN).map(|length| runs(length).collect()).collect();
    let mut found = BTreeSet::new();
    for text in texts.iter().flat_map(|text| parts(text)) {
        let words = words(&text);
        let length = words.len().min(RUN);
        let alone = length == 1 && words[0].len() < TELLING;
        if length > 0 && !alone {
            let stands = |run: &&[String]| known[length - 1].contains(&hashes.hash_one(run));
            let standing = words.windows(length).filter(stands);
            found.extend(standing.map(|run| run.join(" ")));
        }
    }
    found
}

/// A text itself, or the texts in it where it is JSON.
fn parts(text: &str) -> Vec<String> {
    fn gather(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => into.push(text.clone()),
            serde_json::Value::Array(all) => all.iter().for_each(|one| gather(one, into)),
            serde_json::Value::Object(all) => all.values().for_each(|one| gather(one, into)),
            _ => {}
        }
    }
    match serde_json::from_str(text) {
        Ok(value @ (serde_json::Value::Object(_) | serde_json::Value::Array(_))) => {
            let mut found = vec![];
            gather(&value, &mut found);
            found
        }
        _ => vec![text.to_owned()],
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

mod controls {
    use super::repeated;

    #[test]
    fn any_four_words_of_a_text_in_a_log_are_found() {
        let texts = ["Hello, is there a dark mode? By the way, thank you.".to_owned()];
        let found = |log: &str| repeated(log, &texts).len();
        assert_eq!(
            found("WARN refused why=\"is there a dark MODE\" case=c1"),
            2
        );
        assert_eq!(found("is there a case"), 0);
        let who = [r#"{"email":"pat@harbour.example","name":"Pat Doe"}"#.to_owned()];
        assert_eq!(repeated("sent to pat@harbour.example", &who).len(), 1);
        assert_eq!(repeated("for Pat Doe", &who).len(), 1);
        let key = ["NotARealKey00000000".to_owned(), "approve".to_owned()];
        assert_eq!(repeated("approve NotARealKey00000000", &key).len(), 1);
    }
}
