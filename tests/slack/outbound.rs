//! What goes out, against the local workspace: cards, answers, and every way in which a call fails.

use std::sync::Arc;
use std::time::Duration;

use countersign::domain::card::Body;
use countersign::domain::case::refusal::{Answer, Refusal, RefusalCode};
use countersign::domain::escalation::Role;
use countersign::domain::ids::{AppId, ChannelId, TeamId, UserId};
use countersign::domain::journal::ReplyTo;
use countersign::ports::{PortError, Surface, Whereabouts};
use countersign::sandbox::{Fault, Sandbox, SandboxConfig, TOKEN};
use countersign::slack::client::SlackClient;
use countersign::slack::surface::SlackSurface;
use countersign::slack::{SlackSecrets, SlackSettings};
use secrecy::SecretString;

use crate::samples::{batch, card, escalation, named, refund};

pub fn settings(sandbox: &Sandbox) -> SlackSettings {
    SlackSettings {
        team: TeamId::new("T0LOCAL001"),
        enterprise: None,
        app: AppId::new("A0CSIGN001"),
        api_url: sandbox.slack_api_url(),
        call_timeout: Duration::from_secs(2),
        roles: [
            (Role::SupportL1, "C0SUPPORT1"),
            (Role::Billing, "C0BILLING1"),
            (Role::Infra, "C0INFRA001"),
        ]
        .map(|(role, id)| (role, ChannelId::new(id)))
        .into(),
        reviewers: [].into(),
        reviewers_default: ChannelId::new("C0REVIEWS1"),
    }
}

pub fn secrets() -> SlackSecrets {
    SlackSecrets {
        signing: SecretString::from("sandbox-signing-secret"),
        bot_token: SecretString::from(TOKEN),
    }
}

pub async fn workspace() -> (Sandbox, Arc<SlackClient>, SlackSurface) {
    // Every test of this binary may be the first; a second install is refused and does not matter.
    drop(rustls::crypto::ring::default_provider().install_default());
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let settings = settings(&sandbox);
    let client = Arc::new(SlackClient::connect(&settings, &secrets()).unwrap());
    let surface = SlackSurface::over(Arc::clone(&client), settings);
    (sandbox, client, surface)
}

#[tokio::test]
async fn every_kind_of_card_is_taken_by_the_workspace_and_updated_in_place() {
    let (sandbox, _, surface) = workspace().await;
    let long = "A very long complaint. ".repeat(400);
    let cards = [
        batch((1..=10).map(|n| refund(n, &"x".repeat(430))).collect()),
        batch((1..=10).map(|n| refund(n, &long)).collect()),
        card(Body::Approver(Box::new(named(3, &long)))),
        card(Body::Status(Box::new(named(4, &long)))),
        card(Body::Escalation(Box::new(escalation(5, &long)))),
    ];
    for card in cards {
        let composed = surface.compose(&card);
        let at = surface
            .deliver(&composed, &card.to, &Whereabouts::Nowhere)
            .await
            .unwrap();
        let again = surface
            .deliver(&composed, &card.to, &Whereabouts::At(at.clone()))
            .await
            .unwrap();
        assert_eq!(at, again);
    }
    assert_eq!(sandbox.violations(), Vec::<String>::new());
    let posts = sandbox
        .calls()
        .iter()
        .filter(|call| call.method == "chat.postMessage")
        .count();
    assert_eq!(posts, 5);
}

#[tokio::test]
async fn a_post_whose_answer_was_lost_is_found_and_not_posted_twice() {
    let (sandbox, _, surface) = workspace().await;
    let card = card(Body::Escalation(Box::new(escalation(1, ""))));
    let composed = surface.compose(&card);
    sandbox.fault("chat.postMessage", Fault::LostAnswer, 1);
    let lost = surface
        .deliver(&composed, &card.to, &Whereabouts::Nowhere)
        .await;
    assert!(matches!(lost, Err(PortError::Unknown { .. })), "{lost:?}");
    let found = surface
        .deliver(&composed, &card.to, &Whereabouts::Perhaps)
        .await
        .unwrap();
    assert_eq!(found.channel.as_str(), "C0BILLING1");
    let calls = sandbox.calls();
    let posts = calls
        .iter()
        .filter(|call| call.method == "chat.postMessage")
        .count();
    assert_eq!(posts, 1, "found by its metadata, then updated");
}

