//! Who asked, where a person says so: the links of a case to a customer, and what was gathered and drafted under each.

use std::borrow::Cow;

use super::Case;
use super::event::CaseEvent;
use crate::domain::content::Sealed;
use crate::domain::evidence::{Evidence, Finding};
use crate::domain::ids::{CustomerId, DraftId};
use crate::domain::person::Person;
use crate::domain::time::At;

/// A person's word that a customer of the evidence source is who asked. The source of the ticket vouches for nothing
/// by it, so everything that leans on a link is told apart from what leans on a verified requester.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The customer.
    pub customer: CustomerId,
    /// Who said so. This person decides nothing that was drafted under the link.
    pub by: Person,
    /// What was read of this person then, sealed.
    pub who: Option<Sealed>,
    /// When.
    pub at: At,
    /// How it was made sure, in their words.
    pub words: Sealed,
    /// The revision in which it was made. Later ones keep it.
    pub revision: u32,
    /// What there was before it.
    from: Mark,
    /// What there was when it fell, if it did.
    until: Option<Mark>,
    /// Whether the drafts of its revision were there already; they count again if it falls.
    drafted: bool,
}

/// How far a case was at a moment: its revision, and how many pieces of evidence and drafts it had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Mark {
    revision: u32,
    evidence: usize,
    drafts: usize,
}

/// Who asked, where the source does not settle it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IdentityFace {
    /// Nothing personal is looked up until somebody says who asked.
    Needed {
        /// Why.
        reason: String,
    },
    /// Somebody said who asked.
    Linked {
        /// The customer.
        customer: CustomerId,
        /// Who said so.
        by: Person,
        /// How it was made sure, in their words.
        words: String,
    },
}

impl Link {
    /// Whether it still held when a revision began.
    #[must_use]
    pub fn held_into(&self, revision: u32) -> bool {
        self.revision < revision && self.until.is_none_or(|until| until.revision >= revision)
    }

    fn holds_for(&self, n: usize, of: fn(&Mark) -> usize) -> bool {
        of(&self.from) <= n && self.until.as_ref().is_none_or(|until| n < of(until))
    }
}

impl Case {
    /// The link that holds now.
    #[must_use]
    pub fn link(&self) -> Option<&Link> {
        self.links.last().filter(|link| link.until.is_none())
    }

    /// The link under which a draft was made, or would be made now if the case does not have it yet.
    #[must_use]
    pub fn link_behind(&self, draft: &DraftId) -> Option<&Link> {
        self.behind(draft).and_then(|n| self.links.get(n))
    }

    /// What the rules may lean on for a draft: evidence of the same link, or of none. What was read about a customer
    /// whom somebody named never counts for a draft that was made without that name, and the other way round.
    #[must_use]
    pub fn evidence_behind(&self, draft: &DraftId) -> Cow<'_, [Evidence]> {
        if self.links.is_empty() {
            return Cow::Borrowed(&self.evidence);
        }
        let link = self.behind(draft);
        Cow::Owned(self.evidence_under(link).cloned().collect())
    }

    /// What a new draft may lean on: the evidence of the link that holds, or of none, and what desks say.
    pub fn evidence_in_force(&self) -> impl Iterator<Item = &Evidence> {
        let link = self.holding(self.drafts.len(), |mark| mark.drafts);
        self.evidence_under(link)
    }

    /// Whether the source knows the linked customer, as far as was read for the current revision.
    #[must_use]
    pub fn link_is_confirmed(&self) -> bool {
        let Some(link) = self.link() else {
            return false;
        };
        let read_now = |one: &&Evidence| {
            self.gathering_since
                .is_none_or(|since| one.taken_at >= since)
        };
        let names = |finding: &Finding| matches!(finding, Finding::Customer { id, .. } if id == link.customer.as_str());
        self.evidence_in_force()
            .filter(read_now)
            .any(|one| one.findings.iter().any(names))
    }

    fn behind(&self, draft: &DraftId) -> Option<usize> {
        let place = self.drafts.iter().position(|one| one.draft.id == *draft);
        self.holding(place.unwrap_or(self.drafts.len()), |mark| mark.drafts)
    }

    /// Which link held when the `n`-th of something came.
    fn holding(&self, n: usize, of: fn(&Mark) -> usize) -> Option<usize> {
        self.links.iter().rposition(|link| link.holds_for(n, of))
    }

    fn evidence_under(&self, link: Option<usize>) -> impl Iterator<Item = &Evidence> {
        let of_desk = |one: &Evidence| {
            let mut findings = one.findings.iter();
            findings.any(|finding| matches!(finding, Finding::Target(_)))
        };
        self.evidence
            .iter()
            .enumerate()
            .filter(move |(n, one)| of_desk(one) || self.holding(*n, |mark| mark.evidence) == link)
            .map(|(_, one)| one)
    }

    fn mark(&self) -> Mark {
        Mark {
            revision: self.revision,
            evidence: self.evidence.len(),
            drafts: self.drafts.len(),
        }
    }

    /// Folds what is known of who asked: a link is made, or it is needed (again).
    pub(super) fn apply_identity(&mut self, at: At, event: &CaseEvent) {
        match event {
            CaseEvent::IdentityNeeded { reason } => {
                self.identity_needed = Some(reason.clone());
                let (mark, revision) = (self.mark(), self.revision);
                let standing = self.links.last_mut().filter(|link| link.until.is_none());
                if let Some(link) = standing {
                    link.until = Some(mark);
                    self.drafted |= link.drafted && link.revision == revision;
                }
            }
            CaseEvent::CustomerLinked {
                customer,
                by,
                words,
                revision,
                eligibility,
                ..
            } => {
                self.identity_needed = None;
                self.links.push(Link {
                    customer: customer.clone(),
                    by: by.clone(),
                    who: eligibility.standing.who,
                    at,
                    words: *words,
                    revision: *revision,
                    from: self.mark(),
                    until: None,
                    drafted: self.drafted,
                });
                self.drafted = false;
            }
            _ => {}
        }
    }
}
