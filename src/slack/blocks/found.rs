//! What was found, and what people made of similar drafts.

use super::draft::words;
use super::rich::{Line, Rich};
use super::text::fit;
use crate::domain::card::{EvidenceFace, SimilarFace};

/// What was found, by source, within so many characters.
#[must_use]
pub fn evidence(all: &[EvidenceFace], most: usize) -> Rich {
    let rich = Rich::begin().line(Line::begin().bold("Evidence"));
    if all.is_empty() {
        return rich.line(Line::begin().text("None was gathered."));
    }
    let mut lines: Vec<String> = vec![];
    for one in all.iter().filter(|one| !one.lines.is_empty()) {
        lines.push(format!("{}: {}", one.source, one.lines.join("; ")));
    }
    lines.extend(not_found(all));
    let read = all.iter().map(|one| one.taken_at).min();
    let rich = match read {
        Some(at) => rich.line(Line::begin().text("Read-only, read ").time(at).text(".")),
        None => rich,
    };
    rich.foreign_bullets(&lines, most)
}

/// What was asked and answered with nothing, in one line.
pub fn not_found<'a>(all: impl IntoIterator<Item = &'a EvidenceFace> + Clone) -> Option<String> {
    // A list of charges is answered charge by charge, and what became of a charge stands with it.
    const BY_CHARGE: [&str; 4] = ["charges", "disputes", "refunds", "fraud_warnings"];
    let lines = all.clone().into_iter().flat_map(|one| &one.lines);
    let charges = lines.into_iter().any(|line| line.starts_with("charge "));
    let said = |one: &EvidenceFace| charges && BY_CHARGE.contains(&one.query.as_str());
    let mut nothing: Vec<String> = vec![];
    for one in all
        .into_iter()
        .filter(|one| one.lines.is_empty() && !said(one))
    {
        let asked = words(&one.query);
        if !nothing.contains(&asked) {
            nothing.push(asked);
        }
    }
    (!nothing.is_empty()).then(|| format!("looked for and not found: {}", nothing.join(", ")))
}

/// What people made of similar drafts.
#[must_use]
pub fn similar(all: &[SimilarFace], most: usize) -> Rich {
    let rich = Rich::begin().line(Line::begin().bold("Similar decisions"));
    if all.is_empty() {
        return rich.line(Line::begin().text("None so far."));
    }
    let lines: Vec<String> = all
        .iter()
        .map(|one| {
            format!(
                "#{} “{}”: {} · {}",
                one.number,
                fit(&one.headline, 70),
                fit(&one.proposed, 80),
                one.outcome
            )
        })
        .collect();
    rich.foreign_bullets(&lines, most)
}
