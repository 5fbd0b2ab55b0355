//! What stands before several processes: each connection goes to the next of them.

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A balancer. It ends with the value.
pub struct Balancer {
    /// Where it listens.
    pub address: String,
    _task: JoinSet<()>,
}

impl Balancer {
    /// Stands before processes at these addresses.
    pub async fn before(addresses: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            for turn in 0.. {
                let (mut outside, _) = listener.accept().await.unwrap();
                let to = addresses[turn % addresses.len()].replace("http://", "");
                connections.spawn(async move {
                    let mut inside = TcpStream::connect(to).await.unwrap();
                    // Either side may go first; that is no failure of the balancer.
                    drop(tokio::io::copy_bidirectional(&mut outside, &mut inside).await);
                });
            }
        });
        Self {
            address,
            _task: task,
        }
    }
}
