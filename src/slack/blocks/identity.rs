//! On whose word it rests who asked, as every card of a linked case says it.

use super::rich::Line;
use crate::domain::card::{CaseFace, IdentityFace};

/// The line about a customer whom a person linked, with so much of how that was made sure; nothing where nobody did.
#[must_use]
pub fn line(case: &CaseFace, most: usize) -> Option<Line> {
    let Some(IdentityFace::Linked {
        customer,
        by,
        words,
    }) = &case.identity
    else {
        return None;
    };
    let line = Line::begin()
        .bold("Linked to ")
        .code(customer.as_str())
        .bold(" by ")
        .person(by)
        .bold(&format!("; {}", not_vouched(case)));
    Some(match most {
        0 => line,
        most => line.text(" (").foreign(words, most).text(")"),
    })
}

/// What the source says itself. One that vouches for the address may still know several customers with it.
#[must_use]
pub const fn not_vouched(case: &CaseFace) -> &'static str {
    if case.requester_verified {
        "the source does not tell which customer the requester is"
    } else {
        "the source does not vouch for the requester"
    }
}