#[tokio::test]
async fn a_card_that_was_deleted_is_posted_once_more() {
    let (_sandbox, client, surface) = workspace().await;
    let card = card(Body::Escalation(Box::new(escalation(1, ""))));
    let composed = surface.compose(&card);
    let at = surface
        .deliver(&composed, &card.to, &Whereabouts::Nowhere)
        .await
        .unwrap();
    let body = serde_json::json!({"channel": at.channel.as_str(), "ts": at.ts});
    client
        .write(
            "chat.delete",
            &body,
            countersign::slack::client::Again::Harmless,
        )
        .await
        .unwrap();
    let after = surface
        .deliver(&composed, &card.to, &Whereabouts::At(at.clone()))
        .await
        .unwrap();
    assert_ne!(after.ts, at.ts);
}

#[tokio::test]
async fn failures_are_told_apart_by_what_may_be_done_next() {
    let (sandbox, _, surface) = workspace().await;
    let card = card(Body::Escalation(Box::new(escalation(1, ""))));
    let composed = surface.compose(&card);
    let send = || surface.deliver(&composed, &card.to, &Whereabouts::Nowhere);

    sandbox.fault("chat.postMessage", Fault::RateLimited { retry_after: 7 }, 1);
    match send().await {
        Err(PortError::Again { after, .. }) => assert_eq!(after.unwrap().0, 7_000),
        other => panic!("{other:?}"),
    }
    sandbox.fault("chat.postMessage", Fault::Error("is_archived".into()), 1);
    match send().await {
        Err(PortError::No { why }) => assert!(why.contains("another channel"), "{why}"),
        other => panic!("{other:?}"),
    }
    sandbox.fault("chat.postMessage", Fault::ServerError, 1);
    assert!(matches!(send().await, Err(PortError::Unknown { .. })));
    sandbox.fault("chat.postMessage", Fault::Timeout, 1);
    assert!(matches!(send().await, Err(PortError::Unknown { .. })));

    let nowhere = crate::samples::card(Body::Escalation(Box::new({
        let mut face = escalation(2, "");
        face.escalation.role = Role::Security;
        face
    })));
    let to = countersign::domain::card::Destination::Role {
        role: Role::Security,
    };
    let answer = surface
        .deliver(&surface.compose(&nowhere), &to, &Whereabouts::Nowhere)
        .await;
    assert!(matches!(answer, Err(PortError::No { .. })));
}

#[tokio::test]
async fn an_answer_is_seen_by_the_clicker_alone_or_in_the_direct_message() {
    let (sandbox, _, surface) = workspace().await;
    let answer = Answer::Refused {
        refusal: Refusal::new(
            RefusalCode::TooLate,
            "<@U0BILL0002> approved this at 16:16:58 UTC; your click changed nothing.",
            "Nothing needs to be done.",
        ),
    };
    for channel in [Some("C0BILLING1"), Some("C0NOWHERE1"), None] {
        let to = ReplyTo {
            user: UserId::new("U0BILL0001"),
            channel: channel.map(ChannelId::new),
            thread_ts: None,
        };
        surface.tell(&to, &answer).await.unwrap();
    }
    let calls: Vec<String> = sandbox
        .calls()
        .iter()
        .map(|call| call.method.clone())
        .collect();
    let count = |method: &str| calls.iter().filter(|call| *call == method).count();
    assert_eq!(count("chat.postEphemeral"), 2);
    assert_eq!(
        count("chat.postMessage"),
        2,
        "where the channel is not to be had, the direct message"
    );
}

#[tokio::test]
async fn a_click_of_somebody_who_is_not_in_the_channel_is_answered_directly_whatever_slack_calls_it()
 {
    let (sandbox, _, surface) = workspace().await;
    let answer = Answer::Recorded {
        sentence: "Your click changed nothing.".into(),
    };
    let to = ReplyTo {
        user: UserId::new("U0GUEST001"),
        channel: Some(ChannelId::new("C0BILLING1")),
        thread_ts: None,
    };
    let reasons = ["user_not_in_channel", "no_permission", "thread_not_found"];
    for why in reasons {
        let refused = Fault::Error(why.to_owned());
        sandbox.fault("chat.postEphemeral", refused, 1);
        surface.tell(&to, &answer).await.unwrap();
    }
    let direct = sandbox.messages(&sandbox.dm_of("U0GUEST001"));
    assert_eq!(direct.len(), reasons.len());
    sandbox.fault("chat.postEphemeral", Fault::ServerError, 1);
    let later = surface.tell(&to, &answer).await;
    assert!(matches!(later, Err(PortError::Again { .. })), "{later:?}");
}
