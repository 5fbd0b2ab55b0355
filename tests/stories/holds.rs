//! What blocks a case for good, and what holds a write until it is over: each with the control that lets it go.

use countersign::domain::approval::RequestState;
use countersign::domain::board::BoardCommand;
use countersign::domain::digest::Digest;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::ids::{TeamId, UserId};
use countersign::domain::person::Person;
use countersign::domain::time::Span;
use serde_json::{Value, json};

use crate::people::*;
use crate::workbench::{Setting, Workbench, setting, workbench};

const REFUND: ActionKind = ActionKind::Refund;
const REPLY: ActionKind = ActionKind::NotifyCustomer;

/// Whether billing has the refund of a ticket as blocked, with this reason on its card; else it is asked about.
async fn blocked(w: &Workbench, ticket: &str, reason: &str) -> bool {
    w.ticket(ticket).await;
    let case = w.case(ticket).await;
    let mut given = case.escalations.iter();
    let blocked =
        given.any(|(one, _)| one.cause == EscalationCause::Blocked && one.role == Role::Billing);
    let room = w.read(BILLING_ROOM);
    if blocked {
        assert!(room.contains(reason), "{reason}: {room}");
        let kind = |id| case.draft(id).unwrap().draft.action.kind();
        assert!(
            case.requests
                .iter()
                .all(|asked| kind(&asked.request.draft) != REFUND)
        );
    } else {
        w.asked(ticket, REFUND).await;
    }
    w.glance();
    blocked
}

async fn is_blocked(under: Setting, ticket: &str, reason: &str, expected: bool) {
    let story = async |w: &mut Workbench| assert_eq!(blocked(w, ticket, reason).await, expected);
    under.play(story).await;
}

fn refund(edit: impl FnOnce(&mut Value)) -> Setting {
    setting().policy("tiers/refund.json", edit)
}

#[tokio::test]
async fn an_open_dispute_blocks_a_refund_and_without_the_block_it_would_be_asked_about() {
    let without = refund(|tiers| tiers["hard_blocks"] = json!(["account_flagged_fraud"]));
    is_blocked(setting(), "T-1006", "chargeback open", true).await;
    is_blocked(without, "T-1006", "", false).await;
}

#[tokio::test]
async fn a_fraud_warning_blocks_a_refund_and_without_the_block_it_would_be_asked_about() {
    let warned = async |w: &mut Workbench| {
        let charge = "ch_3DemoHarbour180".to_owned();
        w.sandbox.stripe(|books| books.fraud_warnings.push(charge));
    };
    workbench(async |w| {
        warned(w).await;
        assert!(blocked(w, "T-1003", "account flagged fraud").await);
    })
    .await;
    refund(|tiers| tiers["hard_blocks"] = json!(["chargeback_open"]))
        .play(async |w| {
            warned(w).await;
            assert!(!blocked(w, "T-1003", "").await);
        })
        .await;
}

#[tokio::test]
async fn a_broken_constraint_blocks_a_refund_and_a_wider_one_lets_it_be_asked_about() {
    let most =
        |amount: u32| refund(move |tiers| tiers["constraints"]["max_amount"] = json!(amount));
    is_blocked(most(179), "T-1003", "180.00 USD is above 179.00 USD", true).await;
    is_blocked(most(180), "T-1003", "", false).await;
    let days =
        |days: u32| refund(move |tiers| tiers["constraints"]["refund_window_days"] = json!(days));
    is_blocked(days(5), "T-1003", "", true).await;
    is_blocked(days(30), "T-1003", "", false).await;
}

fn lead() -> Person {
    Person {
        enterprise: None,
        team: TeamId::new("T0LOCAL001"),
        user: UserId::new(LEAD),
    }
}

/// Lets a while pass in small steps, as a running bot does.
async fn some_minutes(w: &Workbench) {
    for _ in 0..6 {
        w.advance(Span::minutes(1)).await;
    }
}

/// Something holds every write: an approved reply waits, its approver is told why, and it goes once that is over.
async fn holds(hold: BoardCommand, told: &str, release: impl Fn(&Workbench) -> BoardCommand) {
    workbench(async |w| {
        w.ticket("T-1013").await;
        let asked = w.asked("T-1013", REPLY).await;
        let release = release(w);
        w.tells_the_board(hold.clone()).await;
        w.click(LEAD, &asked, "approve").await;
        assert_eq!(
            w.state(&asked).await,
            RequestState::Approved,
            "a decision counts"
        );
        let words = w.told(LEAD).concat();
        assert!(words.contains(told), "{words}");
        some_minutes(w).await;
        assert!(w.wrote("T-1013", "ticket.reply").is_empty());
        let story = w.story("T-1013").await.join("\n");
        assert!(story.contains("The reply waits"), "{story}");
        w.tells_the_board(release).await;
        some_minutes(w).await;
        assert_eq!(w.wrote("T-1013", "ticket.reply").len(), 1);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn while_it_is_paused_nothing_is_written_and_afterwards_it_goes_out_once() {
    let reason = || "the desk is being moved".to_owned();
    let pause = BoardCommand::Pause {
        by: lead(),
        reason: reason(),
    };
    let resume = |_: &Workbench| BoardCommand::Resume {
        by: lead(),
        reason: reason(),
    };
    holds(
        pause,
        "Countersign is paused (the desk is being moved)",
        resume,
    )
    .await;
}

#[tokio::test]
async fn while_another_policy_is_pinned_nothing_is_written_and_afterwards_it_goes_out_once() {
    let pin = |policy| BoardCommand::ActivatePolicy { policy, by: None };
    let back = |w: &Workbench| pin(w.engine().policy().digest());
    let told = "not the pinned one, so it waits until a policy is pinned";
    holds(pin(Digest::of(b"another policy")), told, back).await;
}

#[tokio::test]
async fn while_it_is_paused_nobody_is_paged() {
    workbench(async |w| {
        w.ticket("T-1001").await;
        let page = w.asked("T-1001", ActionKind::PageOncall).await;
        let reason = || "an exercise".to_owned();
        let by = lead;
        w.tells_the_board(BoardCommand::Pause {
            by: by(),
            reason: reason(),
        })
        .await;
        w.click(LEAD, &page, "approve_why").await;
        w.fill(LEAD, &[("why", "Everybody is locked out")]).await;
        some_minutes(w).await;
        let paged = async || {
            let given = w.case("T-1001").await.escalations;
            given
                .iter()
                .any(|(one, _)| one.cause == EscalationCause::Paged)
        };
        assert!(!paged().await);
        w.tells_the_board(BoardCommand::Resume {
            by: by(),
            reason: reason(),
        })
        .await;
        some_minutes(w).await;
        assert!(paged().await);
        w.glance();
    })
    .await;
}

#[tokio::test]
async fn a_write_over_the_limit_of_a_minute_waits_for_the_next_minute() {
    let one = |contract: &mut Value| {
        contract["limits"]["rate_limit_per_minute"] = json!(1);
        contract["limits"]["per_queue"] = json!({});
    };
    setting()
        .policy("contract.json", one)
        .play(async |w| {
            w.ticket("T-1013").await;
            assert_eq!(w.wrote("T-1013", "ticket.note").len(), 1);
            let label = w.asked("T-1013", ActionKind::AddLabel).await;
            w.click(LEAD, &label, "approve").await;
            w.told(LEAD);
            w.advance(Span::seconds(30)).await;
            assert!(w.wrote("T-1013", "ticket.label").is_empty());
            some_minutes(w).await;
            assert_eq!(w.wrote("T-1013", "ticket.label").len(), 1);
            w.glance();
        })
        .await;
}
