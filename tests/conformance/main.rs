//! Conformance: every stand-in and every adapter against what its vendor documents.

mod sandbox_clock;
mod sandbox_demo;
mod sandbox_desk;
mod sandbox_morphism;
mod sandbox_page;
mod sandbox_scopes;
mod sandbox_slack;
