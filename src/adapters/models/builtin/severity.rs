//! How bad a ticket is, by its category, its urgency and its scale.

use std::sync::LazyLock;

use crate::domain::phrase::{Phrase, Words};
use crate::domain::verdict::{Category, Signal};

/// Phrases that raise or lower the severity.
struct Tone {
    urgent: Vec<Phrase>,
    calm: Vec<Phrase>,
    /// Beyond what the signal for many affected says.
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
            "whole|entire ~ company|platform|site|organisation|organization",
            "enterprise",
            "checkout|payments|revenue",
            "produktion|produktiv*",
            "alle|samtliche ~ nutzer*|kunden|mitarbeiter*|standorte*|filialen|anfragen",
            "ganze*|gesamte* ~ firma|unternehmen|plattform",
            "weltweit|bundesweit",
            "tous|toutes ~ utilisateurs|clients|collegues|equipes|requetes",
            "toute|ensemble ~ entreprise|societe",
            "produccion",
            "todos|todas ~ usuarios|clientes|empleados|equipos|peticiones",
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

/// The severity, 1 to 5.
pub(super) fn severity(category: Category, text: &Words, signals: &[Signal]) -> u8 {
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
