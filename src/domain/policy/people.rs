//! People as the policy names them: users and user groups by id, with labels for sentences.

use super::forms::approvers as forms;
use super::json::{Node, Shape};
use super::reader::{Fields, Sheet};
use crate::domain::ids::{GroupId, TeamId, UserId};

/// A person, by workspace and id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedUser {
    /// The workspace.
    pub team: TeamId,
    /// The user.
    pub id: UserId,
    /// What people call that user, for sentences only.
    pub label: Option<String>,
}

/// A Slack user group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedGroup {
    /// The group.
    pub id: GroupId,
    /// Its handle, for sentences only.
    pub label: Option<String>,
}

/// Some people: users, groups, or both. Never empty.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct People {
    /// Single people.
    pub users: Vec<NamedUser>,
    /// Groups.
    pub groups: Vec<NamedGroup>,
}

impl People {
    /// In words: `members of @billing-team or Finance Lead`.
    #[must_use]
    pub fn words(&self) -> String {
        let groups = self.groups.iter().map(|g| match &g.label {
            Some(label) => format!("members of {label}"),
            None => format!("members of user group {}", g.id),
        });
        let users = self
            .users
            .iter()
            .map(|u| u.label.clone().unwrap_or_else(|| format!("user {}", u.id)));
        groups.chain(users).collect::<Vec<_>>().join(" or ")
    }
}

/// Reads `users` and `groups`, of which at least one must be there.
#[must_use]
pub(super) fn read_people(fields: &Fields<'_>, team: &TeamId) -> Option<People> {
    let sheet = fields.sheet();
    if fields.entry("users").is_none() && fields.entry("groups").is_none() {
        return sheet.refuse(
            fields.at(),
            "nobody is named here",
            "`users` or `groups` with at least one id",
        );
    }
    let some = |key: &str| match fields.optional(key) {
        Some(node) => sheet.some_of(node, "id"),
        None => Some(Default::default()),
    };
    let (users, groups) = (some("users"), some("groups"));
    Some(People {
        users: sheet.each(users?, |n| read_user(sheet, n, team)),
        groups: sheet.each(groups?, |n| read_group(sheet, n)),
    })
}

fn read_user(sheet: &Sheet, node: &Node, team: &TeamId) -> Option<NamedUser> {
    let id = |n: &Node| read_id(sheet, n, "a user", &['U', 'W']).map(UserId::new);
    if !matches!(node.shape, Shape::Object(_)) {
        return Some(NamedUser {
            team: team.clone(),
            id: id(node)?,
            label: None,
        });
    }
    let fields = sheet.form(node, &forms::NAMED_USER)?;
    let own = fields
        .optional("team")
        .map(|n| read_id(sheet, n, "a workspace", &['T']));
    Some(NamedUser {
        id: fields.required("id").and_then(id)?,
        team: own.map_or_else(|| Some(team.clone()), |t| t.map(TeamId::new))?,
        label: fields
            .optional("label")
            .and_then(|n| sheet.text(n))
            .map(str::to_owned),
    })
}

fn read_group(sheet: &Sheet, node: &Node) -> Option<NamedGroup> {
    let id = |n: &Node| read_id(sheet, n, "a user group", &['S']).map(GroupId::new);
    if !matches!(node.shape, Shape::Object(_)) {
        return Some(NamedGroup {
            id: id(node)?,
            label: None,
        });
    }
    let fields = sheet.form(node, &forms::NAMED_GROUP)?;
    let label = fields
        .optional("label")
        .and_then(|n| sheet.text(n))
        .map(str::to_owned);
    Some(NamedGroup {
        id: fields.required("id").and_then(id)?,
        label,
    })
}

/// Slack's ids: one letter for the kind, then capitals and digits. Names and e-mail addresses are not ids.
#[must_use]
pub(super) fn read_id(sheet: &Sheet, node: &Node, what: &str, first: &[char]) -> Option<String> {
    let text = sheet.text(node)?;
    let plain = text
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if !plain || !text.starts_with(first) || !(3..=20).contains(&text.len()) {
        let fix = format!(
            "its id, which begins with `{}` (in Slack, the menu of a profile or a group copies it)",
            first[0]
        );
        return sheet.refuse(node.at, format!("`{text}` is not {what} id"), fix);
    }
    Some(text.to_owned())
}
