//! The form of `approvers.json`.

use super::{Form, Kind, Rule, WHERE, may, must};
use crate::domain::escalation::Role;
use crate::domain::policy::approvers::{BATCH_REVIEWERS, QUORUM};

/// The form of an approver rule's name.
const NAMES: &str = "^[a-z0-9_]{1,60}$";

/// The name of an approver rule.
pub(super) const NAME: Kind = Kind::Like(NAMES);

const TEAM: Kind = Kind::Like("^T[A-Z0-9]{2,19}$");
const USER: Kind = Kind::Like("^[UW][A-Z0-9]{2,19}$");
const GROUP: Kind = Kind::Like("^S[A-Z0-9]{2,19}$");

/// The document.
pub const FORM: Form = Form {
    keys: &[
        WHERE,
        must(
            "team",
            TEAM,
            "The Slack workspace that the ids belong to, `T...`.",
        ),
        must(
            "rules",
            Kind::Map {
                names: NAMES,
                must: &[BATCH_REVIEWERS],
                least: 1,
                of: &Kind::Object(&RULE),
            },
            "The approver rules by name. `batch_reviewers` must be among them: batches without a rule of their own go to \
             it.",
        ),
        must("roles", Kind::Object(&ROLES), "Who acts for each role."),
        must(
            "operators",
            Kind::Object(&PEOPLE),
            "Who may resume, pin, erase and repair. Name two: if none of them is left, nobody can replace the policy.",
        ),
    ],
    rules: &[],
};

/// One of `rules`.
pub const RULE: Form = Form {
    keys: &[
        may(
            "label",
            Kind::Text,
            "What people call the rule, for sentences only.",
        ),
        may("users", USERS, USERS_SAY),
        may("groups", GROUPS, GROUPS_SAY),
        may(
            "amount_bands",
            Kind::Row(&Kind::Object(&BAND)),
            "Other people for other amounts, in ascending order: `lte` in each band but the last, `gt` in the last. An \
             unknown amount is for the last band.",
        ),
        may(
            "currency",
            Kind::Like(super::tiers::CURRENCY),
            "The currency of the bands (ISO 4217, lower case).",
        ),
        may(
            "quorum",
            Kind::Whole(QUORUM),
            "How many distinct people must approve. 1 if left out.",
        ),
    ],
    rules: &[Rule::With(
        "amount_bands",
        &[
            Rule::SomeOf(&["currency"]),
            Rule::NoneOf(&["users", "groups"]),
        ],
        &[
            Rule::NoneOf(&["currency"]),
            Rule::SomeOf(&["users", "groups"]),
        ],
    )],
};

const USERS: Kind = Kind::Some(&Kind::Either(&USER, &Kind::Object(&NAMED_USER)));
const USERS_SAY: &str = "Single people by user id, plain or as `{ \"id\": .., \"label\": .. }`.";
const GROUPS: Kind = Kind::Some(&Kind::Either(&GROUP, &Kind::Object(&NAMED_GROUP)));
const GROUPS_SAY: &str = "Slack user groups by id, plain or as `{ \"id\": .., \"label\": .. }`.";

/// Some people.
pub const PEOPLE: Form = Form {
    keys: &[
        may("users", USERS, USERS_SAY),
        may("groups", GROUPS, GROUPS_SAY),
    ],
    rules: &[Rule::SomeOf(&["users", "groups"])],
};

/// One of `amount_bands`.
pub const BAND: Form = Form {
    keys: &[
        may(
            "lte",
            Kind::Amount,
            "The highest amount of this band, in every band but the last.",
        ),
        may(
            "gt",
            Kind::Amount,
            "In the last band, where the band before it ends.",
        ),
        may("users", USERS, USERS_SAY),
        may("groups", GROUPS, GROUPS_SAY),
    ],
    rules: &[
        Rule::OneOf(&["lte", "gt"]),
        Rule::SomeOf(&["users", "groups"]),
    ],
};

/// One of `users`.
pub const NAMED_USER: Form = Form {
    keys: &[
        must("id", USER, "The user's id, `U...` or `W...`."),
        may(
            "team",
            TEAM,
            "The user's workspace, where it is another one.",
        ),
        may(
            "label",
            Kind::Text,
            "What people call that user, for sentences only.",
        ),
    ],
    rules: &[],
};

/// One of `groups`.
pub const NAMED_GROUP: Form = Form {
    keys: &[
        must("id", GROUP, "The group's id, `S...`."),
        may(
            "label",
            Kind::Text,
            "The group's handle, for sentences only.",
        ),
    ],
    rules: &[],
};

/// `roles`.
pub const ROLES: Form = Form {
    keys: &[
        must(
            Role::SupportL1.word(),
            Kind::Object(&PEOPLE),
            "Who acts for the first line of support.",
        ),
        must(
            Role::Billing.word(),
            Kind::Object(&PEOPLE),
            "Who acts for billing.",
        ),
        must(
            Role::Infra.word(),
            Kind::Object(&PEOPLE),
            "Who acts for infrastructure.",
        ),
        must(
            Role::Security.word(),
            Kind::Object(&PEOPLE),
            "Who acts for security.",
        ),
    ],
    rules: &[],
};
