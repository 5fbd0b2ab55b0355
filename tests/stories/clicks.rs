//! Clicks that must change nothing: stale, foreign, repeated, and by people who may not; everybody is answered.

use countersign::domain::approval::RequestState;
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::Pick;
use serde_json::{Value, json};

use crate::people::*;
use crate::workbench::{Workbench, workbench};

const REPLY: ActionKind = ActionKind::NotifyCustomer;

/// The payload of a click that nobody has sent yet.
async fn payload(w: &Workbench, who: &str, asked: &Asked, verb: &str) -> Value {
    let spot = w.spot(who, asked, verb).await;
    let pick = Pick::action(&spot.action);
    let made = w.sandbox.click_payload(who, &spot.channel, &spot.ts, pick);
    made.unwrap_or_else(|missing| panic!("{missing}"))
}

async fn tell(w: &Workbench, payload: &Value) -> u16 {
    let answered = w.during(w.sandbox.tell_bot(payload)).await;
    w.settle().await;
    answered.status
}

#[tokio::test]
async fn the_same_click_sent_twice_is_one_decision_and_no_refusal() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let click = payload(w, LEAD, &asked, "approve").await;
        assert_eq!(tell(w, &click).await, 200);
        assert_eq!(tell(w, &click).await, 200);
        let progress = w.request("T-1013", REPLY).await;
        assert_eq!(progress.decisions.len(), 1);
        w.advance(Span::minutes(2)).await;
        assert_eq!(tell(w, &click).await, 200);
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        w.told(LEAD);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_button_of_a_draft_that_was_changed_meanwhile_is_stale() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let old = payload(w, DEPUTY, &asked, "approve").await;
        w.click(LEAD, &asked, "edit").await;
        w.fill(LEAD, &[("text", "Not yet."), ("why", "Shorter")])
            .await;
        assert_eq!(tell(w, &old).await, 200);
        w.expect_refused(RefusalCode::Superseded, 1);
        let told = w.told(DEPUTY);
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("changed nothing"), "{told:?}");
        let edited = w.request("T-1013", REPLY).await;
        assert_eq!(edited.decisions.len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_button_that_names_another_subject_is_stale() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let mut forged = payload(w, LEAD, &asked, "approve").await;
        let value = forged["actions"][0]["value"].as_str().unwrap().to_owned();
        let (front, _) = value.rsplit_once('.').unwrap();
        forged["actions"][0]["value"] = json!(format!("{front}.{}", "0".repeat(32)));
        assert_eq!(tell(w, &forged).await, 200);
        w.expect_refused(RefusalCode::Stale, 1);
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        assert_eq!(w.told(LEAD).len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_click_from_another_workspace_or_for_another_app_decides_nothing() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let click = payload(w, LEAD, &asked, "approve").await;
        for (path, id) in [
            ("team", "T0OTHER001"),
            ("user", "T0OTHER001"),
            ("app", "A0OTHER001"),
        ] {
            let mut foreign = click.clone();
            match path {
                "team" => foreign["team"]["id"] = json!(id),
                "user" => foreign["user"]["team_id"] = json!(id),
                _ => foreign["api_app_id"] = json!(id),
            }
            let status = tell(w, &foreign).await;
            assert!(status < 500, "{path}: {status}");
            assert_eq!(w.state(&asked).await, RequestState::Pending, "{path}");
        }
        let refused = w.refusals().await;
        for code in &refused {
            assert!(
                matches!(code, RefusalCode::WrongWorkspace | RefusalCode::NotAMember),
                "{code}"
            );
            w.expect_refused(*code, 1);
        }
        w.told(LEAD);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn guests_bots_strangers_former_and_other_colleagues_are_refused_and_told() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let cases = [
            ("U0GUEST001", RefusalCode::NotAMember),
            ("U0ULTRA001", RefusalCode::NotAMember),
            ("U0GONE0001", RefusalCode::NotAMember),
            ("U0STRANG01", RefusalCode::WrongWorkspace),
            ("U0CSIGN001", RefusalCode::NotAMember),
            (AGENT, RefusalCode::NotYours),
            (FINANCE, RefusalCode::NotYours),
        ];
        for (who, code) in cases {
            let click = payload(w, who, &asked, "approve").await;
            assert_eq!(tell(w, &click).await, 200, "{who}");
            assert_eq!(w.state(&asked).await, RequestState::Pending, "{who}");
            let refused = w.refusals().await;
            assert_eq!(refused.last(), Some(&code), "{who}");
            w.expect_refused(code, 1);
        }
        for who in [AGENT, FINANCE] {
            let told = w.told(who);
            assert!(
                told.concat().contains("@support-leads"),
                "{who} learns who may: {told:?}"
            );
        }
        let failed = w
            .store()
            .pending_counts(w.engine().time())
            .await
            .unwrap()
            .failed_effects;
        w.expect_failed(failed);
        assert!(
            failed <= 3,
            "those who have left, strangers and bots cannot be written to"
        );
        w.glance();
        w.told("U0GUEST001");
        w.told("U0ULTRA001");
        w.told("U0STRANG01");
        w.told("U0CSIGN001");
    })
    .await;
}

#[tokio::test]
async fn somebody_who_was_taken_out_of_the_group_may_not_decide_any_more() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let click = payload(w, DEPUTY, &asked, "approve").await;
        w.sandbox.remove_from_group("S0LEADS001", DEPUTY);
        w.advance(Span::seconds(31)).await;
        assert_eq!(tell(w, &click).await, 200);
        assert_eq!(w.state(&asked).await, RequestState::Pending);
        w.expect_refused(RefusalCode::NotYours, 1);
        assert_eq!(w.told(DEPUTY).len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_change_of_the_group_that_slack_tells_of_counts_at_once() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let reply = w.asked("T-1013", REPLY).await;
        let label = w.asked("T-1013", ActionKind::AddLabel).await;
        let late = payload(w, DEPUTY, &reply, "approve").await;
        w.click(DEPUTY, &label, "approve").await;
        w.sandbox.remove_from_group("S0LEADS001", DEPUTY);
        let told = w.during(w.sandbox.tell_group_change("S0LEADS001")).await;
        assert!(told.iter().all(|answer| answer.is_ok()), "{told:?}");
        assert_eq!(tell(w, &late).await, 200);
        assert_eq!(w.state(&reply).await, RequestState::Pending);
        w.expect_refused(RefusalCode::NotYours, 1);
        assert_eq!(w.told(DEPUTY).len(), 2);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_click_after_the_time_ran_out_says_who_has_it_now() {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let late = payload(w, LEAD, &asked, "approve").await;
        w.advance(Span::hours(10)).await;
        assert_eq!(w.state(&asked).await, RequestState::Lapsed);
        assert_eq!(tell(w, &late).await, 200);
        w.expect_refused(RefusalCode::Lapsed, 1);
        assert_eq!(w.told(LEAD).len(), 1);
        assert!(w.request("T-1013", REPLY).await.decisions.is_empty());
        w.glance();
    })
    .await;
}
