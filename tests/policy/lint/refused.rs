//! Everything that the linter refuses: one document for each, its place and its words, and the same document mended.

use countersign::domain::policy::{Documents, Policy, Problem};

use crate::support::{changed, lines};

/// Each row is `what | file | from | to | line:column | words of the message | words of the fix | mended`, where
/// ⏎ stands for a line break. With `to` in the place of `from` the folder is refused there and for that reason; with
/// `mended` in its place it is not.
fn refused(table: &str) {
    let rows: Vec<&str> = table.lines().filter(|row| !row.is_empty()).collect();
    assert!(!rows.is_empty(), "the table was not read");
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [what, file, from, to, place, message, fix, mended] = cells.as_slice() else {
            panic!("eight cells: {row}")
        };
        let [from, to, mended] = [from, to, mended].map(|cell| cell.replace('⏎', "\n"));
        let with_text = |text: &str| changed(&[(file, &from, text)]);
        let with = |text: &str| Policy::load(&with_text(text));
        let problems = with(&to).expect_err(row);
        let hit = problems.iter().any(|p| {
            p.file == *file
                && format!("{}:{}", p.line, p.column) == *place
                && p.message.contains(message)
                && p.fix.contains(fix)
        });
        assert!(hit, "{what}: {row}\n{}", lines(&problems));
        told_of_one_document(what, file, &with_text(&to), &problems);
        assert!(
            problems.len() <= 2,
            "one slip is told once: {row}\n{}",
            lines(&problems)
        );
        if let Err(problems) = with(&mended) {
            panic!("{what}, mended: {row}\n{}", lines(&problems));
        }
    }
}

/// What can only be told beside the other documents of the folder.
const BESIDE: &[&str] = &["two spellings", "an unknown name", "no term"];

/// Holds that a document tells the same by itself as in its folder.
fn told_of_one_document(what: &str, file: &str, folder: &Documents, all: &[Problem]) {
    let own: Vec<&Problem> = all.iter().filter(|problem| problem.file == file).collect();
    let alone = Policy::check(&Documents::from([(file.to_owned(), folder[file].clone())]));
    let told = own.iter().all(|problem| alone.contains(problem));
    assert_eq!(
        told,
        !BESIDE.contains(&what),
        "{what}, by itself:\n{}",
        lines(&alone)
    );
}

