//! A ticket that waits in the inbox is read under the pinned policy only, however often another one is started with.

use std::sync::Arc;

use countersign::adapters::machine::{MachineClock, MachineEntropy};
use countersign::app;
use countersign::cli::local::configured;
use countersign::domain::case::Case;
use countersign::domain::digest::Digest;
use countersign::http::Server;
use countersign::ports::Clock as _;
use countersign::sandbox::{NewTicket, Sandbox, SandboxConfig};
use countersign::store::Store;
use tokio_util::sync::CancellationToken;

use crate::bench::Bench;
use crate::turning::{card, within};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_waits_is_not_read_under_a_policy_that_is_not_pinned() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    sandbox.load_demo_books();
    let mut bench = Bench::new();
    bench.point_at(&sandbox);
    bench.run(&["policy", "pin", "--as", "U0LEAD0001"]).exits(0);
    let ticket = &sandbox.demo_tickets()[2];
    taken_in(&bench, &sandbox, ticket).await;
    waits(&bench).await;

    // The folder is loosened: with these tiers the refund would go to billing without a question.
    bench.change("manifests/policy/tiers/refund.json", |refund| {
        refund["tiers"][0]["when"]["amount_lte"] = 400.into();
    });
    for _ in 0..2 {
        bench
            .run(&["serve"])
            .exits(2)
            .complains("countersign policy pin");
        waits(&bench).await;
    }

    bench.change("manifests/policy/tiers/refund.json", |refund| {
        refund["tiers"][0]["when"]["amount_lte"] = 60.into();
    });
    bench.run(&["policy", "pin", "--as", "U0LEAD0001"]).exits(0);
    // A pin decides itself and nothing else: no connector and no model is there to ask.
    waits(&bench).await;

    let running = bench.start(&["serve"], "listens on");
    sandbox.set_bot_url(&running.address()).unwrap();
    card(&sandbox, "C0BILLING1").await;
    within("the refund stands in the story", || {
        let story = bench.run(&["case", "story", "1"]).exits(0).out;
        story
            .contains("medium tier (refund.json tier 2")
            .then_some(())
    })
    .await;
    assert_eq!(running.terminate().0, Some(0));
    let pinned = bench.run(&["policy", "hash"]).exits(0).out;
    for digest in judged_under(&bench).await {
        assert_eq!(digest.to_string(), pinned.trim());
    }
}

/// The doors take a ticket in while nobody works on the inbox, as in the moment before a process ends.
async fn taken_in(bench: &Bench, sandbox: &Sandbox, ticket: &NewTicket) {
    let manifests = bench.path("manifests");
    let mut config = configured(sandbox, &manifests, &database(bench)).unwrap();
    let store = Store::open(&database(bench)).await.unwrap();
    let slack = app::Slack::open(
        &config,
        store.clone(),
        Arc::new(MachineClock),
        Arc::new(MachineEntropy),
    );
    let slack = slack.unwrap();
    let engine = app::engine(&mut config, store.clone(), slack.stage())
        .await
        .unwrap();
    let doors = slack.doors(&mut config, &engine);
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = format!("http://{}", server.address());
    sandbox.set_bot_url(&address).unwrap();
    let stop = CancellationToken::new();
    let served = tokio::spawn(server.run(doors, stop.clone()));
    let answer = sandbox.send_ticket(ticket).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    stop.cancel();
    served.await.unwrap();
    store.close().await;
}

/// Fails unless one command waits and no case has been made of it.
async fn waits(bench: &Bench) {
    bench
        .run(&["case", "list"])
        .exits(0)
        .says("There are no cases.");
    let store = Store::open(&database(bench)).await.unwrap();
    let backlog = store.pending_counts(MachineClock.now()).await.unwrap();
    store.close().await;
    assert_eq!(backlog.commands, 1, "the ticket waits, and nothing else");
}

/// The policies that the drafts of the one case were judged under.
async fn judged_under(bench: &Bench) -> Vec<Digest> {
    let store = Store::open(&database(bench)).await.unwrap();
    let case: Case = store.case_by_number(1).await.unwrap().unwrap();
    store.close().await;
    let judged = case.drafts.iter().filter_map(|one| one.assessment.as_ref());
    let policies: Vec<Digest> = judged.map(|one| one.policy).collect();
    assert!(policies.len() >= 2, "the refund and the routing are judged");
    policies
}

fn database(bench: &Bench) -> String {
    format!("sqlite://{}", bench.path("countersign.db").display())
}
