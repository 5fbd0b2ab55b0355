//! Everything in which SQLite and PostgreSQL differ. All other SQL text is one text for both.

/// Which database it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// An embedded file.
    Sqlite,
    /// A server that any number of processes share.
    Postgres,
}

impl Dialect {
    /// Begins a transaction that will write. SQLite takes the write lock at once: taking it later can fail half-way.
    pub(super) const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Begins a transaction that only gives leases, whose commit does not wait for the disk. A lease that a power cut
    /// takes back is taken again, and whatever was recorded under it was recorded later and has carried it to the disk.
    pub(super) const fn begin_lease(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            Self::Postgres => {
                "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off"
            }
        }
    }

    /// Begins a transaction that reads one moment of the database.
    pub(super) const fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN DEFERRED",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// The names of the tables that are there, the database's own left out.
    pub(super) const fn tables(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            }
            Self::Postgres => {
                "SELECT CAST(table_name AS text) FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
            }
        }
    }

    /// The steps of the schema that were taken, each with its digest.
    pub(super) const fn steps_taken(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT version, lower(hex(checksum)) FROM _sqlx_migrations ORDER BY version"
            }
            Self::Postgres => {
                "SELECT version, encode(checksum, 'hex') FROM _sqlx_migrations ORDER BY version"
            }
        }
    }

    /// Lets one transaction at a time work under each of the names that stand between these two, in the order in which
    /// everybody takes them. On SQLite the write lock does that already.
    pub(super) const fn lock(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some((
                "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(column1, 0)) FROM (",
                ") AS named) AS locked",
            )),
        }
    }

    /// The rows of the journal that came after the places (stream, sequence number) that stand between these two, of
    /// each stream the oldest first. Both databases are told to look each stream up, and not to read the whole journal.
    pub(super) const fn rows_after(self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite => (
                "SELECT j.stream, j.at, j.body, j.hash FROM (",
                ") AS after CROSS JOIN journal j WHERE j.stream = after.column1 AND j.seq > after.column2 \
                 ORDER BY j.stream, j.seq",
            ),
            Self::Postgres => (
                "SELECT j.stream, j.at, j.body, j.hash FROM (",
                ") AS after CROSS JOIN LATERAL (SELECT stream, seq, at, body, hash FROM journal WHERE stream = after.column1 \
                 AND seq > after.column2 ORDER BY seq) j ORDER BY j.stream, j.seq",
            ),
        }
    }

    /// Ends a sub-select that several workers race for: whoever is late takes the next row instead of waiting.
    pub(super) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The newest examples of the action `$1` that hold any word of the query `$2`, at most `$3`.
    ///
    /// Both databases give the same rows in the same order; how alike they are is judged by `similar`, not here.
    pub(super) const fn examples_with_words(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT e.number, e.headline, e.proposed, e.outcome, e.words, e.case_id FROM example_words w JOIN examples e ON e.position = w.rowid \
                 WHERE example_words MATCH $2 AND e.action = $1 ORDER BY w.rowid DESC LIMIT $3"
            }
            Self::Postgres => {
                "SELECT e.number, e.headline, e.proposed, e.outcome, e.words, e.case_id FROM examples e \
                 WHERE e.lexemes @@ CAST($2 AS tsquery) AND e.action = $1 ORDER BY e.position DESC LIMIT $3"
            }
        }
    }

    /// A full-text query for any of these words, which hold only letters and digits.
    pub(super) fn any_word(self, words: &[String]) -> String {
        match self {
            Self::Sqlite => words
                .iter()
                .map(|word| format!("\"{word}\""))
                .collect::<Vec<_>>()
                .join(" OR "),
            Self::Postgres => words
                .iter()
                .map(|word| format!("'{word}'"))
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }
}