#[test]
fn every_input_has_a_tier_and_every_tier_has_inputs_of_its_own() {
    refused(
        r#"
a gap | tiers/refund.json | "amount_gt": 500 } | "amount_gt": 600 } | 8:23 | no tier holds for amount 500.01 USD | last tier without `when` | "amount_gte": 500.01 }
a gap at the end | tiers/tickets.set_priority.json | "severity_gte": 3 } | "severity_gte": 3, "severity_lte": 4 } | 6:25 | no tier holds for severity 5 | last tier without `when` | "severity_in": [3, 4, 5] }
a gap at one number | tiers/tickets.add_label.json | "confidence_lt": 70 } | "confidence_lt": 69 } | 6:25 | no tier holds for confidence 69 | last tier without `when` | "confidence_lte": 69 }
a gap among words | tiers/tickets.set_priority.json | "severity_gte": 3 } | "category_eq": "bug" } | 6:25 | no tier holds for severity 3, category outage | last tier | "severity_gt": 2 }
unreachable | tiers/refund.json | "amount_lte": 50, "customer_months_gte": 3 } | "amount_lte": 700 } | 7:5 | tier 2 (medium) never counts: tier 1 (low) comes first for all of it | narrower conditions first | "amount_lte": 499.99 }
the last is unreachable | tiers/tickets.add_label.json | "route": "auto_execute" }, | "route": "auto_execute" }, { "tier": "low", "when": { "confidence_lt": 70 }, "route": "auto_execute" }, | 6:5 | tier 3 (medium) never counts: tier 2 (low) comes first | leave the tier out | "route": "auto_execute" }, { "tier": "low", "when": { "confidence_lt": 60 }, "route": "auto_execute" },
never matches | tiers/refund.json | "amount_lte": 50, "customer_months_gte": 3 } | "amount_lte": 50, "amount_gt": 60 } | 6:32 | `amount_lte` and `amount_gt` never hold together | some input meets | "amount_lte": 50, "amount_gt": 40 }
never matches by what the action is | tiers/tickets.assign.json | "queue_eq": "password_reset", | "reversible_is": false, | 5:32 | of `tickets.assign`, reversible is always yes | some input meets | "queue_ne": "password_reset",
never matches by what is touched | tiers/tickets.assign.json | "queue_eq": "password_reset", | "blast_radius_gt": 1, | 5:32 | `blast_radius_gt` never holds: blast radius is always 1 | some input meets | "queue_in": ["password_reset", "vip"],
stopped by a hard block | tiers/refund.json | "customer_months_gte": 3 } | "chargeback_open_is": true } | 6:22 | tier 1 (low) never counts: the hard block `chargeback_open` stops all of it | leave the tier out | "chargeback_open_is": false }
stopped by the highest amount | tiers/refund.json | { "tier": "high", "when": { "amount_gt": 500 } | { "tier": "high", "when": { "amount_gt": 5000 }, "route": "batch_review", "sla_hours": 1 }, { "tier": "high" | 8:23 | tier 3 (high) never counts: `max_amount` stops all of it | leave the tier out | { "tier": "high", "when": { "amount_gt": 4999 }, "route": "batch_review", "sla_hours": 1 }, { "tier": "high"
overlap in part | tiers/tickets.assign.json | { "tier": "medium" | { "tier": "low", "when": { "confidence_gte": 90 }, "route": "batch_review", "sla_hours": 4 }, { "tier": "medium" | 5:22 | overlap in part: both hold for queue password_reset, confidence 90, and only tier 1 (low) for queue password_reset, confidence 80 | only one tier holds for that input, or all of tier 1 (low) inside tier 2 (low) | { "tier": "low", "when": { "confidence_gte": 80 }, "route": "batch_review", "sla_hours": 4 }, { "tier": "medium"
too many to prove | tiers/tickets.assign.json | "queue_eq": "password_reset", | "severity_in": [1, 3, 5], "customer_tier_eq": "gold", "customer_months_in": [1, 3, 5, 7, 9, 11, 13, 15, 17, 19], "prior_refunds_in": [1, 3, 5, 7, 9, 11, 13, 15, 17, 19], "queue_eq": "password_reset", | 4:3 | tell 29040 inputs apart | fewer limits | "severity_in": [1, 3],
"#,
    );
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    refused(
        r#"
two limits | tiers/refund.json | "amount_lte": 50, | "amount_lte": 50, "amount_lt": 60, | 6:50 | `amount_lt` adds nothing to `amount_lte` | the one that is meant, alone | "amount_lte": 50, "amount_gt": 1,
one of one beside the same | tiers/tickets.assign.json | "queue_eq": "password_reset", | "queue_eq": "password_reset", "queue_in": ["password_reset"], | 5:32 | `queue_eq` adds nothing to `queue_in` | the one that is meant | "queue_in": ["password_reset"],
always holds | tiers/tickets.assign.json | "queue_eq": "password_reset", | "severity_gte": 1, | 5:32 | `severity_gte` always holds: severity is from 1 to 5 | leave it out | "severity_gte": 2,
a fraction or a percent | tiers/tickets.assign.json | "confidence_gte": 80 | "confidence_gte": 1 | 5:80 | as one percent and as certainty | `100` for certainty | "confidence_gte": 100
two spellings | tiers/tickets.assign.json | "password_reset", | "VIP", | 5:44 | the queue `VIP` is written `vip` in contract.json on line 31 | one spelling | "vip",
months in parts | tiers/refund.json | "customer_months_gte": 3 } | "customer_months_gte": 0.5 } | 6:73 | 0.5 is not a whole number | a whole number from 0 | "customer_months_gte": 1 }
hours in parts | tiers/refund.json | "sla_hours": 24 | "sla_hours": 1.5 | 7:132 | 1.5 is not a whole number | a whole number from 1 to 720 | "sla_minutes": 90
a currency in two cases | tiers/invoice_adjust.json | "currency": "usd" | "currency": "Usd" | 3:15 | `Usd` is not a currency code | three lower-case letters | "currency": "eur"
a currency that is none | tiers/refund.json | "currency": "usd" | "currency": "uds" | 3:15 | there is no currency `uds` | `usd` (did you mean that?) | "currency": "cad"
"#,
    );
}

#[test]
fn money_is_decided_and_higher_tiers_are_never_freer() {
    refused(
        r#"
it runs | tiers/refund.json | "to_role" | "auto_execute" | 6:87 | moves money | `to_role` | "batch_review", "sla_hours": 1
nobody decides | tiers/refund.json | "batch_review", "approver_rule": "billing_reviewers", "sla_hours": 24, "escalate_to": "finance_lead" | "to_role" | 7:65 | a `refund` of tier `medium` would go to its role without anybody's decision | only `low` goes | "batch_review", "sla_hours": 24
the higher tier is freer | tiers/tickets.set_priority.json | "route": "batch_review", "approver_rule": "batch_reviewers", "sla_hours": 8, "escalate_to": "security_lead" | "route": "auto_execute" | 6:65 | tier 2 (medium) would run by itself although people are asked in tier `low` below it | `named_approver` | "route": "batch_review", "sla_hours": 8
nothing is left | tiers/refund.json | "max_amount": 5000 | "max_amount": 0 | 11:34 | a `max_amount` of 0.00 USD stops every draft | the highest amount | "max_amount": 0.01
"#,
    );
}

#[test]
fn structural_rules_stay_and_every_rule_counts() {
    refused(
        r#"
outages elsewhere | escalation.json | "category_in": ["bug"] | "category_in": ["bug", "outage"] | 11:40 | `outage` never comes to this rule: outage to infra is a rule of the code | so without being written | "category_in": ["bug", "how_to"]
money elsewhere | escalation.json | { "assign_to_role": "support_l1" } | { "when": { "category_eq": "refund_request" }, "assign_to_role": "support_l1" }, { "assign_to_role": "support_l1" } | 12:32 | `refund_request` never comes to this rule: money to billing | cannot be taken away | { "when": { "category_eq": "how_to" }, "assign_to_role": "support_l1" }, { "assign_to_role": "support_l1" }
a breach elsewhere | escalation.json | "signals_in": ["secret_posted"] | "signals_in": ["secret_posted", "suspected_breach"] | 10:49 | `suspected_breach` never comes to this rule | so without being written | "signals_in": ["secret_posted", "legal_threat"]
never counts | escalation.json | { "assign_to_role": "support_l1" } | { "when": { "category_eq": "bug", "severity_gte": 4 }, "assign_to_role": "security" }, { "assign_to_role": "support_l1" } | 12:5 | rule 3 never counts: rule 1 and rule 2 come first | narrower rule first | { "when": { "category_eq": "bug", "severity_gte": 2 }, "assign_to_role": "security" }, { "assign_to_role": "support_l1" }
the last never counts | escalation.json | { "assign_to_role": "support_l1" } | { "when": { "severity_lte": 2 }, "assign_to_role": "support_l1" }, { "when": { "severity_gt": 2 }, "assign_to_role": "support_l1" }, { "assign_to_role": "support_l1" } | 12:138 | rule 5 never counts | leave it out | { "when": { "severity_lte": 2 }, "assign_to_role": "support_l1" }, { "assign_to_role": "support_l1" }
redaction | contract.json | "required": true | "required": false | 12:19 | cannot be switched off | `true` | "required": true
"#,
    );
}

#[test]
fn every_line_of_the_lists_counts_and_no_model_talks_its_way_past_them() {
    refused(
        r#"
the model decides who decides | contract.json | ["tickets.assign", "tickets.set_priority", "tickets.notify_customer"] | ["tickets.assign", "tickets.set_priority", { "tool": "tickets.notify_customer", "when": { "confidence_lt": 90 } }] | 34:116 | would get past this list because the model says `confidence` | plain name | ["tickets.assign", "tickets.set_priority", { "tool": "tickets.notify_customer", "when": { "customer_tier_ne": "gold" } }]
the model lifts a ban | contract.json | "deny": ["tickets.notify_customer", | "deny": [{ "tool": "tickets.notify_customer", "when": { "severity_gte": 3 } }, | 6:61 | would get past this list because the model says `severity` | connector | "deny": [{ "tool": "tickets.notify_customer", "when": { "account_flagged_fraud_is": true } },
the same tool twice | contract.json | "tickets.add_label", | { "tool": "tickets.add_label", "when": { "confidence_gte": 80 } }, { "tool": "tickets.add_label", "when": { "confidence_gte": 60 } }, | 5:46 | `tickets.add_label` is in this list already whenever this line holds | one of the lines | { "tool": "tickets.add_label", "when": { "confidence_gte": 80 } }, { "tool": "tickets.add_label", "when": { "queue_eq": "vip" } },
allowed and banned | contract.json | "tickets.add_label", | "tickets.add_label", { "tool": "tickets.assign", "when": { "queue_eq": "vip" } }, | 5:67 | this line never counts: `deny` or `requires_approval` has `tickets.assign` | one of the lists | { "tool": "tickets.add_label", "when": { "queue_eq": "vip" } },
never holds | contract.json | "tickets.add_label", | { "tool": "tickets.add_label", "when": { "severity_gt": 5 } }, | 5:87 | `severity_gt` never holds: severity is from 1 to 5 | some input meets | { "tool": "tickets.add_label", "when": { "severity_gt": 4 } },
"#,
    );
}

#[test]
fn everybody_who_is_named_may_decide_and_they_are_enough() {
    refused(
        r#"
the same one twice | approvers.json | [{ "id": "U0FIN00001", "label": "Finance On-call" }] | ["U0FIN00001", { "id": "U0FIN00001", "label": "Finance" }], "quorum": 2 | 6:23 | 2 people must approve, but only 1 of these may | a lower `quorum` or more `users` of this workspace | ["U0FIN00001", "U0FIN00002"], "quorum": 2
of another workspace | approvers.json | [{ "id": "U0FIN00001", "label": "Finance On-call" }] | ["U0FIN00001", { "id": "U0FIN00009", "team": "T0OTHER001" }] | 6:49 | `U0FIN00009` is of another workspace | this workspace | ["U0FIN00001", { "id": "U0FIN00009", "team": "T0LOCAL001" }]
a group twice | approvers.json | { "groups": [{ "id": "S0INFRA001", "label": "@infra" }] } | { "groups": ["S0INFRA001", { "id": "S0INFRA001", "label": "@infra" }] } | 14:41 | `S0INFRA001` is named twice | it once | { "groups": ["S0INFRA001", "S0INFRA002"] }
too few | approvers.json | [{ "id": "U0FIN00001", "label": "Finance On-call" }] | ["U0FIN00001", "U0FIN00002"], "quorum": 3 | 6:23 | 3 people must approve, but only 2 may | lower `quorum` | ["U0FIN00001", "U0FIN00002"], "quorum": 2
"#,
    );
}

#[test]
fn no_term_is_longer_than_its_calendar_can_hold() {
    refused(
        r#"
no term | escalation.json | "closes": "20:00" | "closes": "08:05" | 2:3 | it is open 25 minutes a week, so that 6 terms take up to 57 weeks | longer opening hours | "closes": "18:00"
"#,
    );
}

#[test]
fn what_reading_alone_finds_is_told_in_the_same_way() {
    refused(
        r#"
provenance | tiers/refund.json | "amount_lte": 50, | "amount_lte": 50, "severity_lte": 2, | 6:30 | `severity` is what the model says, and it would lower the risk of `refund` | connector | "amount_lte": 50, "prior_refunds_lte": 2,
provenance in a list | contract.json | "tickets.add_label", | "tickets.add_label", { "tool": "tickets.notify_customer", "when": { "confidence_gte": 99 } }, | 5:14 | `tickets.notify_customer` would be allowed because the model says `confidence` | connector | { "tool": "tickets.add_label", "when": { "confidence_gte": 99 } },
decide_in | tiers/refund.json | "sla_hours": 8, | "sla_hours": 8, "decide_in": ["web"], | 8:131 | the page for decisions outside Slack does not exist yet | nothing here | "sla_hours": 9,
a tier that follows itself | tiers/refund.json | "escalate_to": "finance_lead" | "escalate_to": "billing_reviewers" | 7:151 | the escalation is cyclic | other approver rules | "escalate_to": "finance_oncall"
a chain that comes back | escalation.json | "finally": "billing", "sla_hours": 8 },⏎    "infra": { "then": ["support_lead"], "finally": "infra" | "finally": "infra", "sla_hours": 8 },⏎    "infra": { "then": ["support_lead"], "finally": "billing" | 16:5 | the chain of `billing` comes back to it | ends with a role which keeps it | "finally": "infra", "sla_hours": 8 },⏎    "infra": { "then": ["support_lead"], "finally": "infra"
an unknown name | tiers/refund.json | "approver_rule": "billing_reviewers" | "approver_rule": "biling_reviewers" | 7:98 | no approver rule `biling_reviewers` | `billing_reviewers` (did you mean that?) | "approver_rule": "batch_reviewers"
an unknown fact | tiers/refund.json | "amount_lte": 50, | "amout_lte": 50, | 6:32 | `amout_lte` is not a condition | `amount_lte` (did you mean that?) | "amount_lt": 50,
an unknown key | contract.json | "max_concurrency": 5 | "max_concurency": 5 | 28:5 | `max_concurency` is unknown | `max_concurrency` (did you mean that?) | "max_concurrency": 6
a key twice | contract.json | "max_concurrency": 5, | "max_concurrency": 5, "max_concurrency": 5, | 28:27 | a second time (first on line 28) | each name once | "max_concurrency": 4,
no number | tiers/refund.json | "amount_lte": 50, | "amount_lte": NaN, | 6:46 | NaN is not a number | decimal number | "amount_lte": 49,
overflow | tiers/refund.json | "max_amount": 5000 | "max_amount": 92233720368547758 | 11:34 | overflows: it has 17 digits | at most 15 digits | "max_amount": 999999999999999
an empty list | escalation.json | "category_in": ["bug"] | "category_in": [] | 11:32 | the list is empty | at least one | "category_in": ["bug", "other"]
an empty condition | escalation.json | { "category_in": ["bug"], "severity_gte": 3 } | {} | 11:15 | the condition is empty | at least one condition | { "severity_gte": 3 }
nobody | approvers.json | { "groups": [{ "id": "S0INFRA001", "label": "@infra" }] } | { "groups": [] } | 14:26 | the list is empty | at least one id | { "groups": ["S0INFRA001"] }
an exponent | tiers/refund.json | "amount_lte": 50, | "amount_lte": 1e999, | 6:46 | 1e999 has an exponent | plain digits | "amount_lte": 49,
infinite | tiers/refund.json | "amount_lte": 50, | "amount_lte": -Infinity, | 6:46 | `-Infinity` is not a number | decimal number | "amount_lte": 49,
a word without quotes | tiers/refund.json | "amount_lte": 50, | "amount_lte": fifty, | 6:46 | `fifty` is not JSON | double quotes | "amount_lte": 49,
an amount in quotes | tiers/refund.json | "amount_lte": 50, | "amount_lte": "50", | 6:46 | this is text | without quotes | "amount_lte": 49,
an unknown role | escalation.json | "assign_to_role": "infra" | "assign_to_role": "infa" | 11:80 | `infa` is not a role | `infra` (did you mean that?) | "assign_to_role": "security"
an unknown tool | contract.json | "tickets.add_label" | "tickets.add_lable" | 5:46 | `tickets.add_lable` is not a tool | `tickets.add_label` (did you mean that?) | { "tool": "tickets.add_label", "when": { "queue_eq": "vip" } }
negative | tiers/refund.json | "sla_hours": 24 | "sla_hours": -1 | 7:132 | -1 is too small | from 1 to 720 | "sla_hours": 1
two terms | tiers/refund.json | "sla_hours": 24 | "sla_hours": 24, "sla_minutes": 90 | 7:119 | stand side by side | exactly one of them | "sla_minutes": 90
no term said | tiers/refund.json | "sla_hours": 24, |  | 7:5 | how long it may wait | exactly one of `sla_minutes` and `sla_hours` | "sla_minutes": 90,
too short | tiers/refund.json | "sla_hours": 24 | "sla_hours": 0 | 7:132 | 0 is too small | from 1 to 720 | "sla_hours": 1
too long | tiers/refund.json | "sla_hours": 24 | "sla_hours": 721 | 7:132 | 721 is too large | from 1 to 720 | "sla_hours": 720
a page without a person | tiers/page_oncall.json | "named_approver" | "auto_execute" | 5:32 | without a named person's decision | `named_approver` | "named_approver"
"#,
    );
}

#[test]
fn bands_are_in_the_currency_of_the_tiers_that_ask_by_them() {
    let banded = |currency: &str| {
        let rule = format!(
            r#""finance_oncall": {{ "currency": "{currency}", "amount_bands": [{{ "lte": 5, "users": ["U0FIN00001"] }}, {{ "gt": 5, "users": ["U0FIN00002"] }}] }}"#
        );
        let shipped = r#""finance_oncall": { "users": [{ "id": "U0FIN00001", "label": "Finance On-call" }] }"#;
        Policy::load(&changed(&[("approvers.json", shipped, &rule)]))
    };
    let problems = banded("eur").unwrap_err();
    let told: Vec<&str> = problems.iter().map(|p| p.file.as_str()).collect();
    let asking = [
        "tiers/credit.json",
        "tiers/invoice_adjust.json",
        "tiers/refund.json",
    ];
    assert_eq!(told, asking, "{}", lines(&problems));
    let one = &problems[2];
    assert_eq!((one.line, one.column), (8, 97));
    assert!(
        one.message
            .contains("are in `eur`, and the amounts here in `usd`")
    );
    assert!(one.fix.contains("bands in this currency"));
    assert!(banded("usd").is_ok());
}
