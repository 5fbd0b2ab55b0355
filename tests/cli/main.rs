//! The built program as a user meets it: arguments in, words and exit codes out, each in a folder of its own.

mod attack;
mod audit;
mod balancer;
mod bench;
mod checking;
#[path = "../support/cluster.rs"]
mod cluster;
mod crowd;
mod cuts;
mod demo;
mod editing;
mod explaining;
mod fleet;
#[path = "../support/folder.rs"]
mod folder;
mod full;
mod grants;
mod kills;
mod leaks;
mod linting;
mod load;
mod logging;
mod paced;
mod pinning;
mod policies;
#[expect(dead_code, reason = "stories begin on a database that was migrated")]
#[path = "../support/postgres.rs"]
mod postgres;
mod power;
#[path = "../support/preload.rs"]
mod preload;
mod processes;
#[path = "../support/repeated.rs"]
mod repeated;
mod roles;
#[path = "../support/rows.rs"]
mod rows;
mod running;
mod serving;
mod tickets;
mod turning;
mod versions;
#[path = "../support/wire.rs"]
mod wire;
