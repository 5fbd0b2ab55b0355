//! What the agent room promises: redaction that holds, closed readings, and floors for `builtin`.

mod builtin;
mod drafting;
mod matters;
mod measured;
mod numbered;
mod paraphrases;
mod readings;
mod redaction;
mod redaction_measured;
mod replies;
mod screen;
