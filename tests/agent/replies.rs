//! What `builtin` writes to customers, over all our texts: in their language, whole, and nothing that is not so.

use std::collections::BTreeSet;

use countersign::agent::draft::{Drafted, ProposedAction};
use countersign::agent::redaction::{Placeholders, Redactor};
use countersign::agent::screen::Screen;
use countersign::domain::evidence::{Charge, Finding};
use countersign::domain::model::Language;
use countersign::domain::time::At;

use crate::builtin::triaged;
use crate::drafting::{charge, customer, drafted};
use crate::measured::data;

/// What connectors may have found, and whether the requester is known.
fn situations() -> Vec<(Vec<Finding>, bool)> {
    let mine = |id: &str, minor, day| Finding::Charge(charge(id, minor, day));
    let returned = Finding::Charge(Charge {
        refunded_minor: 900,
        refunds: 1,
        ..charge("ch_A1", 900, 3)
    });
    let subscription = Finding::Subscription {
        id: "sub_1".into(),
        status: "active".into(),
        period_end: At(1_793_534_400_000),
    };
    vec![
        (vec![], false),
        (vec![Finding::NoSingleCustomer { count: 2 }], true),
        (vec![customer()], true),
        (vec![customer(), subscription, mine("ch_A1", 900, 3)], true),
        (
            vec![customer(), mine("ch_A1", 900, 3), mine("ch_B2", 900, 4)],
            true,
        ),
        (vec![customer(), Finding::ForeignCharge], true),
        (vec![customer(), returned], true),
    ]
}

/// All texts that we have, redacted, with the language where somebody noted it.
fn texts() -> Vec<(Option<Language>, String)> {
    let redactor = Redactor::new().unwrap();
    let redacted = |text: &str| redactor.redact(text, &Placeholders::default()).text;
    let mut texts: Vec<(Option<Language>, String)> = include_str!("paraphrases.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (Language::from_word(fields[1]), redacted(fields[4]))
        })
        .collect();
    for line in data("benign_with_trigger_words.jsonl")
        .iter()
        .flat_map(|all| all.lines())
    {
        let sample: serde_json::Value = serde_json::from_str(line).unwrap();
        texts.push((None, redacted(sample["prompt"].as_str().unwrap())));
    }
    texts
}

fn closing(language: Language) -> &'static str {
    match language {
        Language::En => "Kind regards\nSupport",
        Language::De => "Mit freundlichen Grüßen\nIhr Support",
        Language::Fr => "Cordialement\nLe support",
        Language::Es => "Un saludo\nSoporte",
    }
}

fn replies(drafted: &Drafted) -> impl Iterator<Item = &str> {
    drafted
        .drafts
        .iter()
        .filter_map(|draft| match &draft.action {
            ProposedAction::NotifyCustomer { text } => Some(text.as_str()),
            _ => None,
        })
}

/// What would say that something is done, decided or promised which is not.
const CLAIMS: &[&str] = &[
    "we will refund",
    "we have refunded",
    "has been refunded",
    "guarantee",
    "we promise",
    "have been asked to",
    "has been informed",
    "highest priority",
    "we have cancelled",
    "keep you informed",
    "wir erstatten",
    "wir haben erstattet",
    "garantier",
    "versprechen",
    "ist informiert",
    "höchster priorität",
    "haben gekündigt",
    "nous rembourserons",
    "nous avons remboursé",
    "garanti",
    "promett",
    "est informée",
    "plus haute priorité",
    "reembolsaremos",
    "hemos reembolsado",
    "garantiz",
    "prometemos",
    "está informado",
    "máxima prioridad",
];

/// Secrets by their names, and the small words that make a mention of one a warning or an advice.
const SECRETS: &[&str] = &[
    "password",
    "card number",
    "code",
    "passwor",
    "kartennummer",
    "mot de passe",
    "mots de passe",
    "numéro de carte",
    "numéros de carte",
    "contraseña",
    "números de tarjeta",
    "código",
];
const ASKS: &[&str] = &[
    "send", "tell us", "give us", "senden", "nennen", "envoyez", "indiquer", "dites", "envíe",
    "indíque", "díganos",
];
const DENIALS: &[&str] = &[
    "not", "never", "nobody", "keine", "nicht", "nie", "niemand", "n'", "ne ", "ni ", "no ",
    "nunca", "nadie",
];

fn check_letter(text: &str, language: Language) {
    let lower = text.to_lowercase();
    assert!(text.ends_with(closing(language)), "{language}: {text}");
    assert!((100..=700).contains(&text.chars().count()), "{text}");
    assert!(!text.contains(['[', ']', '{', '}', '<', '>']), "{text}");
    for claim in CLAIMS {
        assert!(!lower.contains(claim), "`{claim}`: {text}");
    }
    for sentence in lower.split(['.', '!', '?']) {
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        if has(SECRETS) && has(ASKS) {
            assert!(has(DENIALS), "a secret is asked for: {sentence}");
        }
    }
}

#[test]
fn whatever_comes_the_reply_is_whole_in_the_customers_language_and_claims_nothing() {
    let redactor = Redactor::new().unwrap();
    let placeholders = Placeholders::default();
    let screen = Screen::of(&redactor, &placeholders);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut elsewhere: BTreeSet<String> = BTreeSet::new();
    for (language, text) in texts() {
        let category = triaged(&text).category;
        for (findings, known) in situations() {
            let returned =
                matches!(findings.last(), Some(Finding::Charge(one)) if one.remaining().minor == 0);
            let drafts = drafted(category, &text, findings, known);
            assert_eq!(
                screen.drafts(drafts.clone()).as_ref(),
                Ok(&drafts),
                "{text}"
            );
            for reply in replies(&drafts) {
                let shown = Language::ALL
                    .iter()
                    .find(|one| reply.ends_with(closing(**one)));
                let shown = *shown.unwrap_or_else(|| panic!("no closing: {reply}"));
                if language.is_some_and(|language| language != shown) {
                    elsewhere.insert(format!("{shown}: {text}"));
                }
                let paid_back = ["refunded", "erstattet", "remboursé", "reembolsado"];
                if paid_back.iter().any(|word| reply.contains(word)) {
                    assert!(returned, "nothing was paid back: {reply}");
                }
                if seen.insert(reply.to_owned()) {
                    check_letter(reply, shown);
                }
            }
        }
    }
    assert!(seen.len() >= 40, "only {} replies were seen", seen.len());
    assert!(elsewhere.is_empty(), "in another language: {elsewhere:#?}");
}

#[test]
fn the_same_ticket_and_evidence_give_the_same_bytes_whatever_order_the_evidence_came_in() {
    for (_, text) in texts() {
        let category = triaged(&text).category;
        for (findings, known) in situations() {
            let once = drafted(category, &text, findings.clone(), known);
            assert_eq!(once, drafted(category, &text, findings.clone(), known));
            let back: Vec<Finding> = findings.into_iter().rev().collect();
            let again = drafted(category, &text, back, known);
            let actions = |drafts: &Drafted| -> Vec<ProposedAction> {
                drafts
                    .drafts
                    .iter()
                    .map(|draft| draft.action.clone())
                    .collect()
            };
            assert_eq!(actions(&once), actions(&again), "{text}");
        }
    }
}
