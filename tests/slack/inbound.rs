//! Requests from Slack: signatures over raw bytes, and payloads that are bent in every way.

use countersign::domain::time::At;
use countersign::slack::inbound::payload::{self, Delivery, Interaction, Malformed};
use countersign::slack::inbound::signature::{Rejected, SignedHeaders, verify};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;

/// The example of Slack's page "Verifying requests from Slack".
const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
const STAMP: i64 = 1_531_420_618;

fn check(now_seconds: i64, signature: Option<&str>, body: &str) -> Result<(), Rejected> {
    let headers = SignedHeaders {
        timestamp: Some("1531420618"),
        signature,
    };
    let secret = SecretString::from(SECRET);
    verify(&secret, headers, body.as_bytes(), At(now_seconds * 1_000))
}

#[test]
fn the_example_of_slacks_page_is_believed() {
    assert_eq!(check(STAMP, Some(SIGNATURE), BODY), Ok(()));
}

#[test]
fn five_minutes_either_way_are_believed_and_one_second_more_is_not() {
    for (now, answer) in [
        (STAMP + 300, Ok(())),
        (STAMP - 300, Ok(())),
        (STAMP + 301, Err(Rejected::OutsideWindow)),
        (STAMP - 301, Err(Rejected::OutsideWindow)),
    ] {
        assert_eq!(check(now, Some(SIGNATURE), BODY), answer, "{now}");
    }
}

#[test]
fn other_bytes_another_secret_or_a_bent_signature_are_refused() {
    let wrong = Err(Rejected::WrongSignature);
    assert_eq!(check(STAMP, Some(SIGNATURE), &format!("{BODY}&")), wrong);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"another secret").unwrap();
    mac.update(format!("v0:{STAMP}:{BODY}").as_bytes());
    let other = format!("v0={}", hex::encode(mac.finalize().into_bytes()));
    assert_eq!(check(STAMP, Some(&other), BODY), wrong);
    for bent in ["", "v0=", "v1=00", &SIGNATURE[..66], &SIGNATURE[3..]] {
        assert_eq!(
            check(STAMP, Some(bent), BODY),
            Err(Rejected::Unsigned),
            "{bent}"
        );
    }
}

#[test]
fn missing_or_odd_headers_are_refused() {
    assert_eq!(check(STAMP, None, BODY), Err(Rejected::Unsigned));
    let secret = SecretString::from(SECRET);
    for timestamp in [
        None,
        Some(""),
        Some("soon"),
        Some("+1531420618"),
        Some("99999999999999999999"),
    ] {
        let headers = SignedHeaders {
            timestamp,
            signature: Some(SIGNATURE),
        };
        let answer = verify(&secret, headers, BODY.as_bytes(), At(STAMP * 1_000));
        assert_eq!(answer, Err(Rejected::Unsigned), "{timestamp:?}");
    }
}

fn form(payload: &str) -> Vec<u8> {
    let encoded: String = payload
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    format!("payload={encoded}").into_bytes()
}

#[test]
fn a_click_with_odd_surroundings_is_not_lost() {
    let payload = r#"{"type":"block_actions","team":null,"enterprise":{"id":"E1"},"is_enterprise_install":true,
        "api_app_id":"A1","user":{"id":"U1","team_id":"T1","name":7},"trigger_id":"1.2.x",
        "channel":{"id":"C1"},"message":{"ts":"1.1","metadata":{"event_type":9,"event_payload":[{"n":1}]},
        "blocks":[{"type":"hologram","block_id":5}]},"state":{"values":null},"new_field":[[[]]],
        "actions":[{"action_id":"cs.approve.3","value":"approve.v.p","action_ts":"1.5","type":"button"}]}"#;
    let Ok(Interaction::Press(press)) = payload::interaction(&form(payload)) else {
        panic!("the click was lost");
    };
    assert_eq!(press.value, "approve.v.p");
    assert_eq!(press.sender.team.unwrap().as_str(), "T1");
    assert_eq!(press.sender.enterprise.unwrap().as_str(), "E1");
    assert_eq!(press.channel.unwrap().as_str(), "C1");
}

