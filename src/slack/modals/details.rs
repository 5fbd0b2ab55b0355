//! The details modal: everything there is to read about a request, over as many pages as it takes.
//!
//! The draft stands last, and Approve stands on the last page: whoever gets there had all of it before them.

use serde_json::{Value, json};

use super::{WHY, checked, waits};
use crate::domain::approval::Tier;
use crate::domain::card::{ComposedView, EvidenceFace, RequestFace};
use crate::domain::ids::CardId;
use crate::slack::blocks::kit::{self, Asks};
use crate::slack::blocks::rich::{Line, Rich};
use crate::slack::blocks::{Part, approver, case, draft, found, limits, seal, text};
use crate::slack::verbs::{Token, Verb};

/// What one page holds at most, by Slack's count for messages; modals allow more.
const PAGE: usize = 9_000;
/// What one block of text holds.
const PIECE: usize = 2_600;

/// All pages of a request, and the view that they are.
pub struct Details {
    /// The card that they are, as far as the journal is concerned.
    pub card: CardId,
    pages: Vec<Vec<Value>>,
    /// What is bound when it is approved from the last page.
    pub view: ComposedView,
    approve: Option<(&'static str, bool)>,
}

/// Lays a request out over pages.
#[must_use]
pub fn of(face: &RequestFace) -> Option<Details> {
    let card = CardId::new(format!("details.{}", face.request.id));
    let pages = paged(blocks(face));
    let part = Part::of_request(pages.concat(), face, "modal");
    let view = seal(&card, part).1?;
    let approve = waits(face).then(|| {
        let label = draft::approve_label(face);
        (label, face.request.tier == Tier::High)
    });
    Some(Details {
        card,
        pages,
        view,
        approve,
    })
}

impl Details {
    /// How many pages there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.pages.len()
    }

    /// One page as a modal. `origin` is what the button carried that opened the first page.
    #[must_use]
    pub fn page(&self, page: usize, origin: &Token) -> Value {
        let last = self.pages.len().saturating_sub(1);
        let page = page.min(last);
        let mut blocks = self.pages.get(page).cloned().unwrap_or_default();
        let turn = |to: usize, label: &str| {
            json!({"type": "button", "action_id": format!("cs.page.{to}"),
                   "text": kit::plain(label), "value": origin.with(Verb::Details).to_string()})
        };
        let mut buttons = vec![];
        if page > 0 {
            buttons.push(turn(page - 1, "Back"));
        }
        if page < last {
            buttons.push(turn(page + 1, "Next"));
        }
        if !buttons.is_empty() {
            blocks.push(kit::actions("cs.turn.0", &buttons));
        }
        let title = if last == 0 {
            "Details".to_owned()
        } else {
            format!("Page {} of {}", page + 1, last + 1)
        };
        let mut view = json!({
            "type": "modal",
            "callback_id": "cs.details",
            "private_metadata": origin.with(Verb::Details).to_string(),
            "title": kit::plain(&title),
            "close": kit::plain("Close"),
        });
        if let Some((label, high)) = self.approve
            && page == last
        {
            let asks = Asks {
                block: WHY,
                label: "Why do you approve this?",
                optional: !high,
            };
            blocks.push(kit::text_input(asks, "", true));
            view["submit"] = kit::plain(label);
            view["private_metadata"] = json!(self.view.button(Verb::Approve.word()));
        }
        view["blocks"] = Value::Array(blocks);
        checked(view)
    }
}

fn blocks(face: &RequestFace) -> Vec<Value> {
    let mut all = vec![
        approver::what_happens(face).done("cs.effect.0"),
        approver::rule(face).done("cs.rule.0"),
        case::origin(&face.case)
            .line(case::ticket(&face.case))
            .done("cs.case.0"),
    ];
    all.extend(whole("The conversation", &face.case.text, "talk"));
    all.extend(found_by_source(&face.evidence));
    all.push(found::similar(&face.similar, 1_500).done("cs.similar.0"));
    let title = format!("The draft, to its end: {}", draft::named(&face.draft));
    let mut rich = Rich::begin().line(Line::begin().bold(&title));
    for (label, value) in &face.draft.parameters {
        rich = rich.line(Line::begin().bold(label).text(": ").foreign(value, PIECE));
    }
    all.push(draft::explain_slots(rich, &face.draft).done("cs.draft.0"));
    for (n, (label, words)) in face.draft.texts.iter().enumerate() {
        all.extend(whole(label, words, &format!("text{n}")));
    }
    for (n, (label, before, after)) in face.draft.changes.iter().enumerate() {
        all.extend(whole(
            &format!("{label} before the edit"),
            before,
            &format!("old{n}"),
        ));
        all.extend(whole(
            &format!("{label} after it"),
            after,
            &format!("new{n}"),
        ));
    }
    all
}

/// Everything that was found, source by source, and what was looked for in vain.
fn found_by_source(evidence: &[EvidenceFace]) -> Vec<Value> {
    let mut sources: Vec<&str> = evidence.iter().map(|one| one.source.as_str()).collect();
    sources.dedup();
    let mut all = vec![];
    for (n, source) in sources.into_iter().enumerate() {
        let of_source: Vec<&EvidenceFace> =
            evidence.iter().filter(|one| one.source == source).collect();
        let mut lines: Vec<&str> = of_source
            .iter()
            .flat_map(|one| one.lines.iter().map(String::as_str))
            .collect();
        let vain = found::not_found(of_source.iter().copied());
        lines.extend(vain.as_deref());
        let read = of_source.iter().map(|one| kit::clock(one.taken_at)).min();
        let title = format!("{source}, read {}", read.unwrap_or_default());
        all.extend(whole(&title, &lines.join("\n"), &format!("found{n}")));
    }
    all
}

/// A text to its end, in as many blocks as it takes.
fn whole(title: &str, words: &str, id: &str) -> Vec<Value> {
    let shown = text::shown(words);
    let mut pieces = text::passages(&shown, PIECE);
    if pieces.is_empty() {
        pieces.push(String::new());
    }
    let count = pieces.len();
    pieces
        .iter()
        .enumerate()
        .map(|(n, piece)| {
            let part = if count > 1 {
                format!(" ({} of {count})", n + 1)
            } else {
                String::new()
            };
            let title = text::fit(&text::one_line(title), 150);
            Rich::begin()
                .line(Line::begin().bold(&format!("{title}{part}")))
                .quote_shown(piece)
                .done(&format!("cs.{id}.{n}"))
        })
        .collect()
}

fn paged(blocks: Vec<Value>) -> Vec<Vec<Value>> {
    let mut pages: Vec<Vec<Value>> = vec![];
    let mut used = 0;
    for block in blocks {
        let size = limits::weight(std::slice::from_ref(&block));
        let full = used + size > PAGE || pages.last().is_some_and(|page| page.len() >= 40);
        match pages.last_mut().filter(|_| !full) {
            Some(page) => {
                page.push(block);
                used += size;
            }
            None => {
                pages.push(vec![block]);
                used = size;
            }
        }
    }
    pages
}
