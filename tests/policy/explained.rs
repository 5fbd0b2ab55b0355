//! The explanation of a situation is the path of the decision itself, and what is asked is read strictly.

use std::collections::BTreeMap;

use countersign::domain::approval::{Course, Tier};
use countersign::domain::draft::ActionKind;
use countersign::domain::evidence::FactName;
use countersign::domain::policy::Policy;
use countersign::domain::policy::explain::{Explanation, Situation};
use countersign::domain::policy::lines::Line;
use countersign::domain::policy::walk::TrialEnd;
use proptest::prelude::*;

use crate::support::{monday, policy};

fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    given.iter().map(owned).collect()
}

fn read(policy: &Policy, given: &[(&str, &str)]) -> Situation {
    Situation::read(&pairs(given), policy, monday()).unwrap()
}

fn explained(policy: &Policy, given: &[(&str, &str)]) -> Explanation {
    policy.explain(&read(policy, given))
}

const KNOWN: &[(&str, &str)] = &[
    ("action", "refund"),
    ("amount", "180"),
    ("customer_months", "12"),
    ("chargeback_open", "no"),
    ("account_flagged_fraud", "no"),
];

#[test]
fn the_path_names_lines_tiers_conditions_people_and_end() {
    let policy = policy(&[]);
    let path = explained(&policy, KNOWN);
    let draft = path.draft.unwrap();
    let lines: Vec<(Line, bool)> = draft.lines.iter().map(|l| (l.line, l.applies)).collect();
    assert_eq!(lines.len(), 6, "the rest was not tried: {lines:?}");
    assert_eq!(lines[5], (Line::ProposeOnly, true));
    let ends: Vec<_> = draft.tiers.iter().map(|t| t.end).collect();
    assert_eq!(ends, [Some(TrialEnd::Fails), Some(TrialEnd::Holds), None]);
    assert_eq!(
        draft.tiers[0].conditions[0].told,
        "amount 180.00 USD is not at most 50.00 USD"
    );
    assert_eq!(draft.assessment.tier, Tier::Medium);
    let steps: Vec<_> = draft
        .steps
        .iter()
        .map(|s| {
            (
                s.rule.as_str(),
                s.people.as_str(),
                s.quorum,
                s.within.as_str(),
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            (
                "billing_reviewers",
                "members of @billing-team",
                1,
                "24 business hours"
            ),
            ("finance_lead", "Finance Lead", 1, "8 business hours"),
        ]
    );
    assert_eq!(draft.steps[0].due, "Wed 18 Nov 2026 10:00 Europe/Berlin");
    assert_eq!(draft.steps[1].due, "Wed 18 Nov 2026 18:00 Europe/Berlin");
    let ending = draft.ending.unwrap().told;
    assert!(
        ending.contains("role billing") && ending.contains("every day"),
        "{ending}"
    );
    assert_eq!(path.case.rule, "structural: money to billing");
}

#[test]
fn what_is_missing_is_shown_where_it_was_asked_for() {
    let policy = policy(&[]);
    let draft = explained(
        &policy,
        &[("action", "refund"), ("unconfirmed_amount", "30")],
    )
    .draft
    .unwrap();
    assert_eq!(draft.tiers[0].end, Some(TrialEnd::Unknown));
    assert!(draft.tiers[2].counts && draft.tiers[2].end.is_none());
    let told: Vec<&str> = draft.tiers[0]
        .conditions
        .iter()
        .map(|c| c.told.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "amount is unknown (wanted: at most 50.00 USD)",
            "customer months is unknown (wanted: at least 3)"
        ]
    );
    assert!(draft.assessment.missing.contains(&FactName::ChargebackOpen));
    assert_eq!(draft.checks[0].against, None);
    assert_eq!(
        draft.checks[2].against,
        Some(false),
        "the draft's own amount is enough for this"
    );
}

