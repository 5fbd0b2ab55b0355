//! Every value of `manifests/slack-app.yaml` is meant: what the lists of scopes and events leave.

use std::collections::BTreeSet;
use std::fs;

use crate::manifest::{code, lines, manifest, root};

/// Every other line of the manifest: the way to it, its value, and what of the product would be wrong with another one.
/// `...` stands for prose that people read at the installation.
const LINES: &[(&str, &str, &str)] = &[
    (
        "display_information name",
        "Countersign",
        "the name on the page of the app",
    ),
    ("display_information description", "...", "prose"),
    ("display_information long_description", "...", "prose"),
    ("display_information background_color", "...", "prose"),
    (
        "features bot_user display_name",
        "Countersign",
        "whom cards come from",
    ),
    (
        "features bot_user always_online",
        "true",
        "it answers at any hour",
    ),
    (
        "features app_home home_tab_enabled",
        "false",
        "nothing opens a Home tab: no `views.publish`",
    ),
    (
        "features app_home messages_tab_enabled",
        "true",
        "cards of named approvers are direct messages",
    ),
    (
        "features app_home messages_tab_read_only_enabled",
        "true",
        "no event `message.im` is read",
    ),
    (
        "features slash_commands - command",
        "/triage",
        "the word that its help names",
    ),
    (
        "features slash_commands url",
        "https://YOUR-HOST/slack/commands",
        "a route",
    ),
    ("features slash_commands description", "...", "prose"),
    (
        "features slash_commands usage_hint",
        "...",
        "the words that the command knows",
    ),
    (
        "features slash_commands should_escape",
        "false",
        "people are never named to it",
    ),
    (
        "settings interactivity is_enabled",
        "true",
        "cards have buttons",
    ),
    (
        "settings interactivity request_url",
        "https://YOUR-HOST/slack/interactions",
        "a route",
    ),
    (
        "settings event_subscriptions request_url",
        "https://YOUR-HOST/slack/events",
        "a route",
    ),
    (
        "settings org_deploy_enabled",
        "false",
        "one token for one workspace",
    ),
    (
        "settings socket_mode_enabled",
        "false",
        "no `apps.connections.open`",
    ),
    (
        "settings token_rotation_enabled",
        "false",
        "no `oauth.v2.access`",
    ),
];

/// The values of the manifest with the way to each, without the items of the lists that have tests of their own.
fn values(manifest: &str) -> Vec<(String, String)> {
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found: Vec<(String, String)> = Vec::new();
    for (depth, text) in lines(manifest) {
        let Some((key, value)) = text
            .split_once(": ")
            .or_else(|| Some((text.strip_suffix(':')?, "")))
        else {
            // Prose over several lines, or an item of a list.
            continue;
        };
        above.retain(|(other, _)| *other < depth);
        let way: Vec<&str> = above.iter().map(|(_, key)| key.as_str()).collect();
        match value {
            "" => above.push((depth, key.to_owned())),
            value => found.push((
                [way.join(" ").as_str(), key].join(" "),
                value.trim_matches('"').to_owned(),
            )),
        }
    }
    found
}

#[test]
fn every_value_of_the_manifest_is_meant_and_none_is_there_for_nothing() {
    let manifest = manifest();
    let found = values(&manifest);
    for (way, value) in &found {
        let known = LINES.iter().find(|(known, ..)| known == way);
        let (_, expected, _) = known.unwrap_or_else(|| panic!("what is `{way}` for?"));
        assert!(*expected == "..." || expected == value, "{way}: {value}");
    }
    assert_eq!(found.len(), LINES.len(), "{found:#?}");
    let code = code();
    for never in [
        "views.publish",
        "apps.connections.open",
        "oauth.v2.access",
        "\"message.im\"",
        "app_home_opened",
    ] {
        assert!(
            !code.contains(never),
            "the manifest says that nothing uses {never}"
        );
    }
}

#[test]
fn the_hint_names_the_words_that_the_command_knows() {
    let manifest = manifest();
    let (_, hint) = values(&manifest)
        .into_iter()
        .find(|(way, _)| way.ends_with("usage_hint"))
        .unwrap();
    let commands = fs::read_to_string(root().join("src/slack/commands.rs")).unwrap();
    let known: BTreeSet<&str> = commands
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix('"')?
                .split_once("\" => ")
                .map(|(word, _)| word)
        })
        .collect();
    let hinted: BTreeSet<&str> = hint
        .split(" | ")
        .map(|one| one.split(' ').next().unwrap())
        .collect();
    assert_eq!(known, hinted);
    assert!(commands.contains("/triage") || code().contains("/triage"));
}
