//! The one way out of this room: addresses, clients with timeouts, bounded answers, and how a failure is classed.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};

use crate::domain::time::Span;
use crate::ports::PortError;

/// An answer larger than this is refused; the largest that we ask for is a page of 100 charges.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Long enough for a slow vendor, short enough for a lease to outlive it.
const TOTAL: Duration = Duration::from_secs(20);

const CONNECT: Duration = Duration::from_secs(5);

/// The base address of an outside system: `https://...`, or `http://...` on loopback for stand-ins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it and what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text)
            .map_err(|_| format!("`{text}` is not an address; write `https://host/path`"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "the address holds a user or a password; name secrets by environment variable"
                    .into(),
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!(
                "`{text}` has a query or a fragment; write the address without it"
            ));
        }
        let base = Self(url);
        match base.0.scheme() {
            "https" => Ok(base),
            "http" if base.is_loopback() => Ok(base),
            "http" => Err(format!(
                "`{text}` would send in clear; write `https://`, plain `http://` is for loopback only"
            )),
            _ => Err(format!(
                "`{text}` is not an address of a web service; write `https://host/path`"
            )),
        }
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || bare
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// The address of a resource below the base. Each segment is percent-encoded, so that an id never
    /// becomes a path of its own.
    #[must_use]
    pub fn below(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

/// The room's one builder of clients: timeouts, no redirects, no proxy on loopback.
///
/// # Errors
///
/// A sentence, when TLS could not be set up.
#[expect(
    clippy::disallowed_methods,
    reason = "the one builder of this room: it sets both timeouts and follows no redirect"
)]
pub(super) fn client(base: &Base) -> Result<Client, String> {
    let builder = Client::builder()
        .connect_timeout(CONNECT)
        .timeout(TOTAL)
        .redirect(Policy::none())
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")));
    let builder = if base.is_loopback() {
        builder.no_proxy()
    } else {
        builder
    };
    builder
        .build()
        .map_err(|error| format!("a client could not be set up: {error}"))
}

/// An answer as it came, its body bounded.
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// How long to wait, if the outside said so in seconds.
    pub retry_after: Option<Span>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads an answer to its end, at most 4 MiB of it.
    pub(super) async fn of(mut response: Response) -> Result<Self, String> {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(format!("the answer is larger than {MOST_BYTES} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self {
            status,
            retry_after,
            body,
        })
    }
}

/// What went wrong on the way, without the address: a query may hold a customer's e-mail.
pub(super) fn lost(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke before the whole answer came"
    };
    what.to_owned()
}

fn retry_after(headers: &HeaderMap) -> Option<Span> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: u32 = text.trim().parse().ok()?;
    Some(Span::seconds(seconds.into()))
}

/// A client that can only read: there is no method parameter, and GET is all it sends.
#[derive(Clone, Debug)]
pub struct Reader {
    client: Client,
    headers: HeaderMap,
}

impl Reader {
    /// A reader for one system. The headers go out with every call; mark secret ones as sensitive.
    ///
    /// # Errors
    ///
    /// A sentence, when TLS could not be set up.
    pub fn open(base: &Base, headers: HeaderMap) -> Result<Self, String> {
        Ok(Self {
            client: client(base)?,
            headers,
        })
    }

    /// Reads one resource. A read that failed on the way may simply be made again.
    ///
    /// # Errors
    ///
    /// `Again` when no whole answer came. Every status is an answer.
    pub async fn read(&self, url: Url) -> Result<Answer, PortError> {
        let again = |why: String| PortError::Again { why, after: None };
        let response = self.client.get(url).headers(self.headers.clone()).send();
        let response = response.await.map_err(|error| again(lost(&error)))?;
        Answer::of(response).await.map_err(again)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_clear_is_for_loopback_only() {
        for good in [
            "https://api.example.com",
            "https://api.example.com/v1/",
            "http://127.0.0.1:8080/stripe",
            "http://[::1]:8080",
            "http://localhost:1/a",
        ] {
            assert!(Base::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "api.example.com",
            "ftp://127.0.0.1",
            "https://u:p@api.example.com",
            "https://api.example.com?key=1",
            "",
        ] {
            assert!(Base::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_id_never_becomes_a_path() {
        let base = Base::parse("http://127.0.0.1:9/desk/").unwrap();
        let url = base.below(&["tickets", "../writes?x=1#y/z"]);
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:9/desk/tickets/..%2Fwrites%3Fx=1%23y%2Fz"
        );
    }
}
