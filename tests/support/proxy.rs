//! A wire to a server that a test can cut: after a commit was sent, or so that nothing arrives any more.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// What the wire does with what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Wire {
    /// Carries everything.
    Open = 0,
    /// Carries the next commit, and breaks before its answer comes back.
    LoseAnswer = 1,
    /// Breaks before the next commit arrives.
    LoseCommit = 2,
    /// Carries nothing, in either direction, and does not break: a partition.
    Silent = 3,
}

/// A port on this host that leads to another.
pub struct Proxy {
    port: u16,
    wire: Arc<AtomicU8>,
}

impl Proxy {
    /// A wire to this port.
    pub fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let wire = Arc::new(AtomicU8::new(Wire::Open as u8));
        let ours = Arc::clone(&wire);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let pairs = [
                    (client.try_clone().unwrap(), server.try_clone().unwrap(), true),
                    (server, client, false),
                ];
                for (from, to, up) in pairs {
                    let wire = Arc::clone(&ours);
                    std::thread::spawn(move || carry(from, to, up, &wire));
                }
            }
        });
        Self { port, wire }
    }

    /// The same address through this wire.
    pub fn url(&self, url: &str, port: u16) -> String {
        url.replace(&format!(":{port}/"), &format!(":{}/", self.port))
    }

    /// Changes what the wire does from now on.
    pub fn set(&self, wire: Wire) {
        self.wire.store(wire as u8, Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, up: bool, wire: &AtomicU8) {
    let mut buffer = [0; 16384];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        while wire.load(Ordering::SeqCst) == Wire::Silent as u8 {
            std::thread::sleep(Duration::from_millis(10));
        }
        let commits = up && buffer[..length].windows(7).any(|bytes| bytes == b"COMMIT\0");
        let now = wire.load(Ordering::SeqCst);
        if commits && now == Wire::LoseCommit as u8 {
            wire.store(Wire::Open as u8, Ordering::SeqCst);
            break;
        }
        if commits && now == Wire::LoseAnswer as u8 {
            // The other direction waits as in a partition until both ends are closed.
            wire.store(Wire::Silent as u8, Ordering::SeqCst);
            let _ = to.write_all(&buffer[..length]);
            std::thread::sleep(Duration::from_millis(100));
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
            std::thread::sleep(Duration::from_millis(50));
            wire.store(Wire::Open as u8, Ordering::SeqCst);
            return;
        }
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
