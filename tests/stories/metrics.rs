//! The page of metrics after a story: it counts what happened, and nothing of a customer is on it.

use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::Fault;
use serde_json::Value;

use crate::people::*;
use crate::workbench::{Workbench, workbench};

/// The value of a line of the page; zero where it is not there.
fn value(page: &str, series: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(series));
    line.map_or(0.0, |rest| rest.trim().parse().unwrap())
}

async fn page(w: &Workbench, path: &str) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = format!("{}{path}", w.address());
    let answered = client.get(address).send().await.unwrap();
    (answered.status().as_u16(), answered.text().await.unwrap())
}

/// The codes that `/readyz` gives now.
pub async fn codes(w: &Workbench) -> Vec<String> {
    let (status, said) = page(w, "/readyz").await;
    assert_eq!(status, 200, "{said}");
    let said: Value = serde_json::from_str(&said).unwrap();
    let reasons = said["reasons"].as_array().cloned().unwrap_or_default();
    for reason in &reasons {
        assert!(reason["says"].is_string() && reason["fix"].is_string());
    }
    let code = |reason: &Value| reason["code"].as_str().unwrap().to_owned();
    reasons.iter().map(code).collect()
}

#[tokio::test]
async fn decisions_refusals_calls_and_times_are_counted_on_the_page() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", ActionKind::NotifyCustomer).await;
        let (_, before) = page(w, "/metrics").await;
        let left = value(&before, "countersign_sla_left_seconds{rule=\"batch_reviewers\"}");
        assert!(left > 0.0, "{before}");
        w.click(AGENT, &asked, "approve").await;
        w.told(AGENT);
        w.expect_refused(RefusalCode::NotYours, 1);
        w.advance(Span::minutes(2)).await;
        w.click(LEAD, &asked, "approve").await;
        w.told(LEAD);
        w.advance(Span::minutes(10)).await;
        let (_, page) = page(w, "/metrics").await;
        for (series, expected) in [
            ("countersign_tickets_total{source=\"helpdesk\"}", 1.0),
            ("countersign_decisions_total{verb=\"approve\",tier=\"medium\"}", 1.0),
            ("countersign_requests_settled_total{outcome=\"approved\",tier=\"medium\"}", 1.0),
            ("countersign_decision_seconds_count{tier=\"medium\"}", 1.0),
            ("countersign_decision_seconds_bucket{le=\"60.0\",tier=\"medium\"}", 0.0),
            ("countersign_decision_seconds_bucket{le=\"300.0\",tier=\"medium\"}", 1.0),
            ("countersign_refused_clicks_total{code=\"not_yours\"}", 1.0),
            ("countersign_model_calls_total{task=\"triage\",result=\"ok\"}", 1.0),
            ("countersign_model_calls_total{task=\"draft\",result=\"ok\"}", 1.0),
            ("countersign_steps_total{phase=\"act\",end=\"performed\"}", 2.0),
            ("countersign_database_up", 1.0),
            ("countersign_inbox_commands", 0.0),
            ("countersign_outbox_effects{state=\"due\"}", 0.0),
        ] {
            assert!((value(&page, series) - expected).abs() < 1e-9, "{series} {expected}\n{page}");
        }
        for series in [
            "countersign_model_characters_total{task=\"draft\",direction=\"sent\"}",
            "countersign_desk_calls_total{desk=\"helpdesk\",call=\"write\",result=\"ok\"}",
            "countersign_desk_calls_total{desk=\"helpdesk\",call=\"read\",result=\"ok\"}",
            "countersign_slack_calls_total{method=\"chat.postMessage\",result=\"ok\"}",
            "countersign_slack_call_seconds_count{method=\"chat.update\"}",
            "countersign_effects_total{effect=\"card\",end=\"done\"}",
            "countersign_http_requests_total{route=\"/slack/interactions\",status=\"200\"}",
            "countersign_drafts_assessed_total{action=\"tickets.notify_customer\",tier=\"medium\",course=\"ask\"}",
        ] {
            assert!(value(&page, series) >= 1.0, "{series}\n{page}");
        }
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_customer_is_on_the_page_of_metrics() {
    workbench(async |w| {
        let tickets = w.sandbox.demo_tickets();
        for ticket in &tickets {
            w.written(ticket).await;
        }
        let (_, page) = page(w, "/metrics").await;
        for ticket in &tickets {
            for words in [&ticket.email, &ticket.subject, &ticket.id] {
                assert!(!page.contains(words.as_str()), "{words}\n{page}");
            }
        }
        for person in [LEAD, BILLING, REVIEWS, "cus_", "T-10", "@"] {
            assert!(!page.contains(person), "{person}\n{page}");
        }
        let lines = page.lines().count();
        assert!(lines < 600, "{lines} lines after {} tickets", tickets.len());
        w.glance();
    })
    .await;
}

/// Makes every call fail that puts something before people.
fn wherever_cards_go(w: &Workbench, fault: &Fault) {
    for method in ["chat.update", "chat.postMessage", "chat.postEphemeral"] {
        w.sandbox.fault(method, fault.clone(), 100);
    }
}

#[tokio::test]
async fn a_revoked_token_is_told_by_readyz_until_slack_takes_it_again() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        assert_eq!(codes(w).await, [""; 0]);
        let asked = w.asked("T-1013", ActionKind::NotifyCustomer).await;
        wherever_cards_go(w, &Fault::Error("token_revoked".into()));
        w.click(LEAD, &asked, "approve").await;
        assert_eq!(codes(w).await, ["cards_missing", "slack_token"]);
        let (_, said) = page(w, "/metrics").await;
        let trouble = "countersign_trouble{code=\"slack_token\"}";
        assert!((value(&said, trouble) - 1.0).abs() < 1e-9, "{said}");
        w.sandbox.clear_faults();
        w.advance(Span::minutes(6)).await;
        assert_eq!(codes(w).await, [""; 0]);
        w.told(LEAD);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_silent_slack_is_told_by_readyz_and_stops_no_request() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", ActionKind::NotifyCustomer).await;
        wherever_cards_go(w, &Fault::ServerError);
        w.click(LEAD, &asked, "approve").await;
        w.advance(Span::minutes(1)).await;
        assert_eq!(codes(w).await, ["cards_missing", "slack_away"]);
        w.sandbox.clear_faults();
        w.advance(Span::minutes(10)).await;
        assert_eq!(codes(w).await, [""; 0]);
        w.told(LEAD);
        w.glance();
    })
    .await;
}
