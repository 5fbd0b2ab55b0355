//! SHA-256 digests and the typed, length-prefixed encoding that goes into them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest (FIPS 180-4), 32 bytes, written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of plain bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The raw 32 bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Takes 32 bytes as a digest.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 hex digits; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The first 128 bits as 32 hex digits: what a button carries.
    #[must_use]
    pub fn prefix(&self) -> String {
        hex::encode(&self.0[..16])
    }

    /// Twelve hex digits, for people to compare by eye.
    #[must_use]
    pub fn short(&self) -> String {
        hex::encode(&self.0[..6])
    }

    /// Whether a button's 128-bit prefix belongs to this digest, compared in constant time.
    #[must_use]
    pub fn matches_prefix(&self, prefix: &str) -> bool {
        use subtle::ConstantTimeEq as _;
        self.prefix().as_bytes().ct_eq(prefix.as_bytes()).into()
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.short())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a digest is 64 hex digits"))
    }
}

/// Encodes typed fields, each with a tag and a length, so that no two different inputs share bytes.
///
/// The first field is a domain label: digests of different things never collide by accident.
pub struct Encoder(Sha256);

impl Encoder {
    /// Starts an encoding for one kind of thing, for example `subject`.
    #[must_use]
    pub fn new(label: &str) -> Self {
        Self(Sha256::new()).field(b'L', format!("countersign/{label}/v1").as_bytes())
    }

    /// A text field.
    #[must_use]
    pub fn text(self, value: &str) -> Self {
        self.field(b'T', value.as_bytes())
    }

    /// A bytes field.
    #[must_use]
    pub fn bytes(self, value: &[u8]) -> Self {
        self.field(b'B', value)
    }

    /// An integer field.
    #[must_use]
    pub fn number(self, value: i64) -> Self {
        self.field(b'N', &value.to_be_bytes())
    }

    /// A digest field.
    #[must_use]
    pub fn digest(self, value: &Digest) -> Self {
        self.field(b'D', value.bytes())
    }

    /// An optional text; absent differs from empty.
    #[must_use]
    pub fn maybe(self, value: Option<&str>) -> Self {
        match value {
            Some(text) => self.text(text),
            None => self.field(b'-', &[]),
        }
    }

    /// A list: its length, then each item's own fields.
    #[must_use]
    pub fn list<T>(
        self,
        items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        each: impl FnMut(Self, T) -> Self,
    ) -> Self {
        let items = items.into_iter();
        let start = self.field(b'S', &(items.len() as u64).to_be_bytes());
        items.fold(start, each)
    }

    /// The digest of all that was encoded.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }

    fn field(mut self, tag: u8, value: &[u8]) -> Self {
        self.0.update([tag]);
        self.0.update((value.len() as u64).to_be_bytes());
        self.0.update(value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_run_into_each_other() {
        let one = Encoder::new("t").text("ab").text("c").finish();
        let two = Encoder::new("t").text("a").text("bc").finish();
        assert_ne!(one, two);
        assert_ne!(
            Encoder::new("t").maybe(None).finish(),
            Encoder::new("t").maybe(Some("")).finish()
        );
    }

    #[test]
    fn a_prefix_belongs_to_its_digest_only() {
        let digest = Digest::of(b"one");
        assert!(digest.matches_prefix(&digest.prefix()));
        assert!(!digest.matches_prefix(&Digest::of(b"two").prefix()));
        assert!(!digest.matches_prefix(""));
    }
}
