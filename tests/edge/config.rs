//! The configuration: the shipped folder, every kind of wrong setting with its place, secrets, the schema.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::config::{Config, Manifests, read, schema};
use countersign::domain::intake::SourceProof;
use countersign::domain::policy::Problem;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests")
}

/// The secrets that it names.
pub fn variables() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("COUNTERSIGN_SLACK_SIGNING_SECRET", "sandbox-signing-secret"),
        ("COUNTERSIGN_SLACK_BOT_TOKEN", concat!("xoxb-", "sandbox")),
        (
            "COUNTERSIGN_INTAKE_SECRET",
            concat!("whsec_", "c2FuZGJveC1pbnRha2Utc2VjcmV0LTAx"),
        ),
        ("COUNTERSIGN_STRIPE_KEY", "rk_sandbox"),
        (
            "COUNTERSIGN_DESK_SECRET",
            concat!("whsec_", "c2FuZGJveC1kZXNrLXNlY3JldC0wMDAx"),
        ),
    ])
}

fn resolve(manifests: Manifests, set: &BTreeMap<&str, &str>) -> Result<Config, Vec<Problem>> {
    manifests.resolve(&|name| set.get(name).map(|value| (*value).to_owned()))
}

/// A copy of the shipped folder with another `workspace.json`.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn with(name: &str, workspace: &[u8]) -> Self {
        let folder =
            std::env::temp_dir().join(format!("countersign-edge-{name}-{}", std::process::id()));
        for below in ["policy", "policy/tiers"] {
            let to = folder.join(below);
            fs::create_dir_all(&to).unwrap();
            for entry in fs::read_dir(shipped().join(below)).unwrap() {
                let entry = entry.unwrap();
                if entry.path().is_file() {
                    fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
                }
            }
        }
        fs::write(folder.join("workspace.json"), workspace).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The shipped `workspace.json`.
pub fn text() -> String {
    fs::read_to_string(shipped().join("workspace.json")).unwrap()
}

/// The problems of the shipped file after one change of its text.
fn problems(name: &str, from: &str, to: &str) -> Vec<Problem> {
    assert!(text().contains(from), "`{from}` is not in the shipped file");
    let folder = Folder::with(name, text().replacen(from, to, 1).as_bytes());
    read(&folder.0).map(|_| ()).unwrap_err()
}

#[test]
fn the_shipped_folder_is_valid_and_resolves() {
    let manifests = read(&shipped()).unwrap();
    let config = resolve(manifests, &variables()).unwrap();
    assert_eq!(config.listen.port(), 8080);
    assert_eq!(
        config.database_url.expose_secret(),
        "sqlite://countersign.db"
    );
    assert_eq!(config.slack.role_channels.len(), 4);
    assert!(config.intake[0].verifies_requesters);
    assert!(matches!(
        config.intake[0].proof,
        SourceProof::StandardWebhooks(_)
    ));
    assert_eq!((config.connectors.len(), config.desks.len()), (1, 1));
}

#[test]
fn what_is_read_is_what_is_written() {
    let manifests = read(&shipped()).unwrap();
    let file: Value = serde_json::from_str(&text()).unwrap();
    assert_eq!(serde_json::to_value(&manifests.workspace).unwrap(), file);
}

#[test]
fn the_schema_in_the_repository_is_current_and_holds() {
    let path = shipped().join("schema/workspace.schema.json");
    let generated = schema::workspace();
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        stored, generated,
        "run `countersign policy schema` and commit the file"
    );
    let validator = jsonschema::validator_for(&serde_json::from_str(&generated).unwrap()).unwrap();
    let file: Value = serde_json::from_str(&text()).unwrap();
    assert!(validator.is_valid(&file));
    let mut strange = file.clone();
    strange["approvers"] = json!({});
    assert!(!validator.is_valid(&strange));
    let mut missing = file;
    missing["slack"].as_object_mut().unwrap().remove("team");
    assert!(!validator.is_valid(&missing));
}