#[test]
fn why_a_case_goes_to_a_role_is_told_rule_by_rule() {
    let policy = policy(&[]);
    let case = |given: &[(&str, &str)]| explained(&policy, given).case;
    let bug = case(&[("category", "bug"), ("severity", "4")]);
    assert_eq!(
        (bug.role.word(), bug.rule.as_str()),
        ("infra", "escalation.json rule 2")
    );
    assert_eq!(bug.tried.len(), 9);
    assert_eq!(
        bug.tried[8].told,
        "severity 4 is at least 3; category bug is one of bug"
    );
    assert_eq!(bug.tried[7].told, "secret_posted was not seen");
    let leak = case(&[("signals", "suspected_breach, secret_posted")]);
    assert_eq!(leak.rule, "structural: suspected breach to security");
    assert_eq!(case(&[("severity", "1")]).tried[9].told, "it catches all");
}

#[test]
fn each_list_of_the_contract_says_why_it_is_or_is_not_about_an_action() {
    let conditional = policy(&[(
        "contract.json",
        "\"tickets.set_priority\", \"tickets.assign\"]",
        r#""tickets.set_priority", { "tool": "tickets.add_internal_note", "when": { "queue_eq": "vip" } }]"#,
    )]);
    let note = |queue| {
        let draft = explained(
            &conditional,
            &[("action", "tickets.add_internal_note"), ("queue", queue)],
        );
        draft.draft.unwrap()
    };
    let other = note("general");
    assert_eq!(
        other.lines[0].why,
        "`deny` names `tickets.add_internal_note` for other cases: queue is general, not vip"
    );
    assert_eq!(other.assessment.course, Course::Auto);
    assert!(matches!(
        note("vip").assessment.course,
        Course::Never { .. }
    ));
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_to_write() {
    let policy = policy(&[]);
    for (name, value, message, fix) in [
        ("amuont", "3", "`amuont` is not a fact", "`amount`"),
        ("action", "refnd", "is not an action", "`refund`"),
        ("severity", "9", "no value of `severity`", "from 1 to 5"),
        ("category", "bugs", "not a category", "`bug`"),
        ("signals", "outag", "not a signal", "`outage`"),
        ("chargeback_open", "maybe", "no value of", "`yes` or `no`"),
        ("reversible", "yes", "fixed property", "nothing here"),
        (
            "amount",
            "1.234",
            "not an amount of usd",
            "at most 2 decimals",
        ),
        ("amount", "-5", "not an amount of usd", "above zero"),
        ("amount", "5 dollars", "not a currency", "three letters"),
        ("customer_months", "many", "no value of", "whole number"),
        ("prompt", "abc", "digest", "64 hex"),
        ("linked", "3", "no value of `linked`", "`yes`"),
        ("asked_at", "monday", "not a moment", "2026-11-16T10:00"),
        ("queue", " ", "no value", "leave it out"),
    ] {
        let mut given: BTreeMap<&str, &str> = KNOWN.iter().copied().collect();
        given.insert(name, value);
        let given: Vec<(&str, &str)> = given.into_iter().collect();
        let unclear = Situation::read(&pairs(&given), &policy, monday()).unwrap_err();
        assert_eq!(unclear.len(), 1, "{name}={value}: {unclear:?}");
        assert!(unclear[0].message.contains(message), "{}", unclear[0]);
        assert!(unclear[0].fix.contains(fix), "{}", unclear[0]);
    }
    for given in [
        &[("action", "tickets.add_label"), ("amount", "3")][..],
        &[("amount", "3")],
        &[("customer_months", "3")],
        &[("action", "credit"), ("refund_window_open", "yes")],
        &[("severity", "3"), ("severity", "4")],
        &[
            ("action", "refund"),
            ("amount", "3"),
            ("unconfirmed_amount", "3"),
        ],
    ] {
        let unclear = Situation::read(&pairs(given), &policy, monday()).unwrap_err();
        assert_eq!(unclear.len(), 1, "{given:?}: {unclear:?}");
    }
}

fn situation() -> impl Strategy<Value = Vec<(String, String)>> {
    let one = |name: &'static str, values: &'static [&'static str]| {
        proptest::option::of(proptest::sample::select(values)).prop_map(move |value| (name, value))
    };
    (
        proptest::sample::select(ActionKind::ALL),
        one(
            "amount",
            &["0.01", "50", "50.01", "180", "500.01", "5000.01", "30 eur"],
        ),
        one("customer_months", &["0", "2", "3", "40"]),
        one("chargeback_open", &["yes", "no"]),
        one("account_flagged_fraud", &["yes", "no"]),
        one("severity", &["1", "2", "3", "5"]),
        one(
            "category",
            &[
                "bug",
                "outage",
                "refund_request",
                "how_to",
                "account_access",
            ],
        ),
        one("queue", &["password_reset", "general"]),
        one("confidence", &["0", "69", "70", "80", "100"]),
        one("linked", &["yes"]),
        one(
            "signals",
            &["outage", "outage,many_affected", "secret_posted"],
        ),
    )
        .prop_map(|(action, amount, a, b, c, d, e, f, g, h, i)| {
            let has_amount = action.is_money() && action != ActionKind::SubscriptionCancel;
            let mut given = vec![("action".to_owned(), action.word().to_owned())];
            for (name, value) in [amount, a, b, c, d, e, f, g, h, i] {
                if let Some(value) = value.filter(|_| name != "amount" || has_amount) {
                    given.push((name.to_owned(), value.to_owned()));
                }
            }
            given
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_explanation_never_differs_from_the_decision(given in situation(), mode in 0..3_usize) {
        let mode = ["propose_only", "apply", "classify_only"][mode];
        let policy = policy(&[("contract.json", "propose_only", mode)]);
        let situation = Situation::read(&given, &policy, monday()).unwrap();
        let decided = policy.assess(&situation.proposal().unwrap());
        let explanation = policy.explain(&situation);
        let draft = explanation.draft.unwrap();
        prop_assert_eq!(&draft.assessment, &decided);
        prop_assert!(draft.lines.last().unwrap().applies);
        prop_assert_eq!(draft.lines.iter().filter(|line| line.applies).count(), 1);
        let line = draft.lines.last().unwrap().line;
        let fits = match &decided.course {
            Course::Never { .. } => line == Line::Denied,
            Course::Blocked { .. } => line == Line::Blocked,
            Course::RecordOnly { .. } => matches!(line, Line::RecordOnly | Line::Unlisted),
            _ => matches!(line, Line::RequiresApproval | Line::ProposeOnly | Line::AsTiered),
        };
        prop_assert!(fits, "{line}: {:?}", decided.course);
        let against = draft.checks.iter().any(|check| check.against == Some(true));
        prop_assert!(!against || matches!(line, Line::Denied | Line::Blocked));
        prop_assert!(against || line != Line::Blocked);
        let counts: Vec<_> = draft.tiers.iter().filter(|tier| tier.counts).collect();
        prop_assert_eq!(counts.len(), 1);
        let number = format!("tier {} ({})", counts[0].number, decided.tier);
        prop_assert!(decided.rule.contains(&number), "{} {}", decided.rule, number);
        let unknown = draft.tiers.iter().any(|t| t.end == Some(TrialEnd::Unknown))
            || draft.checks.iter().any(|c| c.against.is_none());
        prop_assert_eq!(unknown, !decided.missing.is_empty());
        let asked: Vec<_> = draft.steps.iter().map(|step| step.rule.clone()).collect();
        match &decided.course {
            Course::Ask(asking) => {
                let mut all = vec![asking.approver_rule.clone()];
                all.extend(asking.then.clone());
                prop_assert_eq!(asked, all);
                prop_assert_eq!(draft.steps[0].due_at, asking.due_at);
                prop_assert_eq!(draft.ending.unwrap().role, asking.finally);
            }
            _ => prop_assert!(asked.is_empty()),
        }
        let assigned = policy.role_of(&situation.matter());
        prop_assert_eq!(&explanation.case.rule, &assigned.rule);
        let last = explanation.case.tried.last().unwrap();
        prop_assert!(last.holds && last.role == assigned.role && last.rule == assigned.rule);
    }
}
