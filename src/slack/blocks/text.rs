//! Foreign text made safe to look at: odd characters flagged, lines folded, cuts on grapheme borders and disclosed.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// How long Slack counts a text. It does not say whether it counts code points or UTF-16 units, so the
/// larger of the two is used.
#[must_use]
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text that fits, and how many characters were left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// What fits.
    pub text: String,
    /// How many characters (as people count them) do not.
    pub left_out: usize,
}

/// Cuts a text to a length on a grapheme border. Nothing is said about the cut: the caller discloses it.
#[must_use]
pub fn cut(text: &str, most: usize) -> Cut {
    if length(text) <= most {
        return Cut {
            text: text.to_owned(),
            left_out: 0,
        };
    }
    let mut kept = 0;
    let mut used = 0;
    let mut left_out = 0;
    for grapheme in text.graphemes(true) {
        used += length(grapheme);
        if used > most {
            left_out += 1;
        } else {
            kept += grapheme.len();
        }
    }
    Cut {
        text: text[..kept].to_owned(),
        left_out,
    }
}

/// Cuts a text to a length, the mark that says so included.
#[must_use]
pub fn fit(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(28);
    let cut = cut(text, room);
    format!("{}… [{} more characters]", cut.text, cut.left_out)
}

/// Splits a text into pieces of at most this length, on grapheme borders; the pieces joined are the text.
#[must_use]
pub fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut all = vec![];
    let mut piece = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        for part in narrow(grapheme, most) {
            let size = length(part);
            if used + size > most && !piece.is_empty() {
                all.push(std::mem::take(&mut piece));
                used = 0;
            }
            piece.push_str(part);
            used += size;
        }
    }
    if !piece.is_empty() {
        all.push(piece);
    }
    all
}

/// Splits a text for reading: at the end of a line where one is near, else as [`pieces`] does.
#[must_use]
pub fn passages(text: &str, most: usize) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    let mut used = 0;
    for line in text
        .split_inclusive('\n')
        .flat_map(|line| pieces(line, most))
    {
        let size = length(&line);
        match all.last_mut().filter(|_| used + size <= most) {
            Some(passage) => {
                passage.push_str(&line);
                used += size;
            }
            None => {
                all.push(line);
                used = size;
            }
        }
    }
    all
}

/// A grapheme that is itself too long (a flood of combining marks) falls apart into its characters.
fn narrow(grapheme: &str, most: usize) -> Vec<&str> {
    if length(grapheme) <= most {
        return vec![grapheme];
    }
    grapheme
        .char_indices()
        .map(|(at, c)| &grapheme[at..at + c.len_utf8()])
        .collect()
}

/// Foreign text as it is shown: characters that hide, reorder or imitate stand as `⟦U+202E⟧`.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let mixed = mixes_scripts(word);
        let mut marks = 0;
        let mut before = None;
        let mut rest = word.chars().peekable();
        while let Some(c) = rest.next() {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            let joins = c == '\u{200D}'
                && before.is_some_and(is_pictograph)
                && rest.peek().copied().is_some_and(is_pictograph);
            let odd = (hides(c) && !joins) || marks > 3;
            if odd {
                flag(&mut out, c);
            } else if (mixed && imitates_latin(c)) || is_styled_letter(c) {
                out.push(c);
                flag(&mut out, c);
            } else {
                out.push(if c == '\r' { '\n' } else { c });
            }
            if !matches!(c, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}') {
                before = Some(c);
            }
        }
    }
    out
}

/// Foreign text in one line: line breaks stand as `⏎`.
#[must_use]
pub fn one_line(text: &str) -> String {
    shown(text.trim()).replace('\n', " ⏎ ").replace('\t', " ")
}

/// Whether a text has characters that [`shown`] flags.
#[must_use]
pub fn is_odd(text: &str) -> bool {
    shown(text).matches('⟦').count() > text.matches('⟦').count()
}

fn flag(out: &mut String, c: char) {
    out.push_str(&format!("⟦U+{:04X}⟧", u32::from(c)));
}

