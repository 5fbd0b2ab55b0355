//! Reads `workspace.json` with the place of every value, and notes every problem on the way.

use std::collections::BTreeMap;

use super::lint;
use super::workspace::{
    ConnectorBlock, DatabaseBlock, DeskBlock, EnvName, IntakeBlock, ModelBlock, ModelKind,
    SlackBlock, Workspace,
};
use crate::adapters::desks::DeskKind;
use crate::adapters::evidence::ConnectorKind;
use crate::domain::escalation::Role;
use crate::domain::ids::{AppId, ChannelId, EnterpriseId, RuleName, SourceName, TeamId};
use crate::domain::intake::SourceAuth;
use crate::domain::policy::json::{Node, Spot};
use crate::domain::policy::problem::did_you_mean;
use crate::domain::policy::reader::{Fields, Sheet};

/// Where the things stand that are checked later, against the environment and the policy.
#[derive(Clone, Default, Debug)]
pub struct Places {
    /// Of each variable's name.
    pub variables: BTreeMap<EnvName, Spot>,
    /// Of each approver rule that has a channel.
    pub rules: BTreeMap<RuleName, Spot>,
    /// Of the workspace's id.
    pub team: Option<Spot>,
    /// Of the policy folder's name.
    pub policy: Option<Spot>,
}

/// The sheet that is read, and the places found on it.
pub(super) struct Reading<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) places: Places,
}

