//! What strangers can send, one module for each reader, each with one `take` that holds an input to its promises.
//!
//! The fuzzer calls them with what it makes up (`fuzz_targets/`), and `cargo test` with what is kept in `seeds/`
//! (`tests/edge/corpus.rs`). To add a reader: a module here, a target of the same name, a folder of seeds.

pub mod answers;
pub mod cards;
pub mod payloads;
pub mod policies;
pub mod redaction;
pub mod signatures;
pub mod tickets;

#[path = "../../tests/slack/samples.rs"]
mod samples;
#[path = "../../tests/slack/strangers.rs"]
mod strangers;

/// A reader's name, and what takes an input for it.
pub type Reader = (&'static str, fn(&[u8]));

/// Every reader there is.
pub const READERS: &[Reader] = &[
    ("answers", answers::take),
    ("cards", cards::take),
    ("payloads", payloads::take),
    ("policies", policies::take),
    ("redaction", redaction::take),
    ("signatures", signatures::take),
    ("tickets", tickets::take),
];
