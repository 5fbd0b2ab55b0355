//! The offline triager and drafter: deterministic, from general rules, no key and no network.
//!
//! Its name carries a number, which verdicts and receipts keep, by which people compare what its rules
//! brought, and which quarantine can name. The number goes up with every change after which some ticket
//! may get another answer: a phrase, a weight, a reply's wording, the code that reads them. What is added
//! for another language or category counts as well; a comment does not. A test holds the number to the
//! text of these files.

mod drafting;
mod lexicon;
mod mentions;
mod refunds;
mod replies;
mod severity;
mod triage;

use async_trait::async_trait;

use crate::domain::model::{ModelAnswer, ModelRequest, ModelTask};
use crate::ports::{Model, PortError};

/// The name that stands on cards and in receipts.
pub const NAME: &str = "builtin 2";

/// A model made of rules: the same request always gets the same answer.
#[derive(Clone, Copy, Default, Debug)]
pub struct Builtin;

impl Builtin {
    /// Answers a request. Pure.
    ///
    /// # Errors
    /// A sentence when the material is not what the task's request holds.
    pub fn answer(&self, request: &ModelRequest) -> Result<ModelAnswer, String> {
        let unreadable =
            |error: serde_json::Error| format!("the material of this task cannot be read: {error}");
        let answer = match request.task {
            ModelTask::Triage => {
                triage::triage(&serde_json::from_str(&request.input).map_err(unreadable)?)
            }
            ModelTask::Draft => {
                drafting::draft(&serde_json::from_str(&request.input).map_err(unreadable)?)
            }
        };
        Ok(ModelAnswer {
            text: answer.to_string(),
            model: NAME.to_owned(),
        })
    }
}

#[async_trait]
impl Model for Builtin {
    async fn call(&self, request: &ModelRequest) -> Result<ModelAnswer, PortError> {
        self.answer(request).map_err(|why| PortError::No { why })
    }
}
