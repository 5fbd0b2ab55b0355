//! What cards show and offer in each state, and that each is bound to what it shows.

use countersign::domain::approval::{RequestState, Verb};
use countersign::domain::card::{ActFace, Body, Composed, RequestFace};
use countersign::domain::case::event::Acknowledgement;
use countersign::domain::digest::Digest;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::slack::blocks::{compose, limits};
use countersign::slack::verbs::Token;
use serde_json::Value;

use crate::samples::{NOON, batch, card, decision, escalation, named, person, refund};

pub fn blocks(composed: &Composed) -> Vec<Value> {
    serde_json::from_str(&composed.blocks).unwrap()
}

/// A card as a person reads it: one line for each piece of text, buttons in brackets.
pub fn read(composed: &Composed) -> String {
    let mut out = String::new();
    for block in blocks(composed) {
        walk(&block, &mut out);
        out.push('\n');
    }
    out
}

fn walk(value: &Value, out: &mut String) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| walk(one, out)),
        Value::Object(map) => match map.get("type").and_then(Value::as_str).unwrap_or_default() {
            "divider" => out.push_str("----"),
            "button" => out.push_str(&format!("[{}] ", map["text"]["text"].as_str().unwrap())),
            "text" | "plain_text" => out.push_str(map["text"].as_str().unwrap()),
            "link" => out.push_str(&format!("{} <{}>", map["text"], map["url"])),
            "user" => out.push_str(&format!("@{}", map["user_id"].as_str().unwrap())),
            "date" => out.push_str(map["fallback"].as_str().unwrap()),
            "rich_text_quote" => {
                let mut quote = String::new();
                walk(&map["elements"], &mut quote);
                out.push_str(&format!("\n    | {}\n", quote.replace('\n', "\n    | ")));
            }
            "rich_text_list" => {
                for row in map["elements"].as_array().unwrap() {
                    out.push_str("\n  - ");
                    walk(row, out);
                }
                out.push('\n');
            }
            _ => {
                for name in ["text", "elements", "label", "element"] {
                    if let Some(inner) = map.get(name) {
                        walk(inner, out);
                    }
                }
            }
        },
        _ => {}
    }
}

/// The verbs on a card with their rows.
pub fn buttons(composed: &Composed) -> Vec<(String, Token)> {
    let mut all = vec![];
    for block in blocks(composed) {
        for element in block["elements"].as_array().into_iter().flatten() {
            if element["type"] == "button" {
                let token = Token::parse(element["value"].as_str().unwrap()).unwrap();
                all.push((element["action_id"].as_str().unwrap().to_owned(), token));
            }
        }
    }
    all
}

#[test]
fn a_batch_of_ten_full_rows_is_taken_and_each_row_can_be_approved() {
    let long = "x".repeat(430);
    let composed = compose(&batch((1..=10).map(|n| refund(n, &long)).collect()));
    let all = blocks(&composed);
    assert_eq!(limits::message_problems(&all), Vec::<String>::new());
    assert!(all.len() <= 50, "{}", all.len());
    assert_eq!(composed.views.len(), 10);
    let approve = buttons(&composed)
        .into_iter()
        .filter(|(id, _)| id.starts_with("cs.approve."))
        .count();
    assert_eq!(approve, 10);
}

#[test]
fn a_draft_that_does_not_fit_is_read_before_it_is_approved() {
    let composed = compose(&batch(vec![refund(1, &"long ".repeat(300)), refund(2, "")]));
    let ids: Vec<String> = buttons(&composed).into_iter().map(|(id, _)| id).collect();
    assert!(!ids.contains(&"cs.approve.1".to_owned()), "{ids:?}");
    assert!(ids.contains(&"cs.details.1".to_owned()));
    assert!(ids.contains(&"cs.approve.2".to_owned()));
    assert!(read(&composed).contains("Read to approve"));
    assert!(read(&composed).contains("more characters]"));
}

