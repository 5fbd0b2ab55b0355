//! The Slack room as a whole: what comes in is believed only when signed, what goes out is always taken.

mod cards;
mod hostile;
mod inbound;
mod manifest;
mod outbound;
mod samples;
