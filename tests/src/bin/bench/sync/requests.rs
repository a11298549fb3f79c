//! Counts HTTP requests in what a desk sends: heads, and the bodies that follow them.

/// Bytes of a head at most; what is longer is no HTTP.
const HEAD_MAX: usize = 64 * 1024;

/// What comes next on a connection.
#[derive(Debug, Default)]
enum Next {
    #[default]
    Head,
    /// So many bytes of a body.
    Body(usize),
    /// The line with the length of a piece.
    Length,
    /// A piece with the end of its line.
    Piece(usize),
    /// What ends the last piece.
    Last,
    /// TLS, or something else that cannot be read.
    Unreadable,
}

/// The requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Requests {
    rest: Vec<u8>,
    next: Next,
}

impl Requests {
    /// How many requests begin and end their heads with these bytes.
    pub(super) fn seen(&mut self, bytes: &[u8]) -> u64 {
        if matches!(self.next, Next::Unreadable) {
            return 0;
        }
        if self.rest.is_empty() && bytes.first().is_some_and(|first| *first == 0x16) {
            self.next = Next::Unreadable;
            return 0;
        }
        self.rest.extend_from_slice(bytes);
        let mut count = 0;
        loop {
            let taken = match self.next {
                Next::Head => {
                    let Some(end) = find(&self.rest, b"\r\n\r\n") else {
                        if self.rest.len() > HEAD_MAX {
                            self.next = Next::Unreadable;
                        }
                        return count;
                    };
                    count += 1;
                    self.next = body_of(&self.rest[..end]);
                    end + 4
                }
                Next::Body(left) => {
                    let taken = left.min(self.rest.len());
                    self.next = match left - taken {
                        0 => Next::Head,
                        left => Next::Body(left),
                    };
                    taken
                }
                Next::Length => {
                    let Some(end) = find(&self.rest, b"\r\n") else {
                        return count;
                    };
                    let text = String::from_utf8_lossy(&self.rest[..end]);
                    let digits = text.split(';').next().unwrap_or_default().trim();
                    self.next = match usize::from_str_radix(digits, 16) {
                        Ok(0) => Next::Last,
                        Ok(length) => Next::Piece(length + 2),
                        Err(_) => Next::Unreadable,
                    };
                    end + 2
                }
                Next::Piece(left) => {
                    let taken = left.min(self.rest.len());
                    self.next = match left - taken {
                        0 => Next::Length,
                        left => Next::Piece(left),
                    };
                    taken
                }
                Next::Last => {
                    if self.rest.len() < 2 {
                        return count;
                    }
                    self.next = Next::Head;
                    2
                }
                Next::Unreadable => {
                    self.rest.clear();
                    return count;
                }
            };
            self.rest.drain(..taken);
            if self.rest.is_empty() {
                return count;
            }
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn body_of(head: &[u8]) -> Next {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = |name: &str| {
        head.lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    if value("transfer-encoding:").is_some_and(|coding| coding.contains("chunked")) {
        return Next::Length;
    }
    match value("content-length:").map(str::parse) {
        Some(Ok(length)) if length > 0 => Next::Body(length),
        Some(Err(_)) => Next::Unreadable,
        Some(Ok(_)) | None => Next::Head,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVERAL: &[u8] = b"POST /a HTTP/1.1\r\nContent-Length: 20\r\n\r\nGET /no HTTP/1.1\r\n\r\n\
        GET /b HTTP/1.1\r\n\r\nPOST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\
        GET /d HTTP/1.1\r\n\r\n";

    #[test]
    fn requests_are_counted_and_their_bodies_are_not() {
        assert_eq!(Requests::default().seen(SEVERAL), 4);
    }

    #[test]
    fn requests_are_counted_however_they_are_cut() {
        for length in [1, 2, 3, 7, 50] {
            let mut requests = Requests::default();
            let counts = SEVERAL.chunks(length).map(|bytes| requests.seen(bytes));
            assert_eq!(counts.sum::<u64>(), 4, "{length}");
        }
    }

    #[test]
    fn nothing_is_counted_inside_tls() {
        let mut requests = Requests::default();
        assert_eq!(requests.seen(&[0x16, 3, 1, 0]), 0);
        assert_eq!(requests.seen(b"GET / HTTP/1.1\r\n\r\n"), 0);
    }
}
