//! The text as recognisers read it: without hidden characters, with look-alikes made plain, mapped back byte by byte.

use unicode_normalization::UnicodeNormalization as _;

/// A plain reading of a text, and where each byte of it came from.
pub struct Folded {
    /// What recognisers match on.
    pub text: String,
    /// For each byte of `text`, where its character starts in the original. One more for the end.
    starts: Vec<usize>,
    /// For each byte of `text`, where its character ends in the original.
    ends: Vec<usize>,
    /// Byte ranges of the original that no reader sees and that have no use in a ticket.
    pub hidden: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds a text. Linear in its length.
    #[must_use]
    pub fn of(original: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            starts: Vec::with_capacity(original.len() + 1),
            ends: Vec::with_capacity(original.len()),
            hidden: vec![],
        };
        for (at, c) in original.char_indices() {
            let end = at + c.len_utf8();
            if invisible(c) {
                folded.hidden.push((at, end));
            } else if joiner(c) {
                // Kept in the text, because emoji and several scripts need it, but no match stops at it.
            } else {
                folded.push(c, at, end);
            }
        }
        folded.starts.push(original.len());
        folded
    }

    fn push(&mut self, c: char, at: usize, end: usize) {
        let before = self.text.len();
        match plain(c) {
            Some(plain) => self.text.push_str(&plain),
            None => self.text.push(c),
        }
        let added = self.text.len() - before;
        self.starts.extend(std::iter::repeat_n(at, added));
        self.ends.extend(std::iter::repeat_n(end, added));
    }

    /// The byte range of the original that a byte range of the folded text stands for.
    #[must_use]
    pub fn original(&self, start: usize, end: usize) -> (usize, usize) {
        if start >= end || end > self.ends.len() {
            return (0, 0);
        }
        (self.starts[start], self.ends[end - 1])
    }
}

/// Characters that no reader sees and that no ticket needs: they are taken out of the model view.
#[must_use]
pub const fn invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Joiners and variation selectors: invisible by themselves, needed by emoji and by several scripts.
const fn joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// The plain ASCII that a look-alike stands for, if it stands for one.
fn plain(c: char) -> Option<String> {
    let one = |plain: char| Some(plain.to_string());
    match c {
        '\0'..='\u{7F}' => None,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => {
            one(' ')
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => one('-'),
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' => one('"'),
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{2039}' | '\u{203A}' => one('\''),
        '\u{0660}'..='\u{0669}' => digit(c, 0x0660),
        '\u{06F0}'..='\u{06F9}' => digit(c, 0x06F0),
        '\u{0966}'..='\u{096F}' => digit(c, 0x0966),
        // Letter-like symbols, enclosed and mathematical letters, full-width and small forms.
        '\u{2070}'..='\u{209C}'
        | '\u{2100}'..='\u{214F}'
        | '\u{2460}'..='\u{24FF}'
        | '\u{FE50}'..='\u{FE6B}'
        | '\u{FF01}'..='\u{FFEE}'
        | '\u{1D400}'..='\u{1D7FF}'
        | '\u{1F100}'..='\u{1F1AD}' => {
            let folded: String = std::iter::once(c).nfkc().collect();
            folded.is_ascii().then_some(folded)
        }
        _ => None,
    }
}

fn digit(c: char, zero: u32) -> Option<String> {
    char::from_digit(u32::from(c).saturating_sub(zero), 10).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folded_byte_leads_back_to_its_character() {
        let original = "a\u{200B}\u{FF21}\u{1D7D8}–é";
        let folded = Folded::of(original);
        assert_eq!(folded.text, "aA0-é");
        let (start, end) = folded.original(1, 3);
        assert_eq!(&original[start..end], "\u{FF21}\u{1D7D8}");
        assert_eq!(folded.hidden, vec![(1, 4)]);
        assert_eq!(folded.original(0, folded.text.len()), (0, original.len()));
    }
}
