//! How plain rules read a text: words without case and accents, stems, alternatives and gaps.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// How many words a gap (`~`) may span.
const GAP: usize = 4;

/// A text as a list of words: lower case, without accents. A full stop stands where a sentence ends,
/// and a placeholder such as `[EMAIL_1]` is one word, `[email`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words(Vec<String>);

impl Words {
    /// Splits a text. Linear in its length.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut words = Self(vec![]);
        let mut word = String::new();
        let mut placeholder = false;
        let plain = text.nfd().filter(|c| !is_combining_mark(*c));
        for c in plain.flat_map(char::to_lowercase) {
            match c {
                '[' => {
                    words.close(&mut word);
                    word.push('[');
                    placeholder = true;
                }
                _ if c.is_alphanumeric() => word.push(c),
                '_' if placeholder => {}
                '\'' | '\u{2019}' | '\u{2BC}' if word.chars().count() > 1 && !placeholder => {
                    word.push('\'');
                }
                _ => {
                    placeholder = false;
                    words.close(&mut word);
                    if ".!?;\n".contains(c) && words.0.last().is_some_and(|last| last != ".") {
                        words.0.push(".".to_owned());
                    }
                }
            }
        }
        words.close(&mut word);
        words
    }

    /// The words in order.
    #[must_use]
    pub fn list(&self) -> &[String] {
        &self.0
    }

    /// How many words there are, ends of sentences included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends a word. `don't` becomes `dont`; `qu'elle` becomes two words; digits leave a placeholder.
    fn close(&mut self, word: &mut String) {
        let whole = std::mem::take(word);
        let whole = match whole.strip_prefix('[') {
            Some(inner) => format!("[{}", inner.trim_end_matches(|c: char| c.is_ascii_digit())),
            None => whole,
        };
        match whole.split_once('\'') {
            Some((head, tail)) if tail.chars().count() > 2 => {
                self.0.extend([head.to_owned(), tail.replace('\'', "")]);
            }
            Some((head, tail)) => self.0.push(format!("{head}{}", tail.replace('\'', ""))),
            None if whole.is_empty() || whole == "[" => {}
            None => self.0.push(whole),
        }
    }
}

/// One place in a phrase.
#[derive(Clone, Debug)]
enum Part {
    /// Any of these: each one word or several in a row, each word whole or as a stem.
    Word(Vec<Vec<(String, bool)>>),
    /// Up to four words of the same sentence.
    Gap,
}

/// A pattern of words, such as `charg* ~ twice|double`.
///
/// `*` ends a stem, `|` separates alternatives, `_` joins the words of one alternative
/// (`deux_fois|double`), `~` is a gap of up to four words within a sentence.
/// Write it in lower case; accents are taken off.
#[derive(Clone, Debug)]
pub struct Phrase(Vec<Part>);

impl Phrase {
    /// Reads a pattern. Every text is one.
    #[must_use]
    pub fn of(pattern: &str) -> Self {
        let plain: String = pattern.nfd().filter(|c| !is_combining_mark(*c)).collect();
        let word = |word: &str| match word.strip_suffix('*') {
            Some(stem) => (stem.to_owned(), true),
            None => (word.to_owned(), false),
        };
        let part = |part: &str| match part {
            "~" => Part::Gap,
            any => Part::Word(
                any.split('|')
                    .map(|row| row.split('_').map(word).collect())
                    .collect(),
            ),
        };
        Self(plain.split_whitespace().map(part).collect())
    }

    /// Where the phrase first stands at or after a word: the index of its first word.
    #[must_use]
    pub fn find(&self, words: &Words, from: usize) -> Option<usize> {
        (from..words.len()).find(|at| self.stands_at(words, *at))
    }

    /// Whether the phrase stands anywhere.
    #[must_use]
    pub fn is_in(&self, words: &Words) -> bool {
        self.find(words, 0).is_some()
    }

