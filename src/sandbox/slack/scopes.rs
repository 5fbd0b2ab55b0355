//! Which scope each method asks for, and what the token of the stand-in holds.
//! Source: the page of each method under <https://docs.slack.dev/reference/methods>

use super::Workspace;
use super::args::Refused;

/// The manifest that the app is installed from, as Slack would be given it.
const MANIFEST: &str = include_str!("../../../manifests/slack-app.yaml");

/// The scopes that the app is granted when it is installed: those that its manifest asks for a bot, and no other.
pub(in crate::sandbox) fn granted() -> Vec<String> {
    MANIFEST
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim())
        .skip_while(|line| *line != "bot:")
        .skip(1)
        .map_while(|line| line.strip_prefix("- "))
        .map(str::to_owned)
        .collect()
}

/// The scope that a method asks for, where it asks for one.
fn needed(method: &str, channel: &str) -> Option<&'static str> {
    let im = channel.starts_with('D');
    // Private channels of the kind whose ids can be told apart. None stands in the cast.
    let private = channel.starts_with('G');
    Some(match method {
        "chat.postMessage" | "chat.postEphemeral" | "chat.update" | "chat.delete" => "chat:write",
        "conversations.open" => "im:write",
        "conversations.history" | "conversations.replies" if im => "im:history",
        "conversations.history" | "conversations.replies" if private => "groups:history",
        "conversations.history" | "conversations.replies" => "channels:history",
        "conversations.info" | "conversations.members" if im => "im:read",
        "conversations.info" | "conversations.list" | "conversations.members" => "channels:read",
        "users.info" | "users.list" => "users:read",
        "usergroups.list" | "usergroups.users.list" => "usergroups:read",
        _ => return None,
    })
}

/// Whether the token holds a scope.
pub(in crate::sandbox) fn holds(slack: &Workspace, scope: &str) -> bool {
    slack.scopes.iter().any(|one| one == scope)
}

/// Refuses a call that the token has no scope for.
pub(in crate::sandbox) fn check(
    slack: &Workspace,
    method: &str,
    channel: &str,
) -> Result<(), Refused> {
    match needed(method, channel) {
        Some(scope) if !holds(slack, scope) => Err(Refused::with(
            "missing_scope",
            vec![scope.to_owned(), slack.scopes.join(",")],
        )),
        _ => Ok(()),
    }
}
