//! Stripe's endpoints: GET only, list and error shapes as documented.
//! Sources: <https://docs.stripe.com/api/pagination>, <https://docs.stripe.com/api/errors>

use super::super::faults::{Fault, dropped, hang, nonsense, server_error, too_many};
use super::super::form;
use super::super::world::World;
use super::StripeBooks;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

type Answer = (StatusCode, Value);

fn refuse(status: StatusCode, kind: &str, code: &str, message: &str) -> Answer {
    (
        status,
        json!({"error": {"type": kind, "code": code, "message": message}}),
    )
}

/// Everything under `/stripe/v1/`. Faults go by `stripe` for every call, or by the first part of
/// the path: `stripe.charges`.
pub(in crate::sandbox) async fn call(
    Shared(world): Shared<Arc<World>>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let resource = path.split('/').next().unwrap_or_default();
    let name = format!("stripe.{resource}");
    if method != Method::GET {
        let line = format!("{method} /v1/{path}");
        world.with(|state| state.violations.push(line));
        let message = "This key may only read. Somebody tried to write, and that was recorded.";
        return finish(&world, &name, no_permission(message));
    }
    let fault = world
        .take_fault(&name)
        .or_else(|| world.take_fault("stripe"));
    if let Some(fault) = fault {
        return fail(&world, &name, fault).await;
    }
    let asked = Asked {
        path: &path,
        query: form::decode(&query.unwrap_or_default()),
    };
    let answer = authorised(&headers)
        .and_then(|reach| world.with(|state| answer(&state.stripe, &asked, reach)))
        .unwrap_or_else(|refused| refused);
    finish(&world, &name, answer)
}

fn no_permission(message: &str) -> Answer {
    let code = "more_permissions_required";
    refuse(
        StatusCode::FORBIDDEN,
        "invalid_request_error",
        code,
        message,
    )
}

async fn fail(world: &World, name: &str, fault: Fault) -> Response {
    match fault {
        Fault::Timeout => {
            world.note_call(name, 0, "timeout");
            hang().await
        }
        Fault::RateLimited { retry_after } => {
            world.note_call(name, 429, "rate_limit");
            too_many(retry_after)
        }
        Fault::ServerError => {
            world.note_call(name, 500, "server_error");
            server_error()
        }
        Fault::Nonsense => {
            world.note_call(name, 200, "nonsense");
            nonsense()
        }
        Fault::LostAnswer => {
            world.note_call(name, 0, "lost_answer");
            dropped()
        }
        Fault::Error(code) => {
            let kind = "invalid_request_error";
            finish(
                world,
                name,
                refuse(StatusCode::BAD_REQUEST, kind, &code, "an injected fault"),
            )
        }
    }
}

fn finish(world: &World, name: &str, (status, body): Answer) -> Response {
    let error = body
        .pointer("/error/code")
        .and_then(Value::as_str)
        .unwrap_or_default();
    world.note_call(name, status.as_u16(), error);
    (status, axum::Json(body)).into_response()
}

/// What a key may read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// What the product needs.
    Declared,
    /// Everything in the account.
    Everything,
}

/// `rk_sandbox` is the restricted key. `rk_sandbox_wide` reads more than it should, and any `sk_`
/// key has full powers, so that their refusal by the product can be shown. Real-looking keys are
/// refused here.
fn authorised(headers: &HeaderMap) -> Result<Reach, Answer> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let key = given.strip_prefix("Bearer ").unwrap_or_default();
    let real = key.contains("_live_") || key.contains("_test_");
    if key == "rk_sandbox" {
        return Ok(Reach::Declared);
    }
    if key == "rk_sandbox_wide" || (key.starts_with("sk_") && !real) {
        return Ok(Reach::Everything);
    }
    if real {
        tracing::error!(
            "a Stripe key that looks real was sent to the local workspace and refused: use rk_sandbox here"
        );
    }
    Err(refuse(
        StatusCode::UNAUTHORIZED,
        "invalid_request_error",
        "api_key_invalid",
        "Invalid API Key provided: use rk_sandbox here",
    ))
}

struct Asked<'a> {
    path: &'a str,
    query: Vec<(String, String)>,
}

impl Asked<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// Parameters that a list does not know are an error, as at Stripe.
    fn only(&self, known: &[&str]) -> Result<(), Answer> {
        let paging = ["limit", "starting_after", "ending_before"];
        let odd = self.query.iter().find(|(name, _)| {
            let bare = name.split('[').next().unwrap_or_default();
            !known.contains(&bare) && !paging.contains(&bare) && bare != "expand"
        });
        odd.map_or(Ok(()), |(name, _)| {
            let message = format!("Received unknown parameter: {name}");
            Err(refuse(
                StatusCode::BAD_REQUEST,
                "invalid_request_error",
                "parameter_unknown",
                &message,
            ))
        })
    }
}

fn missing(kind: &str, id: &str) -> Answer {
    let message = format!("No such {kind}: '{id}'");
    refuse(
        StatusCode::NOT_FOUND,
        "invalid_request_error",
        "resource_missing",
        &message,
    )
}

/// What the account has besides, and the restricted key may not see.
const OUT_OF_REACH: [&str; 6] = [
    "account",
    "balance",
    "payouts",
    "payment_intents",
    "transfers",
    "webhook_endpoints",
];

