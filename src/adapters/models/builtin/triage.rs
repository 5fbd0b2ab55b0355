//! Triage by rules: weighted words choose the category, urgency and scale the severity.

use serde_json::{Value, json};

use super::lexicon::{reset_mail_is_missing, weigh, without_orders};
use super::severity::severity;
use crate::domain::model::TriageMaterial;
use crate::domain::phrase::Words;
use crate::domain::verdict::{Category, Resolution, Signal};

/// The verdict as the answer of the triage schema.
pub(super) fn triage(material: &TriageMaterial) -> Value {
    let subject = Words::of(&material.untrusted.subject);
    let whole = format!(
        "{}\n\n{}",
        material.untrusted.subject, material.untrusted.text
    );
    let text = if material.signals.contains(&Signal::Instruction) {
        Words::of(&without_orders(&whole))
    } else {
        Words::of(&whole)
    };
    let (category, confidence) = category(&subject, &text, &material.signals);
    let severity = severity(category, &text, &material.signals);
    json!({
        "severity": severity,
        "category": category,
        "queue": queue(category),
        "confidence": confidence,
        "resolution": resolution(category, severity, &text),
        "rationale": rationale(category, severity, &material.signals),
    })
}

/// Categories that speak for each other: the family is chosen first, then the strongest member.
const FAMILIES: &[&[Category]] = &[
    &[
        Category::RefundRequest,
        Category::DisputedCharge,
        Category::BillingQuestion,
        Category::Cancellation,
    ],
    &[
        Category::SecurityIncident,
        Category::AccountAccess,
        Category::DataDeletion,
    ],
    &[Category::Outage, Category::Bug],
    &[Category::PasswordReset],
    &[Category::HowTo, Category::FeatureRequest, Category::Other],
];

/// Below this weight nothing is recognised.
const LEAST: i32 = 2;

fn category(subject: &Words, text: &Words, signals: &[Signal]) -> (Category, u8) {
    let heading = weigh(subject);
    let mut scores = weigh(text);
    for ((category, score), (_, title)) in scores.iter_mut().zip(&heading) {
        *score = *score * 2 + title + seen(*category, signals);
    }
    outrank(&mut scores, signals);
    let score = |category: &Category| {
        scores
            .iter()
            .find(|(one, _)| one == category)
            .map_or(0, |(_, score)| *score)
    };
    let best_of = |family: &[Category]| {
        family
            .iter()
            .copied()
            .max_by_key(|one| (score(one), std::cmp::Reverse(*one)))
            .unwrap_or(Category::Other)
    };
    let mut ranked: Vec<(i32, Category)> = FAMILIES
        .iter()
        .map(|family| {
            let best = best_of(family);
            let rest: i32 = family.iter().filter(|one| **one != best).map(score).sum();
            (score(&best) + rest / 2, best)
        })
        .collect();
    ranked.sort_by_key(|(score, category)| (std::cmp::Reverse(*score), *category));
    let (first, second) = (ranked[0], ranked[1]);
    if first.0 < LEAST * 2 {
        return (Category::Other, 30);
    }
    let share = first.0 * 100 / (first.0 + second.0).max(1);
    let strength = first.0.min(30);
    let confidence = (share * 7 / 10 + strength).clamp(35, 95);
    (first.1, u8::try_from(confidence).unwrap_or(35))
}

/// From this weight on, something definite is asked for.
const DEFINITE: i32 = 14;

