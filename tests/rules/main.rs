//! Tests of the code base itself: who may know whom, budgets, names, what is never called.
//!
//! Each rule is a pure function from a file to its offences. Beside each rule stands a control with planted offences,
//! so that a rule which no longer finds anything is noticed. To add a rule: write the function and its control in the
//! module of its subject, and one test here that runs it over the tree.

mod arrows;
mod budgets;
mod calls;
mod names;
mod pages;
mod paths;
mod shape;
mod source;
mod tracked;
mod vendors;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use source::{Offence, Source};

/// Read once for all rules.
static PRODUCT: LazyLock<Vec<Source>> = LazyLock::new(|| rust_files("src"));
static TESTS: LazyLock<Vec<Source>> =
    LazyLock::new(|| ["tests", "fuzz"].into_iter().flat_map(rust_files).collect());
static TRACKED: LazyLock<Vec<(String, String)>> = LazyLock::new(tracked_texts);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All `.rs` files below `folder`, in a stable order.
fn rust_files(folder: &str) -> Vec<Source> {
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    files.sort();
    files
        .iter()
        .map(|path| Source::parse(&from_root(path), &fs::read_to_string(path).unwrap()))
        .collect()
}

fn from_root(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap();
    inside
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir()
            && !matches!(
                name.as_str(),
                "target" | ".git" | ".countersign" | "node_modules"
            )
        {
            walk(&path, out);
        } else if path.is_file() {
            out.push(path);
        }
    }
}

/// What git tracks or would track. Where there is no git (an unpacked archive), every file but build output.
fn tracked_texts() -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args(["ls-files", "-co", "--exclude-standard"])
        .current_dir(root())
        .output();
    let mut files = Vec::new();
    match listed {
        Ok(output) if output.status.success() => {
            files.extend(
                String::from_utf8_lossy(&output.stdout)
                    .lines()
                    .map(|line| root().join(line)),
            );
        }
        _ => walk(&root(), &mut files),
    }
    // A picture is there without a text.
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).ok()?;
        let text = String::from_utf8(bytes).unwrap_or_default();
        Some((from_root(&path), text))
    };
    files
        .into_iter()
        .filter_map(read)
        .filter(|(path, _)| path != "Cargo.lock")
        .collect()
}

fn hold(offences: Vec<Offence>) {
    let said: Vec<String> = offences
        .iter()
        .map(|offence| format!("  {offence}"))
        .collect();
    assert!(
        said.is_empty(),
        "{} to put right:\n{}",
        said.len(),
        said.join("\n")
    );
}

/// Runs a rule over the product.
fn product(rule: fn(&Source) -> Vec<Offence>) {
    assert!(
        !PRODUCT.is_empty(),
        "there is no source to hold to this rule"
    );
    hold(PRODUCT.iter().flat_map(rule).collect());
}

/// Runs a rule over the product and its tests.
fn everything(rule: fn(&Source) -> Vec<Offence>) {
    product(rule);
    hold(TESTS.iter().flat_map(rule).collect());
}

/// Runs a rule over the text of every tracked file.
fn tracked(rule: fn(&str, &str) -> Vec<Offence>) {
    assert!(!TRACKED.is_empty(), "there is no file to hold to this rule");
    hold(
        TRACKED
            .iter()
            .flat_map(|(path, text)| rule(path, text))
            .collect(),
    );
}

#[test]
fn every_file_can_be_read() {
    everything(source::unreadable);
}

#[test]
fn rooms_name_only_the_rooms_they_may_know() {
    product(arrows::arrows);
}

#[test]
fn the_page_of_the_architecture_shows_the_arrows_that_are_held() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    hold(arrows::shown(&page));
}

#[test]
fn no_module_hides_from_the_rules() {
    product(arrows::hidden_paths);
}

#[test]
fn vendor_crates_stay_in_the_rooms_that_own_them() {
    product(vendors::vendors);
}

#[test]
fn the_domain_is_pure() {
    product(vendors::domain_is_pure);
}

#[test]
fn every_file_says_what_it_is_for() {
    everything(shape::purpose_line);
}

#[test]
fn unit_tests_stand_at_the_foot() {
    product(shape::tests_at_the_foot);
}

#[test]
fn comments_fit_a_screen() {
    everything(shape::comment_width);
}

#[test]
fn public_types_say_what_they_mean() {
    product(shape::public_items_are_documented);
}

#[test]
fn every_room_is_listed_in_lib() {
    hold(shape::rooms_are_listed(&PRODUCT));
}

#[test]
fn no_file_is_an_orphan() {
    hold(shape::no_orphans(&PRODUCT));
}

#[test]
fn files_keep_their_budget() {
    everything(budgets::file_lines);
}

#[test]
fn functions_keep_their_budget() {
    product(budgets::function_lines);
}

#[test]
fn functions_take_few_parameters() {
    everything(budgets::parameters);
}

#[test]
fn the_product_never_unwraps() {
    product(calls::no_unwrap);
}

#[test]
fn the_product_never_panics_on_purpose() {
    product(calls::no_panic);
}

#[test]
fn no_lint_is_switched_off_in_silence() {
    everything(calls::no_silent_allow);
}

#[test]
fn types_have_names_that_mean_something() {
    product(names::type_names);
}

#[test]
fn functions_have_names_that_mean_something() {
    product(names::function_names);
}

#[test]
fn tests_are_named_as_sentences() {
    everything(names::test_names);
}

#[test]
fn no_tracked_file_holds_a_machine_path() {
    tracked(tracked::machine_paths);
}

#[test]
fn no_tracked_file_names_a_registry_host() {
    tracked(tracked::registry_hosts);
}

#[test]
fn no_tracked_file_holds_a_secret() {
    tracked(tracked::secrets);
}

#[test]
fn pages_name_only_what_is_there() {
    let pages = || TRACKED.iter().filter(|(path, _)| pages::is_page(path));
    assert!(pages().count() > 0, "there is no page to hold to this rule");
    let current = || pages().filter(|(path, _)| !pages::describes_the_past(path));
    let mut offences: Vec<Offence> = current()
        .flat_map(|(path, text)| pages::dead_paths(path, text, &TRACKED))
        .collect();
    offences.extend(current().flat_map(|(path, text)| pages::dead_names(path, text, &TRACKED)));
    hold(offences);
}
