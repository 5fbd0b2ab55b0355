//! Calls of Slack's Web API: every one with a timeout, and every failure told apart by what may be done next.
//!
//! slack-morphism carries the calls; answers are read as plain JSON, because its typed answers refuse
//! messages with unknown blocks. Its errors print the answer's body, so they are never shown or logged.

use std::time::Duration;

use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Error as HttpError;
use hyper_util::client::legacy::connect::HttpConnector;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use slack_morphism::errors::SlackClientError;
use slack_morphism::prelude::SlackClientHyperConnector;
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClient as Morphism};
use tracing::Instrument as _;

use super::line::{LIMITED, Line, LineState, TOKEN_REFUSED};
use super::{SlackSecrets, SlackSettings};
use crate::domain::time::Span;
use crate::ports::PortError;
use crate::telemetry::{Metrics, Stopwatch};

/// Whether a call may be made again when its answer was lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Again {
    /// Twice is the same as once: a read, an update to one state, a note that only one person sees.
    Harmless,
    /// Twice is two messages: the outcome is unknown and must be looked up.
    Twice,
}

/// Why a call failed: for the caller's next step, and Slack's own word for it.
#[derive(Clone, Debug)]
pub struct CallFailed {
    /// Slack's error name, if Slack answered with one.
    pub code: Option<String>,
    /// What may be done next.
    pub port: PortError,
}

impl CallFailed {
    /// Whether Slack answered with one of these error names.
    #[must_use]
    pub fn is(&self, names: &[&str]) -> bool {
        self.code
            .as_deref()
            .is_some_and(|code| names.contains(&code))
    }
}

impl From<CallFailed> for PortError {
    fn from(failed: CallFailed) -> Self {
        failed.port
    }
}

/// Why no client can be made from the settings.
#[derive(Debug, thiserror::Error)]
pub enum ClientProblem {
    /// The address is neither https nor on this machine.
    #[error("the Slack address `{0}` must begin with https:// (http:// only on this machine)")]
    Address(String),
    /// The machine's certificates cannot be read.
    #[error("the certificates of this machine cannot be read: {0}")]
    Certificates(String),
}

/// The Web API with our token.
pub struct SlackClient {
    morphism: Morphism<SlackClientHyperConnector<HttpsConnector<HttpConnector>>>,
    token: SlackApiToken,
    timeout: Duration,
    line: Line,
}

impl SlackClient {
    /// Makes the client. Nothing is called.
    ///
    /// # Errors
    /// The address is not allowed, or this machine has no certificates to check Slack's with.
    pub fn connect(
        settings: &SlackSettings,
        secrets: &SlackSecrets,
    ) -> Result<Self, ClientProblem> {
        let connector = SlackClientHyperConnector::with_connector(connector(&settings.api_url)?)
            .with_slack_api_url(settings.api_url.trim_end_matches('/'));
        let token = SlackApiTokenValue(secrets.bot_token.expose_secret().to_owned());
        Ok(Self {
            morphism: Morphism::new(connector),
            token: SlackApiToken::new(token),
            timeout: settings.call_timeout,
            line: Line::default(),
        })
    }

    /// The same client, counting its calls here.
    #[must_use]
    pub fn counting(self, metrics: Metrics) -> Self {
        Self {
            line: Line::counted(metrics),
            ..self
        }
    }

    /// How the line to Slack stands, by the newest calls. Nothing is called for it.
    #[must_use]
    pub fn line(&self) -> LineState {
        self.line.state()
    }

    /// Calls a method that reads, with its arguments in the query: these methods take no JSON.
    ///
    /// # Errors
    /// Never `Unknown`: a lost answer of a read is asked for again.
    pub async fn read(
        &self,
        method: &str,
        arguments: &[(&str, &str)],
    ) -> Result<Value, CallFailed> {
        let session = self.morphism.open_session(&self.token);
        let arguments: Vec<(&str, Option<&str>)> = arguments
            .iter()
            .map(|(name, value)| (*name, Some(*value)))
            .collect();
        let call = session.http_session_api.http_get(method, &arguments, None);
        self.finish(method, call, Again::Harmless).await
    }

    /// Calls a method that writes, with a JSON body.
    ///
    /// # Errors
    /// As `again` says: a lost answer of a call that must not be made twice is `Unknown`.
    pub async fn write(
        &self,
        method: &str,
        body: &Value,
        again: Again,
    ) -> Result<Value, CallFailed> {
        let session = self.morphism.open_session(&self.token);
        let call = session.http_session_api.http_post(method, body, None);
        self.finish(method, call, again).await
    }

    async fn finish(
        &self,
        method: &str,
        call: impl Future<Output = Result<Value, SlackClientError>>,
        again: Again,
    ) -> Result<Value, CallFailed> {
        let watch = Stopwatch::start();
        let span = tracing::info_span!("slack", method);
        let result = self.answer_of(method, call, again).instrument(span).await;
        self.line.heard(method, &result, watch);
        result
    }

