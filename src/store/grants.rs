//! What a role of PostgreSQL may do to the record: an owner makes the tables, the application only adds to the journal.

use super::Store;
use super::dialect::Dialect;
use super::error::StoreError;
use super::sql::Sql;

/// What the application may do to each table besides reading it. It may not do anything else, to no table.
const GRANTS: &[(&str, &str)] = &[
    ("journal", "INSERT"),
    ("policies", "INSERT"),
    ("content", "INSERT, UPDATE"),
    ("inbox", "INSERT, UPDATE"),
    ("outbox", "INSERT, UPDATE"),
    ("counters", "INSERT, UPDATE"),
    ("memos", "INSERT, UPDATE"),
    ("views", "INSERT, UPDATE, DELETE"),
    ("cards", "INSERT, UPDATE, DELETE"),
    ("cases", "INSERT, UPDATE, DELETE"),
    ("requests", "INSERT, UPDATE, DELETE"),
    ("request_people", "INSERT, UPDATE, DELETE"),
    ("examples", "INSERT, UPDATE, DELETE"),
    ("departures", "INSERT, UPDATE, DELETE"),
];

/// What the role `$1`, or whoever asks, can do to the journal. Whoever owns it can disable its triggers.
const POWERS: &str = "SELECT CAST(r.rolname AS text), \
     CAST(pg_has_role(r.oid, c.relowner, 'MEMBER') AS int)::bigint, \
     CAST(has_any_column_privilege(r.oid, c.oid, 'UPDATE') AS int)::bigint, \
     CAST(has_table_privilege(r.oid, c.oid, 'DELETE') AS int)::bigint, \
     CAST(has_table_privilege(r.oid, c.oid, 'TRUNCATE') AS int)::bigint, \
     CAST(has_table_privilege(r.oid, c.oid, 'TRIGGER') AS int)::bigint \
     FROM pg_roles r, pg_class c WHERE c.oid = to_regclass('journal') AND r.rolname = coalesce($1, current_user)";

/// What a role could do to what is recorded, beyond adding to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Powers {
    /// The role.
    pub role: String,
    /// What it could do, in words; empty when it can only add.
    pub over: Vec<&'static str>,
}

impl Store {
    /// What the role of this connection could do to the record; `None` for a SQLite file, which has no roles.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn powers(&self) -> Result<Option<Powers>, StoreError> {
        match self.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => self.powers_of(None).await,
        }
    }

    /// Grants a role what the application needs, and takes everything else from it. Only the owner of the tables can.
    ///
    /// # Errors
    /// `Refused` when there is no such role, when it could change the record all the same, and on a SQLite file.
    pub async fn grant_to(&self, role: &str) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Sqlite {
            return Err(refused(
                "a SQLite file has no roles; name a PostgreSQL".to_owned(),
            ));
        }
        let Some(powers) = self.powers_of(Some(role)).await? else {
            let why =
                format!("there is no role `{role}` on this server; let an administrator create it");
            return Err(refused(why));
        };
        let quoted = format!("\"{}\"", powers.role.replace('"', "\"\""));
        let mut tx = self.pools().write().await?;
        let schema = tx
            .row(Sql::of("SELECT quote_ident(current_schema())"))
            .await?;
        let schema = match schema {
            Some(row) => row.text(0)?,
            None => return Err(refused("this database has no schema".to_owned())),
        };
        let mut statements = vec![
            format!("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"),
            format!("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {quoted}"),
            format!("GRANT USAGE ON SCHEMA {schema} TO {quoted}"),
            format!("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {quoted}"),
        ];
        let may = |(table, what): &(&str, &str)| format!("GRANT {what} ON {table} TO {quoted}");
        statements.extend(GRANTS.iter().map(may));
        for statement in statements {
            tx.run(Sql::of(statement)).await?;
        }
        tx.commit().await?;
        match self.powers_of(Some(role)).await? {
            Some(powers) if !powers.over.is_empty() => Err(refused(format!(
                "the role `{role}` {} all the same: it owns the tables, or is in a role that does, or is a superuser; name another one",
                powers.over.join(", ")
            ))),
            _ => Ok(()),
        }
    }

    async fn powers_of(&self, role: Option<&str>) -> Result<Option<Powers>, StoreError> {
        const WORDS: [&str; 5] = [
            "can disable what protects the journal",
            "can change what is recorded",
            "can delete what is recorded",
            "can empty the journal",
            "can put triggers on the journal",
        ];
        let asked = Sql::of(POWERS).maybe_text(role);
        let Some(row) = self.pools().row(asked).await? else {
            return Ok(None);
        };
        let mut over = vec![];
        for (n, word) in WORDS.into_iter().enumerate() {
            if row.int(n + 1)? == 1 {
                over.push(word);
            }
        }
        Ok(Some(Powers {
            role: row.text(0)?,
            over,
        }))
    }
}

fn refused(why: String) -> StoreError {
    StoreError::Refused { why }
}
