//! Stories: what a user would tell, each through the signed HTTP requests of the real bot, with the shipped policy.

/// A snapshot that is one and the same on both databases.
macro_rules! assert_told {
    ($told:expr) => {{
        let told = $told;
        insta::allow_duplicates! { insta::assert_snapshot!(told) }
    }};
}

#[path = "../support/aloud.rs"]
mod aloud;
#[path = "../support/beneath.rs"]
mod beneath;
#[path = "../support/bytes.rs"]
mod bytes;
#[path = "../support/ending.rs"]
mod ending;
#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/fuse.rs"]
mod fuse;
#[path = "../support/log.rs"]
mod log;
#[path = "../support/people.rs"]
mod people;
#[path = "../support/postgres.rs"]
#[expect(dead_code, reason = "the tests of the store use the rest")]
mod postgres;
#[path = "../support/repeated.rs"]
mod repeated;
#[path = "../support/workbench.rs"]
mod workbench;

mod batches;
mod clicks;
mod clock_back;
mod clocks;
mod contract;
mod crashes;
mod doubtful_clicks;
mod escalations;
mod failures;
mod gate;
mod holds;
mod hostile;
mod housekeeping;
mod journals;
mod leaks;
mod linking;
mod metrics;
mod money;
mod outside;
mod replays;
mod replies;
mod restarts;
mod routing;
mod rules;
mod security;
mod slash;
mod stripe_away;
mod succession;
mod unreachable;
