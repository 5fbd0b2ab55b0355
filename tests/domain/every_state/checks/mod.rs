//! What must hold at every step of every walk: one function for each sentence, and the table of them.

use countersign::domain::case::Case;
use countersign::domain::case::command::{CaseCommand, Click};
use countersign::domain::case::event::CaseEvent;
use countersign::domain::policy::Policy;

use super::alphabet::{Said, Step};
use super::spot::{Around, Came, Spot};

mod deciding;
mod leaving;
pub mod matters;
mod planted;

/// One step: where it was taken, and what came of it.
pub struct Moment<'a> {
    pub around: &'a Around,
    pub before: &'a Spot,
    pub step: &'a Step,
    pub came: &'a Came<'a>,
}

/// Whether a sentence holds of a step; and if not, what is wrong.
pub type Holds = fn(&Moment) -> Result<(), String>;

pub const CHECKS: &[(&str, Holds)] = &[
    // Who decides.
    (
        "what is wrong with a click is refused",
        deciding::odd_clicks_are_refused,
    ),
    (
        "only a member whom the rules name decides",
        deciding::deciders_are_named,
    ),
    (
        "nobody decides on what they wrote themselves",
        deciding::no_author_decides,
    ),
    (
        "nobody decides the same question twice",
        deciding::nobody_decides_twice,
    ),
    (
        "enough different people stand behind every approval",
        deciding::approvals_have_a_quorum,
    ),
    ("a question is settled once", deciding::settled_once),
    (
        "only a click decides, and time never does",
        deciding::only_clicks_decide,
    ),
    (
        "whoever is late decides nothing",
        deciding::late_clicks_are_refused,
    ),
    (
        "what is decided is what was shown",
        deciding::decided_as_shown,
    ),
    (
        "a question stays bound to what it is about",
        deciding::questions_stay_bound,
    ),
    (
        "a reason stands where the record needs one",
        deciding::reasons_stand,
    ),
    // What leaves.
    (
        "nothing leaves without the leave of the rules or of people",
        leaving::by_leave_only,
    ),
    (
        "what something else took the place of never leaves",
        leaving::replaced_drafts_stay,
    ),
    ("money has no executor", leaving::money_never_moves),
    (
        "paused, unpinned or over the limit, no write leaves",
        leaving::held_by_the_weather,
    ),
    ("classify only lets nothing leave", leaving::classify_only),
    (
        "a step is carried out once, and never blindly again",
        leaving::ended_steps_stay,
    ),
    (
        "a plan that was replaced sends nothing",
        leaving::only_the_newest_plan_sends,
    ),
    (
        "an answer answers the last message",
        leaving::answers_the_last_message,
    ),
    (
        "what leaves is what was approved",
        leaving::leaves_as_approved,
    ),
    ("what can be taken back waits", leaving::waits_for_undo),
    // What becomes of every matter.
    (
        "nothing but a ticket opens a case",
        matters::only_a_ticket_opens,
    ),
    (
        "every question has a deadline, and people are looked for",
        matters::questions_are_waited_for,
    ),
    (
        "every escalation has a deadline until it is taken",
        matters::escalations_are_waited_for,
    ),
    (
        "a deadline that is called is never lost",
        matters::no_deadline_is_lost,
    ),
    (
        "every draft is asked about, cleared, declined or given",
        |moment| matters::drafts_are_followed(&moment.came.after.case),
    ),
    ("what was approved of money is with billing", |moment| {
        matters::money_is_with_billing(&moment.came.after.case)
    }),
    ("what lapsed is with somebody", |moment| {
        matters::lapses_are_with_somebody(&moment.came.after.case)
    }),
    ("a case is never silent", matters::never_silent),
    ("a draft and its edits are one matter", |moment| {
        matters::one_question_per_lineage(&moment.came.after.case)
    }),
    ("what only routes stands alone", |moment| {
        matters::routing_stands_alone(&moment.came.after.case)
    }),
    ("small things wake nobody", matters::small_things),
    (
        "two people stand behind money on a word",
        matters::two_behind_money,
    ),
];

/// What is asked of a step that was refused. Of its state everything was asked when the walk came to it.
pub const OF_REFUSALS: &[(&str, Holds)] = &[
    (
        "a refusal changes nothing but the trace",
        deciding::refusals_change_nothing,
    ),
    (
        "a deadline that is called is never lost",
        matters::no_deadline_is_lost,
    ),
];

impl<'a> Moment<'a> {
    fn case(&self) -> &'a Case {
        &self.came.after.case
    }

    fn policy(&self) -> &'a Policy {
        &self.around.policies[self.step.policy]
    }

    fn events(&self) -> impl Iterator<Item = &'a CaseEvent> + use<'a> {
        self.came.events.iter()
    }

    fn click(&self) -> Option<&'a Click> {
        match &self.step.said {
            Said::Clicked {
                command: CaseCommand::Click(click),
                ..
            } => Some(click),
            _ => None,
        }
    }
}

/// A sentence on what is wrong, where it is.
fn demand(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}
