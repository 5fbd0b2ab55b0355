//! Stripe, read-only: the verified or linked customer, charges, refunds, disputes, warnings, invoices, subscriptions.

mod answer;
mod question;
pub mod route;
mod wire;

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use self::answer::Reading;
use self::question::Question;
use self::route::Route;
use super::ConnectorSettings;
use crate::adapters::outside::{Answer, Base, Reader};
use crate::domain::digest::Digest;
use crate::domain::evidence::{Ask, Finding};
use crate::domain::ids::{CustomerId, SourceName};
use crate::ports::{Connector, Fetched, PortError, Subject};

/// Stripe's own address.
pub const ADDRESS: &str = "https://api.stripe.com";

/// The shapes of the answers do not follow the account's default version (Stripe, "API versioning").
const VERSION: &str = "2024-06-20";

/// The connector. It holds a [`Reader`], and a reader knows no method but GET.
pub struct Stripe {
    name: SourceName,
    base: Base,
    reader: Reader,
}

impl Stripe {
    /// Opens the connector. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// A sentence, when the key is not a restricted one or cannot be sent.
    pub fn open(settings: ConnectorSettings) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, bearer(&settings.key)?);
        let version = HeaderName::from_static("stripe-version");
        headers.insert(version, HeaderValue::from_static(VERSION));
        Ok(Self {
            reader: Reader::open(&settings.base, headers)?,
            name: settings.name,
            base: settings.base,
        })
    }
}

/// Whether this is a restricted key.
///
/// # Errors
///
/// A sentence that says which key to make.
pub fn check(key: &SecretString) -> Result<(), String> {
    bearer(key).map(|_| ())
}

/// A key that could do more than read what it was restricted to is refused before anything is sent.
fn bearer(key: &SecretString) -> Result<HeaderValue, String> {
    let key = key.expose_secret().trim();
    let instead = "make a restricted key with read permissions only in Stripe's dashboard (Developers, API keys, \
                   Restricted keys) and use that";
    if key.starts_with("sk_") {
        return Err(format!(
            "this is a secret key (`sk_`), which can move money; {instead}"
        ));
    }
    if key.starts_with("pk_") {
        return Err(format!(
            "this is a publishable key (`pk_`), which reads nothing; {instead}"
        ));
    }
    if !key.starts_with("rk_") {
        return Err(format!("this is not a restricted key (`rk_`); {instead}"));
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {key}"))
        .map_err(|_| "the key holds characters that no key has; copy it again".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

#[async_trait]
impl Connector for Stripe {
    fn first(&self) -> Vec<Ask> {
        vec![Question::Customer.ask(&self.name)]
    }

    fn linked(&self, customer: &CustomerId) -> Vec<Ask> {
        let known = route::CustomerId::parse(customer.as_str());
        let asks = known.map(|id| Question::Linked(id).ask(&self.name));
        asks.into_iter().collect()
    }

    async fn fetch(&self, ask: &Ask, subject: &Subject) -> Result<Fetched, PortError> {
        let no = |why: &str| PortError::No { why: why.into() };
        let question = Question::read(ask).ok_or_else(|| no("this is no question for Stripe"))?;
        let email = subject.email.as_deref().map(str::trim);
        let route = question
            .route(email.filter(|email| !email.is_empty()))
            .ok_or_else(|| no("there is no verified address to look a customer up by"))?;
        let answer = self.reader.read(route.url(&self.base)).await?;
        let nowhere = matches!(route, Route::OneCharge(_)) && answer.status.as_u16() == 404;
        let reading = if nowhere {
            Reading::of_somebody_else()?
        } else {
            refuse(&answer, &route)?;
            Reading::of(&question, &answer.body, subject)?
        };
        // Not even a digest is kept of what Stripe says about somebody else's charge, or the two could be told apart.
        let foreign = matches!(question, Question::NamedCharge(..))
            && reading.findings.contains(&Finding::ForeignCharge);
        let bytes = if foreign {
            Digest::of(reading.body.as_bytes())
        } else {
            Digest::of(&answer.body)
        };
        Ok(Fetched {
            bytes,
            body: reading.body,
            findings: reading.findings,
            next: reading
                .next
                .iter()
                .map(|question| question.ask(&self.name))
                .collect(),
        })
    }
}

/// Classes an answer that is not the resource. Stripe's own message is not repeated: it quotes the request.
fn refuse(answer: &Answer, route: &Route) -> Result<(), PortError> {
    let status = answer.status;
    if status.is_success() {
        return Ok(());
    }
    let code = status.as_u16();
    let again = status.is_server_error() || matches!(code, 408 | 409 | 425 | 429);
    if again {
        return Err(PortError::Again {
            why: format!("Stripe answered {code}"),
            after: answer.retry_after,
        });
    }
    Err(PortError::No {
        why: match code {
            401 => {
                "Stripe does not accept the key (401); check that it is complete and not revoked"
                    .to_owned()
            }
            403 => format!(
                "the key may not read this (403); give the restricted key the permission `{}`",
                route.permission()
            ),
            404 if matches!(route, Route::OneCustomer(_)) => {
                "Stripe has no such customer".to_owned()
            }
            300..=399 => {
                format!("Stripe's address redirects ({code}); correct `base_url` in workspace.json")
            }
            _ => format!("Stripe refused the question ({code})"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_restricted_key_is_taken() {
        let taken = |key: &str| bearer(&SecretString::from(key));
        assert!(taken("rk_sandbox").is_ok());
        for (key, word) in [
            ("sk_sandbox", "move money"),
            ("pk_sandbox", "publishable"),
            ("", "not a restricted key"),
            ("rk_a\nb", "copy it again"),
        ] {
            let refused = taken(key).unwrap_err();
            assert!(refused.contains(word), "{refused}");
            assert!(
                key.is_empty() || !refused.contains(key),
                "the key is quoted"
            );
        }
        assert!(taken("rk_sandbox").unwrap().is_sensitive());
    }
}
