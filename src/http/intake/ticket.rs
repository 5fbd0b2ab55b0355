//! The ticket as a source sends it: one JSON object, read strictly, every problem told at once.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::domain::policy::json::{Node, Shape};
use crate::domain::policy::problem::Problem;
use crate::domain::policy::reader::{Fields, Sheet, name_of};

/// How many problems of one ticket are told at once.
const MOST_PROBLEMS: usize = 20;
/// How long the sentence about one of them may be, in characters: it may quote the ticket.
const LONGEST_PROBLEM: usize = 400;

/// A ticket. Whether its requester is verified is a property of the source and no field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, title = "A ticket for POST /intake/<source>")]
pub struct Incoming {
    /// The source's id of the ticket. The same id and bytes again change nothing.
    #[schemars(length(min = 1, max = 200))]
    pub id: String,
    /// Who asks.
    pub requester: Asker,
    /// The subject line.
    #[schemars(length(min = 1, max = 1000))]
    pub subject: String,
    /// The customer's message.
    #[schemars(length(min = 1))]
    pub body: String,
    /// The id of this message, when the customer writes again on a ticket that was sent before.
    #[schemars(length(min = 1, max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<String>,
    /// The queue that the ticket waits in.
    #[schemars(length(min = 1, max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The language, for example `de`. It is read from the text anyway.
    #[schemars(length(min = 2, max = 35))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The source's tags. No rule reads them.
    #[schemars(length(max = 50))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Where a person opens the ticket, `https://...`.
    #[schemars(length(min = 1, max = 2000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The Slack thread that the ticket came from, for sources whose tickets are answered there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<SlackThread>,
    /// When the customer wrote, RFC 3339. Our own clock counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
}

/// A Slack thread.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SlackThread {
    /// The channel, `C...`, `D...` or `G...`.
    #[schemars(regex(pattern = r"^[CDG][A-Z0-9]{8,}$"))]
    pub channel: String,
    /// The timestamp of the first message, for example `1700000000.000100`.
    #[schemars(regex(pattern = r"^[0-9]{1,12}\.[0-9]{6}$"))]
    pub ts: String,
}

/// Who asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Asker {
    /// The address. Without one no customer is looked up.
    #[schemars(length(min = 3, max = 254))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name.
    #[schemars(length(min = 1, max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The schema as it stands in `manifests/schema/ticket.schema.json`.
#[must_use]
pub fn schema() -> String {
    let schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Incoming>();
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads a ticket.
///
/// # Errors
///
/// The problems, each a sentence with line and column; of very many the first ones.
pub fn read(body: &[u8]) -> Result<Incoming, Vec<String>> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let at = error.valid_up_to();
        vec![format!(
            "the body is not UTF-8 (from byte {at}); send the ticket as UTF-8"
        )]
    })?;
    let (sheet, node) = Sheet::open("ticket", text);
    let incoming = node.as_ref().and_then(|node| incoming(&sheet, node));
    let problems = sheet.into_problems();
    match incoming {
        Some(incoming) if problems.is_empty() => Ok(incoming),
        _ => Err(told(&problems)),
    }
}

/// The first problems in sentences, cut to a size that does not depend on the ticket's.
fn told(problems: &[Problem]) -> Vec<String> {
    let cut = |problem: &Problem| problem.to_string().chars().take(LONGEST_PROBLEM).collect();
    let mut said: Vec<String> = problems.iter().take(MOST_PROBLEMS).map(cut).collect();
    if problems.len() > MOST_PROBLEMS {
        let more = problems.len() - MOST_PROBLEMS;
        said.push(format!(
            "there are {more} more problems; put these right and send it again"
        ));
    }
    said
}

fn incoming(sheet: &Sheet, node: &Node) -> Option<Incoming> {
    let keys = [
        "id",
        "requester",
        "subject",
        "body",
        "comment_id",
        "queue",
        "language",
        "tags",
        "url",
        "thread",
        "created_at",
    ];
    let fields = sheet.object(node, &keys)?;
    let id = fields.required("id").and_then(|n| line(sheet, n, 200));
    let requester = fields.required("requester").and_then(|n| from(sheet, n));
    let subject = fields
        .required("subject")
        .and_then(|n| words(sheet, n, 1_000));
    let body = fields
        .required("body")
        .and_then(|n| words(sheet, n, usize::MAX));
    let short = |key: &str, most: usize| optional(&fields, key, |n| line(sheet, n, most));
    let (comment_id, queue) = (short("comment_id", 200), short("queue", 200));
    let language = short("language", 35);
    let tags = optional(&fields, "tags", |n| tags(sheet, n));
    let url = optional(&fields, "url", |n| address(sheet, n));
    let thread = optional(&fields, "thread", |n| thread(sheet, n));
    let created_at = optional(&fields, "created_at", |n| moment(sheet, n));
    Some(Incoming {
        id: id?,
        requester: requester?,
        subject: subject?,
        body: body?,
        comment_id,
        queue,
        language,
        tags,
        url,
        thread,
        created_at,
    })
}