    /// Whether the phrase begins at this word.
    #[must_use]
    pub fn stands_at(&self, words: &Words, at: usize) -> bool {
        Self::rest_stands(&self.0, words.list().get(at..).unwrap_or_default())
    }

    /// The first letters with which the phrase can begin, for an index.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        let first = match self.0.first() {
            Some(Part::Word(words)) => words.as_slice(),
            _ => &[],
        };
        first
            .iter()
            .filter_map(|row| row.first().and_then(|(word, _)| word.chars().next()))
    }

    fn rest_stands(parts: &[Part], words: &[String]) -> bool {
        match parts.split_first() {
            None => true,
            Some((Part::Word(any), rest)) => any.iter().any(|row| {
                let fits = |((text, stem), word): (&(String, bool), &String)| {
                    if *stem {
                        word.starts_with(text.as_str())
                    } else {
                        word == text
                    }
                };
                words.len() >= row.len()
                    && row.iter().zip(words).all(fits)
                    && Self::rest_stands(rest, &words[row.len()..])
            }),
            Some((Part::Gap, rest)) => {
                let within = words.iter().take_while(|word| *word != ".").count();
                (0..=GAP.min(within)).any(|skip| Self::rest_stands(rest, &words[skip..]))
            }
        }
    }
}

/// Many phrases, each with what it stands for, looked up together.
pub struct Phrasebook<T> {
    entries: Vec<(Phrase, T)>,
    by_initial: std::collections::HashMap<char, Vec<usize>>,
}

impl<T> Phrasebook<T> {
    /// Reads all patterns.
    pub fn of(patterns: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let entries: Vec<(Phrase, T)> = patterns
            .into_iter()
            .map(|(pattern, means)| (Phrase::of(pattern), means))
            .collect();
        let mut by_initial: std::collections::HashMap<char, Vec<usize>> =
            std::collections::HashMap::new();
        for (index, (phrase, _)) in entries.iter().enumerate() {
            let mut initials: Vec<char> = phrase.initials().collect();
            initials.sort_unstable();
            initials.dedup();
            for initial in initials {
                by_initial.entry(initial).or_default().push(index);
            }
        }
        Self {
            entries,
            by_initial,
        }
    }

    /// Every place where a phrase stands: the index of its first word, the phrase's own number, its meaning.
    pub fn hits<'a>(
        &'a self,
        words: &'a Words,
    ) -> impl Iterator<Item = (usize, usize, &'a T)> + 'a {
        words.list().iter().enumerate().flat_map(move |(at, word)| {
            let initial = word.chars().next();
            let candidates = initial.and_then(|initial| self.by_initial.get(&initial));
            candidates.into_iter().flatten().filter_map(move |index| {
                let (phrase, means) = &self.entries[*index];
                phrase.stands_at(words, at).then_some((at, *index, means))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_stand_in_words_without_case_accents_and_apostrophes() {
        let words = Words::of("I DON'T get it: j'ai été débité deux fois. Twice! [EMAIL_12]");
        assert!(Phrase::of("dont ~ it").is_in(&words));
        assert!(Phrase::of("débit* deux fois").is_in(&words));
        assert!(Phrase::of("[email").is_in(&words));
        assert!(
            !Phrase::of("débit* ~ twice").is_in(&words),
            "a gap ends with the sentence"
        );
        assert!(Phrase::of("nothing|it").is_in(&words));
        assert!(Phrase::of("débit* double|deux_fois").is_in(&words));
        assert_eq!(
            Words::of("L’argent qu'elle").list(),
            ["l", "argent", "qu", "elle"]
        );
    }

    #[test]
    fn a_book_finds_each_place() {
        let book = Phrasebook::of([("a* b", 1), ("c", 2)]);
        let words = Words::of("ax b c a c");
        let hits: Vec<(usize, i32)> = book
            .hits(&words)
            .map(|(at, _, means)| (at, *means))
            .collect();
        assert_eq!(hits, [(0, 1), (2, 2), (4, 2)]);
    }
}
