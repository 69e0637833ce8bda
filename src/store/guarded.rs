//! A pool with few places, kept from whoever waits for a database that has gone silent: a line may be cut so that
//! nobody hears anything, for as long as the system hopes. Whoever waits too long is told so, and the connection is
//! thrown away rather than put back, since a pool asks a connection that comes back how it is, and waits for the
//! answer.

use futures_util::{
    FutureExt, StreamExt, TryFutureExt, TryStreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use sqlx::{
    Any, AnyConnection, Describe, Either, Error, Execute, Executor, Pool, SqlStr, Transaction,
    any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
    pool::PoolConnection,
};
use std::{
    io::ErrorKind,
    ops::{Deref, DerefMut},
    time::Duration,
};

/// The pool.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    pool: Pool<Any>,
    /// How long one statement or transaction may take; none where the database is a file.
    patience: Option<Duration>,
}

/// A connection of it. Dropped before it was given back, it is thrown away: somebody stopped waiting half-way.
#[derive(Debug)]
pub(super) struct Lent {
    connection: Option<PoolConnection<Any>>,
    may_be_silent: bool,
}

impl Guarded {
    pub(super) const fn new(pool: Pool<Any>, patience: Option<Duration>) -> Self {
        Self { pool, patience }
    }

    /// A connection for what is done within [`Guarded::in_time`].
    pub(super) async fn lend(&self) -> Result<Lent, Error> {
        Ok(Lent {
            connection: Some(self.pool.acquire().await?),
            may_be_silent: self.patience.is_some(),
        })
    }

    /// Does it, or stops waiting.
    pub(super) async fn in_time<T, E: From<Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let Some(patience) = self.patience else {
            return work.await;
        };
        let silent = |_| Err(Error::Io(ErrorKind::TimedOut.into()).into());
        tokio::time::timeout(patience, work)
            .await
            .unwrap_or_else(silent)
    }

    /// A connection for what nobody can say how long it takes, beside which little else is done.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<Any>, Error> {
        self.pool.acquire().await
    }

    /// The same, in a transaction.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Any>, Error> {
        self.pool.begin().await
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

impl Lent {
    /// It is fit for the next.
    pub(super) fn give_back(mut self) {
        drop(self.connection.take());
    }
}

impl Deref for Lent {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.connection
            .as_ref()
            .expect("lent until it is given back")
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.connection
            .as_mut()
            .expect("lent until it is given back")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && self.may_be_silent
        {
            drop(connection.detach());
        }
    }
}

impl<'p> Executor<'p> for &'p Guarded {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let all = async move {
            let mut lent = self.lend().await?;
            let asked = async move {
                let all = (*lent).fetch_many(query).try_collect::<Vec<_>>().await;
                lent.give_back();
                all
            };
            self.in_time(asked).await
        };
        all.map_ok(|all| stream::iter(all.into_iter().map(Ok)))
            .try_flatten_stream()
            .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let one = async move {
            let mut lent = self.lend().await?;
            let asked = async move {
                let one = (*lent).fetch_optional(query).await;
                lent.give_back();
                one
            };
            self.in_time(asked).await
        };
        one.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'p: 'e,
    {
        async move { self.pool.prepare_with(sql, parameters).await }.boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, Error>>
    where
        'p: 'e,
    {
        async move { self.pool.describe(sql).await }.boxed()
    }
}
