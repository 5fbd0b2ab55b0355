//! Reading, triage and drafting: redaction by our own code, then one model call per effect, with a receipt.

use tracing::Instrument as _;

use super::effects::{Brought, Ended};
use super::{Engine, EngineError};
use crate::agent::draft::{ProposedAction, ProposedDraft, draft_request, read_drafts};
use crate::agent::redaction::cut::cut;
use crate::agent::screen::Screen;
use crate::agent::triage::{read_verdict, triage_request};
use crate::agent::{language::language, signals};
use crate::domain::case::Case;
use crate::domain::case::command::{CaseCommand, Proposal};
use crate::domain::case::event::{ModelView, Receipt};
use crate::domain::content::{Content, ContentKind, Sealed};
use crate::domain::digest::Digest;
use crate::domain::draft::{Action, ActionKind};
use crate::domain::evidence::Finding;
use crate::domain::ids::{CaseId, EvidenceId};
use crate::domain::model::{
    CustomerText, DraftMaterial, Exhibit, Language, ModelAnswer, ModelRequest, Precedent,
    TriageMaterial, VerdictMaterial,
};
use crate::domain::time::At;
use crate::domain::verdict::Verdict;
use crate::ports::PortError;

/// How many decided cases a drafting model sees.
const PRECEDENTS: usize = 3;

/// What one call brought: the answer where there is one, and the receipt in any case.
struct Called {
    answer: Option<ModelAnswer>,
    receipt: Receipt,
    /// Whether asking again is pointless.
    lasting: bool,
}

impl Engine {
    /// Redacts the whole conversation up to a revision. Nothing reads the text before this.
    pub(super) async fn redact(&self, id: &CaseId, revision: u32) -> Result<Ended, EngineError> {
        let case = self.folded(id).await?;
        let Some(ticket) = case.ticket.as_ref().filter(|_| case.revision == revision) else {
            return Ok(Ended::With(vec![]));
        };
        let mut parts = vec![self.opened(&ticket.subject).await?];
        for message in &case.messages {
            parts.push(self.opened(message).await?);
        }
        let redacted = self
            .redactor
            .redact(&parts.join("\n\n"), &self.placeholders(&case).await?);
        let mut seen = signals::signals(&redacted.text);
        seen.extend(redacted.signals.iter().copied());
        seen.sort();
        seen.dedup();
        let mut replaced = std::collections::BTreeMap::new();
        for span in &redacted.spans {
            *replaced.entry(span.kind.word().to_owned()).or_insert(0) += 1;
        }
        let text = self.seal(ContentKind::ModelView, redacted.text.clone());
        let placeholders = self.seal(ContentKind::Placeholders, redacted.placeholders.to_json());
        let view = ModelView {
            text: text.sealed,
            placeholders: placeholders.sealed,
            replaced,
            floor: signals::severity_floor(&seen, &redacted.text),
            signals: seen,
            language: language(&redacted.text).word().to_owned(),
            mentions: mentions(&redacted.text),
        };
        let command = CaseCommand::RecordView { revision, view };
        Ok(Ended::With(vec![Brought::to_case(
            id,
            command,
            vec![text, placeholders],
        )]))
    }

    pub(super) async fn triage(&self, id: &CaseId, revision: u32) -> Result<Ended, EngineError> {
        let case = self.folded(id).await?;
        let (Some(view), true) = (&case.view, case.revision == revision) else {
            return Ok(Ended::With(vec![]));
        };
        let material = TriageMaterial {
            language: Language::from_word(&view.language).unwrap_or(Language::En),
            untrusted: self.customer_text(view).await?,
            queue: case.ticket.as_ref().and_then(|ticket| ticket.queue.clone()),
            signals: view.signals.clone(),
        };
        let policy = self.policy();
        let required = &policy.contract().outputs.required_fields;
        let request = triage_request(&material, &self.settings.triage_prompt, required);
        let called = self.call(&request, revision).await;
        let placeholders = self.placeholders(&case).await?;
        let screen = Screen::of(&self.redactor, &placeholders);
        let read = called.answer.as_ref().map(|answer| {
            read_verdict(&answer.text, view.floor, required).and_then(|read| screen.verdict(read))
        });
        let read = match read {
            Some(Ok(verdict)) => verdict,
            Some(Err(nonsense)) => return Ok(failed(id, called.unreadable(&nonsense.sentence))),
            None => return Ok(failed(id, called)),
        };
        let rationale = self.seal(ContentKind::Reason, read.rationale);
        let verdict = Verdict {
            severity: read.severity,
            category: read.category,
            queue: read.queue,
            confidence: read.confidence,
            resolution: read.resolution,
            rationale: rationale.sealed,
            signals: view.signals.clone(),
            model: called.receipt.model.clone(),
        };
        let command = CaseCommand::RecordVerdict {
            revision,
            verdict,
            receipt: called.receipt,
        };
        Ok(Ended::With(vec![Brought::to_case(
            id,
            command,
            vec![rationale],
        )]))
    }

