//! Deadlines on the shipped calendar (Europe/Berlin, Monday to Friday 08:00 to 20:00, holidays): to the minute.

use countersign::domain::approval::RequestState;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::time::{At, Span};

use crate::aloud::aloud;
use crate::people::*;
use crate::workbench::{Workbench, setting};

const REPLY: ActionKind = ActionKind::NotifyCustomer;
const MINUTE: Span = Span::minutes(1);

/// A moment in UTC, for example `2026-11-27T18:30`.
fn at(moment: &str) -> At {
    let full = format!("{moment}:00Z");
    At(full.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// A minute as cards write it where Slack draws no dates.
fn on_a_card(moment: &str) -> String {
    format!("{} UTC", moment.replace('T', " "))
}

/// Some card of a channel names the minute.
fn stands_on_a_card(w: &Workbench, channel: &str, moment: &str) {
    let messages = w.sandbox.messages(channel);
    let said: Vec<String> = messages.iter().map(|one| aloud(&one.blocks)).collect();
    let minute = on_a_card(moment);
    assert!(
        said.iter().any(|card| card.contains(&minute)),
        "no {minute} in {said:#?}"
    );
}

/// Asked at `asked`, it is due at `due`: that is said to people, a minute before nothing happens, and then it lapses.
async fn asked_and_due(kind: ActionKind, asked: &str, due: &str) {
    setting()
        .begin(at(asked))
        .play(async |w| {
            w.ticket("T-1013").await;
            let request = w.asked("T-1013", kind).await;
            let until = w.request("T-1013", kind).await.request.asking.due_at;
            assert_eq!(until.rfc3339()[..16], *due);
            let mine = w.types(LEAD, "mine").await;
            assert!(mine.contains(&on_a_card(due)), "{mine}");
            if kind == REPLY {
                // It is the first of its batch, and a batch names the earliest deadline.
                stands_on_a_card(w, REVIEWS, due);
            }
            w.until(At(until.0 - MINUTE.0)).await;
            assert_eq!(w.state(&request).await, RequestState::Pending);
            w.until(until).await;
            assert_eq!(w.state(&request).await, RequestState::Lapsed);
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn eight_hours_from_a_friday_evening_end_on_monday_afternoon() {
    // Friday 19:30 in Berlin: half an hour of Friday, seven and a half of Monday.
    asked_and_due(REPLY, "2026-11-27T18:30", "2026-11-30T14:30").await;
}

#[tokio::test]
async fn a_day_and_a_night_of_business_hours_are_two_working_days() {
    // Friday 19:30: half an hour, twelve hours of Monday, eleven and a half of Tuesday.
    asked_and_due(ActionKind::AddLabel, "2026-11-27T18:30", "2026-12-01T18:30").await;
}

#[tokio::test]
async fn what_is_asked_after_closing_counts_from_the_next_opening() {
    // Wednesday 20:00 in Berlin, the minute of closing, and Thursday 05:00: both are due on Thursday at 16:00.
    asked_and_due(REPLY, "2026-11-25T19:00", "2026-11-26T15:00").await;
    asked_and_due(REPLY, "2026-11-26T04:00", "2026-11-26T15:00").await;
}

#[tokio::test]
async fn what_fits_into_the_day_is_due_on_it_and_a_minute_more_is_not() {
    // 11:58 and 12:01 in Berlin.
    asked_and_due(REPLY, "2026-11-25T10:58", "2026-11-25T18:58").await;
    asked_and_due(REPLY, "2026-11-25T11:01", "2026-11-26T07:01").await;
}

#[tokio::test]
async fn a_holiday_and_the_weekend_after_it_do_not_count() {
    // Thursday 24 December 16:00: four hours of that day, then nothing before Monday at 12:00.
    asked_and_due(REPLY, "2026-12-24T15:00", "2026-12-28T11:00").await;
    // On the holiday itself.
    asked_and_due(REPLY, "2026-12-25T09:00", "2026-12-28T15:00").await;
    // The last afternoon of the year, 15:00, with a Friday off after it.
    asked_and_due(REPLY, "2026-12-31T14:00", "2027-01-04T10:00").await;
}

#[tokio::test]
async fn a_holiday_that_nobody_declared_counts_like_any_day() {
    let no_holidays = |escalation: &mut serde_json::Value| {
        escalation["calendar"]["holidays"] = serde_json::json!([]);
    };
    setting()
        .policy("escalation.json", no_holidays)
        .begin(at("2026-12-24T15:00"))
        .play(async |w| {
            w.ticket("T-1013").await;
            let until = w.request("T-1013", REPLY).await.request.asking.due_at;
            // Four hours of Friday, which was the holiday.
            assert_eq!(until.rfc3339()[..16], *"2026-12-25T11:00");
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn when_summer_time_begins_the_due_hour_is_that_of_berlin() {
    // Friday 26 March 19:00 (UTC+1): one hour, then seven of Monday until 15:00 (UTC+2).
    asked_and_due(REPLY, "2027-03-26T18:00", "2027-03-29T13:00").await;
}

#[tokio::test]
async fn when_summer_time_ends_the_due_hour_is_that_of_berlin() {
    // Friday 29 October 19:00 (UTC+2): one hour, then seven of Monday until 15:00 (UTC+1).
    asked_and_due(REPLY, "2027-10-29T17:00", "2027-11-01T14:00").await;
}

/// An outage comes in; the lead has a quarter of an hour, whatever the calendar says.
async fn a_page_is_due_in_a_quarter_of_an_hour(asked: &str, due: &str) {
    setting()
        .begin(at(asked))
        .play(async |w| {
            w.ticket("T-1001").await;
            let page = w.asked("T-1001", ActionKind::PageOncall).await;
            let progress = w.request("T-1001", ActionKind::PageOncall).await;
            let until = progress.request.asking.due_at;
            assert_eq!(until.rfc3339()[..16], *due);
            stands_on_a_card(w, &w.sandbox.dm_of(LEAD), due);
            w.until(At(until.0 - MINUTE.0)).await;
            assert_eq!(w.state(&page).await, RequestState::Pending);
            w.until(until).await;
            assert_eq!(w.state(&page).await, RequestState::Lapsed);
            let next = w.request("T-1001", ActionKind::PageOncall).await;
            assert_eq!(next.request.asking.approver_rule.as_str(), "security_lead");
            let given = w.case("T-1001").await.escalations;
            assert!(given.is_empty(), "a lapse pages nobody: {given:?}");
            w.glance();
        })
        .await;
}

#[tokio::test]
async fn a_page_does_not_wait_for_monday_nor_for_the_end_of_a_holiday() {
    a_page_is_due_in_a_quarter_of_an_hour("2026-11-28T02:00", "2026-11-28T02:15").await;
    a_page_is_due_in_a_quarter_of_an_hour("2026-12-25T23:50", "2026-12-26T00:05").await;
}

#[tokio::test]
async fn a_page_takes_a_quarter_of_an_hour_also_while_clocks_change() {
    a_page_is_due_in_a_quarter_of_an_hour("2027-03-28T00:50", "2027-03-28T01:05").await;
    a_page_is_due_in_a_quarter_of_an_hour("2027-10-31T00:50", "2027-10-31T01:05").await;
}

#[tokio::test]
async fn a_case_with_support_waits_in_business_hours_before_it_is_parked() {
    setting()
        .begin(at("2026-11-27T18:30"))
        .play(async |w| {
            w.ticket("T-1013").await;
            let (given, _) = w.case("T-1013").await.escalations.remove(0);
            assert_eq!(given.role, Role::SupportL1);
            let until = given.due_at.unwrap();
            assert_eq!(until.rfc3339()[..16], *"2026-11-30T14:30");
            stands_on_a_card(w, SUPPORT_ROOM, "2026-11-30T14:30");
            let parked = async || w.case("T-1013").await.escalations[0].1.parked;
            w.until(At(until.0 - MINUTE.0)).await;
            assert!(!parked().await);
            w.until(until).await;
            assert!(parked().await);
            w.glance();
        })
        .await;
}
