//! Shortens a redacted text on a border between characters as people see them, and says so.

use unicode_segmentation::UnicodeSegmentation as _;

/// A shortened text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The text, with the cut disclosed at its end if there was one.
    pub text: String,
    /// How many characters (grapheme clusters) were left out.
    pub omitted: usize,
}

/// Keeps at most `max_chars` grapheme clusters (Unicode UAX 29) of a text that has been redacted.
///
/// A placeholder is never cut in two. The disclosure comes on top of the limit.
#[must_use]
pub fn cut(text: &str, max_chars: usize) -> Cut {
    let Some((at, _)) = text.grapheme_indices(true).nth(max_chars) else {
        return Cut {
            text: text.to_owned(),
            omitted: 0,
        };
    };
    let at = whole_placeholder(text, at);
    let omitted = text[at..].graphemes(true).count();
    Cut {
        text: format!("{}\n(cut: {omitted} more characters)", &text[..at]),
        omitted,
    }
}

/// Moves a border back to before a placeholder that it would split.
fn whole_placeholder(text: &str, at: usize) -> usize {
    let inside = |open: usize| {
        let rest = &text[open..];
        let name = rest.bytes().skip(1).take(30);
        let length = name
            .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
            .count();
        rest.as_bytes().get(length + 1) == Some(&b']') && open + length + 2 > at
    };
    text[..at]
        .char_indices()
        .rev()
        .take(32)
        .find(|(_, c)| *c == '[')
        .filter(|(open, _)| inside(*open))
        .map_or(at, |(open, _)| open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_falls_between_characters_and_is_disclosed() {
        assert_eq!(cut("short", 5).omitted, 0);
        let family = "👨‍👩‍👧‍👦👨‍👩‍👧‍👦";
        assert_eq!(cut(family, 1).text, "👨‍👩‍👧‍👦\n(cut: 1 more characters)");
    }

    #[test]
    fn a_placeholder_stays_whole() {
        let cut = cut("write to [EMAIL_1] soon", 14);
        assert_eq!(cut.text, "write to \n(cut: 14 more characters)");
        assert_eq!(super::cut("[EMAIL_1] soon", 9).omitted, 5);
    }
}
