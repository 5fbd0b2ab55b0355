//! A desk that cannot be written to: an approved reply is copied from its card by a person, who marks it as sent.

use async_trait::async_trait;

use crate::domain::case::event::Acknowledgement;
use crate::domain::case::gate::Permit;
use crate::domain::ticket::TicketState;
use crate::ports::{Desk, DeskWrite, PortError};

/// The desk without a system behind it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDesk;

#[async_trait]
impl Desk for NoDesk {
    async fn read(&self, _ticket: &str) -> Result<Option<TicketState>, PortError> {
        Ok(None)
    }

    async fn write(
        &self,
        _permit: &Permit,
        _write: &DeskWrite,
    ) -> Result<Acknowledgement, PortError> {
        Err(PortError::No {
            why: "this desk cannot be written to: copy the text from the card and mark it sent"
                .into(),
        })
    }

    async fn look_up(&self, _write: &DeskWrite) -> Result<Option<Acknowledgement>, PortError> {
        Err(PortError::No {
            why: "this desk cannot be written to, so there is nothing to look up".into(),
        })
    }
}