#[test]
fn deciding_one_row_leaves_the_other_rows_views_alone() {
    let before = compose(&batch(vec![refund(1, ""), refund(2, "")]));
    let mut decided = refund(1, "");
    decided.state = RequestState::Rejected;
    decided.decisions = vec![decision(Verb::Reject, "wrong amount")];
    let after = compose(&batch(vec![decided, refund(2, "")]));
    assert_eq!(before.views[1], after.views[1]);
    assert_ne!(before.views[0].view, after.views[0].view);
    let ids: Vec<String> = buttons(&after).into_iter().map(|(id, _)| id).collect();
    assert!(!ids.contains(&"cs.approve.1".to_owned()) && !ids.contains(&"cs.reject.1".to_owned()));
}

#[test]
fn a_button_carries_verb_view_and_subject_and_the_digest_is_of_what_is_shown() {
    let face = refund(1, "");
    let composed = compose(&batch(vec![face.clone()]));
    let (_, token) = buttons(&composed).remove(0);
    let view = &composed.views[0];
    assert_eq!(token.view, view.view);
    assert!(face.request.subject.matches_prefix(&token.subject_prefix));
    assert_eq!(view.digest, Digest::of(view.rendering.as_bytes()));
    assert!(!view.rendering.contains(&token.subject_prefix));
    assert_eq!(
        compose(&batch(vec![face.clone()])),
        composed,
        "composing is deterministic"
    );
    let other = compose(&batch(vec![refund(1, "one more word")]));
    assert_ne!(other.views[0].digest, view.digest);
}

#[test]
fn the_high_tier_is_approved_through_the_modal_that_asks_why() {
    let composed = compose(&card(Body::Approver(Box::new(named(1, "")))));
    let ids: Vec<String> = buttons(&composed).into_iter().map(|(id, _)| id).collect();
    assert_eq!(
        ids,
        [
            "cs.approve_why.0",
            "cs.edit.0",
            "cs.reject.0",
            "cs.details.0"
        ]
    );
}

#[test]
fn undo_is_there_only_while_it_can_still_be_taken_back() {
    let mut face = refund(1, "");
    face.state = RequestState::Approved;
    face.decisions = vec![decision(Verb::Approve, "")];
    let has_undo = |act: ActFace| {
        let composed = compose(&batch(vec![countersign::domain::card::RequestFace {
            act,
            ..face.clone()
        }]));
        buttons(&composed).iter().any(|(id, _)| id == "cs.undo.1")
    };
    assert!(has_undo(ActFace::GoesOut { at: NOON }));
    assert!(!has_undo(ActFace::NotYet));
    assert!(!has_undo(ActFace::Failed {
        why: "refused".into()
    }));
}

#[test]
fn a_status_copy_has_no_buttons_and_a_resolved_escalation_neither() {
    let status = compose(&card(Body::Status(Box::new(named(1, "")))));
    assert!(buttons(&status).is_empty());
    let mut face = escalation(1, "");
    assert_eq!(
        buttons(&compose(&card(Body::Escalation(Box::new(face.clone()))))).len(),
        5
    );
    face.resolved = Some((person("U0BILL0001"), NOON));
    assert!(buttons(&compose(&card(Body::Escalation(Box::new(face))))).is_empty());
}

