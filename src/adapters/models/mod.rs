//! Models behind the gateway. To add a provider, add a file and a line here.

pub mod builtin;
