//! The sealed frame: one message of version 2, the same bytes by HTTPS and as a file on a stick.
//!
//! ```text
//! "JTSA"              4 bytes
//! frame version       1 byte: 2
//! kind                1 byte: 1 request, 2 answer, 3 enrolment asked, 4 enrolment granted
//! compression         1 byte: 0 none, 1 zstd, 2 zstd with the dictionary of version 2
//! inflated length     number (LEB128): bytes of the payload before it was compressed
//! signature           64 bytes: Ed25519
//! payload             to the end: the payload itself, or exactly one zstd frame of it
//! ```
//!
//! Signed is what is meant, not how it was packed: the bytes `jitasa desk sync 2`, a zero byte, the
//! kind, and SHA-256 of the uncompressed payload. So a frame can be packed anew without the key.
//! The zstd frame may leave out the dictionary's id and its own content size.

use std::{fmt, sync::LazyLock};

use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe,
};

use crate::{
    Hash, WireError,
    bytes::{Input, put_number},
    keys::{DeviceKey, PublicKey},
};

const MAGIC: &[u8; 4] = b"JTSA";
const FRAME_VERSION: u8 = 2;
const DOMAIN: &[u8] = b"jitasa desk sync 2\0";
/// Payloads are small and lines slow: a high level costs milliseconds and saves seconds.
const LEVEL: i32 = 19;
/// A page of thousands of rows is another matter: a high level would cost the server a second for each desk.
const LEVEL_LARGE: i32 = 3;
/// Bytes of a payload from which it is large.
const LARGE: usize = 128 * 1024;

/// Made by `cargo xtask dictionary` from made-up offices; it is part of the protocol and never
/// changes within version 2.
pub const DICTIONARY: &[u8] = include_bytes!("../dictionaries/v2.dict");
static TO_PACK: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static TO_PACK_LARGE: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL_LARGE));
static TO_UNPACK: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// [`crate::payload::Request`], signed by the device.
    Request,
    /// [`crate::payload::Answer`], signed by the server.
    Answer,
    /// [`crate::payload::EnrolAsk`], signed by the key it brings.
    EnrolRequest,
    /// [`crate::payload::EnrolGrant`], signed by the server.
    EnrolAnswer,
}

impl Kind {
    /// As it travels.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Request => 1,
            Self::Answer => 2,
            Self::EnrolRequest => 3,
            Self::EnrolAnswer => 4,
        }
    }

    const fn from_byte(byte: u8) -> Result<Self, WireError> {
        match byte {
            1 => Ok(Self::Request),
            2 => Ok(Self::Answer),
            3 => Ok(Self::EnrolRequest),
            4 => Ok(Self::EnrolAnswer),
            _ => Err(WireError::Unknown { what: "kind" }),
        }
    }
}

/// How a payload is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// As it is.
    None,
    /// zstd without a dictionary, for tools that have none.
    Zstd,
    /// zstd with [`DICTIONARY`]; every desk and server of version 2 has it.
    Dictionary,
}

impl Compression {
    const ALL: [Self; 3] = [Self::None, Self::Zstd, Self::Dictionary];

