//! Signed frames in, signed frames out: what protocol 2 looks like from outside, by HTTP and by file alike.
//!
//! It must not know what brought the bytes.

use jitasa_domain::Timestamp;
use jitasa_protocol::{
    Code, DeviceKey, Hash, PROTOCOL, PublicKey, WireError, check_protocol,
    frame::{self, Compression, Kind, Opened},
    limits,
    payload::{Answer, EnrolAsk, EnrolGrant, Request},
};

use crate::{
    book::{Device, Status},
    core::Asked,
    ledger::{LedgerError, Refusal, Standing},
    province::{Province, Shown},
    secret,
};

/// Bytes of a program's name and version.
const PROGRAM_BYTES_MAX: usize = 64;

/// How desks reach this server, as far as it knows: goes into what it grants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// `https://...`.
    pub server_url: Option<String>,
    /// PEM of its own authority, when it has one.
    pub root_certificate: Option<String>,
}

/// An answer, and what the log may tell of it.
#[derive(Debug)]
pub struct Answered {
    /// The bytes that travel.
    pub frame: Vec<u8>,
    /// What they say.
    pub answer: Answer,
    /// Whose office.
    pub office_code: String,
}

impl Province {
    /// Takes a request of protocol 2, as it came by HTTP or in a file, and answers it. A refusal is a signed answer
    /// too, once it is known who asks.
    ///
    /// # Errors
    /// Whatever is to be answered without a signature: bytes that are no request, and a device that is not known.
    pub fn take(&self, bytes: &[u8], now: Timestamp) -> Result<Answered, Refusal> {
        let opened = opened(bytes, Kind::Request)?;
        let request = Request::read(&opened.payload).map_err(WireError::answer)?;
        check_protocol(request.head.protocol)?;
        if !is_program(&request.head.program) {
            return Err(Code::Malformed.into());
        }
        let office_code = request.head.office_code.clone();
        let answer = self.exchange(Asked {
            in_reply_to: Hash::of(&opened.payload),
            proof: Shown::Signature(Box::new(opened)),
            request,
            now,
        })?;
        match answer.head.problem {
            // Not even that there is such a device is told to who cannot sign for it. And whoever counts the bytes
            // of a body first, says without a signature too that they are too many: desks look for it there.
            Some(problem) if matches!(problem.code, Code::DeviceUnknown | Code::TooLarge) => {
                Err(problem.into())
            }
            _ => Ok(Answered {
                frame: self.signed(Kind::Answer, &answer.write())?,
                answer,
                office_code,
            }),
        }
    }

    /// Lets in a device of protocol 2 that shows a code, or the token it had under protocol 1.
    ///
    /// # Errors
    /// As the protocol lays down for enrolment.
    pub fn enrol_signed(
        &self,
        bytes: &[u8],
        address: &Address,
        now: Timestamp,
    ) -> Result<Vec<u8>, Refusal> {
        let ask = read_ask(bytes)?;
        let (standing, device) = match (&ask.code, &ask.token) {
            (Some(code), _) => self.let_in(&code.0, &candidate(&ask, now), now)?,
            (None, Some(token)) => self.let_sign(&token.0, &ask)?,
            (None, None) => return Err(Code::CodeUnknown.into()),
        };
        self.granted(&standing, &device, address)
    }

    /// Lets in a device whose wish came in a file, because the operator says so.
    ///
    /// # Errors
    /// `malformed` for a file that is none, `other_province` as `device_unknown`, and when the ledger fails.
    pub fn admit(
        &self,
        bytes: &[u8],
        address: &Address,
        now: Timestamp,
    ) -> Result<Vec<u8>, Refusal> {
        let ask = read_ask(bytes)?;
        let (standing, device) = self.let_in_by_hand(&candidate(&ask, now), now)?;
        self.granted(&standing, &device, address)
    }

    fn granted(
        &self,
        standing: &Standing,
        device: &Device,
        address: &Address,
    ) -> Result<Vec<u8>, Refusal> {
        let grant = EnrolGrant {
            protocol: PROTOCOL,
            province_code: standing.province_code.clone(),
            server_id: standing.server_id,
            epoch: standing
                .epochs
                .last()
                .map(|epoch| epoch.id)
                .unwrap_or_default(),
            office_code: device.office_code.clone(),
            device_id: device.id,
            server_key: self.key()?.public(),
            server_url: address.server_url.clone(),
            root_certificate: address.root_certificate.clone(),
            confirmed: device.status == Status::Confirmed,
        };
        self.signed(Kind::EnrolAnswer, &grant.write())
    }