#[test]
fn each_wrong_setting_is_refused_where_it_stands_with_what_to_write() {
    let table = [
        (
            "\"policy\": \"policy\"",
            "\"policy\": \"policy\", \"approvers\": {}",
            "authority",
            "approvers.json",
        ),
        (
            "\"policy\": \"policy\"",
            "\"policy\": \"policy\", \"mode\": \"apply\"",
            "authority",
            "contract.json",
        ),
        (
            "\"kind\": \"stripe\"",
            "\"kind\": \"stripe\", \"quorum\": 2",
            "authority",
            "approvers.json",
        ),
        ("\"listen\"", "\"listens\"", "unknown", "listen"),
        (
            "\"policy\": \"policy\"",
            "\"policy\": \"policy\", \"hold_seconds\": 0",
            "authority",
            "contract.json",
        ),
        (
            "\"127.0.0.1:8080\"",
            "\"localhost\"",
            "not an address to listen on",
            "127.0.0.1:8080",
        ),
        (
            "\"T0LOCAL001\"",
            "\"#support\"",
            "not the id of a workspace",
            "T...",
        ),
        (
            "\"T0LOCAL001\"",
            "\"T0OTHER001\"",
            "nobody could decide",
            "same `team`",
        ),
        (
            "\"C0BILLING1\",",
            "\"#billing\",",
            "not the id of a channel",
            "C...",
        ),
        (
            "\"infra\": \"C0INFRA001\",",
            "",
            "`infra` is missing",
            "infra",
        ),
        ("\"infra\"", "\"infrastructure\"", "unknown", "infra"),
        (
            "\"billing_reviewers\"",
            "\"billing_reviewer\"",
            "no approver rule",
            "billing_reviewers",
        ),
        (
            "\"builtin\"",
            "\"builtln\"",
            "not a kind of model",
            "builtin",
        ),
        ("\"standard_webhooks\"", "\"none\"", "not a way", "bearer"),
        (
            "\"desk\": \"helpdesk\"",
            "\"desk\": \"help\"",
            "none of the desks",
            "helpdesk",
        ),
        (
            "\"verifies_requesters\": true,",
            "",
            "missing",
            "verifies_requesters",
        ),
        (
            "\"name\": \"stripe\"",
            "\"name\": \"Stripe/EU\"",
            "no name",
            "small letter",
        ),
        (
            "http://127.0.0.1:8484/stripe",
            "http://api.stripe.example",
            "in clear",
            "https",
        ),
        (
            "http://127.0.0.1:8484/desk",
            "https://u:p@desk.example",
            "user or a password",
            "environment",
        ),
        (
            "\"kind\": \"webhook\"",
            "\"kind\": \"none\"",
            "has no `url`",
            "webhook",
        ),
        (
            "      \"url\": \"http://127.0.0.1:8484/desk\",\n",
            "",
            "`url` is missing",
            "url",
        ),
        (
            "\"COUNTERSIGN_STRIPE_KEY\"",
            "\"rk_oh_no\"",
            "looks like a secret",
            "environment variable",
        ),
        (
            "\"COUNTERSIGN_STRIPE_KEY\"",
            "\"stripe key\"",
            "not the name of an environment variable",
            "capital",
        ),
        (
            "\"countersign.db\"",
            "\"postgres://u:p@h/d\"",
            "looks like a secret",
            "environment variable",
        ),
        (
            "\"countersign.db\"",
            "\"sqlite://x?mode=rwc\"",
            "no path",
            "path of a SQLite file",
        ),
        (
            "\"policy\": \"policy\"",
            "\"policy\": \"politics\"",
            "missing",
            "folder",
        ),
        ("\"model\": {", "\"model\": {,", "", "name"),
        (
            "\"listen\":",
            "\"listen\": \"127.0.0.1:1\", \"listen\":",
            "second time",
            "once",
        ),
    ];
    for (at, (from, to, message, fix)) in table.into_iter().enumerate() {
        let found = problems(&format!("bad{at}"), from, to);
        let fits = |p: &&Problem| p.message.contains(message) && p.to_string().contains(fix);
        let problem = found
            .iter()
            .find(fits)
            .unwrap_or_else(|| panic!("{to}: {found:#?}"));
        let all = found.iter().map(ToString::to_string).collect::<String>();
        assert!(
            !all.contains("rk_oh_no") && !all.contains("u:p@"),
            "{to}: a secret is repeated: {all}"
        );
        if problem.file == "workspace.json" && message != "missing" {
            let line = text()[..text().find(from).unwrap()].lines().count().max(1) as u32;
            assert!(
                problem.line.abs_diff(line) <= 5,
                "{to}: {problem} is not near line {line}"
            );
        }
    }
}

