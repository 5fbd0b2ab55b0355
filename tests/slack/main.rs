//! The Slack room as a whole: what comes in is believed only when signed, what goes out is always taken.

mod cards;
mod clicking;
mod hostile;
mod inbound;
mod linking;
mod manifest;
mod manifest_values;
mod modals;
mod outbound;
mod people;
mod ring;
mod samples;
mod slash;
mod strangers;
mod threads;