fn answer(books: &StripeBooks, asked: &Asked<'_>, reach: Reach) -> Result<Answer, Answer> {
    let parts: Vec<&str> = asked.path.trim_end_matches('/').split('/').collect();
    match parts.as_slice() {
        [first, ..] if OUT_OF_REACH.contains(first) => match reach {
            Reach::Everything => list(asked, Vec::new()),
            Reach::Declared => {
                let message = "This key does not have the permissions that this address needs.";
                Err(no_permission(message))
            }
        },
        ["customers"] => {
            asked.only(&["email", "created"])?;
            let wanted = |customer: &&super::books::Customer| {
                asked
                    .text("email")
                    .is_none_or(|email| customer.email == email)
            };
            list(
                asked,
                books
                    .customers
                    .iter()
                    .filter(wanted)
                    .map(StripeBooks::customer_json)
                    .collect(),
            )
        }
        ["customers", id] => {
            let found = books.customers.iter().find(|customer| customer.id == *id);
            found
                .map(|customer| (StatusCode::OK, StripeBooks::customer_json(customer)))
                .ok_or_else(|| missing("customer", id))
        }
        ["charges", id] => {
            let found = books.charge(id);
            found
                .map(|charge| (StatusCode::OK, books.charge_json(charge)))
                .ok_or_else(|| missing("charge", id))
        }
        _ => lists(books, asked, &parts),
    }
}

/// The lists, with the parameters that each one knows.
const LISTS: [(&str, &[&str]); 6] = [
    ("charges", &["customer", "created"]),
    ("refunds", &["charge", "created"]),
    ("disputes", &["charge", "created"]),
    ("invoices", &["customer", "status", "created"]),
    ("subscriptions", &["customer", "status", "created"]),
    ("radar/early_fraud_warnings", &["charge", "created"]),
];

fn lists(books: &StripeBooks, asked: &Asked<'_>, parts: &[&str]) -> Result<Answer, Answer> {
    let name = parts.join("/");
    let Some((_, known)) = LISTS.iter().find(|(list, _)| *list == name) else {
        let message = format!("Unrecognized request URL (GET: /v1/{})", asked.path);
        let kind = "invalid_request_error";
        return Err(refuse(StatusCode::NOT_FOUND, kind, "url_invalid", &message));
    };
    asked.only(known)?;
    let all = match name.as_str() {
        "charges" => books
            .charges
            .iter()
            .map(|one| books.charge_json(one))
            .collect(),
        "refunds" => books
            .refunds
            .iter()
            .map(|one| books.refund_json(one))
            .collect(),
        "disputes" => books
            .disputes
            .iter()
            .map(|one| books.dispute_json(one))
            .collect(),
        "invoices" => books
            .invoices
            .iter()
            .map(StripeBooks::invoice_json)
            .collect(),
        "subscriptions" => books
            .subscriptions
            .iter()
            .map(StripeBooks::subscription_json)
            .collect(),
        _ => {
            let warned = books.fraud_warnings.iter().enumerate();
            warned
                .map(|(index, charge)| StripeBooks::warning_json(charge, index))
                .collect()
        }
    };
    let mut chosen: Vec<Value> = all;
    chosen.retain(|one| wanted(asked, &name, one));
    list(asked, chosen)
}

/// Whether an object has what the parameters ask for. Subscriptions without `status` are those that
/// are not cancelled, and `status=all` is all of them.
fn wanted(asked: &Asked<'_>, list: &str, one: &Value) -> bool {
    let field = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
    let same = |name: &str| asked.text(name).is_none_or(|wanted| wanted == field(name));
    let status = match (list, asked.text("status")) {
        ("subscriptions", None) => field("status") != "canceled",
        ("subscriptions", Some("all")) => true,
        _ => same("status"),
    };
    same("customer") && same("charge") && status
}

/// One page, newest first.
fn list(asked: &Asked<'_>, mut all: Vec<Value>) -> Result<Answer, Answer> {
    let created = |value: &Value| {
        value
            .get("created")
            .and_then(Value::as_i64)
            .unwrap_or_default()
    };
    all.sort_by_key(|value| std::cmp::Reverse(created(value)));
    all.retain(|value| within(asked, created(value)));
    let limit = match asked.text("limit") {
        None => 10,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|limit| (1..=100).contains(limit))
            .ok_or_else(|| {
                refuse(
                    StatusCode::BAD_REQUEST,
                    "invalid_request_error",
                    "parameter_invalid_integer",
                    "limit must be between 1 and 100",
                )
            })?,
    };
    if let Some(after) = asked.text("starting_after") {
        let at = all
            .iter()
            .position(|value| value.get("id").and_then(Value::as_str) == Some(after));
        let at = at.ok_or_else(|| missing("object", after))?;
        all.drain(..=at);
    }
    let more = all.len() > limit;
    all.truncate(limit);
    let url = format!("/v1/{}", asked.path);
    Ok((
        StatusCode::OK,
        json!({"object": "list", "url": url, "has_more": more, "data": all}),
    ))
}

fn within(asked: &Asked<'_>, created: i64) -> bool {
    let bound = |name: &str| asked.text(name).and_then(|text| text.parse::<i64>().ok());
    bound("created[gte]").is_none_or(|at| created >= at)
        && bound("created[gt]").is_none_or(|at| created > at)
        && bound("created[lte]").is_none_or(|at| created <= at)
        && bound("created[lt]").is_none_or(|at| created < at)
}
