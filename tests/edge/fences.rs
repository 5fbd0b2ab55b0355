//! The fence around money: nothing of ours can move it, by type and by text.

use std::fs;
use std::path::{Path, PathBuf};

use countersign::domain::draft::{ActionKind, Executor};
use countersign::ports::DeskChange;

fn texts(below: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What would let a connector do more than read.
const WRITES: &[&str] = &[
    ".post(",
    ".put(",
    ".patch(",
    ".delete(",
    ".request(",
    ".execute(",
    ".body(",
    ".form(",
    ".json(",
    "Method",
    "Client",
    "RequestBuilder",
    "hyper",
    "TcpStream",
];

fn writes_in(text: &str) -> Vec<&'static str> {
    let product = text.split("#[cfg(test)]").next().unwrap();
    WRITES
        .iter()
        .copied()
        .filter(|word| product.contains(word))
        .collect()
}

#[test]
fn no_write_tools_at_all() {
    let mut files = Vec::new();
    texts(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/adapters/evidence"),
        &mut files,
    );
    assert!(
        files.len() >= 5,
        "the connectors are somewhere else now; move the fence"
    );
    for (path, text) in &files {
        assert_eq!(writes_in(text), [""; 0], "{} could write", path.display());
    }
    let money = [
        ActionKind::Refund,
        ActionKind::Credit,
        ActionKind::InvoiceAdjust,
        ActionKind::SubscriptionCancel,
    ];
    for kind in ActionKind::ALL {
        assert_eq!(kind.is_money(), money.contains(kind), "{kind}");
        let runs_nothing = kind.executor() == Executor::Nothing;
        assert_eq!(runs_nothing, money.contains(kind), "{kind}");
        assert!(!(kind.is_money() && kind.is_tool()), "{kind} is a tool");
    }
}

/// The compiler asks here when a desk learns to write something new; the text fence then looks for money words.
#[test]
fn no_desk_change_moves_money() {
    let word = |change: &DeskChange| match change {
        DeskChange::Label(_) => "ticket.label",
        DeskChange::Note(_) => "ticket.note",
        DeskChange::Reply(_) => "ticket.reply",
        DeskChange::Queue(_) => "ticket.assign",
        DeskChange::Priority(_) => "ticket.priority",
    };
    let every = [
        DeskChange::Label,
        DeskChange::Note,
        DeskChange::Reply,
        DeskChange::Queue,
        DeskChange::Priority,
    ];
    let every: Vec<&str> = every.iter().map(|of| word(&of(String::new()))).collect();
    let mut files = Vec::new();
    texts(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/adapters/desks"),
        &mut files,
    );
    let mut kinds = 0;
    for (path, text) in &files {
        let product = text.split("#[cfg(test)]").next().unwrap();
        for money in [
            "refund",
            "charge",
            "amount",
            "credit",
            "invoice",
            "subscription",
            "Money",
        ] {
            assert!(
                !product.contains(money),
                "{} speaks of {money}",
                path.display()
            );
        }
        for kind in product
            .split("\"ticket.")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            kinds += 1;
            assert!(
                every.contains(&format!("ticket.{kind}").as_str()),
                "{kind} is a write of its own"
            );
        }
    }
    assert_eq!(
        kinds,
        every.len(),
        "the desk's writes are somewhere else now; move the fence"
    );
}

#[test]
fn the_fence_would_notice_a_write() {
    assert_eq!(writes_in("client.post(url).send()"), [".post("]);
    assert_eq!(writes_in("self.reader.read(url)"), [""; 0]);
}

/// The reader that connectors hold sends GET and has no parameter that could change that.
#[test]
fn the_reader_sends_nothing_but_get() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/adapters/outside.rs");
    let text = fs::read_to_string(path).unwrap();
    let product = text.split("#[cfg(test)]").next().unwrap();
    assert_eq!(product.matches(".get(url)").count(), 1);
    for word in [
        ".post(",
        ".put(",
        ".patch(",
        ".delete(",
        ".request(",
        "Method",
    ] {
        assert!(!product.contains(word), "{word}");
    }
}
