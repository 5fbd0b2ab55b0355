//! Secrets that are known by what stands before them: passwords, keys, tokens and cookies after a label.

use regex::Regex;

use super::found::{BrokenRule, Found, compile};
use super::kind::Kind;

/// What stands between a label and its value: an assignment, or a verb in one of our languages.
const ASSIGN: &str = r#"(?P<assign>["'`\]]{0,2}\s{0,12}(?::{0,3}=|=>|->|==|\?=|:|>)|["'],|["']\s{1,4}value\s?=)\s{0,4}"#;
const VERB: &str = r"(?:[ ]\p{L}{1,14}){0,4}[ ]{0,2}(?P<verb>:|\b(?:is|was|ist|war|lautet|est|etait|es|era)\b:?)\s{1,3}";

/// Finds values after labels.
pub struct Labels {
    password: Regex,
    key: Regex,
    bearer: Regex,
    cookie: Regex,
    curl: Regex,
    user: Regex,
}

impl Labels {
    /// Compiles the patterns.
    pub fn new() -> Result<Self, BrokenRule> {
        let after = |label: &str| format!("(?i){label}(?:{ASSIGN}|{VERB})");
        let password = r"(?:passwor[dt]|passwd|passphrase|passcode|kennwort|mot de passe|contrase(?:ñ|n)a|(?:^|[^a-z])(?:pass|pwd|pw|pin|mdp|clave))";
        let key = r"(?:api[ _-]?key|api[ _-]?token|api[ _-]?secret|(?:client|app|consumer|shared|signing|webhook)[ _-]?(?:secret|key)|secret[ _-]?(?:access[ _-]?)?key|access[ _-]?key(?:[ _-]?id)?|private[ _-]?key|encryption[ _-]?key|(?:access|auth|refresh|session|bearer|service|bot|personal)[ _-]?token|secret|token|(?:api|zugangs|zugriffs)[ -]?schl(?:ü|ue)ssel|cl(?:é|e) (?:d'|de l')?api|clave (?:de (?:la )?)?api|jeton|credentials?|user_auth|(?:[a-z0-9]{2,30}[_.-])(?:key|login|auth)|access_?id|[a-z]{3,20}(?:key|clientid))";
        Ok(Self {
            password: compile("password after a label", &after(password))?,
            key: compile("key after a label", &after(key))?,
            bearer: compile(
                "bearer token",
                r#"(?i)(?:\bbearer|(?:authorization|x-api-key|x-auth-token|private-token)["']?\s{0,3}[:=]\s{0,3}["']?(?:basic|token|digest|apikey|key)?)\s{1,3}"#,
            )?,
            cookie: compile("cookie", r#"(?i)\b(?:set-)?cookie["']?\s{0,3}:\s{0,3}"#)?,
            curl: compile("a command that takes user and password", r"(?i)\bcurl\b")?,
            user: compile(
                "user and password on a command line",
                r#"(?i)\s(?:-u|--user)[ =]{0,2}["']?([^\s"':]{0,64}["']?:["']?[^\s"']{3,})"#,
            )?,
        })
    }

    /// Adds what is found in a folded text.
    pub fn find(&self, text: &str, found: &mut Vec<Found>) {
        for hit in self.password.captures_iter(text) {
            let end = hit.get(0).map_or(0, |all| all.end());
            let near = hit.name("assign").is_some();
            push(text, end, found, Kind::Password, &|value| {
                password(value, near)
            });
        }
        for hit in self.key.find_iter(text) {
            push(text, hit.end(), found, Kind::ApiKey, &random);
        }
        for hit in self.bearer.find_iter(text) {
            push(text, hit.end(), found, Kind::Token, &token);
        }
        self.find_cookies(text, found);
        self.find_users(text, found);
    }

    /// Takes every user and password after a `curl`, however many there are and however far it goes on.
    fn find_users(&self, text: &str, found: &mut Vec<Found>) {
        let Some(curl) = self.curl.find(text) else {
            return;
        };
        for hit in self.user.captures_iter(&text[curl.end()..]) {
            if let Some(inner) = hit.get(1).filter(|one| !variable(one.as_str())) {
                let (start, end) = (curl.end() + inner.start(), curl.end() + inner.end());
                found.push(Found::new(Kind::Credentials, start, end));
            }
        }
    }

    /// Takes a cookie header to the end of its line. Headers inside it are not looked at again.
    fn find_cookies(&self, text: &str, found: &mut Vec<Found>) {
        let mut covered = 0;
        for hit in self.cookie.find_iter(text) {
            if hit.start() < covered {
                continue;
            }
            let line = text[hit.end()..].lines().next().unwrap_or_default();
            let line = line.trim_end();
            covered = hit.end() + line.len();
            if line.contains('=') {
                found.push(Found::new(Kind::Token, hit.end(), covered));
            }
        }
    }
}

/// Takes the value that starts at `from`, and adds it if it passes.
fn push(
    text: &str,
    from: usize,
    found: &mut Vec<Found>,
    kind: Kind,
    passes: &dyn Fn(&str) -> bool,
) {
    let (start, end) = value_at(text, from);
    let value = &text[start..end];
    if !placeholder(value) && !variable(value) && passes(value) {
        found.push(Found::new(kind, start, end));
    }
}

/// Where the value that starts at `from` stands: inside its quotes, else up to white space.
fn value_at(text: &str, from: usize) -> (usize, usize) {
    const LONGEST: usize = 400;
    let rest = &text[from..];
    let quote = rest.chars().next().filter(|c| "\"'`".contains(*c));
    if let Some(quote) = quote {
        let close = rest[1..]
            .char_indices()
            .take(LONGEST)
            .take_while(|(_, c)| *c != '\n')
            .find(|(_, c)| *c == quote);
        if let Some((at, _)) = close {
            return (from + 1, from + 1 + at);
        }
    }
    let start = from + usize::from(quote.is_some());
    let stops = |c: char| c.is_whitespace() || "<>\"'`".contains(c);
    let length = text[start..]
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| stops(*c))
        .map_or_else(
            || {
                text[start..]
                    .chars()
                    .take(LONGEST)
                    .map(char::len_utf8)
                    .sum()
            },
            |(at, _)| at,
        );
    let value = text[start..start + length].trim_end_matches(['.', ',', ';', '?', ')', '}']);
    (start, start + value.len())
}

