//! Walks over the characters of a JSON text, counting lines and columns.

use super::json::{Entry, Fault, MAX_DEPTH, MAX_DIGITS, Node, Shape, Spot};

/// A place in a text and what comes after it.
pub(super) struct Cursor<'a> {
    pub(super) rest: std::iter::Peekable<std::str::Chars<'a>>,
    at: Spot,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text.chars().peekable(),
            at: Spot::START,
            depth: 0,
        }
    }

    pub(super) fn fault<T>(&self, message: impl Into<String>, fix: &str) -> Result<T, Fault> {
        Err(Fault {
            at: self.at,
            message: message.into(),
            fix: fix.to_owned(),
        })
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        if next == '\n' {
            self.at = Spot {
                line: self.at.line + 1,
                column: 1,
            };
        } else {
            self.at.column += 1;
        }
        Some(next)
    }

    pub(super) fn blank(&mut self) {
        while matches!(self.rest.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.bump();
        }
    }

    /// Takes the character if it is the next one.
    fn take(&mut self, wanted: char) -> bool {
        let found = self.rest.peek() == Some(&wanted);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn value(&mut self) -> Result<Node, Fault> {
        let at = self.at;
        let shape = match self.rest.peek().copied() {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::list)?,
            Some('"') => Shape::Text(self.text()?),
            Some('-' | '0'..='9') => Shape::Number(self.number()?),
            Some(letter) if letter.is_ascii_alphabetic() => self.word()?,
            Some('\'') => {
                return self.fault("single quotes are not JSON", "the text in double quotes");
            }
            Some(other) => {
                return self.fault(
                    format!("`{other}` does not begin a value"),
                    "a JSON value here",
                );
            }
            None => {
                return self.fault(
                    "the document ends where a value should be",
                    "the missing value",
                );
            }
        };
        Ok(Node { at, shape })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Shape, Fault>) -> Result<Shape, Fault> {
        if self.depth == MAX_DEPTH {
            return self.fault(
                format!("nested deeper than {MAX_DEPTH} levels"),
                "a flatter document",
            );
        }
        self.depth += 1;
        self.bump();
        let shape = read(self)?;
        self.depth -= 1;
        Ok(shape)
    }

    fn object(&mut self) -> Result<Shape, Fault> {
        let mut entries = Vec::new();
        self.blank();
        if self.take('}') {
            return Ok(Shape::Object(entries));
        }
        loop {
            self.blank();
            let key_at = self.at;
            if self.rest.peek() != Some(&'"') {
                return self.fault(
                    "a name in double quotes is missing here",
                    "`\"name\": value`, and no comma after the last one",
                );
            }
            let key = self.text()?;
            self.blank();
            if !self.take(':') {
                return self.fault(
                    format!("a colon is missing after `{key}`"),
                    "`\"name\": value`",
                );
            }
            self.blank();
            let value = self.value()?;
            entries.push(Entry { key, key_at, value });
            self.blank();
            if self.take('}') {
                return Ok(Shape::Object(entries));
            }
            if !self.take(',') {
                return self.fault(
                    "the object does not go on here",
                    "a comma before the next name, or `}`",
                );
            }
        }
    }

    fn list(&mut self) -> Result<Shape, Fault> {
        let mut items = Vec::new();
        self.blank();
        if self.take(']') {
            return Ok(Shape::List(items));
        }
        loop {
            self.blank();
            if self.rest.peek() == Some(&']') {
                return self.fault(
                    "a comma stands before the end of the list",
                    "no comma after the last item",
                );
            }
            items.push(self.value()?);
            self.blank();
            if self.take(']') {
                return Ok(Shape::List(items));
            }
            if !self.take(',') {
                return self.fault(
                    "the list does not go on here",
                    "a comma before the next item, or `]`",
                );
            }
        }
    }

    fn word(&mut self) -> Result<Shape, Fault> {
        let at = self.at;
        let mut word = String::new();
        while let Some(letter) = self.rest.next_if(char::is_ascii_alphanumeric) {
            self.at.column += 1;
            word.push(letter);
        }
        match word.as_str() {
            "null" => Ok(Shape::Null),
            "true" => Ok(Shape::Truth(true)),
            "false" => Ok(Shape::Truth(false)),
            "NaN" | "Infinity" => Err(Fault {
                at,
                message: format!("{word} is not a number that can be compared"),
                fix: "a decimal number".into(),
            }),
            _ => Err(Fault {
                at,
                message: format!("`{word}` is not JSON"),
                fix: "text in double quotes, a number, `true` or `false`".into(),
            }),
        }
    }

    fn digits(&mut self, into: &mut String) -> usize {
        let before = into.len();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            self.at.column += 1;
            into.push(digit);
        }
        into.len() - before
    }

    /// A number without an exponent: a policy has no use for one, and `1e999` would overflow.
    fn number(&mut self) -> Result<String, Fault> {
        let at = self.at;
        let wrong = |message: String, fix: &str| {
            Err(Fault {
                at,
                message,
                fix: fix.to_owned(),
            })
        };
        let mut text = String::new();
        if self.take('-') {
            text.push('-');
        }
        let whole = self.digits(&mut text);
        if whole == 0 {
            return wrong(format!("`{text}` is not a number"), "a decimal number");
        }
        if whole > 1 && text.trim_start_matches('-').starts_with('0') {
            return wrong(
                format!("{text} begins with a zero"),
                "the number without leading zeros",
            );
        }
        if self.take('.') {
            text.push('.');
            if self.digits(&mut text) == 0 {
                return wrong(
                    format!("{text} ends with its point"),
                    "a digit after the point",
                );
            }
        }
        if matches!(self.rest.peek(), Some('e' | 'E')) {
            return wrong(
                format!("{text} has an exponent"),
                "the number in plain digits",
            );
        }
        let significant = text.bytes().filter(u8::is_ascii_digit).count();
        if significant > MAX_DIGITS {
            return wrong(
                format!("{text} overflows: it has {significant} digits"),
                &format!("a number of at most {MAX_DIGITS} digits"),
            );
        }
        Ok(text)
    }

    fn text(&mut self) -> Result<String, Fault> {
        let begun = self.at;
        self.bump();
        let mut text = String::new();
        loop {
            match self.rest.peek() {
                None | Some('\n') => {
                    return Err(Fault {
                        at: begun,
                        message: "the text that begins here does not end".into(),
                        fix: "a closing `\"` on the same line".into(),
                    });
                }
                Some(raw) if (*raw as u32) < 0x20 => {
                    return self.fault(
                        "a control character stands in a text",
                        "its escape, for example `\\t`",
                    );
                }
                Some('"') => {
                    self.bump();
                    return Ok(text);
                }
                Some('\\') => text.push(self.escape()?),
                Some(_) => text.extend(self.bump()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let at = self.at;
        self.bump();
        let wrong = |message: &str, fix: &str| {
            Err(Fault {
                at,
                message: message.to_owned(),
                fix: fix.to_owned(),
            })
        };
        match self.bump() {
            Some(same @ ('"' | '\\' | '/')) => Ok(same),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => {
                let Some(first) = self.hex4() else {
                    return wrong("`\\u` needs four hex digits", "for example `\\u00e9`");
                };
                let code = if (0xd800..0xdc00).contains(&first) {
                    let second = if self.take('\\') && self.take('u') {
                        self.hex4()
                    } else {
                        None
                    };
                    match second {
                        Some(low @ 0xdc00..0xe000) => {
                            0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00)
                        }
                        _ => {
                            return wrong(
                                "half of a surrogate pair is missing",
                                "the character itself",
                            );
                        }
                    }
                } else {
                    first
                };
                char::from_u32(code).map_or_else(
                    || {
                        wrong(
                            "half of a surrogate pair is missing",
                            "the character itself",
                        )
                    },
                    Ok,
                )
            }
            _ => wrong(
                "this is not an escape of JSON",
                "one of `\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u`",
            ),
        }
    }

    fn hex4(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |code, _| {
            let digit = self.rest.peek()?.to_digit(16)?;
            self.bump();
            Some(code * 16 + digit)
        })
    }
}