#[test]
fn all_problems_are_told_in_one_run() {
    let mut broken = text().replace("\"127.0.0.1:8080\"", "\"localhost:9999\"");
    broken = broken
        .replace("\"builtin\"", "\"gpt\"")
        .replace("C0SECURIT1", "security");
    let folder = Folder::with("all", broken.as_bytes());
    let tier = folder.0.join("policy/tiers/refund.json");
    fs::write(
        &tier,
        fs::read_to_string(&tier)
            .unwrap()
            .replace("to_role", "auto_execute"),
    )
    .unwrap();
    let found = read(&folder.0).map(|_| ()).unwrap_err();
    for word in ["9999", "gpt", "`security`", "policy/tiers/refund.json"] {
        assert!(
            found.iter().any(|p| p.to_string().contains(word)),
            "{word}: {found:#?}"
        );
    }
}

#[test]
fn a_file_that_is_no_text_or_not_there_is_named() {
    let folder = Folder::with("bytes", b"{\xff}");
    assert!(read(&folder.0).unwrap_err()[0].message.contains("UTF-8"));
    fs::remove_file(folder.0.join("workspace.json")).unwrap();
    let found = read(&folder.0).unwrap_err();
    assert!(
        found[0]
            .to_string()
            .starts_with("workspace.json:1:1: it is missing"),
        "{found:#?}"
    );
}

#[test]
fn each_missing_or_unusable_secret_is_told_at_its_place_and_never_repeated() {
    for (name, value, word) in [
        ("COUNTERSIGN_STRIPE_KEY", "", "not set"),
        ("COUNTERSIGN_STRIPE_KEY", "sk_sandbox_all", "move money"),
        ("COUNTERSIGN_SLACK_BOT_TOKEN", "sandbox-token-x", "xoxb-"),
        (
            "COUNTERSIGN_INTAKE_SECRET",
            "not-a-webhook-secret",
            "whsec_",
        ),
        (
            "COUNTERSIGN_DESK_SECRET",
            concat!("whsec_", "c2hvcnQ="),
            "24 to 64",
        ),
        ("COUNTERSIGN_DATABASE_URL", "mysql://there", "sqlite://"),
    ] {
        let mut set = variables();
        set.insert(name, value);
        let found = resolve(read(&shipped()).unwrap(), &set)
            .map(|_| ())
            .unwrap_err();
        assert_eq!(found.len(), 1, "{name}: {found:#?}");
        let said = found[0].to_string();
        assert!(said.contains(name) && said.contains(word), "{said}");
        assert!(
            value.is_empty() || !said.contains(value),
            "{said} repeats the value"
        );
        assert!(found[0].line > 1, "{said}");
    }
    let none = resolve(read(&shipped()).unwrap(), &BTreeMap::new())
        .map(|_| ())
        .unwrap_err();
    assert_eq!(none.len(), 5, "{none:#?}");
}

#[test]
fn the_database_variable_goes_before_the_file() {
    let mut set = variables();
    set.insert("COUNTERSIGN_DATABASE_URL", "postgres://there/db");
    let config = resolve(read(&shipped()).unwrap(), &set).unwrap();
    assert_eq!(config.database_url.expose_secret(), "postgres://there/db");
}