    pub(super) async fn draft(&self, id: &CaseId, revision: u32) -> Result<Ended, EngineError> {
        let case = self.folded(id).await?;
        let (Some(view), Some(verdict)) = (&case.view, &case.verdict) else {
            return Ok(Ended::With(vec![]));
        };
        if case.revision != revision {
            return Ok(Ended::With(vec![]));
        }
        let untrusted = self.customer_text(view).await?;
        let material = DraftMaterial {
            language: Language::from_word(&view.language).unwrap_or(Language::En),
            verdict: VerdictMaterial {
                severity: verdict.severity,
                category: verdict.category,
                queue: verdict.queue.clone(),
                resolution: verdict.resolution,
                rationale: self.opened(&verdict.rationale).await?,
                signals: verdict.signals.clone(),
            },
            similar: self.precedents(&case, &untrusted.text).await?,
            untrusted,
            evidence: exhibits(&case),
            requester_known: requester_known(&case),
        };
        let called = self
            .call(
                &draft_request(&material, &self.settings.draft_prompt),
                revision,
            )
            .await;
        let known: Vec<EvidenceId> = case
            .evidence
            .iter()
            .map(|evidence| evidence.id.clone())
            .collect();
        let placeholders = self.placeholders(&case).await?;
        let screen = Screen::of(&self.redactor, &placeholders);
        let read = called.answer.as_ref().map(|answer| {
            read_drafts(&answer.text, &known).and_then(|drafted| screen.drafts(drafted))
        });
        let drafted = match read {
            Some(Ok(drafted)) => drafted,
            Some(Err(nonsense)) => return Ok(failed(id, called.unreadable(&nonsense.sentence))),
            None => return Ok(failed(id, called)),
        };
        let mut contents = vec![];
        let proposals = drafted
            .drafts
            .into_iter()
            .map(|draft| self.sealed(draft, &mut contents))
            .collect();
        let command = CaseCommand::RecordDrafts {
            revision,
            proposals,
            receipt: called.receipt,
        };
        Ok(Ended::With(vec![Brought::to_case(id, command, contents)]))
    }

    /// One call. Whatever happens, there is a receipt.
    async fn call(&self, request: &ModelRequest, revision: u32) -> Called {
        let sent = serde_json::to_vec(request).unwrap_or_default();
        let began_at = self.now();
        let span = tracing::info_span!("model", task = request.task.word());
        let answered = self.outside.model.call(request).instrument(span).await;
        self.count_characters(request, answered.as_ref().ok());
        let receipt =
            |model: &str, response: Option<Digest>, outcome: String, ended_at: At| Receipt {
                task: request.task,
                revision,
                model: model.to_owned(),
                prompt: crate::agent::prompt_digest(request),
                request: Digest::of(&sent),
                response,
                began_at,
                ended_at,
                outcome,
            };
        let ended_at = self.now();
        match answered {
            Ok(answer) => {
                let response = Some(Digest::of(answer.text.as_bytes()));
                let receipt = receipt(&answer.model, response, "ok".into(), ended_at);
                Called {
                    answer: Some(answer),
                    receipt,
                    lasting: false,
                }
            }
            Err(error) => {
                let lasting = matches!(error, PortError::No { .. });
                Called {
                    answer: None,
                    receipt: receipt("unknown", None, error.to_string(), ended_at),
                    lasting,
                }
            }
        }
    }

    /// The customer's text as a model sees it: redacted first, cut afterwards.
    async fn customer_text(&self, view: &ModelView) -> Result<CustomerText, EngineError> {
        let most = self.policy().contract().outputs.max_chars_sent_to_model;
        let whole = self.opened(&view.text).await?;
        let (subject, text) = whole.split_once("\n\n").unwrap_or((&whole, ""));
        Ok(CustomerText {
            subject: cut(subject, most).text,
            text: cut(text, most.saturating_sub(subject.len())).text,
        })
    }