    fn signed(&self, kind: Kind, payload: &[u8]) -> Result<Vec<u8>, Refusal> {
        Ok(frame::seal(
            kind,
            payload,
            &self.key()?,
            Compression::Dictionary,
        ))
    }

    /// What the server's signatures are checked with.
    ///
    /// # Errors
    /// When the ledger fails, or is of no province yet.
    pub fn public_key(&self) -> Result<PublicKey, LedgerError> {
        Ok(self.key()?.public())
    }

    fn key(&self) -> Result<DeviceKey, LedgerError> {
        if let Some(secret) = self.secret.get() {
            return Ok(DeviceKey::from_secret(secret));
        }
        let standing = self.standing()?.ok_or(LedgerError::Row("province"))?;
        let secret = standing.secret.ok_or(LedgerError::Row("secret"))?;
        Ok(DeviceKey::from_secret(self.secret.get_or_init(|| secret)))
    }
}

/// What a device asks that wants to be let in, signed by itself.
///
/// # Errors
/// `malformed` when it is none.
pub fn read_ask(bytes: &[u8]) -> Result<EnrolAsk, Refusal> {
    let opened = opened(bytes, Kind::EnrolRequest)?;
    let ask = EnrolAsk::read(&opened.payload).map_err(WireError::answer)?;
    check_protocol(ask.protocol)?;
    let too_long = ask.code.as_ref().is_some_and(|code| code.0.len() > 64)
        || ask.office_code.len() > 16
        || ask.device_name.chars().count() > limits::DEVICE_NAME_MAX;
    if too_long
        || !is_program(&ask.program)
        || ask.device_name.contains('\0')
        || ask.device_id.is_nil()
    {
        return Err(Code::Malformed.into());
    }
    opened
        .verify(&ask.public_key)
        .map_err(|_| Code::SignatureBad)?;
    Ok(ask)
}

/// What a device says that it runs is kept as it says, for the operator's list.
fn is_program(program: &str) -> bool {
    program.len() <= PROGRAM_BYTES_MAX && !program.contains('\0')
}

fn opened(bytes: &[u8], kind: Kind) -> Result<Opened, Refusal> {
    let opened = frame::open(bytes, limits::BODY_BYTES_MAX).map_err(WireError::answer)?;
    if opened.kind == kind {
        Ok(opened)
    } else {
        Err(Code::Malformed.into())
    }
}

fn candidate(ask: &EnrolAsk, now: Timestamp) -> Device {
    Device {
        id: ask.device_id,
        name: ask.device_name.clone(),
        office_code: ask.office_code.clone(),
        public_key: Some(ask.public_key.to_bytes()),
        program: ask.program.clone(),
        protocol: ask.protocol,
        skew_ms: ask.claimed_at.saturating_sub(now.0),
        enrolled_at: now,
        ..Device::default()
    }
}

impl Province {
    /// A device of protocol 1 begins to sign; from then on its token is worth nothing.
    fn let_sign(&self, token: &str, ask: &EnrolAsk) -> Result<(Standing, Device), Refusal> {
        let shown = secret::token_hash(token);
        self.within(|pages| {
            // What it knows is of the first epoch: since a restore it was refused. So it is told of the others.
            let mut standing = pages.standing()?.ok_or(Code::DeviceUnknown)?;
            let device = pages
                .device(&standing.province_code, ask.device_id)?
                .filter(|device| secret::is_same(&device.token_hash, &shown))
                .filter(|device| device.office_code == ask.office_code)
                .ok_or(Code::DeviceUnknown)?;
            if device.status == Status::Revoked {
                return Err(Code::DeviceRevoked.into());
            }
            let device = Device {
                // The answer may have been lost: the same key may come again, another may not.
                public_key: match device.public_key {
                    Some(key) if key != ask.public_key.to_bytes() => {
                        return Err(Code::DeviceUnknown.into());
                    }
                    _ => Some(ask.public_key.to_bytes()),
                },
                link: None,
                protocol: ask.protocol,
                program: ask.program.clone(),
                ..device
            };
            standing.epochs.truncate(1);
            pages.save_device(&standing.province_code, &device)?;
            Ok((standing, device))
        })
    }
}
