//! Guesses the language of a text from its small words and its letters, for the reply.

use crate::domain::model::Language;
use crate::domain::phrase::Words;

/// Words that stand in nearly every text of one language and in few of the others.
const SMALL_WORDS: &[(Language, &str)] = &[
    (
        Language::En,
        "the and is are was were you your my our have has had with this that for from not can could would please what when how why it i we they there been will does did do of to in on an be hello hi thanks",
    ),
    (
        Language::De,
        "der die das und ist nicht ich wir sie ihr mein meine meinen unser unsere haben habe hat mit fur von zu auf ein eine einen bitte wie warum wenn noch auch wurde werden kann konnen bei dem den des im es sind seit hallo guten danke mir uns aus nach oder aber schon was wer wo kein keine keinen nur mehr sehr wird sich ihre ihren ihnen als",
    ),
    (
        Language::Fr,
        "le la les et est ne pas je nous vous mon ma mes notre nos votre avec pour dans sur un une des du au aux bonjour merci que qui ce cette comment pourquoi ai avons avez sont ete suis il elle mais plus etre peut pouvez depuis j me te se lui leur leurs tout tous toute toutes sans aussi tres deja quand donc",
    ),
    (
        Language::Es,
        "el la los las y es no yo nosotros usted mi mis nuestro nuestra con para por en un una unos del al hola gracias que como porque cuando ha he han hemos esta este esto son fue puedo pueden quiero mas pero desde se lo necesito favor me te se le les nos muy sin sobre hasta hay todo toda todos todas mismo misma otro otra dos tiene tengo donde cual cuales tambien",
    ),
];

/// Letters and signs that only one of the languages writes.
const LETTERS: &[(Language, &str)] = &[
    (Language::De, "äöß"),
    (Language::Fr, "àâçèêëîôœù"),
    (Language::Es, "¿¡ñáíóú"),
];

/// The language with the most small words and letters of its own; English when none stands out.
#[must_use]
pub fn language(text: &str) -> Language {
    let words = Words::of(text);
    let own = |language: Language| {
        let letters = LETTERS.iter().find(|(one, _)| *one == language);
        let letters = letters.map_or("", |(_, letters)| *letters);
        let lower = text.chars().take(2_000).flat_map(char::to_lowercase);
        lower.filter(|c| letters.contains(*c)).count()
    };
    let count = |language: Language, small: &str| {
        let small: Vec<&str> = small.split(' ').collect();
        words
            .list()
            .iter()
            .take(400)
            .filter(|word| small.contains(&word.as_str()))
            .count()
            + own(language)
    };
    let mut best = (Language::En, count(Language::En, SMALL_WORDS[0].1));
    for (language, small) in &SMALL_WORDS[1..] {
        let found = count(*language, small);
        if found > best.1 {
            best = (*language, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_messages_are_told_apart() {
        for (text, expected) in [
            ("Our dashboard is down", Language::En),
            ("Ich kann mich nicht anmelden", Language::De),
            ("Bitte um Rückerstattung der Rechnung", Language::De),
            ("Je n'arrive pas à me connecter", Language::Fr),
            ("Quiero cancelar mi suscripción", Language::Es),
            ("¿Aceptan efectivo?", Language::Es),
            ("Facture reçue à tort", Language::Fr),
            ("Zahlung fällig", Language::De),
            ("The café in Málaga is where we are", Language::En),
            ("???", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
