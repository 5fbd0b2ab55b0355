//! Ids as types: text that is never mixed up with other text.

/// Declares ids: transparent text newtypes.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes text as this kind of id.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+ };
}

ids! {
    /// One chain of the journal: a case's id, or `board`.
    StreamId,
    /// Our work on one ticket. Derived from source and external id, so that a repeat finds the same case.
    CaseId,
    /// A draft: `<case>.d<n>`.
    DraftId,
    /// An approval request: `<case>.r<n>`.
    RequestId,
    /// An escalation: `<case>.e<n>`.
    EscalationId,
    /// One taken evidence: `<case>.v<n>`.
    EvidenceId,
    /// One batch of requests that are reviewed together: `batch.<n>`.
    BatchId,
    /// One effect: `<stream>.<sequence of its event>.<n>`. It is the idempotency key towards the outside.
    EffectId,
    /// One command in the inbox.
    CommandId,
    /// One card, whatever it shows now.
    CardId,
    /// One rendering of one request (or notice) on one card.
    ViewId,
    /// A name in `approvers.json`.
    RuleName,
    /// An intake source, a connector or a desk, as named in `workspace.json`.
    SourceName,
    /// A Slack workspace, `T...`.
    TeamId,
    /// A Slack enterprise grid, `E...`.
    EnterpriseId,
    /// A Slack user, `U...` or `W...`.
    UserId,
    /// A Slack user group, `S...`.
    GroupId,
    /// A Slack channel or direct message, `C...`, `D...` or `G...`.
    ChannelId,
    /// A Slack app, `A...`.
    AppId,
    /// A Stripe charge, `ch_...` or `py_...`.
    ChargeId,
    /// A Stripe customer, `cus_...`, as a person typed it.
    CustomerId,
}

impl StreamId {
    /// The stream of what spans cases: batches, pause, policy activation.
    #[must_use]
    pub fn board() -> Self {
        Self::new("board")
    }
}

impl CustomerId {
    /// Whether it has the form of Stripe's ids: the prefix, then letters and digits, at most 255 characters in all.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let odd = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b'_';
        let rest = self.0.strip_prefix("cus_");
        self.0.len() <= 255 && rest.is_some_and(|rest| !rest.is_empty() && !rest.bytes().any(odd))
    }
}

impl CaseId {
    /// The journal stream of this case.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        StreamId::new(self.as_str())
    }

    /// The case of a ticket: `c` and 24 hex digits of the digest of source and external id.
    #[must_use]
    pub fn of(source: &SourceName, external: &str) -> Self {
        let digest = super::digest::Encoder::new("case")
            .text(source.as_str())
            .text(external)
            .finish();
        Self(format!("c{}", &digest.to_string()[..24]))
    }

    /// The `n`-th thing of a kind in this case, for example `<case>.d1`.
    #[must_use]
    pub fn nth(&self, kind: char, n: usize) -> String {
        format!("{}.{kind}{n}", self.0)
    }
}
