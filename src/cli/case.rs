//! `countersign case`: what is open, what a case is, and its story.

use std::path::Path;

use clap::{Args, Subcommand};

use super::{Ended, local};
use crate::domain::card::Texts;
use crate::domain::case::Case;
use crate::domain::case::face::{Lens, case_face, draft_face, evidence_face};
use crate::domain::case::story::story;
use crate::domain::ids::RuleName;
use crate::store::{CaseFilter, Page, Store};

/// Look at cases.
#[derive(Subcommand)]
pub enum CaseCommand {
    /// One line for each case, the newest first.
    List(List),
    /// What a case is now: verdict, evidence, drafts, tiers, decisions.
    Show(One),
    /// What happened to a case, in sentences.
    Story(One),
}

/// One line for each case.
#[derive(Args)]
pub struct List {
    /// Only cases in which something is open.
    #[arg(long)]
    open: bool,
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    most: u32,
    #[command(flatten)]
    database: local::Database,
}

/// One case.
#[derive(Args)]
pub struct One {
    /// The number of the case.
    number: u64,
    #[command(flatten)]
    database: local::Database,
}

impl CaseCommand {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        match self {
            Self::List(list) => {
                let Some(store) = list.database.open(manifests).await? else {
                    return Ok(Ended::Misused);
                };
                let filter = CaseFilter {
                    open: list.open,
                    ..CaseFilter::default()
                };
                for line in store
                    .cases(
                        &filter,
                        Page {
                            skip: 0,
                            most: list.most,
                        },
                    )
                    .await?
                {
                    println!(
                        "{:>5}  {:<11} {:<10} {:<16} {:<22} {}",
                        line.number,
                        line.stage.word(),
                        line.severity
                            .map_or_else(|| "-".into(), |severity| format!("severity {severity}")),
                        line.category.map_or("-", |category| category.word()),
                        line.waiting_on.as_deref().unwrap_or("-"),
                        line.headline.as_deref().unwrap_or("[erased]")
                    );
                }
                Ok(Ended::Fine)
            }
            Self::Show(one) => one.print(manifests, show).await,
            Self::Story(one) => {
                let Some(store) = one.database.open(manifests).await? else {
                    return Ok(Ended::Misused);
                };
                match store.case_by_number(one.number).await? {
                    Some(case) => {
                        for sentence in told(&store, &case).await? {
                            println!("{sentence}");
                        }
                        Ok(Ended::Fine)
                    }
                    None => Ok(nothing(one.number)),
                }
            }
        }
    }
}

impl One {
    async fn print(self, manifests: &Path, print: impl Fn(&Case, &Texts)) -> anyhow::Result<Ended> {
        let Some(store) = self.database.open(manifests).await? else {
            return Ok(Ended::Misused);
        };
        let Some(case) = store.case_by_number(self.number).await? else {
            return Ok(nothing(self.number));
        };
        let texts = store.texts(&case.id.stream()).await?;
        print(&case, &texts);
        Ok(Ended::Fine)
    }
}

fn nothing(number: u64) -> Ended {
    eprintln!("There is no case {number}. `countersign case list` shows which there are.");
    Ended::No
}

/// The story of a case, with the time before each sentence.
pub(super) async fn told(store: &Store, case: &Case) -> anyhow::Result<Vec<String>> {
    let texts = store.texts(&case.id.stream()).await?;
    let events = store.events(&case.id.stream()).await?;
    let people = |_: &RuleName| String::new();
    let lens = Lens {
        texts: &texts,
        similar: &[],
        people: &people,
    };
    Ok(events
        .iter()
        .flat_map(|event| {
            let at = event.at.rfc3339();
            let at = at.get(..19).unwrap_or(&at).replace('T', " ");
            story(case, std::slice::from_ref(event), lens)
                .into_iter()
                .map(move |said| format!("{at}  {said}"))
        })
        .collect())
}

/// What a case is now.
pub(super) fn show(case: &Case, texts: &Texts) {
    let people = |rule: &RuleName| rule.to_string();
    let lens = Lens {
        texts,
        similar: &[],
        people: &people,
    };
    let face = case_face(case, lens);
    println!("Case {}: {}", face.number, face.headline);
    println!(
        "  from {} as {}, {}",
        face.source,
        face.external,
        case.stage()
    );
    if let Some(verdict) = &case.verdict {
        println!(
            "  verdict    severity {}, {}, queue {}, {}% sure, {} (by {})",
            verdict.severity,
            verdict.category,
            verdict.queue,
            verdict.confidence,
            verdict.resolution,
            verdict.model
        );
        println!("             {}", lens.text(verdict.rationale));
    }
    for evidence in &case.evidence {
        let face = evidence_face(evidence);
        for line in &face.lines {
            println!("  evidence   {} {}: {line}", face.source, face.query);
        }
    }
    for progress in &case.drafts {
        let draft = draft_face(case, &progress.draft, lens);
        println!(
            "  draft      {} by {}: {}",
            progress.draft.id, draft.author, draft.effect
        );
        for (label, value) in draft.parameters.iter().chain(&draft.texts) {
            println!(
                "             {label}: {}",
                value.replace('\n', "\n               ")
            );
        }
        if let Some(assessment) = &progress.assessment {
            println!(
                "             tier {} by {} ({})",
                assessment.tier,
                assessment.rule,
                assessment.because.join("; ")
            );
        }
    }
    for asked in &case.requests {
        let due = asked.request.asking.due_at;
        println!(
            "  request    {} {} asks {}, due {due}",
            asked.request.id, asked.state, asked.request.asking.approver_rule
        );
        for decision in &asked.decisions {
            let reason = decision
                .reason
                .map_or_else(String::new, |reason| format!(": {}", lens.text(reason)));
            println!(
                "             {} by {} at {}{reason}",
                decision.verb, decision.person.user, decision.at
            );
        }
    }
    for (escalation, progress) in &case.escalations {
        let taken = progress
            .taken
            .as_ref()
            .map_or_else(String::new, |(by, _)| format!(", taken by {}", by.user));
        println!(
            "  with       {} ({}){taken}",
            escalation.role, escalation.cause
        );
    }
}
