//! What is typed at `countersign run`: a decision, whose it is, why, and what an edit changes.

use std::io::{BufRead as _, Write as _};

use super::changes::Form;
use super::decision::Verb;

/// What came from the keyboard.
pub(super) enum Typed {
    /// The keyboard is gone: a pipe ended, or Ctrl-D.
    Gone,
    /// Not now.
    Later,
    /// A decision.
    Decided {
        /// What is wanted.
        verb: Verb,
        /// The id of the user who wants it.
        person: String,
        /// Why.
        reason: Option<String>,
    },
}

/// Asks for a decision. What the arguments gave already is not asked for.
pub(super) fn decision(
    mut form: Option<&mut Form>,
    person: Option<&String>,
    reason: Option<&String>,
) -> anyhow::Result<Typed> {
    let verb = loop {
        match line("\napprove, edit, reject or later? ")?.as_deref() {
            None => return Ok(Typed::Gone),
            Some("approve" | "a") => break Verb::Approve,
            Some("reject" | "r") => break Verb::Reject,
            Some("edit" | "e") => {
                if let Some(form) = form.as_deref_mut() {
                    if !changed(form)? {
                        continue;
                    }
                    break Verb::Edit;
                }
                say!("Its texts are gone; it can be approved or rejected only.");
            }
            Some("later" | "l" | "") => return Ok(Typed::Later),
            Some(_) => say!("Type approve, edit, reject or later; Ctrl-D leaves all of it open."),
        }
    };
    let person = match person {
        Some(person) => Some(person.clone()),
        None => line("as which user (an id)? ")?,
    };
    let Some(person) = person.filter(|person| !person.is_empty()) else {
        return Ok(Typed::Later);
    };
    let reason = match reason {
        Some(reason) => Some(reason.clone()),
        None => line("why? ")?,
    };
    Ok(Typed::Decided {
        verb,
        person,
        reason: reason.filter(|reason| !reason.is_empty()),
    })
}

/// Asks what to change until nothing more is named; whether anything was changed.
fn changed(form: &mut Form) -> anyhow::Result<bool> {
    let mut any = false;
    loop {
        let names = form.names().join(", ");
        let name = line(&format!("change what ({names})? Enter when that is all: "))?;
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return Ok(any);
        };
        if !form.names().contains(&name.as_str()) {
            continue;
        }
        say!("{name} is now: {}", form.now(&name));
        if let Some(value) = line(&format!("{name} shall be: "))? {
            match form.set(&name, &value) {
                Ok(()) => any = true,
                Err(sentence) => say!("{sentence}"),
            }
        }
    }
}

/// A line from the keyboard; `None` when there is none any more.
fn line(question: &str) -> anyhow::Result<Option<String>> {
    print!("{question}");
    std::io::stdout().flush()?;
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        say!("");
        return Ok(None);
    }
    Ok(Some(line.trim().to_owned()))
}
