//! A wire to a database that a test can cut: connections that stood break, and new ones come to nothing until it is
//! mended.

use std::path::PathBuf;

use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

/// A wire from a port of this machine to a socket.
pub struct Wire {
    port: u16,
    /// Whether it holds.
    holds: watch::Sender<bool>,
}

impl Wire {
    /// Lays a wire to this socket.
    pub async fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (holds, held) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (socket, mut held) = (socket.clone(), held.clone());
                tokio::spawn(async move {
                    let joined = async {
                        let mut far = UnixStream::connect(socket).await?;
                        tokio::io::copy_bidirectional(&mut near, &mut far).await
                    };
                    // Whichever ends first, both sides see their connection close.
                    tokio::select! {
                        _ = joined => {}
                        _ = held.wait_for(|holds| !holds) => {}
                    }
                });
            }
        });
        Self { port, holds }
    }

    /// The address of the database at its other end.
    pub fn url(&self) -> String {
        format!("postgres://countersign@127.0.0.1:{}/postgres", self.port)
    }

    /// Cuts it.
    pub fn cut(&self) {
        self.holds.send_replace(false);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.holds.send_replace(true);
    }
}
