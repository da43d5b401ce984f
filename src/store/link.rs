//! One statement text on two engines: a connection that is either, and the macros that run a statement on it.
//!
//! The driver tells a `tracing` listener of every statement, without its values. The program has none, so that this
//! costs a comparison; the contract test listens, to know that every statement was executed on both engines.

use sqlx::{PgConnection, SqliteConnection};

/// Something of SQLite, or the same of PostgreSQL.
#[derive(Debug)]
pub enum On<S, P> {
    /// The embedded engine.
    Sqlite(S),
    /// The server.
    Postgres(P),
}

/// A borrowed connection: what every statement runs on.
pub type Link<'c> = On<&'c mut SqliteConnection, &'c mut PgConnection>;

/// A connection of our own.
pub type Owned = On<SqliteConnection, PgConnection>;

impl Owned {
    /// Lends the connection for statements.
    pub fn link(&mut self) -> Link<'_> {
        match self {
            Self::Sqlite(c) => On::Sqlite(c),
            Self::Postgres(c) => On::Postgres(c),
        }
    }
}

impl Link<'_> {
    /// Whether this is the server.
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

/// Runs a statement; gives the number of rows it touched.
#[macro_export]
macro_rules! exec {
    ($c:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $c {
            $crate::store::link::On::Sqlite(c) => sqlx::query($sql)$(.bind($arg))*.execute(&mut **c).await.map(|done| done.rows_affected()),
            $crate::store::link::On::Postgres(c) => sqlx::query($sql)$(.bind($arg))*.execute(&mut **c).await.map(|done| done.rows_affected()),
        }
    };
}

/// Runs a query; gives every row as the type named.
#[macro_export]
macro_rules! rows {
    ($c:expr, $t:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $c {
            $crate::store::link::On::Sqlite(c) => sqlx::query_as::<_, $t>($sql)$(.bind($arg))*.fetch_all(&mut **c).await,
            $crate::store::link::On::Postgres(c) => sqlx::query_as::<_, $t>($sql)$(.bind($arg))*.fetch_all(&mut **c).await,
        }
    };
}

/// Runs a query; gives the first row, if there is one, as the type named.
#[macro_export]
macro_rules! opt {
    ($c:expr, $t:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $c {
            $crate::store::link::On::Sqlite(c) => sqlx::query_as::<_, $t>($sql)$(.bind($arg))*.fetch_optional(&mut **c).await,
            $crate::store::link::On::Postgres(c) => sqlx::query_as::<_, $t>($sql)$(.bind($arg))*.fetch_optional(&mut **c).await,
        }
    };
}

/// Runs a query; gives the first column of the first row, if there is one.
#[macro_export]
macro_rules! scalar {
    ($c:expr, $t:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $c {
            $crate::store::link::On::Sqlite(c) => sqlx::query_scalar::<_, $t>($sql)$(.bind($arg))*.fetch_optional(&mut **c).await,
            $crate::store::link::On::Postgres(c) => sqlx::query_scalar::<_, $t>($sql)$(.bind($arg))*.fetch_optional(&mut **c).await,
        }
    };
}

/// Runs an INSERT of rows, as many with one statement as `many` says; `head` stands before the values, `tail`
/// behind them.
#[macro_export]
macro_rules! insert {
    ($c:expr, $head:expr, $rows:expr, $many:expr, |$b:ident, $row:ident| $push:expr, $tail:expr) => {
        for rows in $rows.chunks($many) {
            match $c {
                $crate::store::link::On::Sqlite(c) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                    builder.push_values(rows, |mut $b, $row| $push);
                    builder.push($tail).build().execute(&mut **c).await?;
                }
                $crate::store::link::On::Postgres(c) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                    builder.push_values(rows, |mut $b, $row| $push);
                    builder.push($tail).build().execute(&mut **c).await?;
                }
            }
        }
    };
}

/// Runs a query that ends in a column which must be among the texts of a JSON list; gives every row as the type
/// named.
#[macro_export]
macro_rules! among {
    ($c:expr, $t:ty, $sql:literal, $list:expr $(,)?) => {
        $crate::among!($c, $t, concat!($sql), $list)
    };
    ($c:expr, $t:ty, concat!($($sql:tt)+), $list:expr $(,)?) => {
        match $c {
            $crate::store::link::On::Sqlite(c) => {
                sqlx::query_as::<_, $t>(concat!($($sql)+, " IN (SELECT value FROM json_each($1))"))
                    .bind($list)
                    .fetch_all(&mut **c)
                    .await
            }
            $crate::store::link::On::Postgres(c) => {
                sqlx::query_as::<_, $t>(concat!(
                    $($sql)+,
                    " IN (SELECT jsonb_array_elements_text(CAST($1 AS JSONB)))"
                ))
                .bind($list)
                .fetch_all(&mut **c)
                .await
            }
        }
    };
}
