//! What Slack sends: no bytes end the reading, and whatever is read is bounded and can be kept.
//!
//! An input is a body as it arrives, and is also taken for the JSON of a `payload` field.

use countersign::slack::inbound::payload::{
    Interaction, OpenView, Press, Sender, Slash, event, interaction, slash,
};
use countersign::slack::modals::link;
use countersign::slack::verbs::Token;

/// The longest id, in bytes.
const LONGEST_ID: usize = 255;
/// The longest text that a person can type, in characters.
const LONGEST: usize = 3_000;

/// Reads one input at each of Slack's three addresses.
pub fn take(bytes: &[u8]) {
    for body in [bytes.to_vec(), form(bytes)] {
        match interaction(&body) {
            Ok(Interaction::Press(press)) => pressed(&press, body.len()),
            Ok(Interaction::Submit(sender, view)) => {
                sent_by(&sender);
                viewed(&view, body.len());
            }
            Ok(Interaction::Other(kind)) => assert!(kind.len() <= body.len()),
            Err(why) => assert!(!why.to_string().is_empty()),
        }
    }
    if let Ok(command) = slash(bytes) {
        typed(&command);
    }
    if let Ok((_, app, team)) = event(bytes) {
        app.iter().for_each(|app| kept(app.as_str()));
        team.iter().for_each(|team| kept(team.as_str()));
    }
}

/// The body of a form with one field.
fn form(payload: &[u8]) -> Vec<u8> {
    let escaped = payload.iter().map(|byte| format!("%{byte:02x}"));
    format!("payload={}", escaped.collect::<String>()).into_bytes()
}

/// An id can be written into any database and log.
fn kept(id: &str) {
    assert!(
        !id.is_empty() && id.len() <= LONGEST_ID,
        "{} bytes",
        id.len()
    );
    assert!(!id.chars().any(char::is_control), "{id:?}");
}

fn sent_by(sender: &Sender) {
    kept(sender.user.as_str());
    sender.team.iter().for_each(|id| kept(id.as_str()));
    sender.workspace.iter().for_each(|id| kept(id.as_str()));
    sender.enterprise.iter().for_each(|id| kept(id.as_str()));
    sender.app.iter().for_each(|id| kept(id.as_str()));
    sender.trigger.iter().for_each(|id| kept(id));
}

fn pressed(press: &Press, most: usize) {
    sent_by(&press.sender);
    press.channel.iter().for_each(|id| kept(id.as_str()));
    press.thread_ts.iter().for_each(|ts| kept(ts));
    token(&press.value);
    let texts = press.action.len() + press.value.len() + press.action_ts.len();
    assert!(texts <= most, "more came out than went in");
    press.view.iter().for_each(|view| viewed(view, most));
}

fn viewed(view: &OpenView, most: usize) {
    token(&view.metadata);
    let mut texts = view.id.len() + view.hash.len() + view.callback.len() + view.metadata.len();
    for (block, value) in &view.values {
        texts += block.len() + value.len();
        assert!(!value.is_empty() && !value.contains('\0'));
        assert!(value.chars().count() <= LONGEST);
    }
    assert!(texts <= most, "more came out than went in");
    if let Ok((customer, why)) = link::read(&view.values) {
        kept(customer.as_str());
        assert!(!why.trim().is_empty());
    }
}

fn typed(command: &Slash) {
    sent_by(&command.sender);
    command.channel.iter().for_each(|id| kept(id.as_str()));
    assert!(!command.text.contains('\0') && command.text.chars().count() <= LONGEST);
}

/// A button says exactly one thing, or nothing.
fn token(text: &str) {
    if let Some(token) = Token::parse(text) {
        assert_eq!(token.to_string(), text);
        kept(text);
    }
}
