//! What carries a request to the server and brings its answer: HTTP today, a file on a stick later,
//! a line that breaks in a story.

use jitasa_protocol::{EnrolAnswer, EnrolRequest, Problem, Secret, SyncAnswer, SyncRequest};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nobody there: no line, wrong address, nothing listening, a certificate that does not hold.
    #[error("the server cannot be reached")]
    Unreachable,
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

/// Carries requests.
pub trait Transport {
    /// Asks to belong to the province.
    ///
    /// # Errors
    /// Why there is no answer.
    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, TransportError>;

    /// Pushes and pulls once.
    ///
    /// # Errors
    /// Why there is no answer.
    fn exchange(&self, token: &Secret, request: &SyncRequest)
    -> Result<SyncAnswer, TransportError>;
}
