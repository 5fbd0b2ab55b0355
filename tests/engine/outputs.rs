//! What the contract says of outputs: the fields of a verdict, and what a model is shown.

use countersign::domain::case::Stage;
use countersign::domain::model::ModelTask;
use countersign::domain::time::Span;

use crate::bed::{Bed, Change};
use crate::outside::Played;

const CONTRACT: &str = "contract.json";

async fn triaged_without(field: &'static str, changes: &[Change<'_>]) -> (bool, usize) {
    let model = Played {
        forgets: Some(field),
        ..Played::default()
    };
    let bed = Bed::with(changes, model).await;
    let case = bed.question("1").await;
    for _ in 0..10 {
        bed.settle().await;
        // The pause before a further call doubles.
        bed.clock.advance(Span::minutes(10));
    }
    let triaged = bed.case(&case).await.verdict.is_some();
    (triaged, bed.model.calls(ModelTask::Triage))
}

#[tokio::test]
async fn a_verdict_that_lacks_a_required_field_is_asked_for_again_and_then_a_person_takes_over() {
    let with = ", \"rationale\"]";
    let severity: Change = (CONTRACT, with, ", \"rationale\", \"severity\"]");
    assert_eq!(triaged_without("severity", &[]).await, (true, 1));
    let (triaged, calls) = triaged_without("severity", &[severity]).await;
    assert!(!triaged);
    assert_eq!(calls, 8, "the whole budget of this revision");

    assert!(!triaged_without("rationale", &[]).await.0);
    let fewer: Change = (CONTRACT, with, "]");
    assert_eq!(triaged_without("rationale", &[fewer]).await, (true, 1));
}

/// Everything that models were shown of a ticket with an address, a telephone number and a key.
async fn shown(changes: &[Change<'_>]) -> String {
    let bed = Bed::under(changes).await;
    let key = format!("{}{}", "ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let body =
        format!("Write to ann@example.org or call +49 30 901820. My key is {key} and it fails.");
    bed.ticket("1", "My key", &body).await;
    bed.settle().await;
    let requests = bed.model.requests.lock().unwrap();
    assert!(!requests.is_empty());
    requests
        .iter()
        .map(|request| request.input.clone())
        .collect()
}

#[tokio::test]
async fn the_rules_name_the_personal_data_that_is_taken_out_and_secrets_always_go() {
    let all = shown(&[]).await;
    for hidden in ["ann@example.org", "901820", "ghp_"] {
        assert!(!all.contains(hidden), "{hidden}");
    }
    let email: Change = (
        CONTRACT,
        "{ \"type\": \"pii\", \"pattern\": \"email\" },",
        "",
    );
    let without = shown(&[email]).await;
    assert!(without.contains("ann@example.org"));
    assert!(!without.contains("901820") && !without.contains("ghp_"));
    let keys: Change = (
        CONTRACT,
        "{ \"type\": \"secret\", \"pattern\": \"api_key_like\" },",
        "",
    );
    assert!(!shown(&[keys]).await.contains("ghp_"));
}

#[tokio::test]
async fn a_model_is_shown_no_more_characters_than_the_contract_says() {
    let long = |to: &'static str| async move {
        let most: Change = (CONTRACT, "\"max_chars_sent_to_model\": 6000", to);
        let bed = Bed::under(&[most]).await;
        let body = "How do I add a seat to our plan? ".repeat(60);
        bed.ticket("1", "Seats", &body).await;
        bed.settle().await;
        let requests = bed.model.requests.lock().unwrap();
        requests[0].input.chars().count()
    };
    let (short, whole) = (
        long("\"max_chars_sent_to_model\": 300").await,
        long("\"max_chars_sent_to_model\": 6000").await,
    );
    assert!(short < 700 && whole > 1_900, "{short} of {whole}");
}

/// What became of a question when the model writes an address that it was never shown: the reasons that people
/// may read, and whether a person has to take over.
async fn written(model: Played) -> (Vec<String>, bool) {
    let bed = Bed::with(&[], model).await;
    let id = bed.question("1").await;
    for _ in 0..10 {
        bed.settle().await;
        bed.clock.advance(Span::minutes(10));
    }
    let case = bed.case(&id).await;
    let reasons = case.drafts.iter().map(|draft| draft.draft.rationale);
    let mut read = vec![];
    for reason in case.verdict.iter().map(|one| one.rationale).chain(reasons) {
        read.extend(
            bed.store
                .content(&reason)
                .await
                .unwrap()
                .map(|one| one.text),
        );
    }
    let writes = format!("{:?}", bed.desk.writes.lock().unwrap());
    assert!(!writes.contains("kim@"), "{writes}");
    (read, case.stage() == Stage::NeedsHuman)
}

#[tokio::test]
async fn an_address_that_a_model_was_never_shown_reaches_neither_people_nor_customers() {
    let (reasons, human) = written(Played {
        adds: Some(" Ask kim@example.org."),
        ..Played::default()
    })
    .await;
    assert!(!human && reasons.len() > 1, "{reasons:?}");
    assert!(
        reasons
            .iter()
            .any(|reason| reason.ends_with("Ask (EMAIL)."))
    );
    assert!(!reasons.concat().contains("kim@"), "{reasons:?}");
    let (_, human) = written(Played {
        signs: Some(" Or write to kim@example.org."),
        ..Played::default()
    })
    .await;
    assert!(human, "a reply is not repaired, a person takes over");
}
