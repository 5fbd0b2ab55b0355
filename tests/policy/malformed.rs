//! Every class of malformed contract, escalation and approvers file is refused with file, line and fix.

use countersign::domain::policy::{Policy, Problem};

use crate::support::{changed, lines, shipped};

/// Each row is `file | from | to | line | words of the message | words of the fix`, where ⏎ stands
/// for a line break. Each change alone must be refused at that place, for that reason.
pub fn refused(table: &str) {
    let rows: Vec<&str> = table.lines().filter(|row| !row.is_empty()).collect();
    assert!(rows.len() > 10, "the table was not read");
    for row in rows {
        let cells: Vec<String> = row
            .split(" | ")
            .map(|cell| cell.replace('⏎', "\n"))
            .collect();
        let [file, from, to, line, message, fix] = cells.as_slice() else {
            panic!("six cells: {row}")
        };
        let problems = Policy::load(&changed(&[(file, from, to)])).expect_err(row);
        let hit = |p: &Problem| {
            let place = p.file == *file && p.line.to_string() == *line;
            place && p.message.contains(message.as_str()) && p.fix.contains(fix.as_str())
        };
        assert!(problems.iter().any(hit), "{row}\n{}", lines(&problems));
        assert!(
            problems.len() <= 3,
            "one slip is told once: {row}\n{}",
            lines(&problems)
        );
    }
}

#[test]
fn a_malformed_contract_is_refused_with_place_and_fix() {
    refused(
        r#"
contract.json | "wpc_version": "1" | "wpc_version": "2" | 2 | does not know version `2` | "1"
contract.json | "wpc_version": "1" | "wpc_version": 1 | 2 | this is a number | double quotes
contract.json | "workflow" | "workflw" | 3 | `workflw` is unknown | `workflow` (did you mean that?)
contract.json | ticket_auto_routing |  | 3 | text is empty | visible character
contract.json | "stripe.read" | "stripe.write" | 5 | `stripe.write` is not a tool | `stripe.read`
contract.json | "stripe.read" | "refund" | 5 | `refund` is not a tool | follows `tiers/refund.json`
contract.json | "stripe.read" | "page_oncall" | 5 | `page_oncall` is not a tool | tiers/page_oncall.json
contract.json | "stripe.read" | "tickets.read" | 5 | twice | once
contract.json | "stripe.read" | "tickets.assign" | 5 | stands in `allow` and in `deny` | one of the two
contract.json | "stripe.read" | { "tool": "tickets.notify_customer", "when": { "category_eq": "how_to" } } | 5 | because the model says `category` | connector
contract.json | "stripe.read" | { "tool": "stripe.read", "when": { "severity_eq": 1 } } | 5 | no condition | plain name
contract.json | "stripe.read" | { "tool": "tickets.assign", "when": {} } | 5 | condition is empty | <fact>_<op>
contract.json | "stripe.read" | { "tool": "tickets.add_label", "when": { "amount_lte": 5 } } | 5 | no currency | "currency": "usd"
contract.json | "allow": [ | "allow": 3, "allowed": [ | 5 | `allowed` is unknown | `allow`
contract.json | "propose_only" | "propose" | 9 | `propose` is not a mode | propose_only
contract.json | ["category", "confidence", "recommended_queue", "rationale"] | [] | 10 | list is empty | at least one field
contract.json | "rationale"] | "reason"] | 10 | `reason` is not a field | one of
contract.json | "required": true | "required": false | 12 | cannot be switched off | `true`
contract.json | 6000 | 6000000 | 13 | too large | from 200 to 200000
contract.json | 6000 | 1e4 | 13 | exponent | plain digits
contract.json | 6000 | NaN | 13 | NaN is not a number | decimal number
contract.json | 6000 | 99999999999999999999 | 13 | overflows | at most 15 digits
contract.json | "type": "secret", "pattern": "api | "type": "pii", "pattern": "api | 15 | not of this type | secret
contract.json | "rate_limit_per_minute": 60 | "rate_limit_per_minute": -1 | 27 | -1 is too small | from 1
contract.json | "rate_limit_per_minute": 60 | "rate_limit_per_minute": 1.5 | 27 | not a whole number | whole number
contract.json | "max_concurrency": 5 | "max_concurrency": "5" | 28 | this is text | without quotes
contract.json | "max_concurrency": 5, | "max_concurrency": 5, "max_concurrency": 6, | 28 | a second time | once
contract.json | "rate_limit_per_minute": 10 | "rate_limit_per_minute": 61 | 31 | too large | 1 to 60
contract.json | { "rate_limit_per_minute": 10 } | {} | 31 | no limit of its own | leave the queue out
contract.json | "block_categories": [] | "block_categories": ["outages"] | 36 | not a category | `outage` (did you mean that?)
contract.json | "quarantine": [] | "quarantine": [null] | 37 | this is null | double quotes
contract.json | "quarantine": [] | "quarantine": ["0123456789ab"] | 37 | part of a digest | 64 hex digits
contract.json | "quarantine": [] | "quarantine": [], | 38 | name in double quotes | no comma after the last
"#,
    );
}

