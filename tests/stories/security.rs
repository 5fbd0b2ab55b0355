//! Breaches and deletions: security has them as urgent, on the wall clock, until somebody takes them.

use countersign::domain::approval::{RequestProgress, RequestState};
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{
    Carries, Escalation, EscalationCause, EscalationProgress, Role,
};
use countersign::domain::time::{At, Span};
use countersign::sandbox::NewTicket;
use serde_json::{Value, json};

use crate::people::*;
use crate::workbench::{MONDAY, Workbench, setting, workbench};

const SECURITY: &str = "U0SEC00001";
const MINUTE: Span = Span::minutes(1);

fn breach() -> NewTicket {
    NewTicket::plain(
        "T-2401",
        "ops@harbour.example.com",
        "Somebody else is in our account",
        "We think our account was hacked: there were suspicious logins from an unknown device last night, and \
         someone changed the password of two colleagues. Please look at it.",
    )
}

fn deletion() -> NewTicket {
    NewTicket::plain(
        "T-2402",
        "alex@paperplane.example.com",
        "Delete my data",
        "Under the GDPR I ask you to delete all personal data that you hold about me, and to confirm it.",
    )
}

/// What security has first of a ticket, for this reason.
async fn given(
    w: &Workbench,
    ticket: &str,
    cause: EscalationCause,
) -> (Escalation, EscalationProgress) {
    let all = w.case(ticket).await.escalations;
    let mut with = all
        .iter()
        .filter(|(one, _)| one.role == Role::Security && one.cause == cause);
    let found = with.next().cloned();
    found.unwrap_or_else(|| panic!("security does not have {ticket} for {cause}: {all:#?}"))
}

/// An hour on the wall clock, to the minute: then it stays where it is, and its channel is rung each day.
async fn waits_an_hour_and_is_rung_daily(w: &Workbench, ticket: &str, cause: EscalationCause) {
    let (escalation, _) = given(w, ticket, cause).await;
    let until = escalation.due_at.unwrap();
    assert_eq!(until, escalation.since.plus(Span::hours(1)));
    let now = async || given(w, ticket, cause).await.1;
    let decisions = async || -> usize {
        let requests = w.case(ticket).await.requests;
        requests.iter().map(|asked| asked.decisions.len()).sum()
    };
    let decided = decisions().await;
    w.until(At(until.0 - MINUTE.0)).await;
    assert_eq!((now().await.parked, now().await.pings), (false, 0));
    w.until(until).await;
    let first = now().await;
    assert!(first.parked && first.successor.is_none());
    let mut rung = first.pinged.unwrap();
    for day in 1..=3 {
        let messages = w.sandbox.messages(SECURITY_ROOM).len();
        w.until(At(rung.plus(Span::days(1)).0 - MINUTE.0)).await;
        assert_eq!(now().await.pings, first.pings + day - 1);
        w.until(rung.plus(Span::days(1))).await;
        assert_eq!(now().await.pings, first.pings + day);
        assert!(
            w.sandbox.messages(SECURITY_ROOM).len() > messages,
            "a ping rings"
        );
        rung = now().await.pinged.unwrap();
    }
    assert_eq!(decisions().await, decided, "time decides nothing");
}

/// What waits for a decision is approved, because what nobody decides takes the place of the routing one day.
async fn proposals_are_decided(w: &Workbench, ticket: &str) {
    for kind in [
        ActionKind::NotifyCustomer,
        ActionKind::SetPriority,
        ActionKind::AddLabel,
    ] {
        let case = w.case(ticket).await;
        let kind_of = |asked: &RequestProgress| case.draft(&asked.request.draft).unwrap();
        let mut pending = case.pending();
        if pending.any(|asked| kind_of(asked).draft.action.kind() == kind) {
            let asked = w.asked(ticket, kind).await;
            w.click(LEAD, &asked, "approve").await;
        }
    }
    w.told(LEAD);
}

/// Once somebody has it and the proposals are decided, nothing is said any more, however long it takes.
async fn taken_it_is_quiet(w: &Workbench, ticket: &str, cause: EscalationCause) {
    proposals_are_decided(w, ticket).await;
    let (escalation, _) = given(w, ticket, cause).await;
    let until = escalation.due_at.unwrap();
    w.until(At(until.0 - MINUTE.0)).await;
    w.work_on(SECURITY, ticket, &escalation.id, "take").await;
    assert!(w.told(SECURITY).concat().contains("The case is yours"));
    w.glance();
    let said = w.everything().len();
    for _ in 0..10 {
        w.advance(Span::days(1)).await;
    }
    let (_, progress) = given(w, ticket, cause).await;
    assert!(!progress.parked && progress.pings == 0 && progress.lapsed.is_none());
    assert_eq!(w.everything().len(), said, "no message in ten days");
    assert!(w.sandbox.unread_messages().is_empty());
}