#[test]
fn every_state_says_what_has_become_of_it() {
    let acknowledgement = Acknowledgement {
        reference: "note-17".into(),
        prior: None,
    };
    let why = || "the reason given".to_owned();
    let acts = [
        (ActFace::GoesOut { at: NOON }, "unless it is taken back"),
        (ActFace::Going, "It is going out now"),
        (
            ActFace::Held { why: why() },
            "Held: the reason given. Nothing",
        ),
        (
            ActFace::Done {
                acknowledgement,
                at: NOON,
            },
            "note-17",
        ),
        (
            ActFace::Voided { why: why() },
            "Not carried out: the reason given.",
        ),
        (ActFace::Failed { why: why() }, "Failed: the reason given."),
        (
            ActFace::Unknown { why: why() },
            "Outcome unknown: the reason given.",
        ),
        (with_billing(None, None), "No money has moved. With Billing"),
        (
            with_billing(Some("U0BILL0002"), None),
            "No money has moved. With @U0BILL0002 since",
        ),
        (
            with_billing(Some("U0BILL0002"), Some("refunding")),
            "Billing says: refunding (@U0BILL0002",
        ),
    ];
    for (act, words) in acts {
        let mut face = refund(1, "");
        face.state = RequestState::Approved;
        face.decisions = vec![decision(Verb::Approve, "fits")];
        face.act = act;
        let text = read(&compose(&batch(vec![face])));
        assert!(text.contains(words), "{words} in {text}");
        assert!(text.contains("Approved by @U0BILL0001"), "{text}");
        let answered = text.contains("Billing says");
        assert!(!(answered && text.contains("No money has moved")), "{text}");
    }
    for (state, words) in [
        (
            RequestState::Rejected,
            "Nothing was sent and nothing will be",
        ),
        (
            RequestState::Lapsed,
            "nothing was approved and nothing rejected",
        ),
        (RequestState::Superseded, "Superseded."),
        (RequestState::Undone, "Taken back"),
    ] {
        let mut face = named(1, "");
        face.state = state;
        face.now_with = Some("<@U0FIN00002>".into());
        let text = read(&compose(&card(Body::Approver(Box::new(face)))));
        assert!(text.contains(words), "{words} in {text}");
        assert!(!text.contains("[Recommend to billing"), "{text}");
    }
}

/// A recommendation that billing has, taken and answered by these.
fn with_billing(taken: Option<&str>, answer: Option<&str>) -> ActFace {
    ActFace::WithRole {
        role: Role::Billing,
        since: NOON,
        taken: taken.map(|user| (person(user), NOON)),
        answer: answer.map(|words| (words.to_owned(), person("U0BILL0002"), NOON)),
    }
}

#[test]
fn what_was_left_undone_says_so_on_its_own_card_and_on_that_of_the_role() {
    let mut left = named(1, "");
    left.state = RequestState::Lapsed;
    left.left_undone = true;
    let read_of =
        |face: &RequestFace| read(&compose(&card(Body::Approver(Box::new(face.clone())))));
    let ended = "Lapsed. Nobody decided in time. Nothing was done.";
    let alone = read_of(&left);
    assert!(
        alone.contains(ended) && !alone.contains("has the case"),
        "{alone}"
    );
    left.now_with = Some("billing".into());
    let shown = read_of(&left);
    let with = format!("{ended} It is said on the card of billing, which has the case.");
    assert!(shown.contains(&with), "{shown}");
    let mut role = escalation(2, "");
    role.undecided = vec!["Adds the label vip to the ticket.".into()];
    let text = read(&compose(&card(Body::Escalation(Box::new(role)))));
    let line = "Nobody decided in time, so it was not done: Adds the label vip to the ticket.";
    assert!(text.contains(line), "{text}");
}

#[test]
fn cards_read_as_they_should() {
    let mut decided = refund(2, "");
    decided.state = RequestState::Approved;
    decided.decisions = vec![decision(Verb::Approve, "")];
    decided.act = with_billing(None, None);
    insta::assert_snapshot!(
        "batch",
        read(&compose(&batch(vec![refund(1, ""), decided])))
    );
    insta::assert_snapshot!(
        "approver",
        read(&compose(&card(Body::Approver(Box::new(named(3, ""))))))
    );
    insta::assert_snapshot!(
        "escalation",
        read(&compose(&card(Body::Escalation(Box::new(escalation(
            4, ""
        ))))))
    );
    let mut continued = escalation(6, "");
    continued.continued = Some((EscalationCause::ApprovedRecommendation, NOON));
    continued.taken = Some((person("U0BILL0001"), NOON));
    insta::assert_snapshot!(
        "continued",
        read(&compose(&card(Body::Escalation(Box::new(continued)))))
    );
    insta::assert_snapshot!(
        "status",
        read(&compose(&card(Body::Status(Box::new(named(5, ""))))))
    );
}
