//! Texts apart from the chain: written with the row that commits to them, opened by their commitment.

use super::Store;
use super::error::StoreError;
use super::sql::{Row, Sql, Tx};
use crate::domain::card::Texts;
use crate::domain::content::{Content, ContentKind, Sealed};
use crate::domain::digest::Digest;
use crate::domain::ids::StreamId;

impl Store {
    /// Every text of a stream that was not erased.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` when a row does not read.
    pub async fn texts(&self, stream: &StreamId) -> Result<Texts, StoreError> {
        let asked =
            Sql::of("SELECT sealed, text FROM content WHERE stream = $1 AND text IS NOT NULL")
                .text(stream.as_str());
        opened(&self.pools().rows(asked).await?)
    }

    /// The texts of these commitments; an erased one is left out.
    ///
    /// # Errors
    /// As [`Store::texts`].
    pub async fn texts_of(
        &self,
        sealed: impl IntoIterator<Item = Sealed>,
    ) -> Result<Texts, StoreError> {
        let (head, asked, tail) = asked_for(sealed);
        opened(&self.pools().many(head, asked, tail).await?)
    }

    /// One text with its salt; `None` when it was erased or never stored.
    ///
    /// # Errors
    /// As [`Store::texts`].
    pub async fn content(&self, sealed: &Sealed) -> Result<Option<Content>, StoreError> {
        let asked = Sql::of(
            "SELECT sealed, kind, salt, text FROM content WHERE sealed = $1 AND text IS NOT NULL",
        )
        .text(sealed.0.to_string());
        match self.pools().row(asked).await? {
            Some(row) => content_of(&row).map(Some),
            None => Ok(None),
        }
    }
}

/// The texts of these commitments as a transaction sees them; an erased one is left out.
pub(super) async fn texts_within(
    tx: &mut Tx,
    sealed: impl IntoIterator<Item = Sealed>,
) -> Result<Texts, StoreError> {
    let (head, asked, tail) = asked_for(sealed);
    opened(&tx.many(head, asked, tail).await?)
}

/// The texts of these commitments, as a list between two texts.
fn asked_for(sealed: impl IntoIterator<Item = Sealed>) -> (&'static str, Vec<Sql>, &'static str) {
    let asked = sealed
        .into_iter()
        .map(|one| Sql::row().text(one.0.to_string()));
    (
        "SELECT c.sealed, c.text FROM (",
        asked.collect(),
        ") AS asked CROSS JOIN content c WHERE c.sealed = asked.column1 AND c.text IS NOT NULL",
    )
}

/// Stores texts, each with its stream. A commitment that is there already is the same text.
pub(super) async fn put_contents<'a>(
    tx: &mut Tx,
    contents: impl IntoIterator<Item = (&'a StreamId, &'a Content)>,
) -> Result<(), StoreError> {
    let row = |(stream, content): (&StreamId, &Content)| {
        Sql::row()
            .text(content.sealed.0.to_string())
            .text(stream.as_str())
            .text(content.kind.word())
            .text(content.salt.to_string())
            .text(&content.text)
    };
    let rows = contents.into_iter().map(row).collect();
    let head = "INSERT INTO content (sealed, stream, kind, salt, text)";
    tx.many(head, rows, " ON CONFLICT (sealed) DO NOTHING")
        .await?;
    Ok(())
}

/// Reads `sealed, kind, salt, text`.
pub(super) fn content_of(row: &Row) -> Result<Content, StoreError> {
    let sealed = row.text(0)?;
    let wrong = |what: &str| StoreError::corrupt(format!("content {sealed}"), what);
    Ok(Content {
        sealed: Sealed(Digest::parse(&sealed).ok_or_else(|| wrong("its key is not a digest"))?),
        kind: ContentKind::from_word(&row.text(1)?)
            .ok_or_else(|| wrong("its kind is not one that we know"))?,
        salt: Digest::parse(&row.text(2)?).ok_or_else(|| wrong("its salt is not a digest"))?,
        text: row.text(3)?,
    })
}

fn opened(rows: &[Row]) -> Result<Texts, StoreError> {
    rows.iter()
        .map(|row| {
            let sealed = row.text(0)?;
            let digest = Digest::parse(&sealed).ok_or_else(|| {
                StoreError::corrupt(format!("content {sealed}"), "its key is not a digest")
            })?;
            Ok((Sealed(digest), row.text(1)?))
        })
        .collect()
}
