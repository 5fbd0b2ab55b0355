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
            let mut asked =
                Sql::of("SELECT sealed, text FROM content WHERE text IS NOT NULL AND sealed IN (");
            for (n, one) in some.iter().enumerate() {
                let place = format!("{}${}", if n == 0 { "" } else { ", " }, asked.next());
                asked = asked.and(&place).text(one.0.to_string());
            }
            texts.append(&mut opened(&self.pools().rows(asked.and(")")).await?)?);
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

/// Stores texts of a stream. A commitment that is there already is the same text.
pub(super) async fn put_content(
    tx: &mut Tx,
    stream: &StreamId,
    contents: &[Content],
) -> Result<(), StoreError> {
    for content in contents {
        tx.run(
            Sql::of(
                "INSERT INTO content (sealed, stream, kind, salt, text) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (sealed) DO NOTHING",
            )
            .text(content.sealed.0.to_string())
            .text(stream.as_str())
            .text(content.kind.word())
            .text(content.salt.to_string())
            .text(&content.text),
        )
        .await?;
    }
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
