//! How the database can fail, told apart by what the caller does next.

/// Why the store could not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds what is needed; the same call goes through in a moment. The door answers 503.
    #[error("the database is busy: {why}")]
    Busy {
        /// What the database said.
        why: String,
    },
    /// The database cannot be reached or cannot write: cut off, shut down, disk full. The door answers 503.
    #[error("the database is away: {why}")]
    Away {
        /// What the database said.
        why: String,
    },
    /// A stored row does not read as what was written.
    #[error("{row} cannot be read: {why}")]
    Corrupt {
        /// The table and key of the row.
        row: String,
        /// What is wrong with it.
        why: String,
    },
    /// Somebody else finished this meanwhile; nothing of this turn was stored.
    #[error("{what} was finished by another worker; nothing of this turn was stored")]
    Overtaken {
        /// What was finished.
        what: String,
    },
    /// The database refuses it: a constraint, a trigger, a schema that is not ours.
    #[error("the database refuses: {why}")]
    Refused {
        /// What the database said.
        why: String,
    },
}

impl StoreError {
    /// Whether the same call may go through later: what a door answers with 503.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Away { .. })
    }

    pub(super) fn corrupt(row: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self::Corrupt {
            row: row.into(),
            why: why.to_string(),
        }
    }

    fn of_database(error: &dyn sqlx::error::DatabaseError) -> Self {
        let why = error.message().to_owned();
        let code = error.code().unwrap_or_default().into_owned();
        // SQLite gives its extended result code in decimals; the low byte is the kind (sqlite.org/rescode.html).
        if let Ok(number) = code.parse::<u32>()
            && error
                .try_downcast_ref::<sqlx::sqlite::SqliteError>()
                .is_some()
        {
            return match number & 0xff {
                5 | 6 | 9 => Self::Busy { why },
                8 | 10 | 13 | 14 => Self::Away { why },
                11 | 26 => Self::corrupt("the database file", why),
                _ => Self::Refused { why },
            };
        }
        // PostgreSQL gives a SQLSTATE (PostgreSQL manual, appendix A).
        match code.as_str() {
            "40001" | "40P01" | "55P03" | "57014" => Self::Busy { why },
            "25006" => Self::Away { why },
            state
                if ["08", "53", "57", "58"]
                    .iter()
                    .any(|class| state.starts_with(class)) =>
            {
                Self::Away { why }
            }
            state if state.starts_with("XX") => Self::corrupt("the database", why),
            _ => Self::Refused { why },
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => Self::of_database(inner.as_ref()),
            sqlx::Error::PoolTimedOut => Self::Busy {
                why: "no connection became free in time".into(),
            },
            sqlx::Error::ColumnDecode { index, source } => {
                Self::corrupt(format!("column {index}"), source)
            }
            sqlx::Error::Decode(source) => Self::corrupt("a column", source),
            sqlx::Error::RowNotFound
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::Configuration(_) => Self::Refused {
                why: error.to_string(),
            },
            _ => Self::Away {
                why: error.to_string(),
            },
        }
    }
}
