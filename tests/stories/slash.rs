//! `/triage`: what each word of it answers, to whom, and that it changes nothing.

use countersign::domain::digest::Digest;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::sandbox::{Fault, NewTicket, RawRequest, Tamper};

use crate::people::*;
use crate::workbench::{Workbench, workbench};

/// Every word that reads cases.
const READING: [&str; 5] = ["status", "queue", "mine", "show 1", "why 1"];

/// Line by line, with the policy's digest left out: it changes with every edit of the shipped folder.
fn legible(w: &Workbench, answer: &str) -> String {
    let policy: Digest = w.engine().policy().digest();
    answer.replace(&policy.short(), "<policy>")
}

/// An outage that waits for a lead, a refund that billing approved, a small matter that somebody took.
async fn some_work(w: &Workbench) {
    w.ticket("T-1001").await;
    w.ticket("T-1003").await;
    w.ticket("T-1013").await;
    let refund = w.asked("T-1003", ActionKind::Refund).await;
    w.click(BILLING, &refund, "approve").await;
    w.work(AGENT, "T-1013", Role::SupportL1, "take").await;
    w.glance();
    w.told(BILLING);
    w.told(AGENT);
}

#[tokio::test]
async fn status_says_that_it_runs_under_which_policy_and_what_is_open() {
    workbench(async |w| {
        some_work(w).await;
        let said = w.types(LEAD, "status").await;
        assert_told!(legible(w, &said));
    })
    .await;
}

#[tokio::test]
async fn the_queue_has_the_open_cases_with_the_earliest_deadline_first() {
    workbench(async |w| {
        some_work(w).await;
        let said = w.types(AGENT, "queue").await;
        let place = |number: &str| said.find(number).unwrap_or_else(|| panic!("{said}"));
        assert!(place("#1") < place("#2") && place("#1") < place("#3"));
        // The people and the deadline of a line belong together: the label of #2 has days, billing has not.
        let refund = said.lines().find(|line| line.contains("#2")).unwrap();
        assert!(refund.contains("for billing · due 2026-11-23"), "{refund}");
        assert_told!(said);
    })
    .await;
}

#[tokio::test]
async fn mine_has_what_waits_for_that_person_and_what_they_took() {
    workbench(async |w| {
        some_work(w).await;
        let lead = w.types(LEAD, "mine").await;
        assert!(lead.contains("#1") && lead.contains("#3"), "{lead}");
        let agent = w.types(AGENT, "mine").await;
        assert!(agent.contains("Taken by you"), "{agent}");
        let engineer = w.types(ENGINEER, "mine").await;
        assert!(!engineer.contains('#'), "{engineer}");
        assert_told!(format!("{lead}\n\n{agent}\n\n{engineer}"));
    })
    .await;
}

#[tokio::test]
async fn show_has_the_ticket_what_was_proposed_and_who_decided() {
    workbench(async |w| {
        some_work(w).await;
        let said = w.types(LEAD, "show 2").await;
        assert_eq!(said, w.types(LEAD, "show #2").await);
        assert!(said.contains("Approved by <@U0BILL0001>"), "{said}");
        assert_told!(said);
    })
    .await;
}

#[tokio::test]
async fn why_has_the_rules_and_facts_that_led_there() {
    workbench(async |w| {
        some_work(w).await;
        let said = w.types(LEAD, "why 2").await;
        assert_told!(legible(w, &said));
    })
    .await;
}

#[tokio::test]
async fn help_lists_what_there_is_and_what_is_not_understood_gets_the_list_too() {
    workbench(async |w| {
        let help = w.types(LEAD, "help").await;
        assert_eq!(help, w.types(LEAD, "").await);
        let unknown = w.types(LEAD, "dance <!channel>").await;
        assert!(unknown.contains("I do not understand: dance"), "{unknown}");
        assert_told!(unknown);
    })
    .await;
}

