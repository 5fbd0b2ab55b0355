//! Turns of speech that say no category by themselves: a reset mail that goes missing, orders to a machine.

use std::sync::LazyLock;

use crate::domain::phrase::{Phrase, Words};

static MISSING: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    [
        "mail*|email*|message*|link|code ~ not|never|doesnt|didnt|isnt|hasnt|wont|nothing ~ arriv*|com*|came|reach*|show*|deliver*|receiv*|there",
        "not|never|didnt|dont|havent|nothing|no|without ~ receiv*|get|getting|got|reach*|see ~ mail*|email*|message*|link|code",
        "no|without ~ mail*|email*|message*|link ~ arriv*|came|com*|receiv*",
        "nothing arrives|arrived|comes|came",
        "mail*|nachricht*|link|code ~ nicht|nie|niemals ~ an|angekommen|erhalten|da|bekommen",
        "kommt|kam|kommen ~ nicht|nie|nichts|kein*",
        "kein*|nie ~ mail*|nachricht*|link|code ~ bekomm*|erhalt*|erhielt|bekam|gekommen|angekommen",
        "mail*|message*|courriel*|lien|code ~ jamais|pas|rien ~ arriv*|recu*|parv*",
        "arrive* jamais|pas",
        "jamais|pas|rien|aucun* ~ recu*|recois|arriv* ~ mail*|message*|courriel*|lien|code",
        "recois|recu|recevoir|recoit ~ rien|aucun*|pas|jamais",
        "correo*|mensaje*|enlace|codigo|mail* ~ no|nunca|tampoco ~ lleg*|recib*",
        "no|nunca ~ lleg*|recib* ~ correo*|mensaje*|enlace|codigo|nada",
    ]
    .map(Phrase::of)
    .to_vec()
});

static ORDERS: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    [
        "ignore|disregard|forget|override ~ instruction*|rule*|prompt*|guideline*",
        "system|developer|administrator note|prompt|message|instruction*|override",
        "note|message|instruction* ~ assistant|ai|bot|model",
        "you are now",
        "as an ai",
        "ignorier*|vergiss ~ anweisung*|regel*|vorgaben",
        "hinweis|nachricht|anweisung* ~ assistent*|ki|bot|modell",
        "ignor*|oubli* ~ instruction*|regle*|consigne*",
        "note|message|consigne* ~ assistant|ia|robot|modele",
        "ignor*|olvid* ~ instruccion*|regla*",
        "nota|mensaje|instruccion* ~ asistente|ia|bot|modelo",
    ]
    .map(Phrase::of)
    .to_vec()
});

/// Whether somebody waits for a message that does not arrive.
pub fn reset_mail_is_missing(words: &Words) -> bool {
    MISSING.iter().any(|phrase| phrase.is_in(words))
}

/// The paragraphs of a text that are not addressed to a machine; the whole text when none is left.
///
/// What such a paragraph asks for is not what the customer asks people for, so that it names no category.
pub fn without_orders(text: &str) -> String {
    let ordered = |paragraph: &str| {
        let words = Words::of(paragraph);
        ORDERS.iter().any(|phrase| phrase.is_in(&words))
    };
    let meant: Vec<&str> = text
        .split("\n\n")
        .filter(|paragraph| !ordered(paragraph))
        .collect();
    let meant = meant.join("\n\n");
    if meant.chars().any(char::is_alphanumeric) {
        meant
    } else {
        text.to_owned()
    }
}
