//! The line between desks and the provincial server, in the hands of a story: it passes requests
//! and answers on, and at the moment that was ordered it kills the server.
//!
//! The moments are events on the line or on the server's disk, never times, so that a story is the
//! same on a fast machine and on a slow one.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::programs::Server;

/// When the server dies. Requests are counted from 1, from the moment of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// When half of a request has reached it.
    InRequest(u32),
    /// As soon as a whole request has reached it.
    OnRequest(u32),
    /// When its ledger begins to change for a request.
    OnWrite(u32),
    /// When it has answered a request, and the desk has not heard the answer.
    OnAnswer(u32),
    /// When the desk has heard half of an answer.
    InAnswer(u32),
}

impl Moment {
    fn request(self) -> u32 {
        match self {
            Self::InRequest(n)
            | Self::OnRequest(n)
            | Self::OnWrite(n)
            | Self::OnAnswer(n)
            | Self::InAnswer(n) => n,
        }
    }
}

#[derive(Debug)]
struct End {
    folder: PathBuf,
    log: PathBuf,
    server: Server,
    order: Option<Moment>,
    /// Requests seen since the order.
    seen: u32,
}

/// A line to one provincial server.
#[derive(Debug, Clone)]
pub struct Line {
    address: SocketAddr,
    end: Arc<Mutex<End>>,
}

impl Line {
    /// Starts a server on a folder and lays a line to it.
    ///
    /// # Panics
    /// When the server does not start, or no port is free.
    #[must_use]
    pub fn to_server(folder: &Path, log: &Path) -> Self {
        let server = Server::start(folder, log);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the port has a number");
        let end = End {
            folder: folder.into(),
            log: log.into(),
            server,
            order: None,
            seen: 0,
        };
        let line = Self {
            address,
            end: Arc::new(Mutex::new(end)),
        };
        let carried = line.clone();
        // Ends with the process; a connection is carried to its end before the next one.
        std::thread::spawn(move || {
            for desk in listener.incoming().flatten() {
                // A line that breaks is what this is for; the desk says what it makes of it.
                drop(carried.carry(desk));
            }
        });
        line
    }

    /// What a desk calls the server.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Orders the server's death.
    pub fn kill_at(&self, moment: Moment) {
        let mut end = self.end();
        end.order = Some(moment);
        end.seen = 0;
    }

    /// Starts a server that was killed again; answers whether the order had been carried out.
    #[must_use]
    pub fn start_again(&self) -> bool {
        let mut end = self.end();
        let killed = end.order.take().is_none();
        // Also when it lives: there is one server on a ledger at a time.
        end.server.kill();
        end.server = Server::start(&end.folder, &end.log);
        killed
    }

    fn end(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carry(&self, mut desk: TcpStream) -> io::Result<()> {
        let address = self.end().server.address();
        let mut server = TcpStream::connect(address)?;
        while let Some(request) = Message::read(&mut desk)? {
            let order = {
                let mut end = self.end();
                end.seen += 1;
                end.order.filter(|moment| moment.request() == end.seen)
            };
            let Some(moment) = order else {
                server.write_all(&request.0)?;
                let Some(answer) = Message::read(&mut server)? else {
                    return Ok(());
                };
                desk.write_all(&answer.0)?;
                continue;
            };
            self.carry_out(moment, &request, &mut server, &mut desk)?;
            return desk.shutdown(Shutdown::Both);
        }
        Ok(())
    }

    fn carry_out(
        &self,
        moment: Moment,
        request: &Message,
        server: &mut TcpStream,
        desk: &mut TcpStream,
    ) -> io::Result<()> {
        let before = self.ledger();
        let half = match moment {
            Moment::InRequest(_) => request.0.len() / 2,
            _ => request.0.len(),
        };
        server.write_all(&request.0[..half])?;
        match moment {
            Moment::InRequest(_) | Moment::OnRequest(_) => {}
            Moment::OnWrite(_) => {
                // An answer without a write ends the waiting as well.
                server.set_nonblocking(true)?;
                while self.ledger() == before && server.peek(&mut [0]).is_err() {
                    std::thread::yield_now();
                }
            }
            Moment::OnAnswer(_) => drop(Message::read(server)?),
            Moment::InAnswer(_) => {
                if let Some(answer) = Message::read(server)? {
                    desk.write_all(&answer.0[..answer.0.len() / 2])?;
                }
            }
        }
        let mut end = self.end();
        end.order = None;
        end.server.kill();
        Ok(())
    }

    /// Sizes of the server's files: they change when it writes.
    fn ledger(&self) -> Vec<(PathBuf, u64)> {
        let folder = self.end().folder.clone();
        let files = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut sizes: Vec<_> = files
            .filter_map(|file| Some((file.path(), file.metadata().ok()?.len())))
            .collect();
        sizes.sort();
        sizes
    }
}

/// One request or answer, head and body.
#[derive(Debug, Clone)]
pub struct Message(pub Vec<u8>);

impl Message {
    /// The next one; nothing when the other side has hung up.
    ///
    /// # Errors
    /// When the line breaks.
    pub fn read(stream: &mut TcpStream) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let mut piece = [0; 16 * 1024];
        loop {
            if let Some(whole) = length(&bytes)
                && bytes.len() >= whole
            {
                return Ok(Some(Self(bytes)));
            }
            match stream.read(&mut piece)? {
                0 => return Ok(None),
                count => bytes.extend_from_slice(&piece[..count]),
            }
        }
    }
}

/// Length of the whole message, once its head is there.
fn length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|value| value.trim().parse::<usize>().ok());
    Some(head + body.unwrap_or(0))
}