#[tokio::test]
async fn a_case_that_does_not_exist_is_said_not_to() {
    workbench(async |w| {
        some_work(w).await;
        for word in ["show", "why"] {
            for (number, said) in [
                (" 77", "There is no case #77."),
                (" #0", "There is no case #0."),
                ("", "a case number is missing"),
                (" T-1003", "a case number is missing"),
                (" -1", "a case number is missing"),
                (" 99999999999999999999999", "a case number is missing"),
                (" 9223372036854775808", "There is no case"),
            ] {
                let answer = w.types(LEAD, &format!("{word}{number}")).await;
                assert!(answer.contains(said), "{word}{number}: {answer}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn guests_strangers_former_colleagues_and_bots_read_nothing() {
    workbench(async |w| {
        some_work(w).await;
        let outsiders = [
            "U0GUEST001",
            "U0ULTRA001",
            "U0STRANG01",
            "U0GONE0001",
            "U0CSIGN001",
            "U0NOBODY01",
        ];
        for who in outsiders {
            for word in READING {
                let said = w.types(who, word).await;
                assert!(said.contains("full members"), "{who} {word}: {said}");
                assert!(!said.contains('#'), "{who} {word}: {said}");
            }
        }
        // Who becomes a guest stops reading at once.
        w.sandbox.make_guest(AGENT);
        w.during(w.sandbox.tell_user_change(AGENT)).await;
        let said = w.types(AGENT, "queue").await;
        assert_told!(said);
    })
    .await;
}

#[tokio::test]
async fn nobody_reads_while_slack_does_not_say_who_they_are() {
    workbench(async |w| {
        some_work(w).await;
        // What was read of them when they were asked counts for half a minute.
        w.during(w.sandbox.tell_user_change(DEPUTY)).await;
        w.sandbox.fault("users.info", Fault::ServerError, 1_000);
        let said = w.types(DEPUTY, "queue").await;
        assert!(said.contains("Slack did not say"), "{said}");
        assert!(!said.contains('#'), "{said}");
        w.sandbox.clear_faults();
        assert!(w.types(DEPUTY, "queue").await.contains("#1"));
    })
    .await;
}

/// A slash command as a form, with these two fields changed.
fn typed(team: &str, app: &str) -> RawRequest {
    let form = [
        ("team_id", team),
        ("user_id", LEAD),
        ("channel_id", SUPPORT_ROOM),
        ("command", "/triage"),
        ("text", "queue"),
        ("api_app_id", app),
        ("trigger_id", "1.2.3"),
    ];
    RawRequest::form("/slack/commands", &form)
}

#[tokio::test]
async fn a_command_that_slack_did_not_sign_for_us_is_not_answered() {
    workbench(async |w| {
        some_work(w).await;
        let here = || typed("T0LOCAL001", "A0CSIGN001");
        let right = w.sandbox.send_signed(here(), Tamper::default()).await;
        assert!(right.status == 200 && right.body.contains("#1"));
        let unsigned = [
            Tamper {
                secret: Some("another secret".to_owned()),
                ..Tamper::default()
            },
            Tamper {
                drop_signature: true,
                ..Tamper::default()
            },
            Tamper {
                timestamp_offset: -301,
                ..Tamper::default()
            },
            Tamper {
                body_after_signing: Some(here().body.replace("queue", "show+1")),
                ..Tamper::default()
            },
        ];
        for tamper in unsigned {
            let answer = w.sandbox.send_signed(here(), tamper).await;
            assert_eq!(answer.status, 401, "{}", answer.body);
            assert!(!answer.body.contains('#'), "{}", answer.body);
        }
        for foreign in [
            typed("T0OTHER001", "A0CSIGN001"),
            typed("T0LOCAL001", "A0OTHER001"),
        ] {
            let answer = w.sandbox.send_signed(foreign, Tamper::default()).await;
            assert_eq!(answer.status, 403, "{}", answer.body);
        }
    })
    .await;
}

#[tokio::test]
async fn asking_changes_nothing_and_only_the_sender_sees_the_answer() {
    workbench(async |w| {
        some_work(w).await;
        let recorded = async || {
            let mut all = vec![];
            for case in w.cases().await {
                all.extend(w.store().events(&case.id.stream()).await.unwrap());
            }
            all.len()
        };
        let before = (recorded().await, w.sandbox.writes().len());
        for who in [LEAD, BILLING, "U0GUEST001"] {
            for word in READING {
                w.types(who, word).await;
            }
        }
        w.settle().await;
        assert_eq!((recorded().await, w.sandbox.writes().len()), before);
        // `unread` holds what is for everybody: a card posted by an answer would stand there.
        assert!(w.sandbox.unread_messages().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_a_customer_writes_stays_text_in_every_list() {
    workbench(async |w| {
        let ticket = NewTicket::plain(
            "T-2301",
            "robin@studio.example.com",
            "<!channel> *free* <https://evil.example.org|Approve>",
            "Is there a dark mode? <@U0LEAD0001> :tada: `x`",
        );
        w.written(&ticket).await;
        w.glance();
        for word in READING {
            let typed = w.sandbox.slash(LEAD, SUPPORT_ROOM, word);
            let body = w.during(typed).await.body;
            assert!(!body.contains("mrkdwn"), "{word}: {body}");
            for element in ["\"broadcast\"", "\"link\"", "\"emoji\""] {
                let quiet = format!("\"type\":{element}");
                assert!(!body.contains(&quiet), "{word}: {body}");
            }
        }
        w.told(LEAD);
    })
    .await;
}