    /// As it travels.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Zstd => 1,
            Self::Dictionary => 2,
        }
    }

    fn from_byte(byte: u8) -> Result<Self, WireError> {
        Self::ALL
            .into_iter()
            .find(|each| each.byte() == byte)
            .ok_or(WireError::Unknown {
                what: "compression",
            })
    }

    /// The payload packed; `None` when zstd has no memory for it.
    fn pack(self, payload: &[u8]) -> Option<Vec<u8>> {
        let (level, dictionary) = if payload.len() < LARGE {
            (LEVEL, &TO_PACK)
        } else {
            (LEVEL_LARGE, &TO_PACK_LARGE)
        };
        let mut zstd = match self {
            Self::None => return Some(payload.to_vec()),
            Self::Zstd => Compressor::new(level).ok()?,
            Self::Dictionary => Compressor::with_prepared_dictionary(dictionary).ok()?,
        };
        // The frame says both already.
        zstd.include_dictid(false).ok()?;
        zstd.include_contentsize(false).ok()?;
        zstd.compress(payload).ok()
    }

    /// The payload, which has exactly `length` bytes: no more are ever written.
    fn unpack(self, packed: &[u8], length: usize) -> Result<Vec<u8>, WireError> {
        let mut zstd = match self {
            Self::None if packed.len() == length => return Ok(packed.to_vec()),
            Self::None => return Err(WireError::Inflate),
            Self::Zstd => Decompressor::new(),
            Self::Dictionary => Decompressor::with_prepared_dictionary(&TO_UNPACK),
        }
        .map_err(|_| WireError::Inflate)?;
        match zstd_safe::find_frame_compressed_size(packed) {
            Ok(size) if size == packed.len() => {}
            Ok(_) => return Err(WireError::Trailing),
            Err(_) => return Err(WireError::Inflate),
        }
        let payload = zstd
            .decompress(packed, length)
            .map_err(|_| WireError::Inflate)?;
        if payload.len() == length {
            Ok(payload)
        } else {
            Err(WireError::Inflate)
        }
    }
}

/// A frame that was opened; who signed it is not yet known.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// What it carries.
    pub kind: Kind,
    /// The canonical bytes, uncompressed.
    pub payload: Vec<u8>,
    /// Ed25519, to be checked with [`Opened::verify`].
    pub signature: [u8; 64],
}

/// Payloads are about people: their length is shown, nothing else.
impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("kind", &self.kind)
            .field("payload_bytes", &self.payload.len())
            .finish_non_exhaustive()
    }
}

impl Opened {
    /// That the frame was sealed with the key whose public half this is.
    ///
    /// # Errors
    /// [`WireError::Signature`] when it was not, or when anything in it was changed since.
    pub fn verify(&self, key: &PublicKey) -> Result<(), WireError> {
        key.verify(&signed_bytes(self.kind, &self.payload), &self.signature)
    }
}

/// Seals a payload. One that does not become smaller travels as it is.
#[must_use]
pub fn seal(kind: Kind, payload: &[u8], key: &DeviceKey, compression: Compression) -> Vec<u8> {
    let signature = key.sign(&signed_bytes(kind, payload));
    let (used, packed) = match compression.pack(payload) {
        Some(packed) if packed.len() < payload.len() => (compression, packed),
        _ => (Compression::None, payload.to_vec()),
    };
    let mut frame = Vec::with_capacity(packed.len() + 80);
    frame.extend_from_slice(MAGIC);
    frame.extend_from_slice(&[FRAME_VERSION, kind.byte(), used.byte()]);
    put_number(&mut frame, payload.len() as u64);
    frame.extend_from_slice(&signature);
    frame.extend_from_slice(&packed);
    frame
}

/// Opens a frame. The signature is not checked: the key to check it with is found by what is inside.
///
/// # Errors
/// When the bytes are no whole frame; [`WireError::TooLarge`] when the payload has more than
/// `inflated_max` bytes, which is known before anything is unpacked.
pub fn open(bytes: &[u8], inflated_max: usize) -> Result<Opened, WireError> {
    let mut input = Input(bytes);
    if input.take(MAGIC.len()) != Ok(MAGIC) {
        return Err(WireError::NotAFrame);
    }
    if input.byte()? != FRAME_VERSION {
        return Err(WireError::Unknown { what: "frame" });
    }
    let kind = Kind::from_byte(input.byte()?)?;
    let compression = Compression::from_byte(input.byte()?)?;
    let length = usize::try_from(input.number()?).map_err(|_| WireError::TooLarge)?;
    if length > inflated_max {
        return Err(WireError::TooLarge);
    }
    let signature = input.array()?;
    let payload = compression.unpack(input.0, length)?;
    Ok(Opened {
        kind,
        payload,
        signature,
    })
}

fn signed_bytes(kind: Kind, payload: &[u8]) -> Vec<u8> {
    [DOMAIN, &[kind.byte()], &Hash::of(payload).0].concat()
}
