//! A secret in a ticket, after the whole story: where its original is kept, and that it is nowhere else.

use std::collections::BTreeMap;

use countersign::domain::draft::ActionKind;
use countersign::domain::time::Span;
use countersign::sandbox::{Fault, NewTicket};
use serde_json::Value;

use crate::bytes;
use crate::log::{heard, listen};
use crate::people::*;
use crate::workbench::{Workbench, setting, workbench};

/// A ticket with something in it that must not go round, and every writing of that.
struct Leak {
    ticket: NewTicket,
    secret: String,
    words: Vec<String>,
    placeholder: &'static str,
}

fn ticket(id: &str, secret: &str) -> NewTicket {
    NewTicket::plain(
        id,
        "dev@harbour.example.com",
        &format!("Does {secret} still work?"),
        &format!(
            "Hello, is there a dark mode? By the way, this is what we use: {secret}. Thank you."
        ),
    )
}

/// Put together here, so that no file holds anything that looks like one.
fn key() -> Leak {
    let key = ["sk", "live", &format!("NotARealKey{}", "0".repeat(20))].join("_");
    Leak {
        ticket: ticket("T-2501", &key),
        secret: key,
        words: vec!["NotARealKey".to_owned()],
        placeholder: "[API_KEY_1]",
    }
}

/// The number that payment companies print in their examples.
fn card() -> Leak {
    Leak {
        ticket: ticket("T-2502", "4242 4242 4242 4242"),
        secret: "4242-4242-4242-4242".to_owned(),
        words: vec![
            "4242 4242 4242".to_owned(),
            "4242-4242-4242".to_owned(),
            "424242424242".to_owned(),
        ],
        placeholder: "[CARD_1]",
    }
}

/// The account number of the standard's own example.
fn iban() -> Leak {
    Leak {
        ticket: ticket("T-2503", "DE89 3704 0044 0532 0130 00"),
        secret: "DE89370400440532013000".to_owned(),
        words: vec![
            "3704 0044 0532".to_owned(),
            "de893704004405320130".to_owned(),
            "DE893704004405320130".to_owned(),
        ],
        placeholder: "[IBAN_1]",
    }
}

/// Everything that can be done with what was proposed: rejected, read to its end, changed, sent, asked about.
async fn whole_story(w: &Workbench, leak: &Leak) -> Vec<String> {
    let id = leak.ticket.id.as_str();
    // Failures are logged with what was tried.
    w.sandbox.fault("chat.postMessage", Fault::ServerError, 1);
    w.sandbox.fault("desk.writes", Fault::ServerError, 1);
    w.written(&leak.ticket).await;
    w.advance(Span::minutes(1)).await;
    let mut said = vec![];
    let label = w.asked(id, ActionKind::AddLabel).await;
    w.click(LEAD, &label, "reject").await;
    said.push(w.sandbox.modal_of(LEAD).unwrap().blocks().to_string());
    w.fill(LEAD, &[("preset", "not_supported")]).await;
    let reply = w.asked(id, ActionKind::NotifyCustomer).await;
    for verb in ["details", "edit"] {
        w.click(LEAD, &reply, verb).await;
        said.push(w.sandbox.modal_of(LEAD).unwrap().blocks().to_string());
    }
    w.fill(LEAD, &[("text", "There is none yet."), ("why", "Shorter")])
        .await;
    w.advance(Span::minutes(2)).await;
    assert_eq!(w.wrote(id, "ticket.reply").len(), 1);
    for word in ["status", "queue", "mine", "show 1", "why 1"] {
        said.push(w.types(LEAD, word).await);
    }
    w.told(LEAD);
    // The customer sends it once more, and everything is read again.
    let again = format!("Was {} the wrong one?", leak.secret);
    assert!(
        w.during(w.sandbox.customer_writes(id, &again))
            .await
            .is_ok()
    );
    w.settle().await;
    said.push(w.types(LEAD, "show 1").await);
    said.extend(w.story(id).await);
    let everything = w.everything();
    said.extend(
        everything
            .iter()
            .map(|one| format!("{} {}", one.all_text(), one.blocks)),
    );
    let writes = w.sandbox.writes();
    said.extend(writes.iter().map(|write| write.document.to_string()));
    w.glance();
    said
}

