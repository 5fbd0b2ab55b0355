//! The loop over connections: how many there are at once, how long each may keep us waiting, and how it ends.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::socket::Impatient;
use super::{Endpoints, router};

/// How long the head of a request may take.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How many bytes the head of a request may have. Slack's have about 500.
const HEAD_BYTES: usize = 32 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);
/// How long an answer may wait until somebody reads on.
const UNREAD_TIME: Duration = Duration::from_secs(10);
/// How long answers that are under way may take once the server was told to stop.
const STOP_TIME: Duration = Duration::from_secs(15);
/// How many connections are served at once. Further ones wait in the machine's queue.
const MOST_CONNECTIONS: usize = 512;

/// What a server lets a connection cost.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long the head of a request may take to arrive. An idle connection is closed after it too.
    pub head: Duration,
    /// How long a body may take to arrive.
    pub body: Duration,
    /// How long an answer may wait until the other side reads on.
    pub unread: Duration,
    /// How many connections at once.
    pub connections: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            head: HEAD_TIME,
            body: BODY_TIME,
            unread: UNREAD_TIME,
            connections: MOST_CONNECTIONS,
        }
    }
}

/// A bound server that does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    bounds: Bounds,
}

impl Server {
    /// Binds the address; port 0 takes any that is free.
    ///
    /// # Errors
    ///
    /// The address is taken or not ours.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            bounds: Bounds::default(),
        })
    }

    /// The same server with other bounds.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until it is told to stop, and then finishes the answers that are under way, for a while. A
    /// connection that cannot be taken ends nothing: the next one is waited for.
    pub async fn run(mut self, endpoints: impl Into<Endpoints>, stop: CancellationToken) {
        let service = TowerToHyperService::new(router(endpoints.into(), self.bounds));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.bounds.head)
            .max_buf_size(HEAD_BYTES);
        let places = Arc::new(Semaphore::new(self.bounds.connections));
        let graceful = GracefulShutdown::new();
        let mut connections = JoinSet::new();
        loop {
            let (socket, place) = tokio::select! {
                () = stop.cancelled() => break,
                Some(_ended) = connections.join_next() => continue,
                arrived = self.arrival(&places) => arrived,
            };
            let socket = TokioIo::new(Impatient::over(socket, self.bounds.unread));
            let connection = http.serve_connection(socket, service.clone());
            let served = graceful.watch(connection);
            connections.spawn(async move {
                if let Err(error) = served.await {
                    tracing::debug!(%error, "a connection ended early");
                }
                drop(place);
            });
        }
        drop(self.listener);
        if tokio::time::timeout(STOP_TIME, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("answers that were under way for too long were broken off");
        }
    }

    /// The next connection, once there is a place for it.
    async fn arrival(
        &mut self,
        places: &Arc<Semaphore>,
    ) -> (TcpStream, Option<OwnedSemaphorePermit>) {
        // The semaphore is never closed, so that there always is a place in the end.
        let place = Arc::clone(places).acquire_owned().await.ok();
        let (socket, _) = Listener::accept(&mut self.listener).await;
        (socket, place)
    }
}
