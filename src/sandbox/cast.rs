//! Who is in the local workspace: fixed users, groups and channels, all named by role.

/// The team id of the workspace.
pub const TEAM: &str = "T0LOCAL001";
/// The team that the outside partner comes from.
pub const OTHER_TEAM: &str = "T0OTHER001";
/// The name of the workspace.
pub const TEAM_NAME: &str = "Local workspace";
/// The domain of the workspace, as payloads carry it.
pub const TEAM_DOMAIN: &str = "local-workspace";
/// The id of the one app that is installed.
pub const APP: &str = "A0CSIGN001";
/// The bot id of that app.
pub const BOT: &str = "B0CSIGN001";
/// The user id of that app's bot.
pub const BOT_USER: &str = "U0CSIGN001";
/// The only token the stand-in knows.
pub const TOKEN: &str = "xoxb-sandbox";

/// Somebody in the workspace.
#[derive(Clone, Debug)]
pub struct User {
    /// Slack user id.
    pub id: String,
    /// Handle, without `@`.
    pub name: String,
    /// Name as shown.
    pub real_name: String,
    /// Home team.
    pub team: String,
    /// IANA time zone.
    pub tz: &'static str,
    /// A bot user.
    pub is_bot: bool,
    /// A guest who sees several channels.
    pub is_restricted: bool,
    /// A guest who sees a single channel.
    pub is_ultra_restricted: bool,
    /// Deactivated.
    pub deleted: bool,
}

impl User {
    /// Whether the person comes from another team.
    pub fn is_stranger(&self) -> bool {
        self.team != TEAM
    }

    /// Whether the person is a guest of either kind.
    pub fn is_guest(&self) -> bool {
        self.is_restricted || self.is_ultra_restricted
    }
}

/// A user group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Slack user group id.
    pub id: String,
    /// Handle, without `@`.
    pub handle: String,
    /// Member user ids.
    pub members: Vec<String>,
}

/// What kind of conversation a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A public channel.
    Public,
    /// A direct message with the bot.
    Im,
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Slack conversation id.
    pub id: String,
    /// Name without `#`; of a direct message, the other person's id.
    pub name: String,
    /// Public channel or direct message.
    pub kind: ChannelKind,
    /// Member user ids, the bot included.
    pub members: Vec<String>,
    /// Archived.
    pub archived: bool,
}

impl Channel {
    /// Whether this user is a member.
    pub fn has(&self, user: &str) -> bool {
        self.members.iter().any(|member| member == user)
    }

    /// The person on the other side of a direct message.
    pub fn with(&self) -> Option<&str> {
        (self.kind == ChannelKind::Im).then_some(self.name.as_str())
    }
}

const USERS: [(&str, &str, &str, &str); 14] = [
    (
        "U0LEAD0001",
        "support.lead",
        "Support Lead",
        "Europe/Berlin",
    ),
    (
        "U0LEAD0002",
        "deputy.lead",
        "Deputy Support Lead",
        "America/New_York",
    ),
    (
        "U0AGENT001",
        "support.agent",
        "Support Agent",
        "Europe/Berlin",
    ),
    (
        "U0BILL0001",
        "billing.one",
        "Billing Reviewer",
        "Europe/Berlin",
    ),
    (
        "U0BILL0002",
        "billing.two",
        "Second Billing Reviewer",
        "America/New_York",
    ),
    (
        "U0FIN00001",
        "finance.oncall",
        "Finance On-call",
        "Europe/Berlin",
    ),
    (
        "U0FIN00002",
        "finance.lead",
        "Finance Lead",
        "America/New_York",
    ),
    (
        "U0ENG00001",
        "infra.engineer",
        "Infra Engineer",
        "Europe/Berlin",
    ),
    (
        "U0SEC00001",
        "security.lead",
        "Security Lead",
        "America/New_York",
    ),
    ("U0GUEST001", "guest", "Guest", "Europe/Berlin"),
    (
        "U0ULTRA001",
        "single.channel.guest",
        "Single-channel Guest",
        "Europe/Berlin",
    ),
    (
        "U0GONE0001",
        "former.colleague",
        "Former Colleague",
        "America/New_York",
    ),
    (
        "U0STRANG01",
        "outside.partner",
        "Outside Partner",
        "America/New_York",
    ),
    (BOT_USER, "countersign", "Countersign", "Europe/Berlin"),
];

const GROUPS: [(&str, &str, &[&str]); 6] = [
    ("S0LEADS001", "support-leads", &["U0LEAD0001", "U0LEAD0002"]),
    (
        "S0SUPPORT1",
        "support-l1",
        &["U0AGENT001", "U0LEAD0001", "U0LEAD0002"],
    ),
    ("S0BILLING1", "billing-team", &["U0BILL0001", "U0BILL0002"]),
    ("S0FINANCE1", "finance", &["U0FIN00001", "U0FIN00002"]),
    ("S0INFRA001", "infra", &["U0ENG00001"]),
    ("S0SECURIT1", "security", &["U0SEC00001"]),
];

const CHANNELS: [(&str, &str); 6] = [
    ("C0SUPPORT1", "support-l1"),
    ("C0BILLING1", "billing"),
    ("C0INFRA001", "infra"),
    ("C0SECURIT1", "security"),
    ("C0REVIEWS1", "triage-reviews"),
    ("C0GENERAL1", "general"),
];

/// All users of a fresh workspace.
pub fn users() -> Vec<User> {
    USERS
        .iter()
        .map(|&(id, name, real_name, tz)| User {
            id: id.to_owned(),
            name: name.to_owned(),
            real_name: real_name.to_owned(),
            team: if id == "U0STRANG01" { OTHER_TEAM } else { TEAM }.to_owned(),
            tz,
            is_bot: id == BOT_USER,
            is_restricted: matches!(id, "U0GUEST001" | "U0ULTRA001"),
            is_ultra_restricted: id == "U0ULTRA001",
            deleted: id == "U0GONE0001",
        })
        .collect()
}

/// All user groups of a fresh workspace.
pub fn groups() -> Vec<Group> {
    GROUPS
        .iter()
        .map(|&(id, handle, members)| Group {
            id: id.to_owned(),
            handle: handle.to_owned(),
            members: members.iter().map(|&member| member.to_owned()).collect(),
        })
        .collect()
}

/// All channels of a fresh workspace. The bot and every colleague are in all of them; the guest is
/// in `#general` and `#support-l1`, the single-channel guest and the partner are in `#general`.
pub fn channels() -> Vec<Channel> {
    CHANNELS
        .iter()
        .map(|&(id, name)| Channel {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: ChannelKind::Public,
            members: users()
                .iter()
                .filter(|user| belongs(user, name))
                .map(|user| user.id.clone())
                .collect(),
            archived: false,
        })
        .collect()
}

fn belongs(user: &User, channel: &str) -> bool {
    if user.deleted {
        return false;
    }
    match (
        user.is_ultra_restricted || user.is_stranger(),
        user.is_restricted,
    ) {
        (true, _) => channel == "general",
        (false, true) => matches!(channel, "general" | "support-l1"),
        (false, false) => true,
    }
}
