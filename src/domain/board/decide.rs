//! The board's decisions: which events follow from a command, and which effects from an event.
