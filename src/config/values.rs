//! Reads the single values of `workspace.json`: addresses, ids, names, names of variables.

use std::net::SocketAddr;

use super::read::Reading;
use super::workspace::EnvName;
use crate::adapters::outside::Base;
use crate::domain::ids::{ChannelId, SourceName};
use crate::domain::policy::json::Node;

impl Reading<'_> {
    pub(super) fn listen(&self, node: &Node) -> Option<String> {
        let text = self.sheet.text(node)?;
        if text.parse::<SocketAddr>().is_err() {
            let message = format!("`{text}` is not an address to listen on");
            return self.sheet.refuse(
                node.at,
                message,
                "an IP address and a port, for example `127.0.0.1:8080`,",
            );
        }
        Some(text.to_owned())
    }

    pub(super) fn folder(&mut self, node: &Node) -> Option<String> {
        self.places.policy = Some(node.at);
        self.sheet.text(node).map(str::to_owned)
    }

    pub(super) fn address(&self, node: &Node) -> Option<String> {
        let text = self.sheet.text(node)?;
        match Base::parse(text) {
            Ok(_) => Some(text.trim_end_matches('/').to_owned()),
            Err(why) => self.sheet.refuse(node.at, why, "such an address"),
        }
    }

    pub(super) fn channel(&self, node: &Node) -> Option<ChannelId> {
        let id = self.id(node, "a channel", "CG")?;
        Some(ChannelId::new(id))
    }

    /// Slack's ids: one capital letter for the kind, then capital letters and digits.
    pub(super) fn id(&self, node: &Node, what: &str, kinds: &str) -> Option<String> {
        let text = self.sheet.text(node)?;
        let kind = text.starts_with(|first| kinds.contains(first));
        let rest = text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !kind || !rest || !(6..=24).contains(&text.len()) {
            let letters: Vec<String> = kinds.chars().map(|kind| format!("`{kind}...`")).collect();
            let fix = format!("its id, {}, not its name,", letters.join(" or "));
            return self
                .sheet
                .refuse(node.at, format!("`{text}` is not the id of {what}"), fix);
        }
        Some(text.to_owned())
    }

    /// A name of ours: it stands in addresses and in evidence.
    pub(super) fn name(&self, node: &Node) -> Option<SourceName> {
        let text = self.sheet.text(node)?;
        let first = text.starts_with(|first: char| first.is_ascii_lowercase());
        let rest = text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
        if !first || !rest || text.len() > 32 {
            let fix = "a small letter, then at most 31 small letters, digits, `_` or `-`,";
            return self.sheet.refuse(node.at, "this is no name", fix);
        }
        Some(SourceName::new(text))
    }

    /// The name of a variable. It is not repeated when it is none: it may be the secret itself.
    pub(super) fn variable(&mut self, node: &Node) -> Option<EnvName> {
        let text = self.sheet.text(node)?;
        let first = text.starts_with(|first: char| first.is_ascii_uppercase());
        let rest = text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if !first || !rest {
            let message = "this is not the name of an environment variable";
            let fix = "the name of the variable that holds the secret, in capital letters,";
            return self.sheet.refuse(node.at, message, fix);
        }
        let name = EnvName(text.to_owned());
        self.places.variables.entry(name.clone()).or_insert(node.at);
        Some(name)
    }
}
