//! The policy folder: what loads, what is refused, and what the shipped one decides.

mod changes_told;
mod contract_table;
mod differing;
#[path = "../support/shipped.rs"]
mod documents;
mod explained;
mod facts;
mod fields;
mod flips;
mod hostile;
mod lint;
mod malformed;
mod malformed_tiers;
mod monotone;
mod people;
mod routing;
#[path = "../support/schema_fields.rs"]
mod schema_fields;
mod schemas;
mod shipped;
mod support;