    async fn answer_of(
        &self,
        method: &str,
        call: impl Future<Output = Result<Value, SlackClientError>>,
        again: Again,
    ) -> Result<Value, CallFailed> {
        let answer = match tokio::time::timeout(self.timeout, call).await {
            Err(_) => return Err(lost(again, format!("{method} did not answer in time"))),
            Ok(Err(error)) => return Err(classified(method, &error, again)),
            Ok(Ok(answer)) => answer,
        };
        if answer["ok"] == true {
            return Ok(answer);
        }
        match answer["error"].as_str() {
            Some(code) => Err(refused(method, code, again)),
            None => Err(lost(again, format!("{method} answered without saying ok"))),
        }
    }
}

fn connector(api_url: &str) -> Result<HttpsConnector<HttpConnector>, ClientProblem> {
    let here = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    if here.iter().any(|prefix| api_url.starts_with(prefix)) {
        let provider = rustls::crypto::ring::default_provider();
        let no_roots = rustls::ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .map_err(|error| ClientProblem::Certificates(error.to_string()))?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        return Ok(HttpsConnectorBuilder::new()
            .with_tls_config(no_roots)
            .https_or_http()
            .enable_http1()
            .build());
    }
    if !api_url.starts_with("https://") {
        return Err(ClientProblem::Address(api_url.to_owned()));
    }
    let provider = rustls::crypto::ring::default_provider();
    let tls = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientProblem::Certificates(error.to_string()))?
        .with_native_roots()
        .map_err(|error| ClientProblem::Certificates(error.to_string()))?
        .with_no_client_auth();
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_only()
        .enable_http1()
        .build())
}

/// Nobody knows whether it happened.
fn lost(again: Again, why: String) -> CallFailed {
    let port = match again {
        Again::Harmless => PortError::Again { why, after: None },
        Again::Twice => PortError::Unknown { why },
    };
    CallFailed { code: None, port }
}

/// It did not happen, and may later.
fn later(why: String, after: Option<Duration>) -> CallFailed {
    let after = after.map(|wait| Span::seconds(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX)));
    CallFailed {
        code: None,
        port: PortError::Again { why, after },
    }
}

fn classified(method: &str, error: &SlackClientError, again: Again) -> CallFailed {
    match error {
        SlackClientError::ApiError(error) => refused(method, &error.code, again),
        SlackClientError::RateLimitError(error) => {
            let mut failed = later(format!("{method}: Slack asks to wait"), error.retry_after);
            failed.code = Some(LIMITED.to_owned());
            failed
        }
        SlackClientError::HttpError(error) if error.status_code.is_client_error() => CallFailed {
            code: None,
            port: PortError::No {
                why: format!(
                    "{method} was refused with HTTP status {}",
                    error.status_code.as_u16()
                ),
            },
        },
        SlackClientError::HttpError(error) => lost(
            again,
            format!(
                "{method} answered with HTTP status {}",
                error.status_code.as_u16()
            ),
        ),
        SlackClientError::HttpProtocolError(error) => {
            let never_sent = error
                .cause
                .as_deref()
                .and_then(|cause| cause.downcast_ref::<HttpError>())
                .is_some_and(HttpError::is_connect);
            if never_sent {
                later(format!("{method}: Slack cannot be reached"), None)
            } else {
                lost(again, format!("{method}: the connection broke"))
            }
        }
        _ => lost(again, format!("{method}: the answer could not be read")),
    }
}

/// Slack answered `ok: false`. Source: Slack, "Errors" of each method.
fn refused(method: &str, code: &str, again: Again) -> CallFailed {
    let sentence = format!("{method}: Slack says `{code}`{}", fix(code));
    let mut failed = match code {
        LIMITED | "rate_limited" | "service_unavailable" | "accesslimited" => later(sentence, None),
        // Nothing happened, and everything goes on as soon as the app is installed again.
        code if TOKEN_REFUSED.contains(&code) => later(sentence, None),
        // Slack's page: "some aspect of the operation may have succeeded before the error was raised".
        "fatal_error" | "internal_error" | "request_timeout" => lost(again, sentence),
        _ => CallFailed {
            code: None,
            port: PortError::No { why: sentence },
        },
    };
    failed.code = Some(code.to_owned());
    failed
}

fn fix(code: &str) -> &'static str {
    match code {
        "not_in_channel" => "; invite the app to that channel",
        "channel_not_found" => {
            "; check the channel's id in workspace.json and invite the app to it"
        }
        "is_archived" => "; give the role another channel in workspace.json",
        code if TOKEN_REFUSED.contains(&code) => "; install the app again and renew the bot token",
        "missing_scope" => "; add the scope that manifests/slack-app.yaml lists and install again",
        _ => "",
    }
}
