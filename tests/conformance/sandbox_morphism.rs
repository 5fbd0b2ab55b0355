//! slack-morphism as it comes, talking to the stand-in for Slack.

use countersign::sandbox::{Sandbox, SandboxConfig, TOKEN};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use slack_morphism::prelude::*;

type Client = SlackClient<SlackClientHyperConnector<HttpConnector>>;

async fn sandbox_and_client() -> (Sandbox, Client, SlackApiToken) {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let connector = SlackClientHyperConnector::with_connector(HttpConnector::new())
        .with_slack_api_url(&sandbox.slack_api_url());
    (
        sandbox,
        SlackClient::new(connector),
        SlackApiToken::new(TOKEN.into()),
    )
}

fn card() -> Vec<SlackBlock> {
    slack_blocks![
        some_into(SlackHeaderBlock::new(pt!("Refund 180.00 USD"))),
        some_into(SlackSectionBlock::new().with_text(md!("*Harbour* asks"))),
        some_into(SlackActionsBlock::new(slack_blocks![some_into(
            SlackBlockButtonElement::new(pt!("Approve"))
                .with_action_id("approve".into())
                .with_value("approve.v1".into())
        )]))
    ]
}

#[tokio::test]
async fn an_unmodified_client_posts_updates_and_reads() {
    let (sandbox, client, token) = sandbox_and_client().await;
    let session = client.open_session(&token);
    let me = session.auth_test().await.unwrap();
    assert_eq!(me.bot_id, Some("B0CSIGN001".into()));

    let open = SlackApiConversationsOpenRequest::new().with_users(vec!["U0FIN00001".into()]);
    let opened: SlackApiConversationsOpenResponse<SlackBasicChannelInfo> =
        session.conversations_open(&open).await.unwrap();
    assert_eq!(opened.channel.id, "D0FIN00001".into());

    let content = SlackMessageContent::new()
        .with_text("A card".into())
        .with_blocks(card());
    let posted = session
        .chat_post_message(&SlackApiChatPostMessageRequest::new(
            opened.channel.id.clone(),
            content,
        ))
        .await
        .unwrap();
    let changed = SlackMessageContent::new()
        .with_text("Decided".into())
        .with_blocks(card());
    session
        .chat_update(&SlackApiChatUpdateRequest::new(
            opened.channel.id.clone(),
            changed,
            posted.ts.clone(),
        ))
        .await
        .unwrap();
    let aside = SlackMessageContent::new().with_text("Too late".into());
    session
        .chat_post_ephemeral(&SlackApiChatPostEphemeralRequest::new(
            "C0BILLING1".into(),
            "U0FIN00001".into(),
            aside,
        ))
        .await
        .unwrap();

    let history = session
        .conversations_history(
            &SlackApiConversationsHistoryRequest::new().with_channel(opened.channel.id),
        )
        .await
        .unwrap();
    assert_eq!(history.messages[0].content.text.as_deref(), Some("Decided"));
    assert_eq!(sandbox.messages("D0FIN00001")[0].revisions, 1);
    assert_eq!(
        sandbox.messages("C0BILLING1")[0].ephemeral_for.as_deref(),
        Some("U0FIN00001")
    );
}

#[tokio::test]
async fn an_unmodified_client_reads_people_and_groups() {
    let (sandbox, client, token) = sandbox_and_client().await;
    let session = client.open_session(&token);
    let guest = session
        .users_info(&SlackApiUsersInfoRequest::new("U0GUEST001".into()))
        .await
        .unwrap();
    assert_eq!(guest.user.flags.is_restricted, Some(true));
    let gone = session
        .users_info(&SlackApiUsersInfoRequest::new("U0GONE0001".into()))
        .await
        .unwrap();
    assert_eq!(gone.user.deleted, Some(true));
    let ask = SlackApiUserGroupsUsersListRequest::new("S0FINANCE1".into());
    assert_eq!(
        session
            .usergroups_users_list(&ask)
            .await
            .unwrap()
            .users
            .len(),
        2
    );
    sandbox.remove_from_group("S0FINANCE1", "U0FIN00001");
    assert_eq!(
        session.usergroups_users_list(&ask).await.unwrap().users,
        ["U0FIN00002".into()]
    );
    let groups = session
        .usergroups_list(&SlackApiUserGroupsListRequest::new())
        .await
        .unwrap();
    assert_eq!(groups.usergroups.len(), 6);
    let members = session
        .users_list(&SlackApiUsersListRequest::new())
        .await
        .unwrap();
    assert_eq!(members.members.len(), 14);
    sandbox.grant_scope("channels:read");
    let channels = session
        .conversations_list(&SlackApiConversationsListRequest::new())
        .await
        .unwrap();
    assert_eq!(channels.channels.len(), 6);
}

#[tokio::test]
async fn an_unmodified_client_opens_a_modal_and_publishes_a_home() {
    let (sandbox, client, token) = sandbox_and_client().await;
    let session = client.open_session(&token);
    let view: SlackView = serde_json::from_value(json!({"type": "modal", "callback_id": "reject",
        "title": {"type": "plain_text", "text": "Reject"}, "submit": {"type": "plain_text", "text": "Reject"},
        "blocks": [{"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"},
                    "element": {"type": "plain_text_input", "action_id": "reason", "multiline": true}}]}))
    .unwrap();
    let trigger = sandbox.trigger_for("U0FIN00001");
    let opened = session
        .views_open(&SlackApiViewsOpenRequest::new(trigger.into(), view))
        .await
        .unwrap();
    let modal = sandbox.modal_of("U0FIN00001").unwrap();
    assert_eq!(opened.view.state_params.hash, modal.hash);
    assert_eq!(modal.callback_id(), "reject");

    let home = SlackView::Home(SlackHomeView::new(card()));
    session
        .views_publish(&SlackApiViewsPublishRequest::new("U0FIN00001".into(), home))
        .await
        .unwrap();
    assert!(
        sandbox
            .home_of("U0FIN00001")
            .unwrap()
            .all_text()
            .contains("Refund 180.00 USD")
    );
}
