//! Slack's payloads as far as we use them. Unknown fields, unknown blocks and odd types never lose a click.
//!
//! Sources: Slack, "block_actions payload", "view_submission payload", "Slash commands", "Events API".

use serde_json::Value;

use super::skim::{Kept, skimmed};
use crate::domain::ids::{AppId, ChannelId, EnterpriseId, TeamId, UserId};

/// Why bytes are not one of Slack's payloads. Nothing of them is repeated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Malformed {
    /// The body is not a form with exactly one of the fields that are needed.
    #[error("the body is not the form that Slack sends")]
    Form,
    /// The payload is not a JSON object.
    #[error("the payload is not a JSON object")]
    Json,
    /// A field that identifies the sender is missing or is no id.
    #[error("the payload does not say who sent it")]
    Sender,
    /// A text is longer than any that Slack lets somebody type.
    #[error("a text is longer than Slack lets anybody type: shorten it to 3000 characters")]
    TooLong,
}

/// Who sent something, and through which app.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sender {
    /// The user.
    pub user: UserId,
    /// The workspace that the user belongs to, as the payload says; absent in org-wide payloads.
    pub team: Option<TeamId>,
    /// The workspace in which it happened, as the payload says; absent in org-wide payloads.
    pub workspace: Option<TeamId>,
    /// The enterprise grid, if the payload names one.
    pub enterprise: Option<EnterpriseId>,
    /// The app that the payload is for.
    pub app: Option<AppId>,
    /// The ticket for opening a modal, good for three seconds.
    pub trigger: Option<String>,
}

/// A modal as Slack sends it back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OpenView {
    /// Slack's id of it.
    pub id: String,
    /// Its state's hash; empty if there is none.
    pub hash: String,
    /// What we called it.
    pub callback: String,
    /// What we gave it to carry.
    pub metadata: String,
    /// What was typed and chosen, by block id: the text, or the value of the chosen option.
    pub values: std::collections::BTreeMap<String, String>,
}

/// One press of one button.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Press {
    /// Who.
    pub sender: Sender,
    /// Which button, by its `action_id`.
    pub action: String,
    /// What it carries.
    pub value: String,
    /// When, as Slack's own timestamp: the same in a repeat of the same click.
    pub action_ts: String,
    /// Where the message stands.
    pub channel: Option<ChannelId>,
    /// The thread that the message is in.
    pub thread_ts: Option<String>,
    /// The modal, if the button is in one.
    pub view: Option<OpenView>,
}

/// Something a person did in Slack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Interaction {
    /// A button was pressed.
    Press(Press),
    /// A modal was sent.
    Submit(Sender, OpenView),
    /// Anything else: a closed modal, a shortcut, an element without meaning for us.
    Other(String),
}

/// A slash command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slash {
    /// Who.
    pub sender: Sender,
    /// Where.
    pub channel: Option<ChannelId>,
    /// What stands after the command.
    pub text: String,
}

/// An Events API delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// Slack checks the address; the challenge is answered as it is.
    Challenge(String),
    /// An event, by its type.
    Event(String),
    /// Something else that wants no answer, by its type.
    Other(String),
}

/// The longest text that a field of a modal takes. Source: Slack, "Plain-text input element".
const LONGEST: usize = 3_000;
/// Longer than any id of Slack's.
const LONGEST_ID: usize = 255;

/// The fields of an interaction that are looked at.
const INTERACTION: &[Kept] = &[
    Kept::whole("type"),
    Kept::whole("user"),
    Kept::whole("team"),
    Kept::whole("enterprise"),
    Kept::whole("api_app_id"),
    Kept::whole("trigger_id"),
    Kept::whole("actions"),
    Kept::whole("container"),
    Kept::whole("channel"),
    Kept::only("message", &[Kept::whole("thread_ts")]),
    Kept::only(
        "view",
        &[
            Kept::whole("id"),
            Kept::whole("hash"),
            Kept::whole("callback_id"),
            Kept::whole("private_metadata"),
            Kept::whole("state"),
        ],
    ),
];

/// Reads an interaction from the form field `payload` of a body. The query is never looked at.
///
/// # Errors
/// [`Malformed`], for anything that is not a payload with a sender.
pub fn interaction(body: &[u8]) -> Result<Interaction, Malformed> {
    let fields = form(body)?;
    let mut payloads = fields.iter().filter(|(name, _)| name == "payload");
    let (Some((_, payload)), None) = (payloads.next(), payloads.next()) else {
        return Err(Malformed::Form);
    };
    let payload = skimmed(payload.as_bytes(), INTERACTION).map_err(|_| Malformed::Json)?;
    let kind = text(&payload["type"]);
    match kind.as_str() {
        "block_actions" => {
            Ok(press(&payload)?.map_or(Interaction::Other(kind), Interaction::Press))
        }
        "view_submission" => Ok(Interaction::Submit(
            sender(&payload)?,
            view(&payload["view"])?,
        )),
        "" => Err(Malformed::Json),
        _ => Ok(Interaction::Other(kind)),
    }
}

