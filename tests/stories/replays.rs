//! The same request again: within the window and beyond it, by Slack's own retries and by whoever kept the bytes.

use countersign::domain::approval::RequestState;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::{RawRequest, Tamper};
use serde_json::{Value, json};

use crate::doubtful_clicks::kept;
use crate::people::*;
use crate::workbench::{Workbench, workbench};

const REPLY: ActionKind = ActionKind::NotifyCustomer;

/// Slack's headers on the n-th time that it sends something.
fn retry(number: u32) -> Tamper {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Tamper {
        headers: vec![
            header("x-slack-retry-num", &number.to_string()),
            header("x-slack-retry-reason", "http_timeout"),
        ],
        ..Tamper::default()
    }
}

/// Signed so many seconds ago, or ahead of time.
fn signed(offset: i64) -> Tamper {
    Tamper {
        timestamp_offset: offset,
        ..Tamper::default()
    }
}

async fn send(w: &Workbench, request: RawRequest, tamper: Tamper) -> u16 {
    let answered = w.during(w.sandbox.send_signed(request, tamper)).await;
    w.settle().await;
    answered.status
}

async fn click(w: &Workbench, click: &Value, tamper: Tamper) -> u16 {
    send(w, RawRequest::interaction(click), tamper).await
}

#[tokio::test]
async fn a_click_that_slack_sends_again_or_somebody_replays_takes_effect_once() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let approve = kept(w, LEAD, &asked, "approve").await;
        assert_eq!(click(w, &approve, Tamper::default()).await, 200);
        w.told(LEAD);
        for number in 1..=3 {
            assert_eq!(click(w, &approve, retry(number)).await, 200);
        }
        for offset in [0, -299, 299] {
            assert_eq!(click(w, &approve, signed(offset)).await, 200);
        }
        w.advance(Span::minutes(2)).await;
        // After it was done as well.
        assert_eq!(click(w, &approve, retry(4)).await, 200);
        assert_eq!(w.request("T-1013", REPLY).await.decisions.len(), 1);
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        assert!(w.refusals().await.is_empty(), "a repeat is no second click");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_click_outside_the_window_decides_nothing_whoever_sends_it() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let approve = kept(w, LEAD, &asked, "approve").await;
        for offset in [-301, 301, -86_400, 86_400] {
            assert_eq!(click(w, &approve, signed(offset)).await, 401, "{offset}");
        }
        let mut late = retry(3);
        late.timestamp_offset = -301;
        assert_eq!(
            click(w, &approve, late).await,
            401,
            "a retry is signed afresh, or it is none"
        );
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        // The same click within the window is what decides.
        assert_eq!(click(w, &approve, signed(-299)).await, 200);
        assert_eq!(w.state(&asked).await, RequestState::Approved);
        w.told(LEAD);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_modal_that_is_sent_again_takes_effect_once() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        w.click(LEAD, &asked, "reject").await;
        let modal = w.sandbox.modal_of(LEAD).unwrap();
        let sent = json!({
            "type": "view_submission", "team": {"id": "T0LOCAL001"}, "api_app_id": "A0CSIGN001",
            "user": {"id": LEAD, "team_id": "T0LOCAL001"},
            "view": {
                "id": modal.id, "hash": "h", "callback_id": modal.field("callback_id"),
                "private_metadata": modal.field("private_metadata"),
                "state": {"values": {"preset": {"choice": {"selected_option": {"value": "wrong_words"}}},
                    "why": {"text": {"value": "This is too curt for a reply."}}}},
            },
        });
        for number in 0..4 {
            let tamper = if number == 0 { Tamper::default() } else { retry(number) };
            assert_eq!(click(w, &sent, tamper).await, 200);
        }
        assert_eq!(w.request("T-1013", REPLY).await.decisions.len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn events_that_come_again_store_nothing_and_are_acknowledged() {
    workbench(async |w| {
        let event = json!({"type": "event_callback", "api_app_id": "A0CSIGN001", "team_id": "T0LOCAL001",
            "event_id": "Ev1", "event": {"type": "user_change", "user": {"id": LEAD}}});
        let request = || RawRequest::json("/slack/events", &event);
        for number in 1..=3 {
            assert_eq!(send(w, request(), retry(number)).await, 200);
        }
        assert_eq!(send(w, request(), signed(-301)).await, 401);
        w.glance();
    })
    .await;
}
