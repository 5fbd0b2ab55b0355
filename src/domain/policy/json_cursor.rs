//! Walks over the characters of a JSON text, counting lines and columns.

use super::json::{Entry, Fault, MAX_DEPTH, MAX_DIGITS, MAX_FAULTS, Node, Shape, Spot};

/// A place in a text and what comes after it.
pub(super) struct Cursor<'a> {
    pub(super) rest: std::iter::Peekable<std::str::Chars<'a>>,
    /// The wrong values that were passed by.
    pub(super) faults: Vec<Fault>,
    at: Spot,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text.chars().peekable(),
            faults: Vec::new(),
            at: Spot::START,
            depth: 0,
        }
    }

    pub(super) fn fault<T>(&self, message: impl Into<String>, fix: &str) -> Result<T, Fault> {
        let (message, fix) = match self.rest.clone().next() {
            Some('/' | '#') => ("JSON has no comments".to_owned(), "nothing here"),
            _ => (message.into(), fix),
        };
        Err(Fault {
            at: self.at,
            message,
            fix: fix.to_owned(),
        })
    }

    /// Passes a wrong value by, so that what is wrong behind it is told as well.
    fn pass(&mut self, fault: Fault) -> Result<Shape, Fault> {
        if self.faults.len() == MAX_FAULTS {
            return Err(fault);
        }
        self.faults.push(fault);
        Ok(Shape::Wrong)
    }

    /// Takes what belongs together although it stands in no quotes.
    fn token(&mut self) -> String {
        let belongs = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let mut token = String::new();
        while let Some(next) = self.rest.next_if(belongs) {
            self.at.column += 1;
            token.push(next);
        }
        token
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
            Some('-' | '0'..='9') => match number(self.token()) {
                Ok(number) => Shape::Number(number),
                Err((message, fix)) => self.pass(Fault { at, message, fix })?,
            },
            Some(letter) if letter.is_ascii_alphabetic() => match word(&self.token()) {
                Ok(shape) => shape,
                Err((message, fix)) => self.pass(Fault { at, message, fix })?,
            },
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

/// What is wrong with a value, and what to write instead.
type Wrong = (String, String);

fn word(token: &str) -> Result<Shape, Wrong> {
    match token {
        "null" => Ok(Shape::Null),
        "true" => Ok(Shape::Truth(true)),
        "false" => Ok(Shape::Truth(false)),
        "NaN" | "Infinity" => Err((
            format!("{token} is not a number that can be compared"),
            "a decimal number".to_owned(),
        )),
        _ => Err((
            format!("`{token}` is not JSON"),
            "text in double quotes, a number, `true` or `false`".to_owned(),
        )),
    }
}

/// A number without an exponent: a policy has no use for one, and `1e999` would overflow.
fn number(token: String) -> Result<String, Wrong> {
    let bare = token.strip_prefix('-').unwrap_or(&token);
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = bare.split_once(['e', 'E']).is_some_and(|(before, _)| {
        before
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    let significant = bare.bytes().filter(u8::is_ascii_digit).count();
    let (message, fix) = if exponent && bare.starts_with(|c: char| c.is_ascii_digit()) {
        (
            format!("{token} has an exponent"),
            "the number in plain digits".to_owned(),
        )
    } else if digits(whole) && fraction.is_empty() {
        (
            format!("{token} ends with its point"),
            "a digit after the point".to_owned(),
        )
    } else if !digits(whole) || !digits(fraction) {
        (
            format!("`{token}` is not a number"),
            "a decimal number".to_owned(),
        )
    } else if whole.len() > 1 && whole.starts_with('0') {
        (
            format!("{token} begins with a zero"),
            "the number without leading zeros".to_owned(),
        )
    } else if significant > MAX_DIGITS {
        (
            format!("{token} overflows: it has {significant} digits"),
            format!("a number of at most {MAX_DIGITS} digits"),
        )
    } else {
        return Ok(token);
    };
    Err((message, fix))
}
