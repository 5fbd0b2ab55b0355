//! Texts apart from the chain: written with the row that commits to them, opened by their commitment.

use super::Store;
use super::error::StoreError;
use super::sql::{Row, Sql, Tx};
use crate::domain::card::Texts;
use crate::domain::content::{Content, ContentKind, Sealed};
use crate::domain::digest::Digest;
use crate::domain::ids::StreamId;

/// How many texts are asked for in one statement.
const AT_ONCE: usize = 200;

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
        let all: Vec<Sealed> = sealed.into_iter().collect();
        let mut texts = Texts::new();
        for some in all.chunks(AT_ONCE) {
            texts.append(&mut opened(&self.pools().rows(asked_for(some)).await?)?);
        }
        Ok(texts)
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
pub(super) async fn texts_within(tx: &mut Tx, sealed: &[Sealed]) -> Result<Texts, StoreError> {
    let mut texts = Texts::new();
    for some in sealed.chunks(AT_ONCE) {
        texts.append(&mut opened(&tx.rows(asked_for(some)).await?)?);
    }
    Ok(texts)
}

/// Asks for some texts. The last commitment is repeated up to a power of two, so that there are few texts to prepare.
fn asked_for(some: &[Sealed]) -> Sql {
    let mut asked =
        Sql::of("SELECT sealed, text FROM content WHERE text IS NOT NULL AND sealed IN (");
    for n in 0..some.len().next_power_of_two() {
        let Some(one) = some.get(n.min(some.len().saturating_sub(1))) else {
            continue;
        };
        let place = format!("{}${}", if n == 0 { "" } else { ", " }, asked.next());
        asked = asked.and(&place).text(one.0.to_string());
    }
    asked.and(")")
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
    let head = "INSERT INTO content (sealed, stream, kind, salt, text) VALUES";
    tx.write_rows(head, rows, " ON CONFLICT (sealed) DO NOTHING")
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
