//! Bodies: read to their end within a size and a time, before anything else is made of them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::reply::refuse;

/// Up to here a body needs no place among the large ones. Nearly every click and ticket is smaller.
const SMALL: usize = 32 * 1024;
/// How many larger bodies are held at once. Whoever has sent more than [`SMALL`] waits for a place, within the time
/// that a body has; so whoever sends much and slowly keeps only others who send much waiting.
const LARGE_AT_ONCE: usize = 32;

/// What bodies may cost all connections together.
#[derive(Clone)]
pub(super) struct Bodies {
    time: Duration,
    large: Arc<Semaphore>,
}

/// A request that arrived whole.
pub(super) struct Arrived {
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
    /// A large body keeps its place until it is answered.
    _place: Option<OwnedSemaphorePermit>,
}

/// A status and a sentence.
type Refused = (StatusCode, String);

impl Bodies {
    /// Bodies that may take this long to arrive.
    pub(super) fn within(time: Duration) -> Self {
        let large = Arc::new(Semaphore::new(LARGE_AT_ONCE));
        Self { time, large }
    }

    /// Reads a request to the end of its body.
    ///
    /// # Errors
    ///
    /// 415 for a body that would have to be unpacked, 413 over the limit, 408 when it does not arrive in time, 400
    /// when it breaks off.
    pub(super) async fn take(
        &self,
        limit: usize,
        request: Request,
    ) -> Result<Arrived, Box<Response>> {
        let (parts, body) = request.into_parts();
        if is_packed(&parts.headers) {
            return Err(Box::new(packed()));
        }
        let declared = parts.headers.get(header::CONTENT_LENGTH);
        let declared = declared.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        let arrived = if declared.is_some_and(|length| length > limit) {
            Err(too_large(limit))
        } else {
            let reading = tokio::time::timeout(self.time, self.read(limit, body));
            reading.await.unwrap_or_else(|_| Err(late()))
        };
        let (bytes, place) = arrived.map_err(|(status, said)| Box::new(refuse(status, &[said])))?;
        Ok(Arrived {
            headers: parts.headers,
            bytes,
            _place: place,
        })
    }

    async fn read(
        &self,
        limit: usize,
        body: Body,
    ) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), Refused> {
        let mut stream = body.into_data_stream();
        let (mut bytes, mut place) = (Vec::new(), None);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| broken())?;
            let length = bytes.len() + chunk.len();
            if length > limit {
                return Err(too_large(limit));
            }
            if length > SMALL && place.is_none() {
                // The semaphore is never closed.
                place = Arc::clone(&self.large).acquire_owned().await.ok();
                // At once as much as it may come to: growing by doubling would hold twice that.
                bytes.reserve_exact(limit - bytes.len());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes, place))
    }
}

/// Whether a body says that it is compressed. Nothing is unpacked here: what is signed is what is read, and nothing
/// grows on the way.
fn is_packed(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Source: RFC 9110, 15.5.16: an answer 415 to an encoding says which ones are taken.
fn packed() -> Response {
    let said = "send the body as it is, without `Content-Encoding`";
    let mut response = refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &[said]);
    let identity = HeaderValue::from_static("identity");
    response
        .headers_mut()
        .insert(header::ACCEPT_ENCODING, identity);
    response
}

fn too_large(limit: usize) -> Refused {
    let said = format!("the body is larger than {} KiB", limit / 1024);
    (StatusCode::PAYLOAD_TOO_LARGE, said)
}

fn late() -> Refused {
    let said = "the body did not arrive in time".to_owned();
    (StatusCode::REQUEST_TIMEOUT, said)
}

fn broken() -> Refused {
    (StatusCode::BAD_REQUEST, "the body broke off".to_owned())
}
