//! The ticket that a source sends: every kind of bad one is refused with a sentence, and the schema agrees.

use countersign::http::intake::ticket;
use serde_json::{Value, json};

use crate::door::{Door, bytes, plain, with};

/// Name, body, and a word that the answer must hold.
fn bad_inputs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    vec![
        ("nothing", vec![], "document ends"),
        ("no JSON", b"id=T-1".to_vec(), "not JSON"),
        ("a list", b"[]".to_vec(), "object"),
        ("not UTF-8", b"{\"id\": \"\xff\"}".to_vec(), "UTF-8"),
        ("deeply nested", deep.into_bytes(), "nested"),
        (
            "nested in a field",
            with(
                "tags",
                serde_json::from_str(&format!("{}{}", "[".repeat(40), "]".repeat(40))).unwrap(),
            ),
            "nested",
        ),
        (
            "half a surrogate",
            br#"{"id": "\ud800"}"#.to_vec(),
            "surrogate",
        ),
        (
            "a name twice",
            br#"{"id": "1", "id": "2"}"#.to_vec(),
            "second time",
        ),
        (
            "unknown field",
            with("priority", json!("high")),
            "`priority` is unknown",
        ),
        (
            "unknown field of the requester",
            with("requester", json!({"mail": "a@example.com"})),
            "email",
        ),
        ("no id", with("id", Value::Null), "null"),
        ("empty id", with("id", json!(" ")), "empty"),
        (
            "a number as id",
            with("id", json!(7)),
            "text in double quotes",
        ),
        (
            "a long id",
            with("id", json!("x".repeat(201))),
            "at most 200",
        ),
        ("line break in id", with("id", json!("a\nb")), "one line"),
        ("empty body", with("body", json!("")), "empty"),
        (
            "zero character",
            with("body", json!("a\u{0}b")),
            "zero character",
        ),
        (
            "body as object",
            with("body", json!({"text": "x"})),
            "an object",
        ),
        (
            "no requester",
            with("requester", json!("pat@example.com")),
            "object",
        ),
        (
            "no address",
            with("requester", json!({"email": "pat"})),
            "e-mail",
        ),
        (
            "two addresses",
            with(
                "requester",
                json!({"email": "a@example.com, b@example.com"}),
            ),
            "e-mail",
        ),
        (
            "two at signs",
            with("requester", json!({"email": "a@b@example.com"})),
            "e-mail",
        ),
        (
            "a script as link",
            with("url", json!("javascript:alert(1)")),
            "web address",
        ),
        (
            "markup in a link",
            with("url", json!("https://a.example/|<!channel>")),
            "web address",
        ),
        (
            "no time",
            with("created_at", json!("yesterday")),
            "RFC 3339",
        ),
        ("tags as text", with("tags", json!("a,b")), "list"),
        (
            "too many tags",
            with("tags", json!(vec!["a"; 51])),
            "at most 50",
        ),
    ]
}

#[tokio::test]
async fn bad_input_is_refused_with_a_sentence_and_nothing_is_stored() {
    let door = Door::open().await;
    for (name, body, word) in bad_inputs() {
        let (status, said) = door.signed(&body).await;
        assert_eq!(status, 400, "{name}: {said}");
        let answer: Value = serde_json::from_str(&said).unwrap();
        let problems = answer["problems"].as_array().unwrap();
        let found = problems.iter().any(|p| p.as_str().unwrap().contains(word));
        assert!(found, "{name}: no `{word}` in {said}");
    }
    assert_eq!(door.stored().await, 0);
}

#[tokio::test]
async fn all_problems_of_a_ticket_are_told_at_once() {
    let door = Door::open().await;
    let body = json!({"id": "", "requester": {"email": "x"}, "body": 1, "extra": 2});
    let (_, said) = door.signed(&bytes(&body)).await;
    let answer: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(answer["problems"].as_array().unwrap().len(), 5, "{said}");
}

#[test]
fn the_schema_of_a_ticket_is_current_and_agrees_with_the_reader() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("manifests/schema/ticket.schema.json");
    let generated = ticket::schema();
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        stored, generated,
        "run `countersign policy schema` and commit the file"
    );
    let validator = jsonschema::validator_for(&serde_json::from_str(&generated).unwrap()).unwrap();
    let mut whole = plain();
    whole["comment_id"] = json!("m2");
    whole["queue"] = json!("general");
    whole["language"] = json!("de");
    whole["tags"] = json!(["a"]);
    whole["url"] = json!("https://desk.example/T-1");
    whole["created_at"] = json!("2026-01-31T09:30:00Z");
    assert!(validator.is_valid(&whole));
    let read = ticket::read(&bytes(&whole)).unwrap();
    assert_eq!(
        serde_json::to_value(&read).unwrap(),
        whole,
        "every member is read under its name"
    );
    for (name, body, _) in bad_inputs() {
        let Ok(document) = serde_json::from_slice::<Value>(&body) else {
            continue;
        };
        let beyond_schema = [
            "empty id",
            "line break in id",
            "zero character",
            "no address",
            "two addresses",
            "two at signs",
            "a script as link",
            "markup in a link",
            "no time",
        ];
        assert_eq!(
            validator.is_valid(&document),
            beyond_schema.contains(&name),
            "{name}"
        );
    }
}

#[test]
fn a_thread_is_taken_whole_or_refused_with_a_sentence() {
    use countersign::http::intake::ticket::read;
    let ticket = |thread: &str| {
        let text = format!(
            r#"{{"id":"S-1","requester":{{}},"subject":"Export","body":"How?","thread":{thread}}}"#
        );
        read(text.as_bytes())
    };
    let taken = ticket(r#"{"channel":"C0SUPPORT1","ts":"1700000000.000100"}"#).unwrap();
    assert_eq!(taken.thread.unwrap().ts, "1700000000.000100");
    for (wrong, sentence) in [
        (
            r#"{"channel":"support","ts":"1700000000.000100"}"#,
            "no Slack channel",
        ),
        (
            r#"{"channel":"C0SUPPORT1","ts":"yesterday"}"#,
            "no message timestamp",
        ),
        (r#"{"channel":"C0SUPPORT1"}"#, "ts"),
    ] {
        let problems = ticket(wrong).unwrap_err().join("\n");
        assert!(problems.contains(sentence), "{wrong}: {problems}");
    }
}

/// Each of these is read once, however many there are, and the answer is no larger for it.
#[test]
fn a_ticket_with_very_many_problems_is_refused_soon_and_in_few_words() {
    let repeated = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(40_000));
    let numbered: String = (0..20_000).map(|n| format!("\"k{n}\":1,")).collect();
    let unknown = format!("{{{numbered}\"a\":1}}");
    let long = format!("{{\"{}\":1}}", "k".repeat(200_000));
    for (text, count) in [(repeated, 21), (unknown, 21), (long, 5)] {
        let began = std::time::Instant::now();
        let problems = ticket::read(text.as_bytes()).unwrap_err();
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
        assert_eq!(problems.len(), count, "{problems:?}");
        assert!(
            problems
                .iter()
                .all(|problem| problem.chars().count() <= 400)
        );
    }
}