impl<'a> Reading<'a> {
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        Self {
            sheet,
            places: Places::default(),
        }
    }

    /// Reads the whole file; `None` when something required is missing or malformed.
    pub(super) fn workspace(&mut self, node: &Node) -> Option<Workspace> {
        let keys = [
            "$schema",
            "listen",
            "database",
            "policy",
            "slack",
            "model",
            "intake",
            "connectors",
            "desks",
        ];
        let fields = self.object(node, &keys)?;
        let sheet = self.sheet;
        let schema = fields.optional("$schema").and_then(|n| sheet.text(n));
        let listen = fields.required("listen").and_then(|n| self.listen(n));
        let database = fields.required("database").and_then(|n| self.database(n));
        let policy = fields.required("policy").and_then(|n| self.folder(n));
        let slack = fields.required("slack").and_then(|n| self.slack(n));
        let model = fields.required("model").and_then(|n| self.model(n));
        let desks = self.blocks(&fields, "desks", Self::desk);
        let desks_named: Vec<String> = desks.iter().map(|d| d.name.to_string()).collect();
        let intake = self.blocks(&fields, "intake", |reading, fields| {
            reading.intake(fields, &desks_named)
        });
        let connectors = self.blocks(&fields, "connectors", Self::connector);
        Some(Workspace {
            schema: schema.map(str::to_owned),
            listen: listen?,
            database: database?,
            policy: policy?,
            slack: slack?,
            model: model?,
            intake,
            connectors,
            desks,
        })
    }

    /// An object with known names. Authority in it is refused with the file that it belongs in.
    fn object<'n>(&self, node: &'n Node, known: &[&str]) -> Option<Fields<'n>>
    where
        'a: 'n,
    {
        let fields = self.sheet.map(node)?;
        for entry in fields.entries() {
            let key = entry.key.as_str();
            if known.contains(&key) {
                continue;
            }
            match lint::belongs_in(key) {
                Some(file) => self.sheet.note(
                    entry.key_at,
                    format!("`{key}` is authority, and there is none in this file"),
                    format!("it in `{file}` of the policy folder, which is pinned and signed,"),
                ),
                None => self.sheet.note(
                    entry.key_at,
                    format!("`{key}` is unknown here"),
                    did_you_mean(key, known),
                ),
            }
        }
        Some(fields)
    }

    /// The blocks of a list, each with a name of its own.
    fn blocks<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        mut read: impl FnMut(&mut Self, &Node) -> Option<(SourceName, T)>,
    ) -> Vec<T> {
        let items = fields.required(key).and_then(|n| self.sheet.list(n));
        let mut names: Vec<SourceName> = Vec::new();
        let mut found = Vec::new();
        for item in items.unwrap_or_default() {
            let Some((name, block)) = read(self, item) else {
                continue;
            };
            if names.contains(&name) {
                let message = format!("`{name}` stands in `{key}` twice");
                self.sheet.note(item.at, message, "another name");
                continue;
            }
            names.push(name);
            found.push(block);
        }
        found
    }

    fn database(&mut self, node: &Node) -> Option<DatabaseBlock> {
        let fields = self.object(node, &["url_env", "file"])?;
        let url_env = fields.required("url_env").and_then(|n| self.variable(n));
        let file = fields.optional("file").map(|n| {
            let text = self.sheet.text(n)?;
            if text.contains("://") || text.contains('?') {
                let fix =
                    "the path of a SQLite file; the address of a server goes into the variable";
                return self.sheet.refuse(n.at, "this is no path", fix);
            }
            Some(text.to_owned())
        });
        Some(DatabaseBlock {
            url_env: url_env?,
            file: file.map_or(Some(None), |file| file.map(Some))?,
        })
    }

    fn slack(&mut self, node: &Node) -> Option<SlackBlock> {
        let keys = [
            "team",
            "enterprise",
            "app",
            "api_url",
            "signing_secret_env",
            "bot_token_env",
            "role_channels",
            "review_channels",
            "default_review_channel",
        ];
        let fields = self.object(node, &keys)?;
        let team = fields.required("team");
        self.places.team = team.map(|n| n.at);
        let team = team.and_then(|n| self.id(n, "a workspace", "T"));
        let enterprise = fields.optional("enterprise");
        let enterprise = enterprise.map(|n| self.id(n, "an enterprise grid", "E"));
        let app = fields
            .required("app")
            .and_then(|n| self.id(n, "an app", "A"));
        let api_url = fields.optional("api_url").map(|n| self.address(n));
        let signing = fields
            .required("signing_secret_env")
            .and_then(|n| self.variable(n));
        let token = fields
            .required("bot_token_env")
            .and_then(|n| self.variable(n));
        let roles = fields
            .required("role_channels")
            .and_then(|n| self.role_channels(n));
        let reviews = fields
            .optional("review_channels")
            .map(|n| self.review_channels(n));
        let default = fields
            .required("default_review_channel")
            .and_then(|n| self.channel(n));
        Some(SlackBlock {
            team: TeamId::new(team?),
            enterprise: settled(enterprise)?.map(EnterpriseId::new),
            app: AppId::new(app?),
            api_url: settled(api_url)?,
            signing_secret_env: signing?,
            bot_token_env: token?,
            role_channels: roles?,
            review_channels: reviews.unwrap_or_default(),
            default_review_channel: default?,
        })
    }

    fn role_channels(&self, node: &Node) -> Option<BTreeMap<Role, ChannelId>> {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        let fields = self.object(node, &words)?;
        let channel = |role: &Role| {
            let node = fields.required(role.word())?;
            Some((*role, self.channel(node)?))
        };
        let channels: BTreeMap<Role, ChannelId> = Role::ALL.iter().filter_map(channel).collect();
        (channels.len() == Role::ALL.len()).then_some(channels)
    }

    fn review_channels(&mut self, node: &Node) -> BTreeMap<RuleName, ChannelId> {
        let mut channels = BTreeMap::new();
        for entry in self
            .sheet
            .map(node)
            .iter()
            .flat_map(|fields| fields.entries())
        {
            let rule = RuleName::new(entry.key.clone());
            self.places.rules.insert(rule.clone(), entry.key_at);
            if let Some(channel) = self.channel(&entry.value) {
                channels.insert(rule, channel);
            }
        }
        channels
    }

    fn model(&self, node: &Node) -> Option<ModelBlock> {
        let fields = self.object(node, &["kind"])?;
        let kind = fields.required("kind")?;
        let kind = self
            .sheet
            .word(kind, "a kind of model", ModelKind::ALL, ModelKind::word)?;
        Some(ModelBlock { kind })
    }

    fn intake(&mut self, node: &Node, desks: &[String]) -> Option<(SourceName, IntakeBlock)> {
        let keys = ["name", "auth", "secret_env", "verifies_requesters", "desk"];
        let fields = self.object(node, &keys)?;
        let sheet = self.sheet;
        let name = fields.required("name").and_then(|n| self.name(n));
        let auth = fields.required("auth");
        let auth = auth.and_then(|n| {
            sheet.word(
                n,
                "a way to prove itself",
                SourceAuth::ALL,
                SourceAuth::word,
            )
        });
        let secret_env = fields.required("secret_env").and_then(|n| self.variable(n));
        let verifies = fields
            .required("verifies_requesters")
            .and_then(|n| sheet.truth(n));
        let desk_at = fields.required("desk");
        let desk = desk_at.and_then(|n| self.name(n));
        if let (Some(node), Some(desk)) = (desk_at, &desk)
            && !desks.iter().any(|known| known == desk.as_str())
        {
            let known: Vec<&str> = desks.iter().map(String::as_str).collect();
            let message = format!("`{desk}` is none of the desks");
            sheet.note(node.at, message, did_you_mean(desk.as_str(), &known));
        }
        let name = name?;
        Some((
            name.clone(),
            IntakeBlock {
                name,
                auth: auth?,
                secret_env: secret_env?,
                verifies_requesters: verifies?,
                desk: desk?,
            },
        ))
    }

    fn connector(&mut self, node: &Node) -> Option<(SourceName, ConnectorBlock)> {
        let fields = self.object(node, &["name", "kind", "base_url", "key_env"])?;
        let name = fields.required("name").and_then(|n| self.name(n));
        let kind = fields.required("kind").and_then(|n| {
            let all = ConnectorKind::ALL;
            self.sheet
                .word(n, "a kind of connector", all, ConnectorKind::word)
        });
        let base_url = fields.optional("base_url").map(|n| self.address(n));
        let key_env = fields.required("key_env").and_then(|n| self.variable(n));
        let name = name?;
        Some((
            name.clone(),
            ConnectorBlock {
                name,
                kind: kind?,
                base_url: settled(base_url)?,
                key_env: key_env?,
            },
        ))
    }

    fn desk(&mut self, node: &Node) -> Option<(SourceName, DeskBlock)> {
        let fields = self.object(node, &["name", "kind", "url", "secret_env"])?;
        let sheet = self.sheet;
        let name = fields.required("name").and_then(|n| self.name(n));
        let kind = fields.required("kind");
        let kind =
            kind.and_then(|n| sheet.word(n, "a kind of desk", DeskKind::ALL, DeskKind::word))?;
        for key in ["url", "secret_env"] {
            match (kind, fields.entry(key)) {
                (DeskKind::Webhook, None) => drop(fields.required(key)),
                (DeskKind::Slack | DeskKind::None, Some(entry)) => {
                    let message = format!("a desk of kind `{kind}` has no `{key}`");
                    sheet.note(entry.key_at, message, "nothing here, or the kind `webhook`");
                }
                _ => {}
            }
        }
        let url = fields.optional("url").map(|n| self.address(n));
        let secret_env = fields.optional("secret_env").map(|n| self.variable(n));
        let name = name?;
        Some((
            name.clone(),
            DeskBlock {
                name,
                kind,
                url: settled(url)?,
                secret_env: settled(secret_env)?,
            },
        ))
    }
}

/// A value that may be left out but not be wrong.
fn settled<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(read) => Some(read),
        None => Some(None),
    }
}
