//! Which scope each method asks for, and what the token of the stand-in holds.
//! Source: the page of each method under <https://docs.slack.dev/reference/methods>

use super::Workspace;
use super::args::Refused;

/// The scopes that the installed app has at first.
pub(in crate::sandbox) const GRANTED: [&str; 14] = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
];

/// The scope that a method asks for, where it asks for one.
fn needed(method: &str, channel: &str) -> Option<&'static str> {
    let im = channel.starts_with('D');
    Some(match method {
        "chat.postMessage" | "chat.postEphemeral" | "chat.update" | "chat.delete" => "chat:write",
        "conversations.open" => "im:write",
        "conversations.history" | "conversations.replies" if im => "im:history",
        "conversations.history" | "conversations.replies" => "channels:history",
        "conversations.info" | "conversations.members" if im => "im:read",
        "conversations.info" | "conversations.list" | "conversations.members" => "channels:read",
        "users.info" | "users.list" => "users:read",
        "usergroups.list" | "usergroups.users.list" => "usergroups:read",
        _ => return None,
    })
}

/// Refuses a call that the token has no scope for.
pub(in crate::sandbox) fn check(
    slack: &Workspace,
    method: &str,
    channel: &str,
) -> Result<(), Refused> {
    match needed(method, channel) {
        Some(scope) if !slack.scopes.iter().any(|one| one == scope) => Err(Refused::with(
            "missing_scope",
            vec![scope.to_owned(), slack.scopes.join(",")],
        )),
        _ => Ok(()),
    }
}