/// Fails where a text holds a word of the leak, and where nobody saw the placeholder that stands for it.
fn is_not_said(leak: &Leak, said: &[String]) {
    for text in said {
        for word in &leak.words {
            assert!(!text.contains(word), "{text}");
        }
    }
    let whole = said.concat();
    assert!(whole.contains(leak.placeholder), "{whole}");
}

/// Every column of every table in which a word stands, with the kinds of content.
async fn columns_with(w: &Workbench, words: &[String]) -> BTreeMap<String, usize> {
    let beneath = w.beneath();
    let mut found = BTreeMap::new();
    for (table, column) in beneath.columns().await {
        let kind = if table == "content" { "kind" } else { "''" };
        for word in words {
            let holds = beneath.holds(&column, word);
            let query = format!(
                "SELECT {kind}, CAST(count(*) AS text) FROM \"{table}\" WHERE {holds} GROUP BY 1"
            );
            for hit in beneath.rows(&query).await {
                let name = format!("{table}.{column} {}", hit[0]);
                *found.entry(name).or_default() += hit[1].parse::<usize>().unwrap();
            }
        }
    }
    found
}

/// Plays the whole story and looks for the leak: in what was said, in the log, in every column, on every page.
async fn stays_in(leak: Leak, columns: &[(&str, usize)]) {
    listen();
    workbench(async |w| {
        let said = whole_story(w, &leak).await;
        is_not_said(&leak, &said);
        let found = columns_with(w, &leak.words).await;
        let expected = columns.iter().map(|(name, n)| ((*name).to_owned(), *n));
        assert_eq!(found, expected.collect());
        let Some(file) = w.beneath().path() else {
            return;
        };
        let log = std::fs::metadata(bytes::log_of(&file)).unwrap();
        assert!(
            log.len() > 0,
            "the log beside the database is there to be read"
        );
        let words: Vec<&str> = leak.words.iter().map(String::as_str).collect();
        let owners = bytes::owners(&file, &words).await;
        assert_eq!(owners.into_iter().collect::<Vec<_>>(), ["content"]);
    })
    .await;
    let log = heard();
    assert!(
        log.contains("chat.postMessage") || log.contains("desk"),
        "{log}"
    );
    for word in leak.words.iter().chain([&leak.ticket.email]) {
        assert!(!log.contains(word), "{log}");
    }
}

/// Subject, message and the customer's second message as they came: a person who must see the original (to have
/// the key withdrawn) finds it there, and erasing these rows takes it out of the database.
const AS_IT_CAME: (&str, usize) = ("content.text ticket_text", 3);
/// What stands behind the placeholders: the desk puts personal data back when it writes to that same customer.
const PUT_BACK: (&str, usize) = ("content.text placeholders", 2);

#[tokio::test]
async fn a_key_is_kept_where_the_ticket_came_in_and_nowhere_else() {
    // A secret is not put back for anybody, so it does not stand behind its placeholder either.
    stays_in(key(), &[AS_IT_CAME]).await;
}

#[tokio::test]
async fn a_card_number_is_kept_with_the_ticket_and_behind_its_placeholder_only() {
    stays_in(card(), &[AS_IT_CAME, PUT_BACK]).await;
}

#[tokio::test]
async fn an_account_number_is_kept_with_the_ticket_and_behind_its_placeholder_only() {
    stays_in(iban(), &[AS_IT_CAME, PUT_BACK]).await;
}

#[tokio::test]
async fn without_its_rule_a_card_number_goes_round() {
    let unruled = |contract: &mut Value| {
        let rules = contract["outputs"]["redaction"]["dlp_rules"]
            .as_array_mut()
            .unwrap();
        rules.retain(|rule| rule["pattern"] != "card");
    };
    setting()
        .policy("contract.json", unruled)
        .play(async |w| {
            let leak = card();
            w.written(&leak.ticket).await;
            w.glance();
            let found = columns_with(w, &leak.words).await;
            for column in ["content.text model_view", "content.text rendering"] {
                assert!(found.contains_key(column), "{found:?}");
            }
            let said = w.types(LEAD, "show 1").await;
            assert!(said.contains(&leak.words[0]), "{said}");
        })
        .await;
}
