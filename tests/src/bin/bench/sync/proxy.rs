//! The line between any desk and any server: a proxy that counts bytes and requests, and can be as thin and as far as a
//! line in the hills. Both sides of every figure go through it.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use super::requests::Requests;
use crate::{Outcome, machine};

/// What a packet carries at most.
const PACKET: usize = 1_400;

/// How thin and how far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Bytes a second, each way; all connections share them.
    pub(super) bytes_per_s: u32,
    /// From one end to the other and back.
    pub(super) round_trip: Duration,
}

/// The thin line of the figures: 20 kbit/s, 700 ms.
pub(super) const THIN: Shape = Shape {
    bytes_per_s: 2_500,
    round_trip: Duration::from_millis(700),
};

/// What went over the line since it was last asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Bytes from desks to the server.
    pub(super) up: u64,
    /// Bytes from the server to desks.
    pub(super) down: u64,
    /// HTTP requests; those inside TLS are not seen.
    pub(super) requests: u64,
    /// Connections opened.
    pub(super) connections: u64,
}

impl Counted {
    /// Both ways.
    pub(super) fn bytes(&self) -> u64 {
        self.up + self.down
    }
}

/// A line to one server.
#[derive(Debug)]
pub(super) struct Proxy {
    address: SocketAddr,
    line: Arc<Line>,
}

#[derive(Debug)]
struct Line {
    to: SocketAddr,
    shape: Option<Shape>,
    counted: Mutex<Counted>,
    /// When each way is free again.
    free_at: [Mutex<Option<Instant>>; 2],
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Proxy {
    /// A line to a server. It is there until the bench ends.
    pub(super) fn to(to: SocketAddr, shape: Option<Shape>) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let line = Arc::new(Line {
            to,
            shape,
            counted: Mutex::default(),
            free_at: [Mutex::default(), Mutex::default()],
        });
        let carried = Arc::clone(&line);
        thread::spawn(move || {
            for desk in listener.incoming().flatten() {
                let line = Arc::clone(&carried);
                // A connection that breaks is the matter of who opened it.
                thread::spawn(move || drop(line.carry(&desk)));
            }
        });
        Ok(Self { address, line })
    }

    /// Where desks reach it.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What went over it since this was last asked.
    pub(super) fn counted(&self) -> Counted {
        std::mem::take(&mut *lock(&self.line.counted))
    }
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Line {
    fn carry(self: &Arc<Self>, desk: &TcpStream) -> io::Result<()> {
        lock(&self.counted).connections += 1;
        if let Some(shape) = self.shape {
            // Nothing can be said before the connection was answered.
            machine::wait(shape.round_trip);
        }
        let server = TcpStream::connect(self.to)?;
        desk.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let (from, to) = (server.try_clone()?, desk.try_clone()?);
        let line = Arc::clone(self);
        let down = thread::spawn(move || line.pass(Way::Down, from, to));
        let up = self.pass(Way::Up, desk.try_clone()?, server);
        drop(down.join());
        up
    }

    fn pass(self: &Arc<Self>, way: Way, mut from: TcpStream, to: TcpStream) -> io::Result<()> {
        let (send, under_way) = mpsc::channel::<(Option<Instant>, Vec<u8>)>();
        let arriving = thread::spawn(move || arrive(&under_way, to));
        let mut requests = Requests::default();
        let mut buffer = vec![
            0;
            if self.shape.is_some() {
                PACKET
            } else {
                1 << 16
            }
        ];
        loop {
            let count = match from.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) => count,
            };
            let bytes = &buffer[..count];
            {
                let mut counted = lock(&self.counted);
                match way {
                    Way::Up => {
                        counted.up += count as u64;
                        counted.requests += requests.seen(bytes);
                    }
                    Way::Down => counted.down += count as u64,
                }
            }
            if send.send((self.due(way, count), bytes.to_vec())).is_err() {
                break;
            }
        }
        drop(send);
        drop(arriving.join());
        Ok(())
    }

    /// When bytes that leave now arrive at the other end.
    fn due(&self, way: Way, count: usize) -> Option<Instant> {
        let shape = self.shape?;
        let mut free_at = lock(&self.free_at[usize::from(way == Way::Down)]);
        let now = machine::now();
        let begins = free_at.map_or(now, |free| free.max(now));
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let ends = begins + Duration::from_secs(1) * count / shape.bytes_per_s;
        *free_at = Some(ends);
        Some(ends + shape.round_trip / 2)
    }
}

fn arrive(under_way: &mpsc::Receiver<(Option<Instant>, Vec<u8>)>, mut to: TcpStream) {
    for (due, bytes) in under_way {
        if let Some(due) = due {
            machine::wait(due.saturating_duration_since(machine::now()));
        }
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    // The other end hears that nothing more comes, and may still answer.
    let _ = to.shutdown(Shutdown::Write);
}
