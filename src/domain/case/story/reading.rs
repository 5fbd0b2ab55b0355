//! The beginning of a story: what came in, what was read and found, what was proposed.

use super::Telling;
use crate::domain::approval::{Assessment, Course, Request, Route};
use crate::domain::case::event::{CaseEvent, ModelView};
use crate::domain::case::findings::finding;
use crate::domain::case::naming::{
    capital, clause, draft_named, minute, named, plain, quoted, role_name, rule_of,
};
use crate::domain::case::words::changes;
use crate::domain::draft::{Draft, Origin};
use crate::domain::evidence::{Ask, Evidence};
use crate::domain::ticket::Ticket;
use crate::domain::verdict::{Resolution, Verdict};

impl Telling<'_> {
    pub(super) fn read(&self, event: &CaseEvent) -> Option<String> {
        Some(match event {
            CaseEvent::TicketReceived { number, ticket } => received(*number, ticket),
            CaseEvent::CustomerWrote { revision, .. } => {
                let kept = self.case.links.iter().rev();
                let kept = kept.into_iter().find(|link| link.held_into(*revision));
                let kept = kept.map_or_else(String::new, |link| {
                    format!("; who asked is still linked to {}", link.customer)
                });
                format!("The customer wrote again, and the case is read anew{kept}")
            }
            CaseEvent::Redacted { view, .. } => redacted(view),
            CaseEvent::ModelCalled { receipt } if receipt.outcome != "ok" => format!(
                "The model was asked to {} and brought nothing: {}",
                receipt.task,
                clause(&receipt.outcome)
            ),
            CaseEvent::Triaged { verdict, .. } => triaged(verdict),
            CaseEvent::IdentityNeeded { reason } => capital(&clause(reason)),
            CaseEvent::CustomerLinked {
                customer,
                by,
                words,
                ..
            } => format!(
                "{} linked who asked to {customer} ({}); the source does not vouch for the requester",
                self.names.signed(by),
                quoted(&self.lens.text(*words))
            ),
            CaseEvent::HumanNeeded { why } => {
                format!("The machine could not go on: {}", clause(why))
            }
            CaseEvent::EvidenceTaken { evidence, next } => {
                return taken(evidence, next.is_empty());
            }
            CaseEvent::EvidenceFailed { ask, why, again_at } => {
                let next = if again_at.is_some() {
                    "and is asked again"
                } else {
                    "and is asked no more; what it would have said counts as unknown"
                };
                let why = clause(why);
                format!(
                    "{} did not answer about {} ({why}) {next}",
                    ask.source,
                    asked(ask)
                )
            }
            _ => return None,
        })
    }

    pub(super) fn proposed(&self, event: &CaseEvent) -> Option<String> {
        Some(match event {
            CaseEvent::DraftProposed { draft } => self.drafted(draft),
            CaseEvent::RiskAssessed { draft, assessment } => {
                assessed(&named(self.case, draft), assessment)
            }
            CaseEvent::ApprovalRequested { request } => self.put(request),
            _ => return None,
        })
    }

    fn drafted(&self, draft: &Draft) -> String {
        let name = draft_named(self.case, draft);
        let author = match &draft.origin {
            Origin::Model { model } => model.as_str(),
            Origin::Code => "Countersign's rules",
            Origin::Edit { editor, of } => {
                let changed: Vec<String> = changes(self.case, draft, self.lens)
                    .iter()
                    .map(|(label, before, after)| {
                        format!("{label} from {} to {}", cut(before), cut(after))
                    })
                    .collect();
                return format!(
                    "{} changed {}: {}",
                    self.names.signed(editor),
                    named(self.case, of),
                    changed.join("; ")
                );
            }
        };
        let money = if draft.action.kind().is_money() {
            ", a recommendation to billing; nothing moves unless a person acts in Stripe"
        } else {
            ""
        };
        format!("{author} drafted {name}{money}")
    }

    fn put(&self, request: &Request) -> String {
        let asking = &request.asking;
        let how = match asking.route {
            Route::BatchReview => " in a batch",
            Route::AutoExecute | Route::ToRole | Route::NamedApprover => "",
        };
        let before = request
            .follows
            .as_ref()
            .and_then(|before| self.case.request(before));
        let order = match before {
            None => "",
            Some(before) if before.request.asking.approver_rule == asking.approver_rule => " again",
            Some(_) => " next",
        };
        let more = match asking.quorum {
            0 | 1 => String::new(),
            n => format!("; {n} people must approve it"),
        };
        format!(
            "{} was put to {}{order}{how}, due {}{more}",
            capital(&named(self.case, &request.draft)),
            plain(asking.approver_rule.as_str()),
            minute(asking.due_at)
        )
    }
}

