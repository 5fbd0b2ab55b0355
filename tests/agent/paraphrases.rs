//! Tickets in four languages, worded after the rules were written and without looking at them.

use std::collections::BTreeMap;

use countersign::domain::verdict::Category::{self, *};

use crate::builtin::triaged;

/// Text, category, severity.
const TICKETS: &[(&str, Category, u8)] = &[
    (
        "Since half past eight none of our shops can take orders, your checkout just spins and then shows an error page.",
        Outage,
        5,
    ),
    (
        "Is there a problem on your side? The whole support floor, about 60 people, sees a white screen after login.",
        Outage,
        5,
    ),
    (
        "API answers with 503 on every call from our production cluster",
        Outage,
        5,
    ),
    (
        "The status page is green but your service has not been responding for us for ten minutes",
        Outage,
        4,
    ),
    (
        "When I sort the contact list by company the app crashes, every time.",
        Bug,
        2,
    ),
    (
        "The CSV export has an empty column where the tax number should be",
        Bug,
        2,
    ),
    (
        "Notifications arrive twice since the last update, a bit annoying",
        Bug,
        2,
    ),
    (
        "We moved our team of four to the yearly plan by mistake, please give us our money back",
        RefundRequest,
        2,
    ),
    (
        "I ordered the wrong add-on yesterday and would like to be reimbursed.",
        RefundRequest,
        2,
    ),
    (
        "Your company took 49 dollars from my card two times on the same day",
        DisputedCharge,
        2,
    ),
    (
        "There is a charge for extra seats on our account that nobody here ordered",
        DisputedCharge,
        2,
    ),
    (
        "Could you resend the October invoice with our VAT number on it?",
        BillingQuestion,
        1,
    ),
    (
        "What would the bill look like if we paid yearly instead of monthly?",
        BillingQuestion,
        1,
    ),
    (
        "We have decided to go with another vendor. Please end our contract at the next possible date.",
        Cancellation,
        2,
    ),
    (
        "Stop my subscription, I have had enough of this!",
        Cancellation,
        2,
    ),
    (
        "I changed phones and forgot what my password was, how do I get a new one?",
        PasswordReset,
        1,
    ),
    (
        "the reset mail for my password never shows up",
        PasswordReset,
        1,
    ),
    (
        "Our identity provider certificate was renewed and now SAML logins are rejected for the entire company",
        AccountAccess,
        4,
    ),
    (
        "My account got locked after three attempts and I need to get in before the meeting",
        AccountAccess,
        2,
    ),
    (
        "A former contractor still downloads customer records with an old API token, right now!",
        SecurityIncident,
        5,
    ),
    (
        "I think somebody else is logged into my account, there is a session from a country I never visited",
        SecurityIncident,
        4,
    ),
    (
        "An intern pushed our secret key to a public repository",
        SecurityIncident,
        4,
    ),
    (
        "Please erase everything you have stored about me",
        DataDeletion,
        2,
    ),
    (
        "Under GDPR I request a copy of all personal data you hold on me",
        DataDeletion,
        2,
    ),
    (
        "How can I invite a colleague with read-only rights?",
        HowTo,
        1,
    ),
    ("Where do I change the time zone of my workspace?", HowTo, 1),
    (
        "It would be great if reports could be scheduled weekly",
        FeatureRequest,
        1,
    ),
    ("Any plans to offer a Linux client?", FeatureRequest, 1),
    ("Just wanted to say that your team is lovely", Other, 1),
    (
        "Seit heute früh kommt niemand in unserer Firma mehr auf die Plattform, alles steht still",
        Outage,
        5,
    ),
    (
        "Ihr Dienst ist seit zwanzig Minuten nicht erreichbar",
        Outage,
        4,
    ),
    (
        "Beim Speichern eines Angebots erscheint eine Fehlermeldung und die Eingaben sind weg",
        Bug,
        2,
    ),
    (
        "Die Suche funktioniert seit dem letzten Update nicht mehr richtig",
        Bug,
        2,
    ),
    (
        "Ich hätte gern mein Geld zurück, das Produkt passt nicht zu uns",
        RefundRequest,
        2,
    ),
    (
        "Bitte erstatten Sie uns die 180 Euro vom 3. November",
        RefundRequest,
        2,
    ),
    (
        "Mir wurde der Monatsbeitrag zweimal vom Konto abgebucht",
        DisputedCharge,
        2,
    ),
    (
        "Können Sie die Rechnung vom September auf unsere neue Firmierung umschreiben?",
        BillingQuestion,
        1,
    ),
    (
        "Hiermit kündige ich meinen Vertrag fristgerecht",
        Cancellation,
        2,
    ),
    ("Ich habe mein Kennwort vergessen", PasswordReset, 1),
    (
        "Nach dem Wechsel meines Telefons kann ich mich wegen der Zwei-Faktor-Abfrage nicht mehr anmelden",
        AccountAccess,
        2,
    ),
    (
        "Wir haben verdächtige Anmeldungen aus dem Ausland auf unserem Administratorkonto gesehen",
        SecurityIncident,
        4,
    ),
    (
        "Löschen Sie bitte sämtliche Daten, die Sie über mich gespeichert haben",
        DataDeletion,
        2,
    ),
    ("Wie kann ich einen weiteren Benutzer einladen?", HowTo, 1),
    (
        "Schön wäre eine Erinnerung, bevor ein Termin abläuft",
        FeatureRequest,
        1,
    ),
    (
        "Votre site est en panne, aucun de nos clients ne peut commander",
        Outage,
        5,
    ),
    (
        "L'application se ferme toute seule quand j'ouvre un document",
        Bug,
        2,
    ),
    ("Le bouton d'export ne fonctionne plus depuis hier", Bug, 2),
    (
        "Je souhaite être remboursé de ma dernière commande",
        RefundRequest,
        2,
    ),
    (
        "J'ai été débité deux fois pour le même mois",
        DisputedCharge,
        2,
    ),
    (
        "Pourriez-vous m'envoyer la facture du mois d'octobre ?",
        BillingQuestion,
        1,
    ),
    ("Je veux résilier mon abonnement", Cancellation, 2),
    ("J'ai oublié mon mot de passe", PasswordReset, 1),
    (
        "Mon compte est bloqué et je n'arrive plus à me connecter",
        AccountAccess,
        2,
    ),
    (
        "Quelqu'un a piraté le compte de notre responsable",
        SecurityIncident,
        4,
    ),
    (
        "Merci de supprimer mon compte et toutes mes données",
        DataDeletion,
        2,
    ),
    ("Comment puis-je ajouter un membre à mon équipe ?", HowTo, 1),
    (
        "Ce serait bien de pouvoir trier les dossiers par couleur",
        FeatureRequest,
        1,
    ),
    (
        "El sistema está caído y nadie en la empresa puede trabajar",
        Outage,
        5,
    ),
    (
        "La página de informes da error al abrir los filtros",
        Bug,
        2,
    ),
    (
        "Quiero que me devuelvan el dinero de la última compra",
        RefundRequest,
        2,
    ),
    ("Me cobraron dos veces la misma cuota", DisputedCharge, 2),
    (
        "¿Me pueden enviar la factura de octubre con el CIF correcto?",
        BillingQuestion,
        1,
    ),
    ("Quiero darme de baja del servicio", Cancellation, 2),
    ("Olvidé mi contraseña y no puedo entrar", PasswordReset, 1),
    (
        "Mi usuario está bloqueado por demasiados intentos",
        AccountAccess,
        2,
    ),
    (
        "Creemos que alguien ha accedido sin permiso a nuestra cuenta de administrador",
        SecurityIncident,
        4,
    ),
    (
        "Solicito la eliminación de todos mis datos personales",
        DataDeletion,
        2,
    ),
    ("¿Cómo puedo cambiar el idioma de la interfaz?", HowTo, 1),
    (
        "Sería útil poder agrupar las tareas por proyecto",
        FeatureRequest,
        1,
    ),
];