/// Reads a slash command.
///
/// # Errors
/// [`Malformed`], for anything that is not a form with a user.
pub fn slash(body: &[u8]) -> Result<Slash, Malformed> {
    let fields = form(body)?;
    let field = |wanted: &str| {
        let found = fields.iter().find(|(name, _)| name == wanted);
        found
            .map(|(_, value)| value.clone())
            .filter(|text| is_id(text))
    };
    let text = fields.iter().find(|(name, _)| name == "text");
    let text = text.map_or_else(String::new, |(_, value)| value.replace('\0', ""));
    if text.chars().count() > LONGEST {
        return Err(Malformed::TooLong);
    }
    Ok(Slash {
        sender: Sender {
            user: UserId::new(field("user_id").ok_or(Malformed::Sender)?),
            team: field("team_id").map(TeamId::new),
            workspace: field("team_id").map(TeamId::new),
            enterprise: field("enterprise_id").map(EnterpriseId::new),
            app: field("api_app_id").map(AppId::new),
            trigger: field("trigger_id"),
        },
        channel: field("channel_id").map(ChannelId::new),
        text,
    })
}

/// Reads an Events API delivery, with the app and the workspace that it is for.
///
/// # Errors
/// [`Malformed`], for anything that is not a JSON object with a type.
pub fn event(body: &[u8]) -> Result<(Delivery, Option<AppId>, Option<TeamId>), Malformed> {
    let payload = object(body)?;
    let kind = text(&payload["type"]);
    let app = word(&payload["api_app_id"]).map(AppId::new);
    let team = word(&payload["team_id"]).map(TeamId::new);
    let delivery = match kind.as_str() {
        "" => return Err(Malformed::Json),
        "url_verification" => Delivery::Challenge(text(&payload["challenge"])),
        "event_callback" => Delivery::Event(text(&payload["event"]["type"])),
        _ => Delivery::Other(kind),
    };
    Ok((delivery, app, team))
}

fn press(payload: &Value) -> Result<Option<Press>, Malformed> {
    let sender = sender(payload)?;
    let Some(action) = payload["actions"]
        .get(0)
        .filter(|action| action.is_object())
    else {
        return Ok(None);
    };
    let container = &payload["container"];
    let channel = word(&payload["channel"]["id"]).or_else(|| word(&container["channel_id"]));
    let thread = word(&payload["message"]["thread_ts"]).or_else(|| word(&container["thread_ts"]));
    Ok(Some(Press {
        sender,
        action: text(&action["action_id"]),
        value: text(&action["value"]),
        action_ts: text(&action["action_ts"]),
        channel: channel.map(ChannelId::new),
        thread_ts: thread,
        view: payload["view"]
            .is_object()
            .then(|| view(&payload["view"]))
            .transpose()?,
    }))
}

fn sender(payload: &Value) -> Result<Sender, Malformed> {
    let user = &payload["user"];
    let team = word(&user["team_id"]).or_else(|| word(&payload["team"]["id"]));
    let enterprise =
        word(&payload["enterprise"]["id"]).or_else(|| word(&payload["team"]["enterprise_id"]));
    Ok(Sender {
        user: UserId::new(word(&user["id"]).ok_or(Malformed::Sender)?),
        team: team.map(TeamId::new),
        workspace: word(&payload["team"]["id"]).map(TeamId::new),
        enterprise: enterprise.map(EnterpriseId::new),
        app: word(&payload["api_app_id"]).map(AppId::new),
        trigger: word(&payload["trigger_id"]),
    })
}

fn view(view: &Value) -> Result<OpenView, Malformed> {
    let mut values = std::collections::BTreeMap::new();
    for (block, inputs) in view["state"]["values"].as_object().into_iter().flatten() {
        for input in inputs
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::values)
        {
            let typed = [&input["value"], &input["selected_option"]["value"]];
            // Nobody can type a zero character, and not every database keeps one.
            let typed = typed.map(|value| text(value).replace('\0', ""));
            let Some(value) = typed.into_iter().find(|value| !value.is_empty()) else {
                continue;
            };
            if value.chars().count() > LONGEST {
                return Err(Malformed::TooLong);
            }
            values.insert(block.clone(), value);
        }
    }
    Ok(OpenView {
        id: text(&view["id"]),
        hash: text(&view["hash"]),
        callback: text(&view["callback_id"]),
        metadata: text(&view["private_metadata"]),
        values,
    })
}

fn object(bytes: &[u8]) -> Result<Value, Malformed> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| Malformed::Json)?;
    value.is_object().then_some(value).ok_or(Malformed::Json)
}

/// A string, or nothing for every other type.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A string that can be an id; nothing for everything else.
fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|text| is_id(text))
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_ID && !text.chars().any(char::is_control)
}

/// Decodes a form. Source: WHATWG URL, "application/x-www-form-urlencoded parsing".
fn form(body: &[u8]) -> Result<Vec<(String, String)>, Malformed> {
    let body = std::str::from_utf8(body).map_err(|_| Malformed::Form)?;
    body.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(part: &str) -> Result<String, Malformed> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (pair, after) = rest.split_first_chunk().ok_or(Malformed::Form)?;
                bytes.push(byte_of(*pair).ok_or(Malformed::Form)?);
                rest = after;
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| Malformed::Form)
}

/// The byte behind two hexadecimal digits.
fn byte_of(pair: [u8; 2]) -> Option<u8> {
    let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}