/// Whether a value can be a password. Right after an assignment nearly anything can; in a sentence
/// ("my password is wrong") it needs a digit or a sign inside.
fn password(value: &str, near: bool) -> bool {
    const WORDS: &[&str] = &[
        "reset",
        "forgot",
        "forgotten",
        "expired",
        "none",
        "null",
        "true",
        "false",
        "change",
        "changed",
        "please",
        "help",
        "wrong",
        "invalid",
        "incorrect",
        "required",
        "missing",
        "unknown",
        "yes",
        "not",
        "the",
        "and",
        "my",
        "vergessen",
        "falsch",
        "bitte",
        "abgelaufen",
        "zurücksetzen",
        "oublié",
        "expiré",
        "olvidada",
        "string",
        "undefined",
        "empty",
        "hidden",
        "redacted",
        "your",
        "how",
        "can",
        "i",
        "we",
        "it",
        "when",
    ];
    let length = value.chars().count();
    let letters = value.chars().all(char::is_alphabetic);
    let lower = value.to_lowercase();
    let masked = value.chars().all(|c| "*•.-_x#".contains(c));
    if masked || length > 200 || WORDS.contains(&lower.as_str()) {
        return false;
    }
    if near {
        return length >= 3;
    }
    let upper_inside = value.chars().skip(1).any(char::is_uppercase) && lower != value;
    length >= 4 && (!letters || upper_inside) && value.chars().any(char::is_alphanumeric)
}

/// Whether a value after a label is random enough to be a key.
fn random(value: &str) -> bool {
    let shape = |b: u8| b.is_ascii_alphanumeric() || b"_-./+=~:".contains(&b);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    (12..=400).contains(&value.len())
        && value.bytes().all(shape)
        && digits >= 2
        && value.bytes().any(|b| b.is_ascii_alphabetic())
        && entropy(value) >= 3.0
        && !stripe_object(value)
}

fn token(value: &str) -> bool {
    let shape = |b: u8| b.is_ascii_alphanumeric() || b"_-./+=~:".contains(&b);
    value.len() >= 10
        && value.bytes().all(shape)
        && entropy(value) >= 2.5
        && value.bytes().any(|b| b.is_ascii_digit() || b == b'=')
}

/// Shannon entropy in bits per byte.
#[must_use]
pub fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum()
}

/// Ids of Stripe objects are not secrets and must survive.
fn stripe_object(value: &str) -> bool {
    const OBJECTS: &[&str] = &[
        "ch_", "cus_", "in_", "sub_", "re_", "pi_", "py_", "dp_", "evt_", "prod_", "price_", "pm_",
        "txn_",
    ];
    OBJECTS.iter().any(|object| value.starts_with(object))
}

/// A value that only names where the secret is.
fn variable(value: &str) -> bool {
    let inner = value.trim_start_matches(['"', '\'']);
    inner.is_empty()
        || inner.starts_with('$')
        || inner.starts_with("{{")
        || inner.starts_with("%{")
        || inner.starts_with('<')
        || inner.starts_with("process.env")
        || inner.starts_with("os.environ")
        || inner.contains("://")
}

/// A placeholder, ours or in the shape of ours.
fn placeholder(value: &str) -> bool {
    let inner = value.trim_start_matches(['[', '(']);
    inner.len() < value.len()
        && Kind::ALL
            .iter()
            .any(|kind| inner.starts_with(&kind.label()))
}
