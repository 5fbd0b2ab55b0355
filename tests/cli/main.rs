//! The built program as a user meets it: arguments in, words and exit codes out, each in a folder of its own.

mod audit;
mod bench;
mod checking;
mod demo;
mod editing;
#[path = "../support/folder.rs"]
mod folder;
mod full;
mod leaks;
mod pinning;
mod policies;
mod running;
mod serving;
mod tickets;
mod turning;