fn received(number: u64, ticket: &Ticket) -> String {
    let vouched = if ticket.requester.verified {
        "vouches"
    } else {
        "does not vouch"
    };
    format!(
        "Ticket {} came from {} and became case {number}; the source {vouched} for who asked",
        ticket.external, ticket.source
    )
}

fn redacted(view: &ModelView) -> String {
    let replaced: Vec<String> = view
        .replaced
        .iter()
        .map(|(kind, count)| format!("{count} {}", plain(kind)))
        .collect();
    let replaced = if replaced.is_empty() {
        "nothing had to be taken out".into()
    } else {
        format!("taken out: {}", replaced.join(", "))
    };
    let signals: Vec<String> = view
        .signals
        .iter()
        .map(|signal| plain(signal.word()))
        .collect();
    let signals = if signals.is_empty() {
        String::new()
    } else {
        format!(". Plain rules saw signs of: {}", signals.join(", "))
    };
    format!("The text was redacted ({replaced}){signals}")
}

fn triaged(verdict: &Verdict) -> String {
    format!(
        "{} triaged it: severity {}, {}, {} % sure, {}",
        verdict.model,
        verdict.severity,
        plain(verdict.category.word()),
        verdict.confidence,
        match verdict.resolution {
            Resolution::AutoResolve => "could be answered without a person",
            Resolution::ProposeResolution => "an answer can be proposed",
            Resolution::Escalate => "belongs to a role",
        }
    )
}

/// What was found. An answer that only led to further questions is told by theirs.
fn taken(evidence: &Evidence, ends: bool) -> Option<String> {
    let source = &evidence.ask.source;
    let lines: Vec<String> = evidence.findings.iter().map(finding).collect();
    match (lines.is_empty(), ends) {
        (true, false) => None,
        (true, true) => Some(format!("{source} has no {}", asked(&evidence.ask))),
        (false, _) => Some(format!("{source} answered: {}", lines.join("; "))),
    }
}

/// What a connector is asked about, in words.
fn asked(ask: &Ask) -> String {
    plain(&ask.query)
}

fn assessed(draft: &str, assessment: &Assessment) -> String {
    let because = if assessment.because.is_empty() {
        String::new()
    } else {
        format!(": {}", plain(&assessment.because.join("; ")))
    };
    let course = match &assessment.course {
        Course::Never { reason } | Course::RecordOnly { reason } => {
            format!("it stays a proposal on record ({})", plain(reason))
        }
        Course::Blocked { reason, role } => format!(
            "nobody may approve it here ({}), and the case goes to {}",
            plain(reason),
            role_name(*role)
        ),
        Course::Auto => "it runs without a question".into(),
        Course::ToRole { role } => format!("it goes straight to {}", role_name(*role)),
        Course::Ask(_) => "people must decide".into(),
    };
    let rule = rule_of(&assessment.rule);
    format!(
        "The rules put {draft} into the {} tier ({rule}{because}); {course}",
        assessment.tier
    )
}

/// The beginning of a changed value: the whole of it is on the card and in the record.
fn cut(value: &str) -> String {
    const MOST: usize = 120;
    let short: String = value.chars().take(MOST).collect();
    if short.len() < value.len() {
        format!("{}…”", quoted(&short).trim_end_matches('”'))
    } else {
        quoted(value)
    }
}
