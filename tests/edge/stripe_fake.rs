//! A tiny stand-in for Stripe that a test scripts line by line: what is asked, and what is answered.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use countersign::adapters::evidence::{ConnectorKind, ConnectorSettings, open};
use countersign::adapters::outside::Base;
use countersign::domain::evidence::{Ask, Finding};
use countersign::domain::ids::SourceName;
use countersign::ports::{Connector, PortError, Subject};
use secrecy::SecretString;
use serde_json::{Value, json};

/// One scripted answer to every request whose path and query contain a text.
pub struct Line {
    when: String,
    status: u16,
    retry_after: Option<String>,
    body: String,
}

/// The stand-in, and the requests that reached it as `METHOD path?query`.
#[derive(Clone, Default)]
pub struct Fake {
    lines: Arc<Mutex<Vec<Line>>>,
    pub seen: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub fn answers(&self, when: &str, data: &Value) -> &Self {
        self.page(when, data, false)
    }

    pub fn page(&self, when: &str, data: &Value, has_more: bool) -> &Self {
        let body = json!({"object": "list", "data": data, "has_more": has_more, "url": "/v1/x"});
        self.raw(when, 200, None, &body.to_string())
    }

    pub fn raw(&self, when: &str, status: u16, retry_after: Option<&str>, body: &str) -> &Self {
        self.lines.lock().unwrap().push(Line {
            when: when.into(),
            status,
            retry_after: retry_after.map(str::to_owned),
            body: body.into(),
        });
        self
    }

    /// Starts it and opens a connector on it.
    pub async fn connector(&self) -> Arc<dyn Connector> {
        crate::install_tls();
        let app = Router::new().fallback(answer).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        connector(&format!("http://{address}/stripe"))
    }
}

pub fn connector(base: &str) -> Arc<dyn Connector> {
    open(ConnectorSettings {
        name: SourceName::new("stripe"),
        kind: ConnectorKind::Stripe,
        base: Base::parse(base).unwrap(),
        key: SecretString::from("rk_sandbox"),
    })
    .unwrap()
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let asked = request.uri().path_and_query().unwrap().to_string();
    let method = request.method().clone();
    fake.seen.lock().unwrap().push(format!("{method} {asked}"));
    let lines = fake.lines.lock().unwrap();
    let Some(line) = lines.iter().find(|line| asked.contains(&line.when)) else {
        return (StatusCode::IM_A_TEAPOT, "not in the script").into_response();
    };
    let status = StatusCode::from_u16(line.status).unwrap();
    let mut response = (status, line.body.clone()).into_response();
    if let Some(after) = &line.retry_after {
        let headers = response.headers_mut();
        headers.insert("retry-after", after.parse().unwrap());
    }
    response
}

/// Asks until nothing is asked any more, as the engine does.
pub async fn gather(
    connector: &dyn Connector,
    subject: &Subject,
) -> Result<(Vec<Finding>, Vec<String>), PortError> {
    let mut open: Vec<Ask> = connector.first();
    let (mut findings, mut bodies) = (vec![], vec![]);
    while let Some(ask) = open.pop() {
        let mut fetched = connector.fetch(&ask, subject).await?;
        assert!(bodies.len() < 40, "the connector does not come to an end");
        findings.append(&mut fetched.findings);
        bodies.push(fetched.body);
        open.append(&mut fetched.next);
    }
    Ok((findings, bodies))
}
