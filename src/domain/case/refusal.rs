//! What a person is told when a click changes nothing.

use serde::{Deserialize, Serialize};

use crate::domain::words::closed_set;

closed_set! {
    /// Why a command changed nothing.
    RefusalCode {
        /// Somebody else was first.
        TooLate = "too_late",
        /// This person has decided this already.
        Twice = "twice",
        /// What was shown is not what stands now.
        Stale = "stale",
        /// The rule names other people.
        NotYours = "not_yours",
        /// The person wrote the ticket or the draft.
        OwnDraft = "own_draft",
        /// A guest, a bot, a deactivated or a foreign account.
        NotAMember = "not_a_member",
        /// It could not be found out whether the person may.
        CannotTell = "cannot_tell",
        /// The time ran out; somebody else has it now.
        Lapsed = "lapsed",
        /// A newer draft took its place.
        Superseded = "superseded",
        /// The rules, as they stand now, do not allow it any more.
        PolicyChanged = "policy_changed",
        /// A reason is required.
        ReasonMissing = "reason_missing",
        /// The edit is not a valid action of the same kind.
        BadEdit = "bad_edit",
        /// The case does not wait to hear who asked.
        IdentityKnown = "identity_known",
        /// What was named is no customer, or none can be read about.
        NoCustomer = "no_customer",
        /// The case is under way and not ready for this.
        NotYet = "not_yet",
        /// There is nothing to take back any more.
        NothingToUndo = "nothing_to_undo",
        /// The click names something that is not in this case.
        Unknown = "unknown",
        /// The click came from another workspace or app.
        WrongWorkspace = "wrong_workspace",
        /// The command does not fit the state of the case (never shown to a person who clicks).
        OutOfPlace = "out_of_place",
    }
}

/// A refusal: code, sentence, next step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// Why, for machines and the journal.
    pub code: RefusalCode,
    /// Why, for the person.
    pub sentence: String,
    /// What the person can do.
    pub next_step: String,
}

impl Refusal {
    /// A refusal with its two sentences.
    #[must_use]
    pub fn new(
        code: RefusalCode,
        sentence: impl Into<String>,
        next_step: impl Into<String>,
    ) -> Self {
        Self {
            code,
            sentence: sentence.into(),
            next_step: next_step.into(),
        }
    }
}

/// What the sender of a command is told, from committed state only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It was recorded, and this is what it did.
    Recorded {
        /// In a sentence.
        sentence: String,
    },
    /// It changed nothing.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}
