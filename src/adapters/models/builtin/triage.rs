//! Triage by rules: weighted words choose the category, urgency and scale the severity.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::lexicon::weigh;
use crate::domain::model::TriageMaterial;
use crate::domain::phrase::{Phrase, Words};
use crate::domain::verdict::{Category, Resolution, Signal};

/// The verdict as the answer of the triage schema.
pub(super) fn triage(material: &TriageMaterial) -> Value {
    let subject = Words::of(&material.untrusted.subject);
    let text = Words::of(&format!(
        "{}\n{}",
        material.untrusted.subject, material.untrusted.text
    ));
    let (category, confidence) = category(&subject, &text, &material.signals);
    let severity = severity(category, &text, &material.signals);
    json!({
        "severity": severity,
        "category": category,
        "queue": queue(category),
        "confidence": confidence,
        "resolution": resolution(category, severity),
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

const fn resolution(category: Category, severity: u8) -> Resolution {
    match category {
        Category::PasswordReset | Category::HowTo if severity <= 2 => Resolution::AutoResolve,
        Category::Bug | Category::FeatureRequest | Category::Other | Category::HowTo
            if severity <= 3 =>
        {
            Resolution::ProposeResolution
        }
        _ => Resolution::Escalate,
    }
}

/// Phrases that raise or lower the severity.
struct Tone {
    urgent: Vec<Phrase>,
    calm: Vec<Phrase>,
    large: Vec<Phrase>,
    part: Vec<Phrase>,
    under_way: Vec<Phrase>,
}

static TONE: LazyLock<Tone> = LazyLock::new(|| {
    let phrases = |all: &[&str]| all.iter().map(|one| Phrase::of(one)).collect();
    Tone {
        urgent: phrases(&[
            "urgent*",
            "asap",
            "immediately",
            "emergency",
            "critical*",
            "right now|away",
            "cannot|cant wait|work|continue|ship|invoice",
            "blocked|blocking|blocker",
            "deadline*",
            "losing|lose|lost ~ data|money|revenue|customers|orders",
            "dringend*",
            "sofort*",
            "umgehend",
            "notfall",
            "kritisch*",
            "eilt",
            "datenverlust",
            "konnen nicht ~ arbeiten",
            "umsatz*",
            "blockier*",
            "urgence",
            "tout de suite",
            "immediat*",
            "critique*",
            "perdu ~ donnees|commandes",
            "urgencia",
            "inmediat*",
            "cuanto antes",
            "critic*",
            "perd* ~ datos|pedidos|ventas",
        ]),
        calm: phrases(&[
            "no rush|hurry",
            "not urgent",
            "when you ~ time|chance|moment",
            "just|only curious|wondering|asking",
            "minor|small|cosmetic|tiny",
            "workaround",
            "eilt nicht",
            "nicht dringend",
            "keine eile",
            "kleinigkeit|kleiner|kosmetisch*",
            "pas ~ urgent",
            "rien ~ urgent",
            "mineur|petit|petite",
            "sin prisa",
            "no ~ urgente",
            "no corre prisa",
            "pequeno|pequena|menor|detalle",
        ]),
        large: phrases(&[
            "production|prod",
            "all ~ users|customers|requests|orders|sites|regions|stores|teams",
            "every ~ user|customer|request|order|call|page",
            "everyone|everybody|nobody|worldwide|globally",
            "whole|entire ~ company|team|platform|site|organisation|organization",
            "enterprise",
            "checkout|payments|revenue",
            "produktion|produktiv*",
            "alle|samtliche ~ nutzer*|kunden|mitarbeiter*|standorte*|filialen|anfragen",
            "niemand|keiner",
            "ganze*|gesamte* ~ firma|unternehmen|team|plattform",
            "weltweit|bundesweit",
            "tous|toutes ~ utilisateurs|clients|collegues|equipes|requetes",
            "personne ne",
            "toute|ensemble ~ entreprise|equipe|societe",
            "produccion",
            "todos|todas ~ usuarios|clientes|empleados|equipos|peticiones",
            "nadie",
            "toda ~ empresa|plantilla|plataforma",
        ]),
        part: phrases(&[
            "intermittent*",
            "sometimes|occasionally|sporadic*",
            "slow|slower|sluggish|latency",
            "partial*|partly",
            "some users|of|customers",
            "one|single user|page|report",
            "manchmal|gelegentlich|sporadisch",
            "langsam*|teilweise",
            "parfois|lent*|ralenti*|partiel*",
            "a_veces|lent*|parcial*|intermitente*",
        ]),
        under_way: phrases(&[
            "right_now|still|ongoing|currently|active|actively ~ access*|logged|attack*|stealing|using|download*|export*|sending",
            "customer|personal|patient|client data|records ~ leak*|expos*|stolen|public*|download*",
            "data breach",
            "breach* ~ data|database|customer*|records",
            "ransomware",
            "gerade|aktuell|noch immer ~ zugriff|angreif*|eingeloggt",
            "kundendaten ~ geleakt|offentlich|gestohlen|abgeflossen",
            "datenpanne|datenleck",
            "fuite ~ donnees",
            "donnees ~ clients ~ fuit*|vol*|expos*|publi*",
            "fuga|filtracion ~ datos",
            "datos ~ clientes ~ filtrad*|robad*|expuest*",
        ]),
    }
});

fn severity(category: Category, text: &Words, signals: &[Signal]) -> u8 {
    let says = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.is_in(text));
    let has = |signal| signals.contains(&signal);
    let (urgent, calm) = (says(&TONE.urgent), says(&TONE.calm));
    let large = says(&TONE.large) || has(Signal::ManyAffected);
    let step = u8::from(urgent && !calm);
    let level = match category {
        Category::Outage if large && !says(&TONE.part) => 5,
        Category::Outage if says(&TONE.part) && !large => 3,
        Category::Outage => 4,
        Category::SecurityIncident if says(&TONE.under_way) => 5,
        Category::SecurityIncident => 4,
        Category::AccountAccess if large => 4,
        Category::AccountAccess => 2 + step,
        Category::Bug if large => 3 + step,
        Category::Bug => 2 + step,
        Category::DataDeletion => 2 + u8::from(has(Signal::LegalThreat)),
        Category::RefundRequest | Category::DisputedCharge | Category::Cancellation => {
            2 + u8::from(has(Signal::LegalThreat))
        }
        Category::PasswordReset => 1 + step,
        Category::BillingQuestion => 1 + step,
        Category::HowTo | Category::FeatureRequest | Category::Other => 1 + step,
    };
    level.saturating_sub(u8::from(calm && level > 1 && level < 4))
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
