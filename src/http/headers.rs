//! Headers that say who speaks: each of them once, or not at all.

use axum::http::HeaderMap;

/// The one value of a header. A header that stands twice is none: which of the two somebody in front of us has looked
/// at, nobody can tell.
pub(super) fn sole<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    match values.next() {
        None => value.to_str().ok(),
        Some(_) => None,
    }
}
