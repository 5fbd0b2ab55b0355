//! Scopes: the stand-in grants what `manifests/slack-app.yaml` asks for and refuses the rest, as Slack does.

use countersign::sandbox::{Sandbox, SandboxConfig, TOKEN};
use serde_json::Value;

async fn sandbox() -> Sandbox {
    Sandbox::start(SandboxConfig::default()).await.unwrap()
}

/// A method's answer, and the scopes that its headers name.
async fn call(sandbox: &Sandbox, method: &str) -> (Value, Vec<String>) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/{method}", sandbox.slack_api_url());
    let response = client.post(url).bearer_auth(TOKEN).send().await.unwrap();
    let scopes = response.headers()["x-oauth-scopes"].to_str().unwrap();
    let scopes = scopes.split(',').map(str::to_owned).collect();
    (response.json().await.unwrap(), scopes)
}

#[tokio::test]
async fn the_stand_in_grants_exactly_what_the_manifest_asks_for() {
    let manifest = include_str!("../../manifests/slack-app.yaml");
    let (_, scopes) = call(&sandbox().await, "auth.test").await;
    let lines = manifest
        .lines()
        .map(|line| line.split(" #").next().unwrap());
    // Scopes are the only items of a list in that file that stand six deep, before `settings`.
    let asked: Vec<&str> = lines
        .take_while(|line| !line.starts_with("settings:"))
        .filter_map(|line| line.strip_prefix("      - "))
        .collect();
    assert!(asked.contains(&"chat:write"), "{asked:?}");
    assert_eq!(scopes, asked);
}

#[tokio::test]
async fn a_method_without_its_scope_is_refused_and_the_scope_is_named() {
    let sandbox = sandbox().await;
    sandbox.remove_scope("usergroups:read");
    let (answer, scopes) = call(&sandbox, "usergroups.list").await;
    assert_eq!(answer["error"], "missing_scope");
    assert_eq!(answer["needed"], "usergroups:read");
    assert!(scopes.contains(&"chat:write".to_owned()));
    assert!(!scopes.contains(&"usergroups:read".to_owned()));
    let (answer, _) = call(&sandbox, "conversations.list").await;
    assert_eq!(
        answer["needed"], "channels:read",
        "the manifest does not ask"
    );
}

#[tokio::test]
async fn an_address_is_given_only_with_its_own_scope() {
    let sandbox = sandbox().await;
    let address = |answer: &Value| answer["user"]["profile"]["email"].is_string();
    let (with, _) = call(&sandbox, "users.info?user=U0LEAD0001").await;
    assert!(address(&with), "{with}");
    sandbox.remove_scope("users:read.email");
    let (without, _) = call(&sandbox, "users.info?user=U0LEAD0001").await;
    assert_eq!(without["ok"], true);
    assert!(!address(&without));
}

/// What the product does with each scope: the method that calls for it, and where.
const USES: &[(&str, &str)] = &[
    ("chat:write", "chat.postMessage?channel=C0REVIEWS1&text=x"),
    ("im:write", "conversations.open?users=U0LEAD0001"),
    (
        "channels:history",
        "conversations.history?channel=C0REVIEWS1",
    ),
    ("groups:history", "conversations.history?channel=G0PRIVATE1"),
    ("im:history", "conversations.history?channel=D0DIRECT01"),
    ("users:read", "users.info?user=U0LEAD0001"),
    (
        "usergroups:read",
        "usergroups.users.list?usergroup=S0LEADS001",
    ),
];

/// Scopes without which no method is refused; the tests above and below show what they do.
const OTHERS: &[&str] = &["commands", "users:read.email"];

#[tokio::test]
async fn without_any_one_scope_of_the_manifest_something_is_refused() {
    let (_, scopes) = call(&sandbox().await, "auth.test").await;
    for scope in &scopes {
        if OTHERS.contains(&scope.as_str()) {
            continue;
        }
        let (_, method) = USES
            .iter()
            .find(|(name, _)| name == scope)
            .unwrap_or_else(|| panic!("nothing here needs {scope}"));
        let sandbox = sandbox().await;
        let (with, _) = call(&sandbox, method).await;
        assert_ne!(with["error"], "missing_scope", "{scope}: {with}");
        sandbox.remove_scope(scope);
        let (without, _) = call(&sandbox, method).await;
        assert_eq!(without["error"], "missing_scope", "{scope}: {without}");
        assert_eq!(without["needed"], scope.as_str());
    }
    let known = USES.iter().map(|(scope, _)| scope).chain(OTHERS);
    for scope in known {
        assert!(
            scopes.iter().any(|one| one == scope),
            "{scope} is not asked for"
        );
    }
}

#[tokio::test]
async fn without_its_scope_a_slash_command_reaches_nobody() {
    let sandbox = sandbox().await;
    sandbox.remove_scope("commands");
    let answer = sandbox.slash("U0LEAD0001", "C0REVIEWS1", "help").await;
    assert_eq!(answer.status, 0);
    let told = sandbox.messages("C0REVIEWS1");
    assert!(told.last().unwrap().all_text().contains("/triage failed"));
}