#[test]
fn malformed_escalations_are_refused_with_place_and_fix() {
    refused(
        r#"
escalation.json | Europe/Berlin | Europe/Berln | 3 | not a time zone | `Europe/Berlin` (did you mean that?)
escalation.json | "mon",  | "monday",  | 4 | not a day | mon
escalation.json | "opens": "08:00" | "opens": "8" | 5 | not a time of day | `09:00`
escalation.json | "closes": "20:00" | "closes": "07:00" | 6 | closes before it opens | 24:00
escalation.json | "2026-12-25" | "2026-02-30" | 7 | not a date | 2026-12-25
escalation.json | "secret_posted" | "secret" | 10 | not a signal | one of
escalation.json | "assign_to_role": "security" | "assign_to_role": "finance_lead" | 10 | not a role | one of `support_l1`
escalation.json | "assign_to_role": "security" | "assign_to_role": "infrs" | 10 | not a role | `infra`
escalation.json | "severity_gte": 3 | "severity_gte": 6 | 11 | 6 is too large | 1 to 5
escalation.json | "severity_gte": 3 | "severity_gtee": 3 | 11 | `severity_gtee` is not a condition | `severity_gte`
escalation.json | "severity_gte": 3 | "amount_gte": 3 | 11 | no currency | currency
escalation.json | { "assign_to_role": "support_l1" } | { "when": { "severity_lt": 3 }, "assign_to_role": "support_l1" } | 12 | last rule has a condition | without `when`
escalation.json | { "when": { "signals_in": ["secret_posted"] }, "assign | { "assign | 10 | never count | last rule
escalation.json | ["support_lead"], "finally": "support_l1" | ["support_led"], "finally": "support_l1" | 15 | no approver rule `support_led` | `support_lead`
escalation.json | "finally": "infra", "sla_minutes": 30 | "finally": "infra", "sla_minutes": 0 | 17 | 0 is too small | from 1
escalation.json | "finally": "infra", "sla_minutes": 30 | "finally": "infra", "sla_minutes": -30 | 17 | -30 is too small | from 1
escalation.json | "finally": "infra", "sla_minutes": 30 | "finally": "infra", "sla_hours": 1, "sla_minutes": 30 | 17 | side by side | exactly one
escalation.json | "finally": "infra", "sla_minutes": 30,  | "finally": "infra",  | 17 | how long it may wait | exactly one
escalation.json | "clock": "wall" | "clock": "wal" | 17 | not a clock | `wall`
"#,
    );
}

#[test]
fn a_chain_that_goes_round_is_refused_at_both_ends() {
    let documents = changed(&[
        (
            "escalation.json",
            "\"finally\": \"billing\"",
            "\"finally\": \"infra\"",
        ),
        (
            "escalation.json",
            "\"finally\": \"infra\", \"sla_minutes\"",
            "\"finally\": \"billing\", \"sla_minutes\"",
        ),
    ]);
    let problems = Policy::load(&documents).unwrap_err();
    assert_eq!(
        problems
            .iter()
            .filter(|p| p.message.contains("comes back to it"))
            .count(),
        2,
        "{}",
        lines(&problems)
    );
}

#[test]
fn a_name_in_the_place_of_an_id_is_one_problem_and_not_two() {
    let slip = ("approvers.json", "\"S0BILLING1\"", "\"@billing\"");
    let problems = Policy::load(&changed(&[slip])).unwrap_err();
    assert_eq!(problems.len(), 1, "{}", lines(&problems));
}

#[test]
fn malformed_approvers_are_refused_with_place_and_fix() {
    refused(
        r#"
approvers.json | T0LOCAL001 | local | 2 | not a workspace id | begins with `T`
approvers.json | "U0FIN00001" | "@finance-oncall" | 6 | not a user id | copies it
approvers.json | "S0LEADS001" | "U0LEADS001" | 4 | not a user group id | begins with `S`
approvers.json | { "groups": [{ "id": "S0BILLING1", "label": "@billing-team" }] } | {} | 5 | nobody is named | `users` or `groups`
approvers.json | { "groups": [{ "id": "S0BILLING1", "label": "@billing-team" }] } | { "groups": [] } | 5 | list is empty | at least one id
approvers.json | [{ "id": "U0FIN00001", "label": "Finance On-call" }] | ["U0FIN00001"], "quorum": 2 | 6 | 2 people must approve, but only 1 | lower `quorum`
approvers.json | [{ "id": "U0FIN00001", "label": "Finance On-call" }] | ["U0FIN00001"], "quorum": 0 | 6 | too small | from 1
approvers.json | [{ "id": "U0FIN00001", "label": "Finance On-call" }] | ["U0FIN00001"], "currency": "usd" | 6 | means nothing | nothing
approvers.json | "users": [{ "id": "U0FIN00001", "label": "Finance On-call" }] | "amount_bands": [{ "gt": 0, "users": ["U0FIN00001"] }] | 6 | `currency` is missing | currency
approvers.json | "users": [{ "id": "U0FIN00001", "label": "Finance On-call" }] | "currency": "usd", "amount_bands": [{ "lte": 5, "users": ["U0FIN00001"] }] | 6 | do not cover | `gt`
approvers.json | "users": [{ "id": "U0FIN00001", "label": "Finance On-call" }] | "currency": "usd", "amount_bands": [{ "lte": 5, "users": ["U0FIN00001"] }, { "gt": 6, "users": ["U0FIN00001"] }] | 6 | do not follow | where they end
approvers.json | "security": { "groups": [{ "id": "S0SECURIT1", "label": "@security" }] } | "securty": { "groups": ["S0SECURIT1"] } | 15 | `securty` is unknown | `security`
approvers.json | ,⏎  "operators": { "users": [{ "id": "U0LEAD0001", "label": "Support Lead" }] } |  | 1 | `operators` is missing | operators
"#,
    );
}

#[test]
fn a_missing_rule_for_batches_is_refused() {
    let documents = changed(&[("approvers.json", "batch_reviewers", "other_reviewers")]);
    let problems = Policy::load(&documents).unwrap_err();
    assert!(
        problems
            .iter()
            .any(|p| p.message.contains("`batch_reviewers` is missing")),
        "{}",
        lines(&problems)
    );
}

#[test]
fn every_file_must_be_there_and_no_other() {
    for name in shipped().keys() {
        let mut documents = shipped();
        documents.remove(name);
        let problems = Policy::load(&documents).unwrap_err();
        assert!(
            problems
                .iter()
                .any(|p| p.file == *name && p.message.contains("missing")),
            "{name}"
        );
    }
    let mut documents = shipped();
    documents.insert("tiers/refunds.json".into(), "{}".into());
    let problems = Policy::load(&documents).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "tiers/refunds.json:1:1: a policy has no such file — write `tiers/refund.json` (did you mean that?)"
    );
    let mut documents = shipped();
    documents.insert("README.md".into(), "not JSON".into());
    assert_eq!(
        Policy::load(&documents).unwrap().digest(),
        Policy::load(&shipped()).unwrap().digest()
    );
}

#[test]
fn all_problems_are_told_in_one_run_in_order() {
    let documents = changed(&[
        ("contract.json", "propose_only", "propose"),
        (
            "contract.json",
            "\"max_concurrency\": 5",
            "\"max_concurrency\": 0",
        ),
        ("tiers/refund.json", "\"to_role\"", "\"auto_execute\""),
        ("tiers/refund.json", "\"sla_hours\": 8", "\"sla_hours\": -8"),
        ("approvers.json", "T0LOCAL001", "local"),
        ("tiers/credit.json", "{ \"$schema\"", "\n\"$schema\""),
    ]);
    let problems = Policy::load(&documents).unwrap_err();
    let places: Vec<(&str, u32)> = problems.iter().map(|p| (p.file.as_str(), p.line)).collect();
    let wanted = [
        ("approvers.json", 2),
        ("contract.json", 9),
        ("contract.json", 28),
        ("tiers/credit.json", 2),
        ("tiers/refund.json", 6),
        ("tiers/refund.json", 8),
    ];
    assert_eq!(places, wanted, "{}", lines(&problems));
}