#[test]
fn zero_characters_surrogates_and_endless_texts_are_refused_or_cleaned_and_never_passed_on() {
    let sent = |user: &str, typed: &str| {
        payload::interaction(&form(&format!(
            r#"{{"type":"view_submission","team":{{"id":"T1"}},"user":{{"id":"{user}"}},"view":{{"id":"V1",
            "state":{{"values":{{"words":{{"b":{{"type":"plain_text_input","value":"{typed}"}}}}}}}}}}}}"#
        )))
    };
    let Ok(Interaction::Submit(_, view)) = sent("U1", "a\\u0000b") else {
        panic!("a zero character lost the modal");
    };
    assert_eq!(view.values["words"], "ab");
    for (user, typed, why) in [
        ("U\\u0000", "a", Malformed::Sender),
        (&*"U".repeat(256), "a", Malformed::Sender),
        ("U1", "\\ud800", Malformed::Json),
        ("U1", &*"x".repeat(3_001), Malformed::TooLong),
    ] {
        assert_eq!(sent(user, typed), Err(why), "{why}");
    }
    let slash = |rest: &str| payload::slash(format!("user_id=U1&{rest}").as_bytes());
    assert_eq!(slash("text=show%00+1").unwrap().text, "show 1");
    let endless = format!("text={}", "x".repeat(3_001));
    assert_eq!(slash(&endless), Err(Malformed::TooLong));
    assert_eq!(
        slash("text=x&user_id=U%00").unwrap().sender.user.as_str(),
        "U1"
    );
    assert_eq!(payload::slash(b"user_id=U%00"), Err(Malformed::Sender));
}

#[test]
fn what_was_typed_and_chosen_in_a_modal_is_read_by_block() {
    let payload = r#"{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","hash":"h",
        "callback_id":"cs.reject","private_metadata":"reject.v.p","state":{"values":{
        "preset":{"a":{"type":"radio_buttons","selected_option":{"value":"other"}}},
        "words":{"b":{"type":"plain_text_input","value":"Grüße & mehr"}},
        "empty":{"c":{"type":"plain_text_input","value":null}}}}}}"#;
    let Ok(Interaction::Submit(sender, view)) = payload::interaction(&form(payload)) else {
        panic!("the modal was lost");
    };
    assert_eq!(sender.team.unwrap().as_str(), "T1");
    assert_eq!(view.values["preset"], "other");
    assert_eq!(view.values["words"], "Grüße & mehr");
    assert!(!view.values.contains_key("empty"));
}

#[test]
fn bodies_that_are_no_payload_are_refused_and_never_panic() {
    let deep = format!("payload={}", "%5B".repeat(100_000));
    let table: &[(&[u8], Malformed)] = &[
        (b"", Malformed::Form),
        (b"x=1", Malformed::Form),
        (b"payload=%", Malformed::Form),
        (b"payload=%zz", Malformed::Form),
        (b"payload=\xff\xfe", Malformed::Form),
        (b"payload=%FF", Malformed::Form),
        (b"payload=%7B%7D&payload=%7B%7D", Malformed::Form),
        (b"payload=", Malformed::Json),
        (b"payload=12", Malformed::Json),
        (b"payload=%7B%7D", Malformed::Json),
        (deep.as_bytes(), Malformed::Json),
        (
            b"payload=%7B%22type%22%3A%22block_actions%22%7D",
            Malformed::Sender,
        ),
    ];
    for (body, why) in table {
        assert_eq!(payload::interaction(body).err(), Some(*why));
    }
    assert_eq!(
        payload::slash(b"text=status").err(),
        Some(Malformed::Sender)
    );
    assert_eq!(payload::event(b"[1]").err(), Some(Malformed::Json));
}

#[test]
fn kinds_that_mean_nothing_to_us_are_named_and_not_refused() {
    let closed = form(r#"{"type":"view_closed","user":{"id":"U1"}}"#);
    assert_eq!(
        payload::interaction(&closed),
        Ok(Interaction::Other("view_closed".into()))
    );
    let (delivery, ..) =
        payload::event(br#"{"type":"url_verification","challenge":"abc"}"#).unwrap();
    assert_eq!(delivery, Delivery::Challenge("abc".into()));
    let (delivery, app, team) = payload::event(
        br#"{"type":"event_callback","api_app_id":"A1","team_id":"T1","event":{"type":"app_home_opened"}}"#,
    )
    .unwrap();
    assert_eq!(delivery, Delivery::Event("app_home_opened".into()));
    assert_eq!(
        (app.unwrap().as_str(), team.unwrap().as_str()),
        ("A1", "T1")
    );
}
