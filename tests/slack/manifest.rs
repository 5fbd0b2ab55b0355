//! `manifests/slack-app.yaml` asks Slack for what the code uses: not a scope, an event or an address more or less.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The scopes that each method of the Web API asks a bot for, as far as we call it: in public and private channels and
/// in direct messages. Source: the page of each method under <https://docs.slack.dev/reference/methods>.
const METHODS: &[(&str, &[&str])] = &[
    ("chat.postEphemeral", &["chat:write"]),
    ("chat.postMessage", &["chat:write"]),
    ("chat.update", &["chat:write"]),
    (
        "conversations.history",
        &["channels:history", "groups:history", "im:history"],
    ),
    (
        "conversations.replies",
        &["channels:history", "groups:history", "im:history"],
    ),
    ("conversations.open", &["im:write"]),
    ("usergroups.users.list", &["usergroups:read"]),
    // The address in a profile is given to apps that ask for it.
    ("users.info", &["users:read", "users:read.email"]),
    ("views.open", &[]),
    ("views.update", &[]),
];

/// Beginnings of the names of methods.
const FAMILIES: &[&str] = &[
    "apps.",
    "auth.",
    "bookmarks.",
    "bots.",
    "chat.",
    "conversations.",
    "files.",
    "pins.",
    "reactions.",
    "reminders.",
    "team.",
    "usergroups.",
    "users.",
    "views.",
];

/// Events that change something which we might want to know. Source: <https://docs.slack.dev/reference/events>.
const EVENTS: &[&str] = &[
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "group_archive",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
];

/// Addresses that Slack calls, with the line of the manifest that names each.
const ADDRESSES: &[&str] = &["/slack/commands", "/slack/events", "/slack/interactions"];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            into.push_str(product);
        }
    }
}

pub fn code() -> String {
    let mut text = String::new();
    sources(&root().join("src/slack"), &mut text);
    text
}

/// Methods that a text names as a string: `"chat.update"`.
fn methods_in(code: &str) -> BTreeSet<&str> {
    code.split('"')
        .filter(|word| FAMILIES.iter().any(|family| word.starts_with(family)))
        .filter(|word| word.chars().all(|c| c.is_ascii_alphabetic() || c == '.'))
        .collect()
}

/// Events that a text names as a string.
fn events_in(code: &str) -> BTreeSet<String> {
    let named = |event: &&&str| code.contains(&format!("\"{event}\""));
    let named = EVENTS.iter().filter(named);
    named.map(|&event| event.to_owned()).collect()
}

/// The scopes that a set of methods and the slash command need; a method that is not in the table is named.
fn scopes_of(methods: &BTreeSet<&str>) -> Result<BTreeSet<String>, String> {
    let mut scopes = BTreeSet::from(["commands".to_owned()]);
    for method in methods {
        let known = METHODS.iter().find(|(name, _)| name == method);
        let (_, asked) = known.ok_or_else(|| {
            format!("{method} is called: give it its scopes in this test's table")
        })?;
        scopes.extend(asked.iter().map(|&scope| scope.to_owned()));
    }
    Ok(scopes)
}

/// A manifest's lines without comments, each with its indentation.
pub fn lines(manifest: &str) -> impl Iterator<Item = (usize, &str)> {
    manifest.lines().filter_map(|line| {
        let bare = line.split(" #").next().unwrap_or_default().trim_end();
        let text = bare.trim_start();
        let comment = text.is_empty() || text.starts_with('#');
        (!comment).then(|| (bare.len() - text.len(), text))
    })
}

/// The items of the list under a key.
fn list_under(manifest: &str, key: &str) -> BTreeSet<String> {
    lines(manifest)
        .skip_while(|(_, text)| *text != format!("{key}:"))
        .skip(1)
        .map_while(|(_, text)| text.strip_prefix("- ").map(str::to_owned))
        .collect()
}

pub fn manifest() -> String {
    fs::read_to_string(root().join("manifests/slack-app.yaml")).unwrap()
}

#[test]
fn the_app_asks_for_the_scopes_of_the_methods_that_are_called_and_no_other() {
    let code = code();
    let methods = methods_in(&code);
    assert!(methods.contains("chat.postMessage"), "{methods:?}");
    assert_eq!(
        list_under(&manifest(), "bot"),
        scopes_of(&methods).unwrap(),
        "left: what slack-app.yaml asks for; right: what src/slack needs"
    );
}

#[test]
fn the_table_of_methods_has_no_method_that_is_not_called() {
    let code = code();
    let called = methods_in(&code);
    for (method, _) in METHODS {
        assert!(called.contains(method), "nothing calls {method} any more");
    }
}

#[test]
fn the_app_subscribes_to_the_events_that_the_code_names_and_no_other() {
    assert_eq!(
        list_under(&manifest(), "bot_events"),
        events_in(&code()),
        "left: what slack-app.yaml subscribes to; right: what src/slack reads"
    );
}

#[test]
fn the_app_names_the_addresses_that_slack_calls() {
    let manifest = manifest();
    let named: BTreeSet<&str> = lines(&manifest)
        .filter_map(|(_, text)| text.split_once("https://YOUR-HOST"))
        .map(|(_, path)| path)
        .collect();
    assert_eq!(named, BTreeSet::from_iter(ADDRESSES.iter().copied()));
    assert!(manifest.contains("- command: /triage\n"));
    assert!(manifest.contains("token_rotation_enabled: false\n"));
}

#[test]
fn a_scope_too_many_or_too_few_is_noticed() {
    let text = r#"client.read("users.info", a); let (m, b) = ("views.open", c); "chats.are.nice"; "users are""#;
    let methods = methods_in(text);
    assert_eq!(methods, BTreeSet::from(["users.info", "views.open"]));
    let needed = scopes_of(&methods).unwrap();
    let asked = "scopes:\n  bot: # why\n    - commands # /triage\n    # a reason\n    - users:read\n    - users:read.email\nsettings:\n";
    assert_eq!(list_under(asked, "bot"), needed);
    let more = asked.replace("settings:", "    - admin\nsettings:");
    assert_ne!(list_under(&more, "bot"), needed);
    let less = asked.replace("    - users:read\n", "");
    assert_ne!(list_under(&less, "bot"), needed);
    let read = events_in(r#"match kind { "app_mention" => a }"#);
    assert_eq!(
        read,
        list_under("  bot_events:\n    - app_mention\n", "bot_events")
    );
    let unknown = scopes_of(&BTreeSet::from(["files.delete"]));
    assert!(unknown.unwrap_err().contains("files.delete"));
}
