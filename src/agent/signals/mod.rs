//! What plain rules see in a text, whatever a model says of it, and how bad that makes it at least.

mod phrases;

use std::sync::LazyLock;

use super::redaction::invisible;
use crate::domain::phrase::{Phrase, Phrasebook, Words};
use crate::domain::verdict::{Severity, Signal};

static BOOK: LazyLock<Phrasebook<Signal>> = LazyLock::new(|| {
    Phrasebook::of(
        phrases::PHRASES
            .iter()
            .flat_map(|(signal, phrases)| phrases.iter().map(move |phrase| (*phrase, *signal))),
    )
});

/// Phrases of a forgotten password: they make a failed sign-in an ordinary reset.
static FORGOTTEN: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    [
        "forg*|lost|reset|recover|remember|expired|new ~ password",
        "password ~ forg*|lost|reset|recover|expired",
        "reset|recovery link|mail|email|message",
        "passwort|kennwort ~ vergessen|zurucksetzen|abgelaufen|neu*",
        "oubli*|reinitialis*|perdu ~ mot de passe",
        "mot de passe ~ oublie|reinitialis*|perdu|expire",
        "olvid*|restablec*|recuper*|perdi ~ contrasena",
        "contrasena ~ olvid*|restablec*|recuper*|caducad*",
    ]
    .map(Phrase::of)
    .to_vec()
});

static ONE_TEAM: LazyLock<Vec<Phrase>> =
    LazyLock::new(|| phrases::ONE_TEAM.iter().copied().map(Phrase::of).collect());

/// What plain rules see in a model view, each signal once, in the order of declaration.
///
/// A posted secret is seen by redaction, before this text exists: add `Redacted::signals`.
#[must_use]
pub fn signals(model_view: &str) -> Vec<Signal> {
    let shown: String = model_view.chars().filter(|c| !invisible(*c)).collect();
    let words = Words::of(&shown);
    let mut seen: Vec<Signal> = BOOK
        .hits(&words)
        .filter(|(at, _, signal)| {
            **signal != Signal::ManyAffected
                || !ONE_TEAM.iter().any(|phrase| phrase.stands_at(&words, *at))
        })
        .map(|(_, _, signal)| *signal)
        .collect();
    if FORGOTTEN.iter().any(|phrase| phrase.is_in(&words)) {
        seen.retain(|signal| *signal != Signal::AuthFailure);
    }
    if crowd(&words) {
        seen.push(Signal::ManyAffected);
    }
    if shown.len() != model_view.len() || words.list().iter().any(|word| mixed_scripts(word)) {
        seen.push(Signal::OddCharacters);
    }
    if SECRETS
        .iter()
        .any(|placeholder| model_view.contains(placeholder))
    {
        seen.push(Signal::SecretPosted);
    }
    seen.sort_unstable();
    seen.dedup();
    seen
}

/// What redaction leaves where a secret was.
const SECRETS: &[&str] = &[
    "[API_KEY_",
    "[TOKEN_",
    "[PRIVATE_KEY_",
    "[PASSWORD_",
    "[CREDENTIALS_",
];

/// The least severity that the signals imply; a model can only go above it.
///
/// `text` is the model view: whether production is meant is read from it.
#[must_use]
pub fn severity_floor(signals: &[Signal], text: &str) -> Severity {
    let has = |signal| signals.contains(&signal);
    let level = if has(Signal::Outage) && has(Signal::ManyAffected) {
        5
    } else if has(Signal::SuspectedBreach)
        || (has(Signal::AuthFailure) && has(Signal::ManyAffected))
        || (has(Signal::Outage) && PRODUCTION.is_in(&Words::of(text)))
    {
        4
    } else if has(Signal::Outage) || has(Signal::SecretPosted) {
        3
    } else if has(Signal::AuthFailure) || has(Signal::DataDeletion) || has(Signal::LegalThreat) {
        2
    } else {
        1
    };
    Severity::of(level).unwrap_or(Severity::MIN)
}

static PRODUCTION: LazyLock<Phrase> =
    LazyLock::new(|| Phrase::of("production|prod|produktion|produktiv*|produccion|checkout|live"));

/// A number of ten or more before people: "40 users", "120 Mitarbeiter".
fn crowd(words: &Words) -> bool {
    const PEOPLE: &[&str] = &[
        "user",
        "users",
        "people",
        "employees",
        "customers",
        "agents",
        "colleagues",
        "clients",
        "staff",
        "nutzer",
        "benutzer",
        "kunden",
        "mitarbeiter",
        "mitarbeitende",
        "kollegen",
        "utilisateurs",
        "employes",
        "collaborateurs",
        "usuarios",
        "empleados",
        "clientes",
        "personas",
        "personnes",
    ];
    words.list().windows(3).any(|three| {
        three[0]
            .parse::<u32>()
            .is_ok_and(|n| (10..1_000_000).contains(&n))
            && three[1..]
                .iter()
                .any(|word| PEOPLE.contains(&word.as_str()))
    })
}

/// Latin letters next to Cyrillic or Greek ones in a single word: letters that only look alike.
fn mixed_scripts(word: &str) -> bool {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    latin
        && word.chars().any(|c| {
            matches!(c, '\u{0370}'..='\u{03FF}' | '\u{0400}'..='\u{04FF}') && c != 'µ' && c != 'μ'
        })
}