/// Characters that show nothing, reorder what stands around them, or control a terminal.
///
/// Sources: UAX 9 (bidi controls), UTS 39 (default ignorable), Unicode "Tags" block.
fn hides(c: char) -> bool {
    if c.is_control() {
        return !matches!(c, '\n' | '\t' | '\r');
    }
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0E}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        | '\u{F0000}'..='\u{10FFFF}')
}

/// Emoji that a zero-width joiner may join.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2194}'..='\u{21AA}')
}

/// Whether a word has Latin letters and letters of a script that has look-alikes of them.
fn mixes_scripts(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_alphabetic()) && word.chars().any(imitates_latin)
}

fn imitates_latin(c: char) -> bool {
    matches!(c, '\u{0370}'..='\u{03FF}' | '\u{0400}'..='\u{052F}' | '\u{0531}'..='\u{058F}'
        | '\u{13A0}'..='\u{13FF}' | '\u{1F00}'..='\u{1FFF}' | '\u{A4D0}'..='\u{A4FF}')
        && c.is_alphabetic()
}

/// Letters in disguise: full-width, mathematical and enclosed forms that normalise to plain ASCII.
fn is_styled_letter(c: char) -> bool {
    let disguise = matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{1D400}'..='\u{1D7FF}' | '\u{24B6}'..='\u{24E9}'
        | '\u{1F130}'..='\u{1F149}');
    disguise
        && std::iter::once(c)
            .nfkc()
            .next()
            .is_some_and(|plain| plain.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_hide_or_reorder_are_flagged() {
        assert_eq!(shown("a\u{202E}b"), "a⟦U+202E⟧b");
        assert_eq!(shown("pay\u{200B}pal"), "pay⟦U+200B⟧pal");
        assert_eq!(shown("x\u{E0041}"), "x⟦U+E0041⟧");
        assert_eq!(shown("bell\u{7}"), "bell⟦U+0007⟧");
    }

    #[test]
    fn look_alikes_are_flagged_only_in_mixed_words() {
        assert_eq!(shown("p\u{430}ypal"), "p\u{430}⟦U+0430⟧ypal");
        assert_eq!(shown("привет мир"), "привет мир");
        assert!(shown("ｆｒｅｅ").contains("⟦U+FF46⟧"));
    }

    #[test]
    fn ordinary_text_and_joined_emoji_stay_as_they_are() {
        for text in [
            "Grüße aus Köln, 12 €",
            "👩\u{200D}💻 works",
            "नमस्ते",
            "日本語",
            "❤\u{FE0F}",
        ] {
            assert_eq!(shown(text), text);
            assert!(!is_odd(text));
        }
    }

    #[test]
    fn cuts_fall_between_graphemes_and_are_counted() {
        let family = "👩\u{200D}👩\u{200D}👧";
        let cut = cut(&format!("ab{family}c"), 5);
        assert_eq!((cut.text.as_str(), cut.left_out), ("ab", 2));
        assert!(fit(&"x".repeat(200), 100).ends_with("[128 more characters]"));
        assert!(length(&fit(&"é".repeat(5000), 300)) <= 300);
    }

    #[test]
    fn pieces_joined_are_the_text() {
        let text = format!("{}{}", "日本".repeat(40), "e\u{301}".repeat(30));
        let all = pieces(&text, 7);
        assert!(all.iter().all(|piece| length(piece) <= 7));
        assert_eq!(all.concat(), text);
    }

    #[test]
    fn passages_end_with_a_line_and_joined_are_the_text() {
        let text = format!("{}{}", "one line\n".repeat(9), "x".repeat(70));
        let all = passages(&text, 30);
        assert!(all.iter().all(|passage| length(passage) <= 30));
        assert!(all[..3].iter().all(|passage| passage.ends_with('\n')));
        assert_eq!(all.concat(), text);
    }

    #[test]
    fn a_flood_of_marks_is_stopped() {
        let flood = format!("e{}", "\u{301}".repeat(50));
        assert_eq!(shown(&flood).matches("⟦U+0301⟧").count(), 47);
    }
}
