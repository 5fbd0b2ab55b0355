//! Rich text: our own words with emphasis, people and times in them, and foreign text that stays text.
//!
//! Foreign text goes in through [`Line::foreign`] and [`Rich::quote`]; neither can become markup, because the
//! text of `rich_text` is not parsed. Source: Slack, "Rich text block".

use serde_json::{Value, json};

use super::kit::{clock, host};
use super::text;
use crate::domain::ids::UserId;
use crate::domain::person::Person;
use crate::domain::time::At;

/// One line of rich text.
#[derive(Default)]
pub struct Line(Vec<Value>);

impl Line {
    /// An empty line.
    #[must_use]
    pub fn begin() -> Self {
        Self::default()
    }

    fn run(mut self, words: &str, style: Option<&str>) -> Self {
        if words.is_empty() {
            return self;
        }
        let mut run = json!({"type": "text", "text": words});
        if let Some(style) = style {
            run["style"] = json!({style: true});
        }
        self.0.push(run);
        self
    }

    /// Our own words.
    #[must_use]
    pub fn text(self, words: &str) -> Self {
        self.run(words, None)
    }

    /// Our own words, bold.
    #[must_use]
    pub fn bold(self, words: &str) -> Self {
        self.run(words, Some("bold"))
    }

    /// Our own words, aside.
    #[must_use]
    pub fn aside(self, words: &str) -> Self {
        self.run(words, Some("italic"))
    }

    /// A digest or an id, to be compared by eye.
    #[must_use]
    pub fn code(self, words: &str) -> Self {
        self.run(&text::one_line(words), Some("code"))
    }

    /// Foreign words in one line, of at most so many characters.
    #[must_use]
    pub fn foreign(self, words: &str, most: usize) -> Self {
        let words = text::fit(&text::one_line(words), most);
        self.run(&words, None)
    }

    /// A person. Slack shows the name that the reader knows.
    #[must_use]
    pub fn user(mut self, user: &UserId) -> Self {
        self.0
            .push(json!({"type": "user", "user_id": user.as_str()}));
        self
    }

    /// A person. Slack shows the name that the reader knows.
    #[must_use]
    pub fn person(self, person: &Person) -> Self {
        self.user(&person.user)
    }

    /// Our own words in which `<@U...>` and `<!subteam^S...>` stand for people and groups.
    ///
    /// Groups are named without a ping, as text.
    #[must_use]
    pub fn people(mut self, words: &str) -> Self {
        let mut rest = words;
        while let Some((before, after)) = rest.split_once("<@") {
            let Some((id, behind)) = after.split_once('>') else {
                break;
            };
            let known = id.starts_with(['U', 'W'])
                && id
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            self = self.text(before);
            self = if known {
                self.user(&UserId::new(id))
            } else {
                self.foreign(id, 60)
            };
            rest = behind;
        }
        self.text(rest)
    }

    /// Who wrote a draft. Only our own phrase for an edit names a person; a model's name is foreign.
    #[must_use]
    pub fn foreign_author(self, author: &str) -> Self {
        if author.starts_with("edited by <@") {
            self.people(author)
        } else {
            self.foreign(author, 120)
        }
    }

    /// A moment, in the reader's own time zone.
    #[must_use]
    pub fn time(mut self, at: At) -> Self {
        let seconds = at.0.div_euclid(1_000);
        self.0.push(json!({
            "type": "date", "timestamp": seconds,
            "format": "{date_short_pretty} {time}", "fallback": clock(at),
        }));
        self
    }

    /// A link with our own words on it. Anything but a plain web address is shown as text.
    #[must_use]
    pub fn link(mut self, words: &str, url: &str) -> Self {
        match host(url) {
            Some(host) => {
                let label = format!("{words} ({host})");
                self.0
                    .push(json!({"type": "link", "url": url, "text": label}));
                self
            }
            None => self.text(words).text(": ").foreign(url, 200),
        }
    }

    /// A link into Stripe's dashboard, which code made of an id: the id itself is what it says.
    #[must_use]
    pub fn dashboard(mut self, id: &str, url: &str) -> Self {
        let id = text::one_line(id);
        if host(url).is_none() {
            return self.text(&id);
        }
        self.0.push(json!({"type": "link", "url": url, "text": id}));
        self
    }

    fn section(self) -> Value {
        json!({"type": "rich_text_section", "elements": self.0})
    }
}

/// A rich text block, built from top to bottom.
#[derive(Default)]
pub struct Rich(Vec<Value>);

impl Rich {
    /// An empty block.
    #[must_use]
    pub fn begin() -> Self {
        Self::default()
    }

    /// One line. Lines stand under one another.
    #[must_use]
    pub fn line(mut self, line: Line) -> Self {
        if line.0.is_empty() {
            return self;
        }
        let after_a_line = self
            .0
            .last()
            .is_some_and(|part| part["type"] == "rich_text_section");
        if after_a_line
            && let Some(all) = self
                .0
                .last_mut()
                .and_then(|part| part["elements"].as_array_mut())
        {
            all.push(json!({"type": "text", "text": "\n"}));
            all.extend(line.0);
            return self;
        }
        self.0.push(line.section());
        self
    }

    /// Foreign text with its line breaks, behind a bar, so that it cannot pass for a line of ours.
    #[must_use]
    pub fn quote(self, words: &str) -> Self {
        self.quote_shown(&text::shown(words))
    }

    /// Foreign text that [`text::shown`] has been over already, behind a bar.
    #[must_use]
    pub fn quote_shown(mut self, words: &str) -> Self {
        let words = if words.trim().is_empty() {
            "(empty)"
        } else {
            words
        };
        let runs: Vec<Value> = text::pieces(words, super::limits::TEXT)
            .iter()
            .map(|piece| json!({"type": "text", "text": piece}))
            .collect();
        self.0
            .push(json!({"type": "rich_text_quote", "elements": runs}));
        self
    }

    /// Foreign lines as bullets within so many characters; what does not fit is counted.
    #[must_use]
    pub fn foreign_bullets(self, lines: &[String], most: usize) -> Self {
        let mut room = most;
        let mut rows = vec![];
        for (index, line) in lines.iter().enumerate() {
            let words = text::fit(&text::one_line(line), 300.min(most));
            let size = text::length(&words) + 1;
            if size > room {
                let more = lines.len() - index;
                rows.push(Line::begin().aside(&format!("and {more} more, see Details")));
                break;
            }
            room -= size;
            rows.push(Line::begin().text(&words));
        }
        self.bullets(rows)
    }

    /// Bullets, one line each.
    #[must_use]
    pub fn bullets(mut self, lines: impl IntoIterator<Item = Line>) -> Self {
        let rows: Vec<Value> = lines
            .into_iter()
            .filter(|line| !line.0.is_empty())
            .map(Line::section)
            .collect();
        if !rows.is_empty() {
            self.0.push(
                json!({"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": rows}),
            );
        }
        self
    }

    /// The block, unless there is nothing in it: Slack takes no empty one.
    #[must_use]
    pub fn done_if_any(self, block: &str) -> Option<Value> {
        (!self.0.is_empty()).then(|| self.done(block))
    }

    /// The block.
    #[must_use]
    pub fn done(self, block: &str) -> Value {
        json!({"type": "rich_text", "block_id": block, "elements": self.0})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_in_our_words_become_users_and_nothing_else_does() {
        let line = Line::begin().people("edited by <@U0LEAD0001>, not <@here> or <!channel>");
        let kinds: Vec<_> = line.0.iter().map(|run| run["type"].clone()).collect();
        assert_eq!(kinds, ["text", "user", "text", "text", "text"]);
    }
}
