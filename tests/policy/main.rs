//! The policy folder: what loads, what is refused, and what the shipped one decides.

mod shipped;
mod support;
