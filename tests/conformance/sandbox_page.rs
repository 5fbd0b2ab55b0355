//! The page of the local workspace: it makes no markup from text, loads nothing from elsewhere, and is complete.

use std::collections::BTreeMap;
use std::path::Path;

/// Ways to turn text into markup or code. Ticket text is hostile; the page builds nodes and sets their text.
const MARKUP_FROM_TEXT: &[&str] = &[
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "createContextualFragment",
    "DOMParser",
    "document.write",
    "srcdoc",
    "eval(",
    "new Function",
];

/// Every file of the page by name.
fn page() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/page");
    std::fs::read_dir(folder)
        .expect("the page's folder")
        .map(|entry| {
            let entry = entry.expect("an entry of the page's folder");
            let name = entry.file_name().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(entry.path()).expect("a text file");
            (name, text)
        })
        .collect()
}

/// What stands between `opening` and the next `closing`, for every `opening` in `text`.
fn between<'a>(text: &'a str, opening: &str, closing: char) -> Vec<&'a str> {
    text.split(opening)
        .skip(1)
        .filter_map(|rest| rest.split(closing).next())
        .collect()
}

/// What a file makes the browser fetch by itself.
fn loads(name: &str, text: &str) -> Vec<String> {
    let found = match name.rsplit('.').next() {
        Some("html") => [between(text, "src=\"", '"'), between(text, "href=\"", '"')].concat(),
        Some("css") => [between(text, "url(", ')'), between(text, "@import ", ';')].concat(),
        Some("js") => [
            between(text, " from '", '\''),
            between(text, "import('", '\''),
        ]
        .concat(),
        _ => Vec::new(),
    };
    found.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_page_never_makes_markup_from_text() {
    for (name, text) in page() {
        for way in MARKUP_FROM_TEXT {
            assert!(!text.contains(way), "{name} uses {way}");
        }
    }
}

#[test]
fn the_page_loads_only_its_own_files_and_they_are_all_there() {
    let files = page();
    for (name, text) in &files {
        for load in loads(name, text) {
            let own = load
                .strip_prefix("/assets/")
                .or_else(|| load.strip_prefix("./"));
            let fine = load == "data:," || own.is_some_and(|file| files.contains_key(file));
            assert!(fine, "{name} loads {load}, which is not a file of the page");
        }
    }
}

#[test]
fn every_file_of_the_page_is_reached_from_its_frame() {
    let files = page();
    let mut reached = vec!["index.html".to_owned()];
    let mut next = 0;
    while let Some(name) = reached.get(next).cloned() {
        for load in loads(&name, &files[&name]) {
            let own = load.rsplit('/').next().unwrap_or_default().to_owned();
            if files.contains_key(&own) && !reached.contains(&own) {
                reached.push(own);
            }
        }
        next += 1;
    }
    let unreached: Vec<_> = files
        .keys()
        .filter(|name| !reached.contains(name))
        .collect();
    assert!(unreached.is_empty(), "nothing loads {unreached:?}");
}

#[test]
fn the_page_says_that_it_is_a_stand_in_before_any_script_runs() {
    let frame = &page()["index.html"];
    assert!(frame.contains("a stand-in for Slack on this machine. Nothing here leaves it."));
}
