//! "What may an action do?", row by row: the first line that applies.

use countersign::domain::approval::{Course, Route};
use countersign::domain::digest::Digest;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::evidence::FactName;
use countersign::domain::policy::Policy;
use countersign::domain::time::Span;
use countersign::domain::verdict::Category;

use crate::support::{Ask, monday, policy, usd};

const APPLY: (&str, &str, &str) = ("contract.json", "propose_only", "apply");
const NO_APPROVALS: (&str, &str, &str) = (
    "contract.json",
    "[\"tickets.assign\", \"tickets.set_priority\", \"tickets.notify_customer\"]\n  }",
    "[]\n  }",
);

fn course(policy: &Policy, kind: ActionKind) -> Course {
    Ask::new(kind).of(policy).course
}

fn record_only(course: &Course, why: &str) {
    assert!(
        matches!(course, Course::RecordOnly { reason } if reason.contains(why)),
        "{course:?}"
    );
}

fn rule_asked(course: &Course) -> &str {
    let Course::Ask(asking) = course else {
        panic!("{course:?}")
    };
    asking.approver_rule.as_str()
}

#[test]
fn denied_and_not_in_requires_approval_is_never() {
    let policy = policy(&[NO_APPROVALS]);
    for kind in [
        ActionKind::Assign,
        ActionKind::SetPriority,
        ActionKind::NotifyCustomer,
    ] {
        assert!(
            matches!(course(&policy, kind), Course::Never { .. }),
            "{kind}"
        );
    }
}

#[test]
fn a_condition_on_deny_counts_when_it_holds_or_is_unknown() {
    let under_condition = (
        "contract.json",
        "\"tickets.set_priority\", \"tickets.assign\"]",
        "\"tickets.set_priority\", { \"tool\": \"tickets.assign\", \"when\": { \"queue_eq\": \"vip\" } }]",
    );
    let policy = policy(&[NO_APPROVALS, under_condition]);
    record_only(&course(&policy, ActionKind::Assign), "neither list");
    let vip = Ask::new(ActionKind::Assign)
        .word(FactName::Queue, "vip")
        .of(&policy);
    assert!(matches!(vip.course, Course::Never { .. }));
    let unknown = Ask::new(ActionKind::Assign)
        .without(FactName::Queue)
        .of(&policy);
    assert!(matches!(unknown.course, Course::Never { .. }));
}

#[test]
fn a_hard_block_or_a_broken_constraint_goes_to_its_role() {
    let policy = policy(&[]);
    for (ask, why) in [
        (
            Ask::refund(3_000).truth(FactName::ChargebackOpen, true),
            "hard block: chargeback open",
        ),
        (
            Ask::refund(3_000).truth(FactName::AccountFlaggedFraud, true),
            "hard block: account flagged fraud",
        ),
        (
            Ask::refund(500_001),
            "amount 5000.01 USD is above 5000.00 USD",
        ),
    ] {
        let Course::Blocked { reason, role } = ask.of(&policy).course else {
            panic!("{why}")
        };
        assert_eq!((reason.as_str(), role), (why, Role::Billing));
    }
    assert!(matches!(
        Ask::refund(500_000).of(&policy).course,
        Course::Ask(_)
    ));
}

#[test]
fn an_unconfirmed_amount_above_the_limit_is_blocked_all_the_same() {
    let ask = Ask::refund(500_001).without(FactName::Amount);
    assert!(matches!(
        ask.of(&policy(&[])).course,
        Course::Blocked { .. }
    ));
}

#[test]
fn a_block_comes_before_the_mode() {
    let policy = policy(&[("contract.json", "propose_only", "classify_only")]);
    let blocked = Ask::refund(3_000)
        .truth(FactName::ChargebackOpen, true)
        .of(&policy);
    assert!(matches!(blocked.course, Course::Blocked { .. }));
}

#[test]
fn classify_only_records_everything_and_applies_nothing() {
    let policy = policy(&[("contract.json", "propose_only", "classify_only")]);
    for kind in ActionKind::ALL.iter().copied() {
        let ask = Ask::new(kind).amount(usd(3_000));
        record_only(&ask.of(&policy).course, "classify_only");
    }
}