    async fn precedents(&self, case: &Case, text: &str) -> Result<Vec<Precedent>, EngineError> {
        // What such a case usually ends in: a recommendation where money is the matter, else an answer.
        let money = case
            .verdict
            .as_ref()
            .is_some_and(|verdict| verdict.category.is_money());
        let kind = if money {
            ActionKind::Refund
        } else {
            ActionKind::NotifyCustomer
        };
        let similar = self.store.similar(text, kind, &case.id, PRECEDENTS).await?;
        Ok(similar
            .into_iter()
            .map(|one| Precedent {
                text: one.headline,
                action: one.proposed,
                outcome: one.outcome,
            })
            .collect())
    }

    async fn opened(&self, sealed: &Sealed) -> Result<String, EngineError> {
        Ok(self
            .store
            .content(sealed)
            .await?
            .map_or_else(String::new, |content| content.text))
    }

    /// A proposal with its texts sealed. Money never travels as text.
    fn sealed(&self, draft: ProposedDraft, contents: &mut Vec<Content>) -> Proposal {
        let mut seal = |kind: ContentKind, text: String| {
            let content = self.seal(kind, text);
            let sealed = content.sealed;
            contents.push(content);
            sealed
        };
        let rationale = seal(ContentKind::Reason, draft.rationale);
        let mut text = |text: String| seal(ContentKind::DraftText, text);
        let action = sealed_action(draft.action, &mut text);
        Proposal {
            action,
            cites: draft.cites,
            rationale,
        }
    }
}

/// A proposed action with its texts sealed.
fn sealed_action(action: ProposedAction, text: &mut impl FnMut(String) -> Sealed) -> Action {
    match action {
        ProposedAction::AddLabel { label } => Action::AddLabel { label },
        ProposedAction::AddInternalNote { text: note } => {
            Action::AddInternalNote { text: text(note) }
        }
        ProposedAction::Assign { queue } => Action::Assign { queue },
        ProposedAction::SetPriority { priority } => Action::SetPriority { priority },
        ProposedAction::NotifyCustomer { text: reply } => {
            Action::NotifyCustomer { text: text(reply) }
        }
        ProposedAction::Refund {
            charge,
            amount,
            reason,
            confirmation,
        } => Action::Refund {
            charge,
            amount,
            reason: text(reason),
            confirmation: text(confirmation),
        },
        ProposedAction::Credit {
            customer,
            amount,
            reason,
        } => Action::Credit {
            customer,
            amount,
            reason: text(reason),
        },
        ProposedAction::InvoiceAdjust {
            invoice,
            amount,
            reason,
        } => Action::InvoiceAdjust {
            invoice,
            amount,
            reason: text(reason),
        },
        ProposedAction::SubscriptionCancel {
            subscription,
            at_period_end,
            reason,
        } => Action::SubscriptionCancel {
            subscription,
            at_period_end,
            reason: text(reason),
        },
    }
}

impl Called {
    fn unreadable(mut self, sentence: &str) -> Self {
        self.receipt.outcome = format!("unreadable: {sentence}");
        self
    }
}

fn failed(id: &CaseId, called: Called) -> Ended {
    let command = CaseCommand::RecordModelFailure {
        receipt: called.receipt,
        lasting: called.lasting,
    };
    Ended::With(vec![Brought::to_case(id, command, vec![])])
}

fn exhibits(case: &Case) -> Vec<Exhibit> {
    case.evidence_in_force()
        .map(|evidence| Exhibit {
            id: evidence.id.clone(),
            source: evidence.ask.source.to_string(),
            query: evidence.ask.query.clone(),
            findings: evidence.findings.clone(),
        })
        .collect()
}

/// Whether a source vouches for the one customer who asked, or a person does and the customer was found.
fn requester_known(case: &Case) -> bool {
    if case.link().is_some() {
        return case.link_is_confirmed();
    }
    let customers = |finding: &Finding| matches!(finding, Finding::Customer { .. });
    case.ticket
        .as_ref()
        .is_some_and(|ticket| ticket.requester.verified)
        && case
            .evidence_in_force()
            .any(|evidence| evidence.findings.iter().any(customers))
}

/// Ids of charges that a text names. Source: Stripe, object ids begin with a prefix and an underscore.
fn mentions(text: &str) -> Vec<String> {
    let ids = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let mut found: Vec<String> = ids
        .filter(|word| word.starts_with("ch_") || word.starts_with("py_"))
        .map(str::to_owned)
        .collect();
    found.dedup();
    found
}
