//! The form of `escalation.json`.

use super::{Form, Kind, Rule, WHERE, may, must};
use crate::domain::escalation::Role;
use crate::domain::policy::sla;

/// The document.
pub const FORM: Form = Form {
    keys: &[
        WHERE,
        must(
            "calendar",
            Kind::Object(&CALENDAR),
            "The business hours that deadlines are counted in.",
        ),
        must(
            "rules",
            Kind::Row(&Kind::Object(&RULE)),
            "Which role a case belongs to: the first rule that holds, the last one without `when`. Structural rules come \
             before these and cannot be removed.",
        ),
        must(
            "chains",
            Kind::Object(&CHAINS),
            "For each role, who follows when nobody answers in time.",
        ),
    ],
    rules: &[],
};

const TIME: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$";

/// `calendar`.
pub const CALENDAR: Form = Form {
    keys: &[
        must(
            "time_zone",
            Kind::Text,
            "The name of the time zone in the IANA database, for example `Europe/Berlin`.",
        ),
        must("days", Kind::Some(&Kind::Word(sla::DAYS)), "The open days."),
        must(
            "opens",
            Kind::Like(TIME),
            "When it opens, for example `08:00`.",
        ),
        must(
            "closes",
            Kind::Like(TIME),
            "When it closes, later than it opens, at most `24:00`.",
        ),
        may(
            "holidays",
            Kind::Set(&Kind::Like("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")),
            "Days on which it stays closed, for example `2026-12-25`.",
        ),
    ],
    rules: &[],
};

/// One of `rules`.
pub const RULE: Form = Form {
    keys: &[
        may(
            "when",
            Kind::When {
                amounts: false,
                signals: true,
            },
            "All of these must hold. Only the last rule has none, and catches all.",
        ),
        must(
            "assign_to_role",
            Kind::Word(Role::WORDS),
            "The role that the case belongs to.",
        ),
    ],
    rules: &[],
};

/// `chains`.
pub const CHAINS: Form = Form {
    keys: &[
        must(
            Role::SupportL1.word(),
            Kind::Object(&CHAIN),
            "What follows for the first line of support.",
        ),
        must(
            Role::Billing.word(),
            Kind::Object(&CHAIN),
            "What follows for billing.",
        ),
        must(
            Role::Infra.word(),
            Kind::Object(&CHAIN),
            "What follows for infrastructure.",
        ),
        must(
            Role::Security.word(),
            Kind::Object(&CHAIN),
            "What follows for security.",
        ),
    ],
    rules: &[],
};

/// One of `chains`.
pub const CHAIN: Form = Form {
    keys: &[
        may(
            "then",
            super::tiers::STEPS,
            "Approver rules that are asked, each once, after a tier's own `escalate_to`. Not for labels, notes, queues \
             and priorities.",
        ),
        must(
            "finally",
            Kind::Word(Role::WORDS),
            "The role that has it after the last of them: the role itself keeps it and is reminded.",
        ),
        may(
            "sla_minutes",
            Kind::Whole(sla::MINUTES),
            "How long each of these steps may wait, and how long an escalation may stay untaken, in minutes.",
        ),
        may(
            "sla_hours",
            Kind::Whole(sla::HOURS),
            "How long each of these steps may wait, and how long an escalation may stay untaken, in hours.",
        ),
        may(
            "clock",
            Kind::Word(sla::Clock::WORDS),
            "Which time counts. `business` if left out.",
        ),
    ],
    rules: &[Rule::OneOf(&["sla_minutes", "sla_hours"])],
};
