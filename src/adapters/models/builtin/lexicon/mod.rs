//! What words say about the category of a ticket: general rules in English, German, French and Spanish.

mod access;
mod asides;
mod money;
mod questions;
mod technical;

pub(super) use asides::{reset_mail_is_missing, without_orders};

use std::sync::LazyLock;

use crate::domain::phrase::{Phrase, Phrasebook, Words};
use crate::domain::verdict::Category;

/// A category, and phrases with their weights. `domain::phrase` explains the notation.
type Entry = (Category, &'static [(&'static str, i32)]);

struct Meaning {
    category: Category,
    weight: i32,
}

static BOOK: LazyLock<Phrasebook<Meaning>> = LazyLock::new(|| {
    let all = [
        money::ENTRIES,
        access::ENTRIES,
        technical::ENTRIES,
        questions::ENTRIES,
    ];
    Phrasebook::of(all.into_iter().flatten().flat_map(|(category, phrases)| {
        phrases.iter().map(|(phrase, weight)| {
            let category = *category;
            let weight = *weight;
            (*phrase, Meaning { category, weight })
        })
    }))
});

/// Phrases after which a wish does not count: "I do not want a refund", "nothing to do with billing".
static NEGATIONS: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    [
        "dont|not want|need|asking",
        "do|does|did not want|need",
        "not asking|looking|about|requesting",
        "nothing to do with",
        "no need",
        "rather than",
        "instead of",
        "isnt|wasnt about",
        "no longer want|need",
        "will|mochte|wollen|mochten nicht|kein|keine|keinen",
        "geht nicht um",
        "nichts ~ zu tun",
        "statt",
        "anstatt",
        "ne veux|souhaite|voulons pas",
        "pas besoin",
        "plutot que",
        "au lieu de",
        "rien a voir",
        "no quiero|queremos|necesito|busco",
        "en lugar de",
        "en vez de",
        "nada que ver",
    ]
    .map(Phrase::of)
    .to_vec()
});

/// How many words a negation reaches over.
const REACH: usize = 6;
/// A phrase counts at most this often.
const REPEATS: usize = 2;

/// The weight of every category that the words speak for.
#[must_use]
pub fn weigh(words: &Words) -> Vec<(Category, i32)> {
    let negated = negated(words);
    let mut scores: Vec<(Category, i32)> = Category::ALL.iter().map(|one| (*one, 0)).collect();
    let mut seen: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
    for (at, phrase, meaning) in BOOK.hits(words) {
        let times = seen.entry(phrase).or_default();
        *times += 1;
        if *times > REPEATS || negated.get(at).copied().unwrap_or_default() {
            continue;
        }
        if let Some((_, score)) = scores.iter_mut().find(|(one, _)| *one == meaning.category) {
            *score += if *times == 1 {
                meaning.weight
            } else {
                meaning.weight / 2
            };
        }
    }
    scores
}

/// For each word, whether a negated wish reaches over it.
fn negated(words: &Words) -> Vec<bool> {
    let list = words.list();
    let mut reached = vec![false; list.len()];
    for phrase in NEGATIONS.iter() {
        let mut from = 0;
        while let Some(at) = phrase.find(words, from) {
            let end = list[at..]
                .iter()
                .take(REACH)
                .take_while(|word| {
                    ![".", "but", "aber", "sondern", "mais", "pero", "sino"]
                        .contains(&word.as_str())
                })
                .count();
            reached[at..at + end].fill(true);
            from = at + 1;
        }
    }
    reached
}
