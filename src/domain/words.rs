//! One macro for closed sets that are written as words in manifests, the journal and on cards.

/// The words of a closed set, each with one sentence that says what it means.
pub type Words = &'static [(&'static str, &'static str)];

/// Declares a closed set: an enum whose members each have one fixed word.
///
/// The word is what stands in manifests, in the journal and on cards, so that a renamed member
/// never changes a stored byte. `ALL` lists the members in the order of declaration.
macro_rules! closed_set {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $says:literal])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[doc = $says])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Each word with what it means, in the order of declaration.
            pub const WORDS: crate::domain::words::Words = &[$(($word, concat!($($says),*).trim_ascii())),+];

            /// The word that stands for this member wherever it is written down.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The member that a word stands for, if it stands for one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

pub(crate) use closed_set;