#[test]
fn paraphrases_in_four_languages_meet_the_floors() {
    let (mut right, mut near, mut exact) = (0, 0, 0);
    let mut by_language: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    for (text, category, severity) in TICKETS {
        let verdict = triaged(text);
        let hit = verdict.category == *category;
        right += usize::from(hit);
        near += usize::from(verdict.severity.level().abs_diff(*severity) <= 1);
        exact += usize::from(verdict.severity.level() == *severity);
        let language = countersign::agent::language::language(text);
        let counts = by_language.entry(language).or_default();
        counts.0 += usize::from(hit);
        counts.1 += 1;
        if !hit || verdict.severity.level() != *severity {
            eprintln!(
                "{category} {severity} read as {} {}: {text}",
                verdict.category, verdict.severity
            );
        }
    }
    let all = TICKETS.len();
    eprintln!(
        "category {right}/{all}, severity {exact}/{all}, within one {near}/{all}, by language {by_language:?}"
    );
    assert!(all >= 60);
    assert!(right * 100 >= all * 80, "category: {right} of {all}");
    assert!(
        near * 100 >= all * 92,
        "severity within one: {near} of {all}"
    );
    assert!(exact * 100 >= all * 70, "severity: {exact} of {all}");
    for (language, (right, all)) in by_language {
        assert!(right * 100 >= all * 70, "{language}: {right} of {all}");
    }
}

#[test]
fn a_wish_that_is_denied_does_not_count() {
    for (text, not) in [
        (
            "I do not want a refund, I want the export button to work again",
            RefundRequest,
        ),
        (
            "This is not about cancelling the subscription, the report page shows an error",
            Cancellation,
        ),
        (
            "Ich möchte nicht kündigen, sondern wissen, wie ich Benutzer einlade",
            Cancellation,
        ),
    ] {
        assert_ne!(triaged(text).category, not, "{text}");
    }
}

#[test]
fn the_same_ticket_always_gets_the_same_verdict() {
    for (text, ..) in TICKETS {
        assert_eq!(triaged(text), triaged(text));
    }
}
