//! The form of `tiers/<action>.json`.

use super::{Form, Kind, Rule, WHERE, may, must};
use crate::domain::approval::{Route, Tier};
use crate::domain::draft::ActionKind;
use crate::domain::evidence::FactName;
use crate::domain::policy::conditions::is_truth;
use crate::domain::policy::{sla, tiers};

/// The form of a currency's code.
pub(super) const CURRENCY: &str = "^[a-z]{3}$";

/// The document.
pub const FORM: Form = Form {
    keys: &[
        WHERE,
        must(
            "action_type",
            Kind::Word(ActionKind::WORDS),
            "The action, which is also the name of the file.",
        ),
        may(
            "currency",
            Kind::Like(CURRENCY),
            "The currency of every amount here (ISO 4217, lower case). An amount in another one counts as unknown.",
        ),
        may(
            "currencies",
            Kind::Map {
                names: CURRENCY,
                must: &[],
                least: 1,
                of: &Kind::Object(&LIST),
            },
            "Tiers for each of several currencies, instead of `currency`, `tiers` and `constraints`.",
        ),
        may(
            "risk_tags",
            Kind::Some(&Kind::Text),
            "Words for cards and approvals.",
        ),
        may("tiers", TIERS, TIERS_SAY),
        may(
            "hard_blocks",
            Kind::Some(&Kind::Among(FactName::WORDS, is_yes_or_no)),
            "Facts that, when true, take the case out of our hands: it goes to its role with the reason, and nobody can \
             approve it here. Unknown means the last tier.",
        ),
        may("constraints", Kind::Object(&CONSTRAINTS), CONSTRAINTS_SAY),
    ],
    rules: &[
        Rule::SomeOf(&["tiers", "currencies"]),
        Rule::With(
            "currencies",
            &[Rule::NoneOf(&["currency", "tiers", "constraints"])],
            &[],
        ),
        Rule::Routes(
            is_money,
            &[
                Route::ToRole.word(),
                Route::BatchReview.word(),
                Route::NamedApprover.word(),
            ],
        ),
        Rule::Routes(is_page, &[Route::NamedApprover.word()]),
    ],
};

fn is_yes_or_no(word: &str) -> bool {
    FactName::from_word(word).is_some_and(is_truth)
}

fn is_money(word: &str) -> bool {
    ActionKind::from_word(word).is_some_and(ActionKind::is_money)
}

fn is_page(word: &str) -> bool {
    ActionKind::from_word(word) == Some(ActionKind::PageOncall)
}

const TIERS: Kind = Kind::Row(&Kind::Object(&TIER));
const TIERS_SAY: &str = "The tiers in rising order. The first one whose conditions all hold wins; a fact that is asked \
                         for and unknown means the last.";
const CONSTRAINTS_SAY: &str = "What no decision can go beyond: beyond it the case goes to its role, and nobody can approve it here.";

/// One of `currencies`.
pub const LIST: Form = Form {
    keys: &[
        must("tiers", TIERS, TIERS_SAY),
        may("constraints", Kind::Object(&CONSTRAINTS), CONSTRAINTS_SAY),
    ],
    rules: &[],
};

/// `constraints`.
pub const CONSTRAINTS: Form = Form {
    keys: &[
        may(
            "max_amount",
            Kind::Amount,
            "The highest amount, in major units of the currency.",
        ),
        may(
            "refund_window_days",
            Kind::Whole(tiers::WINDOW),
            "How old a charge may be, in days of 24 hours.",
        ),
    ],
    rules: &[Rule::Least(1)],
};

/// One of `tiers`.
pub const TIER: Form = Form {
    keys: &[
        must("tier", Kind::Word(Tier::WORDS), "The risk class."),
        may(
            "when",
            Kind::When {
                amounts: true,
                signals: false,
            },
            "All of these must hold. The last tier may do without. What the model says may lower the risk only of \
             reversible actions that no customer sees.",
        ),
        must(
            "route",
            Kind::Word(Route::WORDS),
            "What follows. `auto_execute` never for money; `named_approver` alone for `page_oncall`.",
        ),
        may(
            "approver_rule",
            super::approvers::NAME,
            "Who may decide: a name from `approvers.json`. A batch without one goes to `batch_reviewers`.",
        ),
        may(
            "sla_minutes",
            Kind::Whole(sla::MINUTES),
            "How long the question may wait, in minutes.",
        ),
        may(
            "sla_hours",
            Kind::Whole(sla::HOURS),
            "How long the question may wait, in hours.",
        ),
        may(
            "clock",
            Kind::Word(sla::Clock::WORDS),
            "Which time counts. `business` if left out, for `page_oncall` `wall`.",
        ),
        may(
            "escalate_to",
            STEPS,
            "One approver rule or several, asked one after the other when the time runs out, before the role's chain.",
        ),
        may(
            "decide_in",
            Kind::Nothing,
            "Reserved: the page for decisions outside Slack does not exist yet.",
        ),
    ],
    rules: &[
        Rule::Where("route", ASKS, &[Rule::OneOf(&["sla_minutes", "sla_hours"])]),
        Rule::Where(
            "route",
            &[Route::NamedApprover.word()],
            &[Rule::SomeOf(&["approver_rule"])],
        ),
        Rule::Where(
            "route",
            &[Route::AutoExecute.word(), Route::ToRole.word()],
            &[Rule::NoneOf(&[
                "approver_rule",
                "sla_minutes",
                "sla_hours",
                "clock",
                "escalate_to",
            ])],
        ),
    ],
};

const ASKS: &[&str] = &[Route::BatchReview.word(), Route::NamedApprover.word()];

/// Approver rules that are asked one after the other.
pub(super) const STEPS: Kind = Kind::Either(
    &super::approvers::NAME,
    &Kind::Some(&super::approvers::NAME),
);
