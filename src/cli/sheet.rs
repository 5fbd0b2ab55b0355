//! A sheet for a terminal: labels in one column, text wrapped beside them, and a case written on it.

use crate::domain::approval::{Assessment, Course, Verb};
use crate::domain::card::{CaseFace, EvidenceFace, IdentityFace, Texts};
use crate::domain::case::Case;
use crate::domain::case::face::{Lens, case_face, draft_face, evidence_faces, shown_view};
use crate::domain::case::naming::{plain, quoted, request_named, role_name, rule_of};
use crate::domain::draft::{Draft, Origin};
use crate::domain::ids::RuleName;
use crate::domain::time::At;

/// The width of the column of labels.
const LABELS: usize = 12;
/// The width of a line, labels included: what an unresized terminal and a mail show without breaking it.
const WIDTH: usize = 100;

/// Lines with a label each.
#[derive(Default)]
pub(super) struct Sheet(Vec<String>);

impl Sheet {
    /// A label and a text beside it. The text keeps its own lines, and long ones are wrapped.
    pub(super) fn row(&mut self, label: &str, text: &str) {
        let mut label = label;
        for line in text.lines() {
            for piece in wrapped(line, WIDTH - LABELS) {
                let whole = format!("{label:<LABELS$}{piece}");
                self.0.push(whole.trim_end().to_owned());
                label = "";
            }
        }
    }

    /// A text of several lines, further in than the rows.
    fn further_in(&mut self, text: &str) {
        for line in text.lines() {
            for piece in wrapped(line, WIDTH - LABELS - 2) {
                let whole = format!("{:<LABELS$}  {piece}", "");
                self.0.push(whole.trim_end().to_owned());
            }
        }
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.0.push(String::new());
    }

    /// The lines, one under the other.
    pub(super) fn text(&self) -> String {
        self.0.join("\n")
    }
}

/// A line in pieces of at most `width` characters, broken at spaces. What has no space stays whole: an id or an
/// address that is broken cannot be copied.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let piece = pieces.last().map_or("", String::as_str);
        let fits = piece.chars().count() + 1 + word.chars().count() <= width;
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() => word.clone_into(piece),
            Some(piece) if fits => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

/// A moment as people read it, in UTC and to the minute.
pub(super) fn minute(at: At) -> String {
    let text = at.rfc3339();
    format!("{} UTC", text.get(..16).unwrap_or(&text).replace('T', " "))
}

