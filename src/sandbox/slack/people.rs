//! `users.*` and `usergroups.*`: who is here, who is a guest, who is in which group.

use super::super::cast::{BOT, Group, TEAM, User};
use super::args::{Args, Outcome, Refused};
use super::conversations::page_of;
use super::scopes;
use super::web_api::Scene;
use serde_json::{Value, json};

const MADE: i64 = 1_700_000_000;

/// Source: <https://docs.slack.dev/reference/objects/user-object>
pub(in crate::sandbox) fn user_json(user: &User) -> Value {
    let email = format!("{}@example.com", user.name);
    let mut out = json!({
        "id": user.id, "team_id": user.team, "name": user.name, "real_name": user.real_name,
        "deleted": user.deleted, "is_bot": user.is_bot, "is_app_user": false, "updated": MADE,
        "profile": {"real_name": user.real_name, "real_name_normalized": user.real_name,
                    "display_name": user.name, "display_name_normalized": user.name, "team": user.team},
    });
    let Some(map) = out.as_object_mut() else {
        return out;
    };
    // Slack leaves role flags and time zone out for deactivated people, and e-mail for bots.
    if !user.deleted {
        let offset = if user.tz == "Europe/Berlin" {
            3600
        } else {
            -18000
        };
        let roles = json!({
            "is_admin": false, "is_owner": false, "is_primary_owner": false,
            "is_restricted": user.is_restricted, "is_ultra_restricted": user.is_ultra_restricted,
            "tz": user.tz, "tz_label": user.tz, "tz_offset": offset, "color": "4a7c59",
        });
        if let Value::Object(roles) = roles {
            map.extend(roles);
        }
    }
    if user.is_stranger() {
        map.insert("is_stranger".to_owned(), json!(true));
    }
    if let Some(profile) = map.get_mut("profile").and_then(Value::as_object_mut) {
        if user.is_bot {
            profile.insert("bot_id".to_owned(), json!(BOT));
        } else {
            profile.insert("email".to_owned(), json!(email));
        }
    }
    out
}

/// Source: <https://docs.slack.dev/reference/methods/users.info>
pub(in crate::sandbox) fn user_info(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let id = args.need("user", "user_not_found")?;
    let user = scene
        .state
        .slack
        .user(id)
        .ok_or_else(|| Refused::named("user_not_found"))?;
    Ok(json!({"user": as_granted(scene, user)}))
}

/// The user object as the app's scopes let it see: no address without `users:read.email`.
/// Source: <https://docs.slack.dev/reference/scopes/users.read.email>
fn as_granted(scene: &Scene<'_>, user: &User) -> Value {
    let mut out = user_json(user);
    if !scopes::holds(&scene.state.slack, "users:read.email")
        && let Some(profile) = out.get_mut("profile").and_then(Value::as_object_mut)
    {
        profile.remove("email");
    }
    out
}

/// Source: <https://docs.slack.dev/reference/methods/users.list>
pub(in crate::sandbox) fn user_list(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let users = scene.state.slack.users.iter();
    let all = users.map(|user| as_granted(scene, user)).collect();
    let (page, next) = page_of(all, args, 200)?;
    Ok(json!({"members": page, "cache_ts": MADE, "response_metadata": {"next_cursor": next}}))
}

/// Source: <https://docs.slack.dev/reference/objects/usergroup-object>
pub(in crate::sandbox) fn group_json(group: &Group, with_users: bool) -> Value {
    let mut out = json!({
        "id": group.id, "team_id": TEAM, "is_usergroup": true, "is_subteam": true, "name": group.handle,
        "description": "", "handle": group.handle, "is_external": false, "date_create": MADE,
        "date_update": MADE, "date_delete": 0, "auto_type": null, "created_by": "U0LEAD0001",
        "updated_by": "U0LEAD0001", "deleted_by": null, "user_count": group.members.len(),
        "prefs": {"channels": [], "groups": []},
    });
    if let Some(map) = out.as_object_mut().filter(|_| with_users) {
        map.insert("users".to_owned(), json!(group.members));
    }
    out
}

/// Source: <https://docs.slack.dev/reference/methods/usergroups.list>
pub(in crate::sandbox) fn group_list(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let with_users = args.flag("include_users");
    let all: Vec<Value> = scene
        .state
        .slack
        .groups
        .iter()
        .map(|group| group_json(group, with_users))
        .collect();
    Ok(json!({"usergroups": all}))
}

/// Source: <https://docs.slack.dev/reference/methods/usergroups.users.list>
pub(in crate::sandbox) fn group_users(scene: &mut Scene<'_>, args: &Args) -> Outcome {
    let id = args.need("usergroup", "no_such_subteam")?;
    let found = scene.state.slack.groups.iter().find(|group| group.id == id);
    let group = found.ok_or_else(|| Refused::named("no_such_subteam"))?;
    Ok(json!({"users": group.members}))
}

/// The `user` of an interaction payload.
pub(in crate::sandbox) fn payload_user(user: Option<&User>, id: &str) -> Value {
    let (name, team) = user.map_or(("unknown", TEAM), |user| {
        (user.name.as_str(), user.team.as_str())
    });
    json!({"id": id, "username": name, "name": name, "team_id": team})
}
