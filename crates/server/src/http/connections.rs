//! Connections: how many, how slow their heads may come, how long they may be silent; plain or TLS.
//! HTTP/1.1 only: a connection carries one request at a time, so that counting connections and
//! requests bounds everything.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum_server::{
    Handle, Server,
    accept::{Accept, DefaultAcceptor},
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpListener,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{Rim, Serving, routes::router};
use crate::province::Province;

/// After the signal to stop, requests under way have this long to end.
const STOP_TIMEOUT_S: u64 = 10;
/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Lines of a request's head.
const HEAD_LINES_MAX: usize = 64;

/// Serves plain HTTP until `stop` ends, then lets requests under way finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    province: Arc<Province>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let url = format!("http://{}", listener.local_addr()?);
    let rim = Rim::new(province, Serving::plain(url));
    serve_as(listener, rim, None, stop).await
}

/// Serves as the rim says, under TLS when there is a certificate, until `stop` ends.
///
/// # Errors
/// When the listener fails.
pub async fn serve_as(
    listener: TcpListener,
    rim: Arc<Rim>,
    tls: Option<RustlsConfig>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let handle = Handle::new();
    let stopping = handle.clone();
    let stopped = tokio::spawn(async move {
        stop.await;
        stopping.graceful_shutdown(Some(Duration::from_secs(STOP_TIMEOUT_S)));
    });
    let places = Arc::new(Semaphore::new(rim.serving.connections_max));
    let server = Server::<SocketAddr>::from_listener(listener).handle(handle);
    let served = match tls {
        None => {
            let acceptor = Bounded {
                inner: DefaultAcceptor::new(),
                places,
            };
            run(server.acceptor(acceptor), rim).await
        }
        Some(config) => {
            let acceptor = Bounded {
                inner: RustlsAcceptor::new(config),
                places,
            };
            run(server.acceptor(acceptor), rim).await
        }
    };
    stopped.abort();
    served
}

async fn run<A>(server: Server<SocketAddr, Bounded<A>>, rim: Arc<Rim>) -> io::Result<()>
where
    Bounded<A>: Accept<tokio::net::TcpStream, Routed> + Clone + Send + Sync + 'static,
    <Bounded<A> as Accept<tokio::net::TcpStream, Routed>>::Stream:
        AsyncRead + AsyncWrite + Unpin + Send,
    <Bounded<A> as Accept<tokio::net::TcpStream, Routed>>::Service:
        axum_server::service::SendService<axum::http::Request<hyper::body::Incoming>> + Send,
    <Bounded<A> as Accept<tokio::net::TcpStream, Routed>>::Future: Send,
{
    let head_timeout = rim.serving.head_timeout;
    let mut server = server.http1_only();
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEAD_LINES_MAX);
    server
        .serve(router(rim).into_make_service_with_connect_info::<SocketAddr>())
        .await
}

type Routed = axum::middleware::AddExtension<axum::Router, axum::extract::ConnectInfo<SocketAddr>>;

/// Lets only so many connections in at once, handshakes included. One more is closed at once: its
/// desk tries again later, as after any broken line.
#[derive(Debug, Clone)]
struct Bounded<A> {
    inner: A,
    places: Arc<Semaphore>,
}

impl<A, I, S> Accept<I, S> for Bounded<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
    A::Stream: Send,
    A::Service: Send,
    I: Send + 'static,
    S: Send + 'static,
{
    type Stream = Placed<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) });
        };
        let accepting = self.inner.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepting.await?;
            let _place = place;
            Ok((Placed { stream, _place }, service))
        })
    }
}

/// A connection that gives its place back when it ends.
#[derive(Debug)]
struct Placed<S> {
    stream: S,
    _place: OwnedSemaphorePermit,
}

impl<S: AsyncRead + Unpin> AsyncRead for Placed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Placed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
