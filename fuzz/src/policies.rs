//! Policies: a damaged folder is refused with its place and a fix, and one that is taken means one thing only.
//!
//! The first line of an input names a file of the shipped folder, and perhaps a place and a length in bytes
//! (`contract.json 120 4`); the rest takes the place of those bytes, or of the whole file.

use std::path::Path;
use std::sync::OnceLock;

use countersign::domain::policy::{Documents, Policy, Problem};

/// Loads the shipped folder with one file damaged.
pub fn take(bytes: &[u8]) {
    match loaded(bytes) {
        Ok(policy) => {
            let again = Policy::restore(policy.canonical());
            let again = again.expect("what was taken is taken again from its canonical form");
            assert_eq!(again.digest(), policy.digest());
        }
        Err(problems) => {
            let told = |problem: &Problem| {
                let worded = !problem.message.is_empty() && !problem.fix.is_empty();
                worded && problem.line > 0 && problem.column > 0
            };
            assert!(!problems.is_empty() && problems.iter().all(told));
        }
    }
}

/// What is made of the shipped folder with the damage that an input asks for.
pub fn loaded(bytes: &[u8]) -> Result<Policy, Vec<Problem>> {
    let text = String::from_utf8_lossy(bytes);
    let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mut documents = shipped();
    damage(&mut documents, head, rest);
    Policy::load(&documents)
}

fn damage(documents: &mut Documents, head: &str, rest: &str) {
    let mut words = head.split(' ');
    let name = words.next().unwrap_or_default();
    let number = |word: Option<&str>| word.and_then(|word| word.parse::<usize>().ok());
    let (at, length) = (number(words.next()), number(words.next()));
    let Some(document) = documents.get_mut(name) else {
        // A file that does not belong there.
        documents.insert(name.to_owned(), rest.to_owned());
        return;
    };
    let end = at.map_or(document.len(), |at| at.saturating_add(length.unwrap_or(0)));
    let place = |place: usize| document.floor_char_boundary(place.min(document.len()));
    let (start, end) = (place(at.unwrap_or(0)), place(end));
    document.replace_range(start..end, rest);
}

/// Every file of `manifests/policy`, read once.
fn shipped() -> Documents {
    static ONCE: OnceLock<Documents> = OnceLock::new();
    ONCE.get_or_init(read).clone()
}

fn read() -> Documents {
    let below = Path::new(env!("CARGO_MANIFEST_DIR"));
    let roots = below.ancestors().map(|root| root.join("manifests/policy"));
    let root = roots.into_iter().find(|root| root.is_dir());
    let root = root.expect("there is a policy in this repository");
    let mut documents = Documents::new();
    for (folder, prefix) in [(root.clone(), ""), (root.join("tiers"), "tiers/")] {
        for entry in std::fs::read_dir(folder)
            .expect("the folder is there")
            .flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".json") {
                let text = std::fs::read_to_string(entry.path()).expect("the file is text");
                documents.insert(format!("{prefix}{name}"), text);
            }
        }
    }
    documents
}
