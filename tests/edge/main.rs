//! Tests of the edge: connectors, desks, doors and configuration, each over real HTTP on loopback or real files.

mod config;
mod corpus;
mod door;
mod fences;
mod framing;
mod grafana;
mod headers;
mod intake;
mod local;
mod metrics;
mod pages;
mod permit;
mod proofs;
mod raw;
mod readyz;
mod records;
#[path = "../support/schema_fields.rs"]
mod schema_fields;
mod slack_doors;
mod slow;
mod stripe;
mod stripe_fake;
mod stripe_linked;
mod stripe_lists;
mod tickets;
mod workspace_fields;

/// One TLS provider for this binary, before the first client is built.
fn install_tls() {
    // A second installation fails, which means that the first one holds.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