/// A member that may be left out or null.
fn optional<T>(fields: &Fields<'_>, key: &str, read: impl FnOnce(&Node) -> Option<T>) -> Option<T> {
    let node = fields.optional(key)?;
    (node.shape != Shape::Null).then(|| read(node))?
}

fn from(sheet: &Sheet, node: &Node) -> Option<Asker> {
    let fields = sheet.object(node, &["email", "name"])?;
    let email = optional(&fields, "email", |n| email(sheet, n));
    let name = optional(&fields, "name", |n| line(sheet, n, 200));
    Some(Asker { email, name })
}

/// Text of any length up to a limit, with line breaks. A zero character is refused: not every database keeps it.
fn words(sheet: &Sheet, node: &Node, most: usize) -> Option<String> {
    match &node.shape {
        Shape::Text(text) if text.trim().is_empty() => sheet.refuse(
            node.at,
            "the text is empty",
            "at least one visible character",
        ),
        Shape::Text(text) if text.contains('\0') => sheet.refuse(
            node.at,
            "the text has a zero character",
            "the text without it",
        ),
        Shape::Text(text) if text.chars().count() > most => {
            let fix = format!("at most {most} characters");
            sheet.refuse(node.at, "the text is too long", fix)
        }
        Shape::Text(text) => Some(text.clone()),
        other => {
            let message = format!("this is {}", name_of(other));
            sheet.refuse(node.at, message, "text in double quotes")
        }
    }
}

/// Text on one line, without control characters.
fn line(sheet: &Sheet, node: &Node, most: usize) -> Option<String> {
    let text = words(sheet, node, most)?;
    if text.chars().any(char::is_control) {
        return sheet.refuse(
            node.at,
            "the text has control characters",
            "one line of plain characters",
        );
    }
    Some(text)
}

fn email(sheet: &Sheet, node: &Node) -> Option<String> {
    let text = line(sheet, node, 254)?;
    let parts = text.split_once('@');
    let fits =
        parts.is_some_and(|(who, host)| !who.is_empty() && !host.is_empty() && !host.contains('@'));
    if !fits || text.contains(char::is_whitespace) || text.contains([',', ';', '<', '>']) {
        let fix = "one plain address such as `name@example.com`, or leave it out";
        return sheet.refuse(node.at, "this is no e-mail address", fix);
    }
    Some(text)
}

fn tags(sheet: &Sheet, node: &Node) -> Option<Vec<String>> {
    let items = sheet.list(node)?;
    if items.len() > 50 {
        return sheet.refuse(node.at, "there are too many tags", "at most 50");
    }
    items.iter().map(|item| line(sheet, item, 200)).collect()
}

/// It becomes a link on cards, so that nothing but a web address is taken.
fn address(sheet: &Sheet, node: &Node) -> Option<String> {
    let text = line(sheet, node, 2_000)?;
    let web = text.starts_with("https://") || text.starts_with("http://");
    let odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '"' | '`');
    if !web || text.contains(odd) {
        return sheet.refuse(
            node.at,
            "this is no web address",
            "`https://...`, or leave it out",
        );
    }
    Some(text)
}

fn thread(sheet: &Sheet, node: &Node) -> Option<SlackThread> {
    let fields = sheet.object(node, &["channel", "ts"])?;
    let channel = fields.required("channel").and_then(|n| channel(sheet, n));
    let ts = fields.required("ts").and_then(|n| timestamp(sheet, n));
    Some(SlackThread {
        channel: channel?,
        ts: ts?,
    })
}

fn channel(sheet: &Sheet, node: &Node) -> Option<String> {
    let text = line(sheet, node, 64)?;
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if text.len() < 9 || !text.starts_with(['C', 'D', 'G']) || !text.chars().all(plain) {
        return sheet.refuse(
            node.at,
            "this is no Slack channel",
            "the channel's id, such as `C0123456789`",
        );
    }
    Some(text)
}

fn timestamp(sheet: &Sheet, node: &Node) -> Option<String> {
    let text = line(sheet, node, 32)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let fits = text
        .split_once('.')
        .is_some_and(|(seconds, rest)| digits(seconds) && digits(rest) && rest.len() == 6);
    if !fits {
        return sheet.refuse(
            node.at,
            "this is no message timestamp",
            "Slack's `ts`, such as `1700000000.000100`",
        );
    }
    Some(text)
}

fn moment(sheet: &Sheet, node: &Node) -> Option<String> {
    let text = line(sheet, node, 64)?;
    if text.parse::<jiff::Timestamp>().is_err() {
        let fix = "an RFC 3339 time such as `2026-01-31T09:30:00Z`, or leave it out";
        return sheet.refuse(node.at, "this is no time", fix);
    }
    Some(text)
}