#[test]
fn a_quarantined_model_or_prompt_and_a_blocked_category_record_only() {
    let prompt = Digest::of(b"prompt");
    let listed = format!("\"quarantine\": [\"bad-model\", \"{prompt}\"]");
    let policy = policy(&[
        APPLY,
        ("contract.json", "\"quarantine\": []", &listed),
        (
            "contract.json",
            "\"block_categories\": []",
            "\"block_categories\": [\"outage\"]",
        ),
    ]);
    let label = || Ask::new(ActionKind::AddLabel);
    assert_eq!(label().of(&policy).course, Course::Auto);
    for (model, covered) in [
        ("Bad-Model", true),
        ("bad-model 2", true),
        ("bad-model-2026-11-01", true),
        ("bad-model2", false),
        ("bad-models", false),
        ("bad", false),
        ("not bad-model", false),
    ] {
        let ask = Ask {
            model: model.into(),
            ..label()
        };
        let free = ask.of(&policy).course == Course::Auto;
        assert_eq!(free, !covered, "{model}");
    }
    record_only(
        &Ask {
            model: "bad-model".into(),
            ..label()
        }
        .of(&policy)
        .course,
        "`bad-model` is in quarantine",
    );
    record_only(
        &Ask {
            prompts: vec![prompt],
            ..label()
        }
        .of(&policy)
        .course,
        "in quarantine",
    );
    let mut by_verdict = label();
    by_verdict.verdict.model = "bad-model".into();
    record_only(&by_verdict.of(&policy).course, "in quarantine");
    record_only(
        &label().category(Category::Outage).of(&policy).course,
        "category `outage` is blocked",
    );
}

#[test]
fn requires_approval_asks_whatever_the_tier_says_and_whatever_deny_says() {
    let auto = (
        "tiers/tickets.set_priority.json",
        "\"route\": \"batch_review\", \"approver_rule\": \"batch_reviewers\", \"sla_hours\": 24",
        "\"route\": \"auto_execute\"",
    );
    let policy = policy(&[APPLY, auto]);
    let assessment = Ask::new(ActionKind::SetPriority).of(&policy);
    let Course::Ask(asking) = &assessment.course else {
        panic!("{assessment:?}")
    };
    assert_eq!(
        (asking.route, asking.approver_rule.as_str()),
        (Route::BatchReview, "batch_reviewers")
    );
    // 24 business hours of twelve-hour days.
    assert_eq!(asking.due_at.since(monday()), Span::hours(48));
    assert!(
        assessment
            .because
            .iter()
            .any(|b| b.contains("requires approval")),
        "{assessment:?}"
    );
}

#[test]
fn what_is_in_neither_list_is_proposed_in_a_note_only() {
    let policy = policy(&[APPLY, ("contract.json", "\"tickets.add_label\", ", "")]);
    record_only(&course(&policy, ActionKind::AddLabel), "neither list");
}

#[test]
fn money_routing_and_paging_are_not_tools_and_follow_their_tier() {
    for mode in ["propose_only", "apply"] {
        let policy = policy(&[("contract.json", "propose_only", mode)]);
        assert_eq!(
            Ask::refund(3_000).of(&policy).course,
            Course::ToRole {
                role: Role::Billing
            }
        );
        assert_eq!(course(&policy, ActionKind::RouteCase), Course::Auto);
        let page = Ask::new(ActionKind::PageOncall)
            .severity(5)
            .category(Category::Outage)
            .of(&policy);
        assert_eq!(rule_asked(&page.course), "support_lead");
    }
}

#[test]
fn propose_only_lets_nothing_run_but_the_note_and_the_routing() {
    let policy = policy(&[]);
    assert_eq!(
        rule_asked(&course(&policy, ActionKind::AddLabel)),
        "batch_reviewers"
    );
    assert_eq!(course(&policy, ActionKind::AddInternalNote), Course::Auto);
    assert_eq!(course(&policy, ActionKind::RouteCase), Course::Auto);
}

#[test]
fn apply_follows_the_tier() {
    let policy = policy(&[APPLY]);
    assert_eq!(course(&policy, ActionKind::AddLabel), Course::Auto);
    let unsure = Ask::new(ActionKind::AddLabel)
        .number(FactName::Confidence, 69)
        .of(&policy);
    assert_eq!(rule_asked(&unsure.course), "batch_reviewers");
}

#[test]
fn an_allowed_tool_under_a_condition_is_listed_only_where_the_condition_surely_holds() {
    let allowed = (
        "contract.json",
        "\"tickets.add_label\"",
        "{ \"tool\": \"tickets.add_label\", \"when\": { \"queue_eq\": \"general\" } }",
    );
    let policy = policy(&[APPLY, allowed]);
    let label = || Ask::new(ActionKind::AddLabel);
    assert_eq!(label().of(&policy).course, Course::Auto);
    record_only(
        &label().word(FactName::Queue, "vip").of(&policy).course,
        "neither list",
    );
    record_only(
        &label().without(FactName::Queue).of(&policy).course,
        "neither list",
    );
}
