//! The form of `contract.json`.

use super::{Form, Key, Kind, Rule, WHERE, may, must};
use crate::domain::draft::ActionKind;
use crate::domain::policy::contract::{Mode, ReadTool};
use crate::domain::policy::limits;
use crate::domain::policy::outputs::{self, DlpClass, DlpPattern, VerdictField};
use crate::domain::verdict::Category;

/// The document.
pub const FORM: Form = Form {
    keys: &[
        WHERE,
        must(
            "wpc_version",
            Kind::Word(&[("1", "The only version there is.")]),
            "The version of the contract's form.",
        ),
        must(
            "workflow",
            Kind::Text,
            "The name of the workflow, bound into every approval with the policy's digest.",
        ),
        must(
            "tools",
            Kind::Object(&TOOLS),
            "Which tools may run. Money actions, `route_case` and `page_oncall` are no tools: they follow their tier.",
        ),
        must(
            "outputs",
            Kind::Object(&OUTPUTS),
            "How far the agent may go, what a verdict must hold, and what is kept from a model.",
        ),
        must(
            "limits",
            Kind::Object(&LIMITS),
            "How much may happen at once and per minute.",
        ),
        must(
            "high_risk_actions",
            Kind::Object(&HIGH_RISK),
            "What runs only after a recorded decision.",
        ),
        must(
            "block_categories",
            Kind::Set(&Kind::Word(Category::WORDS)),
            "Categories in which nothing is applied: proposals are recorded only.",
        ),
        must(
            "quarantine",
            Kind::Set(&Kind::Text),
            "Models (a name means all its versions) and prompts (64 hex digits of their digest) that are not relied on: \
             what comes from them is recorded only.",
        ),
    ],
    rules: &[],
};

/// `tools`.
pub const TOOLS: Form = Form {
    keys: &[
        must(
            "allow",
            LISTED,
            "Tools that may run. A condition on an unknown fact does not hold here.",
        ),
        must(
            "deny",
            LISTED,
            "Tools that may not run directly. A condition on an unknown fact counts as holding here. One that also \
             stands in `requires_approval` runs after a recorded decision.",
        ),
    ],
    rules: &[],
};

/// `high_risk_actions`.
pub const HIGH_RISK: Form = Form {
    keys: &[must(
        "requires_approval",
        LISTED,
        "Tools that run only after a recorded decision, whatever their tier says. A condition on an unknown fact \
         counts as holding here.",
    )],
    rules: &[],
};

/// A list of tools: names, or names with a condition.
const LISTED: Kind = Kind::Set(&Kind::Either(&TOOL, &Kind::Object(&CONDITIONAL)));

const TOOL: Kind = Kind::Either(
    &Kind::Word(ReadTool::WORDS),
    &Kind::Among(ActionKind::WORDS, is_tool),
);

fn is_tool(word: &str) -> bool {
    ActionKind::from_word(word).is_some_and(ActionKind::is_tool)
}

/// A tool with a condition. Tools that read have none: they read before any fact is known.
pub const CONDITIONAL: Form = Form {
    keys: &[
        must("tool", Kind::Among(ActionKind::WORDS, is_tool), "The tool."),
        must(
            "when",
            Kind::When {
                amounts: false,
                signals: false,
            },
            "The line counts only where all of this holds.",
        ),
    ],
    rules: &[],
};

/// `outputs`.
pub const OUTPUTS: Form = Form {
    keys: &[
        must("mode", Kind::Word(Mode::WORDS), "How far the agent may go."),
        must(
            "required_fields",
            Kind::Some(&Kind::Word(VerdictField::WORDS)),
            "Fields without which a verdict is asked for again; past the budget of calls a person takes over.",
        ),
        must(
            "redaction",
            Kind::Object(&REDACTION),
            "What is taken out of a text before anything else reads it.",
        ),
    ],
    rules: &[],
};

/// `outputs.redaction`.
pub const REDACTION: Form = Form {
    keys: &[
        must(
            "required",
            Kind::True,
            "Always `true`: redaction cannot be switched off.",
        ),
        must(
            "max_chars_sent_to_model",
            Kind::Whole(outputs::CHARACTERS),
            "The redacted text is cut to so many characters before a model sees it.",
        ),
        must(
            "dlp_rules",
            Kind::Some(&Kind::Object(&DLP_RULE)),
            "Which personal data is taken out. Secrets are taken out whether they are listed or not.",
        ),
    ],
    rules: &[],
};

/// One of `dlp_rules`.
pub const DLP_RULE: Form = Form {
    keys: &[
        must(
            "type",
            Kind::Word(DlpClass::WORDS),
            "What kind of thing the pattern is.",
        ),
        must(
            "pattern",
            Kind::Word(DlpPattern::WORDS),
            "What is looked for.",
        ),
    ],
    rules: &[
        Rule::Words(
            "type",
            &[DlpClass::Secret.word()],
            "pattern",
            &[
                DlpPattern::ApiKeyLike.word(),
                DlpPattern::BearerToken.word(),
                DlpPattern::PrivateKey.word(),
                DlpPattern::Password.word(),
            ],
        ),
        Rule::Words(
            "type",
            &[DlpClass::Pii.word()],
            "pattern",
            &[
                DlpPattern::Email.word(),
                DlpPattern::Phone.word(),
                DlpPattern::Card.word(),
                DlpPattern::Iban.word(),
            ],
        ),
    ],
};

/// `limits`.
pub const LIMITS: Form = Form {
    keys: &[
        must(
            "rate_limit_per_minute",
            Kind::Whole(limits::RATE),
            "How many writes (changes on a desk, pages) go out in any 60 seconds. One over it waits until there is room.",
        ),
        must(
            "max_concurrency",
            Kind::Whole(limits::CONCURRENCY),
            "How many calls of models, sources and desks are under way at once, over all processes together.",
        ),
        must(
            "max_model_calls_per_ticket",
            Kind::Whole(limits::CALLS),
            "Model calls for one revision of a conversation; then a person takes over.",
        ),
        may(
            "undo_seconds",
            Kind::Whole(limits::UNDO),
            "How long what a customer would see waits with an Undo on its card. 30 if left out.",
        ),
        may(
            "per_queue",
            Kind::Map {
                names: ".*",
                must: &[],
                least: 0,
                of: &Kind::Object(&QUEUE),
            },
            "Limits of single queues, by the queue that the verdict names. Never above those of the whole.",
        ),
    ],
    rules: &[],
};

/// One of `limits.per_queue`.
pub const QUEUE: Form = Form {
    keys: QUEUE_KEYS,
    rules: &[Rule::Least(1)],
};

const QUEUE_KEYS: &[Key] = &[
    may(
        "rate_limit_per_minute",
        Kind::Whole(limits::RATE),
        "How many writes for this queue go out in any 60 seconds; those of the whole if left out.",
    ),
    may(
        "max_concurrency",
        Kind::Whole(limits::CONCURRENCY),
        "How many effects for this queue are under way at once; those of the whole if left out.",
    ),
];