#[tokio::test]
async fn a_deletion_is_given_to_security_as_urgent_by_a_rule_that_no_folder_changes() {
    let to_support = |escalation: &mut Value| {
        escalation["rules"] = json!([{ "assign_to_role": "support_l1" }]);
    };
    setting()
        .policy("escalation.json", to_support)
        .play(async |w| {
            w.written(&deletion()).await;
            let (escalation, _) = given(w, "T-2402", EscalationCause::Routed).await;
            assert_eq!(escalation.carries, Carries::Urgent);
            assert!(escalation.rule.contains("structural"), "{escalation:?}");
            w.reads(SECURITY_ROOM, &["data deletion", "built in"]);
            // The control: another matter goes where the folder says.
            w.ticket("T-1013").await;
            let other = w.case("T-1013").await.escalations.remove(0).0;
            assert_eq!(
                (other.role, other.carries),
                (Role::SupportL1, Carries::Work)
            );
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn a_deletion_that_nobody_takes_stays_with_security_and_is_rung_each_day() {
    workbench(async |w| {
        w.written(&deletion()).await;
        proposals_are_decided(w, "T-2402").await;
        waits_an_hour_and_is_rung_daily(w, "T-2402", EscalationCause::Routed).await;
        let replies = w.wrote("T-2402", "ticket.reply");
        assert_eq!(replies.len(), 1, "what a lead approved, and nothing else");
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_deletion_on_a_saturday_night_does_not_wait_for_monday() {
    let saturday = MONDAY.plus(Span::hours(5 * 24 + 16));
    setting()
        .begin(saturday)
        .play(async |w| {
            w.written(&deletion()).await;
            waits_an_hour_and_is_rung_daily(w, "T-2402", EscalationCause::Routed).await;
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn a_deletion_that_is_taken_in_the_last_minute_is_quiet_from_then_on() {
    workbench(async |w| {
        w.written(&deletion()).await;
        taken_it_is_quiet(w, "T-2402", EscalationCause::Routed).await;
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_breach_pages_security_once_a_lead_agreed_and_rings_until_it_is_taken() {
    workbench(async |w| {
        w.written(&breach()).await;
        let page = w.asked("T-2401", ActionKind::PageOncall).await;
        let case = w.case("T-2401").await;
        assert!(case.escalations.is_empty(), "nobody is paged before");
        w.click(LEAD, &page, "approve_why").await;
        w.fill(LEAD, &[("why", "Two accounts are taken over")])
            .await;
        assert_eq!(w.state(&page).await, RequestState::Approved);
        let (paged, _) = given(w, "T-2401", EscalationCause::Paged).await;
        assert_eq!(paged.carries, Carries::Urgent);
        w.reads(SECURITY_ROOM, &["Two accounts are taken over"]);
        waits_an_hour_and_is_rung_daily(w, "T-2401", EscalationCause::Paged).await;
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_breach_that_security_takes_in_time_is_quiet_from_then_on() {
    workbench(async |w| {
        w.written(&breach()).await;
        let page = w.asked("T-2401", ActionKind::PageOncall).await;
        w.click(LEAD, &page, "approve_why").await;
        w.fill(LEAD, &[("why", "Agreed")]).await;
        taken_it_is_quiet(w, "T-2401", EscalationCause::Paged).await;
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_breach_that_nobody_decides_on_goes_through_the_leads_to_security() {
    workbench(async |w| {
        w.written(&breach()).await;
        let first = w.asked("T-2401", ActionKind::PageOncall).await;
        let asked = async || w.request("T-2401", ActionKind::PageOncall).await.request;
        let began = asked().await;
        assert_eq!(began.asking.approver_rule.as_str(), "support_lead");
        w.until(began.asking.due_at).await;
        assert_eq!(w.state(&first).await, RequestState::Lapsed);
        let second = asked().await;
        assert_eq!(second.asking.approver_rule.as_str(), "security_lead");
        assert!(
            w.direct(SECURITY)
                .contains("Somebody else is in our account")
        );
        w.until(At(second.asking.due_at.0 - MINUTE.0)).await;
        assert!(w.case("T-2401").await.escalations.is_empty());
        w.until(second.asking.due_at).await;
        let (given_up, _) = given(w, "T-2401", EscalationCause::ChainExhausted).await;
        assert_eq!(given_up.request.as_ref(), Some(&second.id));
        waits_an_hour_and_is_rung_daily(w, "T-2401", EscalationCause::ChainExhausted).await;
        w.glance();
    })
    .await;
}