/// A definite request outranks the subject that it is about: who wants a refund also speaks of bills,
/// and who waits for a reset mail also cannot sign in and asks what to do. When many cannot get in because
/// something is down, it is the something that is down.
fn outrank(scores: &mut [(Category, i32)], signals: &[Signal]) {
    let asked = |scores: &[(Category, i32)], category: Category| {
        scores
            .iter()
            .any(|(one, score)| *one == category && *score >= DEFINITE)
    };
    let money = [
        Category::RefundRequest,
        Category::DisputedCharge,
        Category::Cancellation,
    ]
    .iter()
    .any(|category| asked(scores, *category));
    let reset = asked(scores, Category::PasswordReset);
    let score_of = |scores: &[(Category, i32)], category: Category| {
        let found = scores.iter().find(|(one, _)| *one == category);
        found.map_or(0, |(_, score)| *score)
    };
    let (outage, access) = (
        score_of(scores, Category::Outage),
        score_of(scores, Category::AccountAccess),
    );
    let widespread = signals.contains(&Signal::Outage) && signals.contains(&Signal::ManyAffected);
    for (category, score) in scores {
        match category {
            Category::AccountAccess if widespread => *score = (*score).min(outage / 2),
            Category::PasswordReset if reset => *score += access / 2,
            Category::HowTo if reset => *score = (*score).min(DEFINITE - 1),
            Category::BillingQuestion if money => *score = (*score).min(DEFINITE - 1),
            Category::AccountAccess if reset => *score /= 2,
            _ => {}
        }
    }
}

/// What a signal adds to a category.
fn seen(category: Category, signals: &[Signal]) -> i32 {
    let has = |signal| i32::from(signals.contains(&signal));
    match category {
        Category::Outage => {
            has(Signal::Outage) * 6 + has(Signal::Outage) * has(Signal::ManyAffected) * 8
        }
        Category::SecurityIncident => {
            has(Signal::SuspectedBreach) * 6 + has(Signal::SecretPosted) * 4
        }
        Category::AccountAccess => has(Signal::AuthFailure) * 4,
        Category::DataDeletion => has(Signal::DataDeletion) * 2,
        _ => 0,
    }
}

const fn queue(category: Category) -> &'static str {
    match category {
        Category::Outage => "infra",
        Category::Bug => "bugs",
        Category::RefundRequest
        | Category::DisputedCharge
        | Category::BillingQuestion
        | Category::Cancellation => "billing",
        Category::PasswordReset => "password_reset",
        Category::AccountAccess | Category::SecurityIncident | Category::DataDeletion => "security",
        Category::HowTo | Category::FeatureRequest | Category::Other => "support_l1",
    }
}

fn resolution(category: Category, severity: u8, text: &Words) -> Resolution {
    match category {
        Category::PasswordReset if reset_mail_is_missing(text) => Resolution::ProposeResolution,
        Category::PasswordReset | Category::HowTo if severity <= 2 => Resolution::AutoResolve,
        Category::Bug | Category::FeatureRequest | Category::Other | Category::HowTo
            if severity <= 3 =>
        {
            Resolution::ProposeResolution
        }
        _ => Resolution::Escalate,
    }
}

fn rationale(category: Category, severity: u8, signals: &[Signal]) -> String {
    let about = match category {
        Category::Outage => "a service that is down or badly degraded",
        Category::Bug => "something that does not work as it should",
        Category::RefundRequest => "money that the customer wants back",
        Category::DisputedCharge => "a charge that the customer disputes",
        Category::BillingQuestion => "a bill, a price or a payment",
        Category::Cancellation => "the end of a subscription",
        Category::PasswordReset => "a forgotten or expired password",
        Category::AccountAccess => "access to an account",
        Category::SecurityIncident => "a possible security incident",
        Category::DataDeletion => "deletion or release of personal data",
        Category::HowTo => "how to do something",
        Category::FeatureRequest => "a wish for something new",
        Category::Other => "nothing that the rules recognise with confidence",
    };
    let signals: Vec<String> = signals
        .iter()
        .map(|one| one.word().replace('_', " "))
        .collect();
    let seen = match signals.as_slice() {
        [] => String::new(),
        some => format!(" Plain rules saw: {}.", some.join(", ")),
    };
    format!("The words speak of {about}; urgency and scale make it severity {severity}.{seen}")
}
