//! The store on both databases: each test runs on a fresh SQLite file and on a fresh PostgreSQL database.

mod away;
mod bed;
mod chain;
#[expect(
    dead_code,
    reason = "the tests of the program put something before its socket"
)]
#[path = "../support/cluster.rs"]
mod cluster;
mod condition;
mod departures;
mod door;
mod examples;
#[path = "../support/folder.rs"]
mod folder;
mod journals;
mod life;
mod lists;
mod migrations;
mod opening;
mod outbox;
mod places;
#[path = "../support/postgres.rs"]
mod postgres;
mod ring;
#[path = "../support/rows.rs"]
mod rows;
mod together;
mod waking;
