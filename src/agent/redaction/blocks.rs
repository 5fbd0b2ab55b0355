//! Private key blocks and credentials inside addresses.

use regex::Regex;

use super::found::{BrokenRule, Found, compile};
use super::kind::Kind;

/// Finds private key blocks and `scheme://user:password@host`.
pub struct Blocks {
    begin: Regex,
    end: Regex,
    address: Regex,
}

impl Blocks {
    /// Compiles the patterns.
    pub fn new() -> Result<Self, BrokenRule> {
        Ok(Self {
            // PEM (RFC 7468) and OpenPGP armour (RFC 9580, section 6.2), with the dashes as pasted.
            begin: compile(
                "private key",
                r"(?i)-{2,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{2,5}",
            )?,
            end: compile(
                "private key",
                r"(?i)-{2,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{2,5}",
            )?,
            // RFC 3986, section 3.2.1; drivers accept nearly anything before the `@`.
            // Many a user's name is an address, and whoever writes one into another seldom escapes its `@`.
            address: compile(
                "credentials in an address",
                r#"(?i)\b[a-z][a-z0-9+.-]{1,30}://([^\s/?#:"'<>]{0,128}:[^\s/"'<>]{1,256})@[^\s"'<>]"#,
            )?,
        })
    }

    /// Adds what is found in a folded text.
    pub fn find(&self, text: &str, found: &mut Vec<Found>) {
        self.find_keys(text, found);
        // The host of one address may be the scheme of the next, so that the search goes on before it.
        let mut from = 0;
        while let Some(hit) = self
            .address
            .captures_at(text, from)
            .and_then(|hit| hit.get(1))
        {
            found.push(Found::new(Kind::Credentials, hit.start(), hit.end()));
            from = hit.end();
        }
    }

    /// Pairs beginnings with ends in one sweep; a block without an end goes on as long as it looks like one.
    fn find_keys(&self, text: &str, found: &mut Vec<Found>) {
        let mut ends = self.end.find_iter(text).peekable();
        let mut covered = 0;
        for begin in self.begin.find_iter(text) {
            if begin.start() < covered {
                continue;
            }
            while ends.next_if(|end| end.start() < begin.end()).is_some() {}
            let stop = match ends.peek() {
                Some(end) if end.start() - begin.end() <= LONGEST_KEY => end.end(),
                _ => body_end(text, begin.end()),
            };
            covered = stop;
            found.push(Found::new(Kind::PrivateKey, begin.start(), stop));
        }
    }
}

/// Longer than any private key in text form.
const LONGEST_KEY: usize = 20_000;

/// Where a run of base64, white space and escaped line breaks ends.
fn body_end(text: &str, from: usize) -> usize {
    let body = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "+/=\\:,.".contains(c);
    text[from..]
        .char_indices()
        .take(LONGEST_KEY)
        .find(|(_, c)| !body(*c))
        .map_or(text.len(), |(at, _)| from + at)
        .min(text.len())
}
