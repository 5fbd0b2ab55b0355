//! The kinds of text that redaction takes out, and what may be put back.

use crate::domain::words::closed_set;

closed_set! {
    /// What a redacted span was.
    Kind {
        /// A PEM or PGP private key block.
        PrivateKey = "private_key",
        /// User and password in an address: `scheme://user:password@host`.
        Credentials = "credentials",
        /// A key in the shape of a known provider, or a high-entropy value after a label.
        ApiKey = "api_key",
        /// A bearer token, a JWT, a basic authorisation.
        Token = "token",
        /// A password or PIN after a label.
        Password = "password",
        /// An e-mail address.
        Email = "email",
        /// An IBAN whose check digits hold (ISO 13616, mod 97).
        Iban = "iban",
        /// A payment card number whose check digit holds (ISO/IEC 7812, Luhn).
        Card = "card",
        /// A phone number, international or national.
        Phone = "phone",
        /// Text in the shape of a placeholder that we did not make.
        Lookalike = "lookalike",
        /// Characters that no reader sees.
        Hidden = "hidden",
    }
}

impl Kind {
    /// Whether it is a secret: it is never kept, so it can never be put back.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(
            self,
            Self::PrivateKey | Self::Credentials | Self::ApiKey | Self::Token | Self::Password
        )
    }

    /// Whether it is random enough that a short fingerprint of it gives nothing away.
    #[must_use]
    pub const fn is_random(self) -> bool {
        matches!(self, Self::PrivateKey | Self::ApiKey | Self::Token)
    }

    /// Whether it is personal data that is kept beside the text and put back by the desk.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Email | Self::Iban | Self::Card | Self::Phone)
    }

    /// The word inside the placeholder's brackets, for example `EMAIL`.
    #[must_use]
    pub fn label(self) -> String {
        self.word().to_ascii_uppercase()
    }
}
