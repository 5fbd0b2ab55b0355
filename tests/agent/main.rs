//! What the agent room promises: redaction that holds, closed readings, and floors for `builtin`.

mod builtin;
mod measured;
mod readings;
mod redaction;