/// The part of an id that tells it from the others of its case, for example `r2` or `d3`.
pub(super) fn short(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

/// The tier of a draft with the rule that gave it, and what held of that rule.
pub(super) fn tier(assessment: &Assessment) -> String {
    format!(
        "{} by {}: {}",
        assessment.tier,
        rule_of(&assessment.rule),
        plain(&assessment.because.join("; "))
    )
}

/// All evidence: what was asked for, and what was found.
pub(super) fn evidence(sheet: &mut Sheet, label: &str, faces: &[EvidenceFace]) {
    let mut label = label;
    for face in faces {
        let source = &face.source;
        if face.lines.is_empty() {
            let asked = plain(&face.query);
            sheet.row(label, &format!("{source}: nothing about {asked}"));
        }
        for line in &face.lines {
            sheet.row(label, &format!("{source}: {line}"));
            label = "";
        }
        label = "";
    }
}

/// Values on a line each; a text of several lines stands below its label and further in.
pub(super) fn values(sheet: &mut Sheet, values: &[(String, String)]) {
    for (label, value) in values {
        if value.contains('\n') {
            sheet.row("", &format!("{label}:"));
            sheet.further_in(value);
        } else {
            sheet.row("", &format!("{label}: {value}"));
        }
    }
}

/// What a case is now: ticket, verdict, evidence, drafts with their tiers, questions, who has it.
pub(super) fn of_case(case: &Case, texts: &Texts) -> String {
    let by_name = |rule: &RuleName| rule.to_string();
    let lens = Lens {
        texts,
        similar: &[],
        people: &by_name,
    };
    let mut sheet = Sheet::default();
    let face = case_face(case, lens);
    let headline = match (shown_view(case), face.headline.as_str()) {
        (None, _) => "(not read yet)",
        (Some(_), headline) => headline,
    };
    sheet.row(&format!("Case {}", face.number), headline);
    let stage = case.stage().word().replace('_', " ");
    let from = format!("ticket {} from {}; {stage}", face.external, face.source);
    sheet.row("", &from);
    identity(&mut sheet, &face);
    verdict(&mut sheet, case, lens);
    if !case.evidence.is_empty() {
        sheet.gap();
    }
    evidence(&mut sheet, "Evidence", &evidence_faces(case));
    drafts(&mut sheet, case, lens);
    requests(&mut sheet, case, lens);
    escalations(&mut sheet, case);
    sheet.text()
}

/// Who asked, where the source does not settle it, and how to settle it.
fn identity(sheet: &mut Sheet, face: &CaseFace) {
    match &face.identity {
        None => {}
        Some(IdentityFace::Needed { reason }) => {
            sheet.row("Requester", reason);
            let how = "In Slack, a member of the role that has the case says who it is: Link customer… on its card.";
            sheet.row("", how);
        }
        Some(IdentityFace::Linked {
            customer,
            by,
            words,
        }) => {
            let linked = format!("linked to {customer} by {}: {words}", by.user);
            sheet.row("Requester", &linked);
        }
    }
}

fn verdict(sheet: &mut Sheet, case: &Case, lens: Lens) {
    let Some(verdict) = &case.verdict else {
        return;
    };
    sheet.gap();
    let said = format!(
        "severity {}, {}, queue {}, {} % sure: {} (by {})",
        verdict.severity,
        plain(verdict.category.word()),
        verdict.queue,
        verdict.confidence,
        plain(verdict.resolution.word()),
        verdict.model
    );
    sheet.row("Verdict", &said);
    sheet.row("", &lens.text(verdict.rationale));
}

fn drafts(sheet: &mut Sheet, case: &Case, lens: Lens) {
    for progress in &case.drafts {
        let draft = draft_face(case, &progress.draft, lens);
        sheet.gap();
        sheet.row("Draft", &draft.effect);
        values(sheet, &draft.parameters);
        values(sheet, &draft.texts);
        sheet.row("", &format!("by {}", author(&progress.draft)));
        if let Some(assessment) = &progress.assessment {
            sheet.row("", &format!("tier {}", tier(assessment)));
            let follows = course(&assessment.course);
            sheet.row("", &follows);
        }
    }
}

/// Who wrote a draft.
fn author(draft: &Draft) -> String {
    match &draft.origin {
        Origin::Model { model } => model.clone(),
        Origin::Code => "Countersign's rules".into(),
        Origin::Edit { editor, .. } => format!("@{}, who changed an earlier one", editor.user),
    }
}

/// What follows from a tier.
fn course(course: &Course) -> String {
    match course {
        Course::Auto => "it runs without a question".to_owned(),
        Course::Ask(asking) => format!("{} must decide", plain(asking.approver_rule.as_str())),
        Course::ToRole { role } => {
            let role = role_name(*role);
            format!("the case goes to {role}, and nothing of ours runs")
        }
        Course::Blocked { role, reason } => {
            let (role, reason) = (role_name(*role), plain(reason));
            format!("nobody may approve it: {reason}; it goes to {role}")
        }
        Course::RecordOnly { reason } => {
            format!("it is recorded and not applied: {}", plain(reason))
        }
        Course::Never { reason } => format!("it never runs: {}", plain(reason)),
    }
}

fn requests(sheet: &mut Sheet, case: &Case, lens: Lens) {
    for asked in &case.requests {
        let request = &asked.request;
        sheet.gap();
        let asks = format!(
            "{} about {}: {}, due {}",
            plain(request.asking.approver_rule.as_str()),
            request_named(case, &request.id),
            asked.state,
            minute(request.asking.due_at)
        );
        sheet.row(&format!("Asked {}", short(request.id.as_str())), &asks);
        for decision in &asked.decisions {
            let reason = decision.reason.map_or_else(String::new, |reason| {
                format!(": {}", quoted(&lens.text(reason)))
            });
            let verb = match decision.verb {
                Verb::Approve => "approved",
                Verb::Edit => "approved as changed",
                Verb::Reject => "rejected",
            };
            let decided = format!(
                "{verb} by @{} at {}{reason}",
                decision.person.user,
                minute(decision.at)
            );
            sheet.row("", &decided);
        }
    }
}

fn escalations(sheet: &mut Sheet, case: &Case) {
    if !case.escalations.is_empty() {
        sheet.gap();
    }
    for (escalation, progress) in &case.escalations {
        let taken = progress
            .taken
            .as_ref()
            .map_or_else(String::new, |(by, _)| format!(", taken by @{}", by.user));
        let continued = if progress.continued.is_some() {
            ", continued in the next"
        } else {
            ""
        };
        let with = format!(
            "{} ({}){taken}{continued}",
            role_name(escalation.role),
            plain(escalation.cause.word())
        );
        sheet.row("With", &with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_beside_its_label_and_an_address_is_never_broken() {
        let address = format!("https://desk.example.com/{}", "a".repeat(120));
        let mut sheet = Sheet::default();
        sheet.row(
            "Verdict",
            &format!("{} {address}", "word ".repeat(30).trim()),
        );
        let text = sheet.text();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("Verdict     word"));
        assert!(lines[1].starts_with("            word"));
        assert!(lines[0].len() <= WIDTH);
        assert_eq!(lines.last().unwrap().trim(), address);
    }

    #[test]
    fn the_lines_of_a_text_stay_and_empty_ones_carry_no_spaces() {
        let mut sheet = Sheet::default();
        sheet.row("Draft d1", "one\n\ntwo");
        assert_eq!(sheet.text(), "Draft d1    one\n\n            two");
    }
}
