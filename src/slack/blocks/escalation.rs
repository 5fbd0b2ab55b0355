//! The escalation card: a case that a role has, with what to do, and for money the answers that billing gives.

use serde_json::Value;

use super::approver::{case, evidence};
use super::draft;
use super::kit::{self, Look};
use super::rich::{Line, Rich};
use super::text::{fit, shown};
use super::{Part, limits};
use crate::domain::approval::Verb as Decided;
use crate::domain::card::{About, DraftFace, EscalationFace};
use crate::domain::escalation::EscalationCause;
use crate::domain::person::Person;
use crate::domain::time::At;
