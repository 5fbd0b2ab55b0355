//! What `/triage show` and `/triage why` say of one case.

use super::blocks::draft::words;
use super::blocks::facts::{fact_line, in_force};
use super::blocks::rich::{Line, Rich};
use super::blocks::text::fit;
use super::blocks::{case as case_block, decided, draft, kit};
use super::commands::Blocks;
use super::status::stage_words;
use crate::domain::approval::Assessment;
use crate::domain::case::face::{Lens, case_face, escalation_face, request_face};
use crate::domain::case::naming::plain;
use crate::domain::case::{Case, DraftProgress, Stage};

/// The ticket, what was proposed, what was decided, who has it.
pub(super) fn show(case: &Case, lens: Lens<'_>) -> Blocks {
    let face = case_face(case, lens);
    let mut blocks = vec![
        kit::header("cs.title.0", &stage_title(case.stage())),
        case_block::whole(&face, 1_500).done("cs.case.0"),
    ];
    for (n, progress) in case.requests.iter().enumerate().rev().take(6) {
        let Some(face) = request_face(case, &progress.request.id, lens) else {
            continue;
        };
        let title = format!(
            "{} · {}",
            decided::state_words(&face),
            draft::named(&face.draft)
        );
        let mut rich = Rich::begin()
            .line(Line::begin().bold(&title))
            .line(Line::begin().foreign(&face.draft.effect, 200));
        if decided::outcome(&face).is_empty() {
            rich = rich.line(
                Line::begin()
                    .text("Waits for ")
                    .people(&fit(&face.people, 200))
                    .text(" until ")
                    .time(face.request.asking.due_at),
            );
        }
        for line in decided::outcome(&face).into_iter().take(4) {
            rich = rich.line(line);
        }
        blocks.push(rich.done(&format!("cs.request.{n}")));
    }
    for (n, (escalation, progress)) in case.escalations.iter().enumerate().rev().take(4) {
        let mut line = Line::begin()
            .text("With ")
            .bold(draft::role_words(escalation.role))
            .text(" since ")
            .time(escalation.since);
        if let Some((by, _)) = &progress.taken {
            line = line.text(", taken by ").person(by);
        }
        if let Some((by, _)) = &progress.resolved {
            line = line.text(", resolved by ").person(by);
        }
        if progress.continued.is_some() {
            line = line.text(", continued in a newer card");
        }
        let line = line.text(".");
        blocks.push(Rich::begin().line(line).done(&format!("cs.with.{n}")));
    }
    blocks
}

/// Where the case stands; the case itself is named below it.
fn stage_title(stage: Stage) -> String {
    let mut words = stage_words(stage).to_owned();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Which rules and facts led there.
pub(super) fn why(case: &Case, lens: Lens<'_>) -> Blocks {
    let title = format!("Why case #{} stands where it stands", case.number);
    let mut blocks = vec![kit::header("cs.title.0", &title)];
    if let Some(verdict) = &case.verdict {
        let rationale = lens
            .texts
            .get(&verdict.rationale)
            .map_or("", String::as_str);
        let rich = Rich::begin()
            .line(Line::begin().bold(&format!(
                "Triage: {}, severity {}, confidence {} %",
                words(verdict.category.word()),
                verdict.severity,
                verdict.confidence
            )))
            .line(Line::begin().foreign(rationale, 600));
        blocks.push(rich.done("cs.triage.0"));
    }
    for (n, progress) in case.drafts.iter().enumerate().rev().take(6) {
        let Some(assessment) = &progress.assessment else {
            continue;
        };
        let rich = assessed(progress, assessment);
        blocks.push(rich.done(&format!("cs.draft.{n}")));
    }
    // What goes on in a newer one would be said twice.
    let told = case.escalations.iter().enumerate();
    let told = told.filter(|(_, (_, progress))| progress.continued.is_none());
    for (n, (escalation, _)) in told.rev().take(4) {
        if let Some(face) = escalation_face(case, &escalation.id, lens) {
            let line = Line::begin()
                .text(&format!("With {}: ", draft::role_words(escalation.role)))
                .foreign(&in_force(&face.escalation.rule), 200);
            blocks.push(Rich::begin().line(line).done(&format!("cs.with.{n}")));
        }
    }
    if let Some(identity) = &case.identity_needed {
        let line = Line::begin().bold("Identity: ").foreign(identity, 300);
        blocks.push(Rich::begin().line(line).done("cs.identity.0"));
    }
    blocks
}

/// One draft, with what the rules made of it and why.
fn assessed(progress: &DraftProgress, assessment: &Assessment) -> Rich {
    let kind = draft::action_words(progress.draft.action.kind());
    let because: Vec<String> = assessment.because.iter().map(|one| plain(one)).collect();
    let mut rich = Rich::begin()
        .line(Line::begin().bold(&format!("{kind}: {} tier", assessment.tier)))
        .line(Line::begin().text("Rule: ").foreign(&assessment.rule, 200))
        .foreign_bullets(&because, 500)
        .line(
            Line::begin()
                .text("Facts: ")
                .foreign(&fact_line(&assessment.facts, &assessment.missing), 400),
        )
        .line(
            Line::begin()
                .text("Under policy ")
                .code(&assessment.policy.short()),
        );
    if let Some(declined) = &progress.declined {
        rich = rich.line(
            Line::begin()
                .text("Stays a proposal: ")
                .foreign(declined, 200),
        );
    }
    rich
}
