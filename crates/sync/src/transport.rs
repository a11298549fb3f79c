//! What carries signed bytes to the server and brings its answer: HTTP, a file on a stick, a line that breaks in a
//! story.

use jitasa_protocol::Problem;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nobody there: no line, wrong address, nothing listening.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server's certificate does not hold: another authority, another name, or not valid now by this clock.
    #[error("the server's certificate does not hold")]
    Certificate,
    /// It began, and did not end in time. The server may have taken the batch or not.
    #[error("the server did not answer in time")]
    Timeout,
    /// Something answered that does not speak our protocol: a captive portal, a proxy, another site.
    #[error("what answered is not the provincial server")]
    NotOurServer,
    /// The address is neither https nor this machine, or holds a name and password.
    #[error("the server's address is not allowed")]
    BadAddress,
    /// The server refused, and said why.
    #[error("the server refused: {0}")]
    Refused(Problem),
}

/// Carries frames of [`jitasa_protocol::frame`].
pub trait Transport {
    /// Asks to belong to the province.
    ///
    /// # Errors
    /// Why there is no answer.
    fn enrol(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError>;

    /// Pushes and pulls once.
    ///
    /// # Errors
    /// Why there is no answer.
    fn exchange(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError>;
}
