//! Every field of `workspace.json` does something: each has a flip that changes the configuration, with the test that
//! shows what that part of the configuration does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use countersign::adapters::desks::DeskSettings;
use countersign::config::{Config, read, schema};
use countersign::domain::escalation::Role;
use countersign::domain::intake::SourceProof;
use countersign::domain::policy::Problem;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::config::{Folder, text, variables};
use crate::schema_fields::{fields, test_exists};

/// Each row is `field | pointer | other value | what changes | test`. What changes is the one part of the
/// configuration, `nothing`, or `refused` with words of the refusal. The test shows what that part does; `-` where the
/// flip shows it all.
const FLIPS: &str = include_str!("workspace_flips.txt");

/// The shipped file with every field in it, and two desks.
fn base() -> Value {
    let mut file: Value = serde_json::from_str(&text()).unwrap();
    file["slack"]["enterprise"] = json!("E0GRID0001");
    file["desks"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "copied", "kind": "none" }));
    file
}

/// What is resolved from a file, with a variable more for each secret.
fn resolved(file: &Value, name: &str) -> Result<BTreeMap<String, String>, Vec<Problem>> {
    let folder = Folder::with(name, file.to_string().as_bytes());
    let other = folder.0.join("policy/other/tiers");
    fs::create_dir_all(&other).unwrap();
    for below in ["", "tiers"] {
        for entry in fs::read_dir(folder.0.join("policy").join(below))
            .unwrap()
            .flatten()
        {
            if entry.path().is_file() {
                let copy = folder
                    .0
                    .join("policy/other")
                    .join(below)
                    .join(entry.file_name());
                let read = fs::read_to_string(entry.path()).unwrap();
                fs::write(copy, read.replace("ticket_auto_routing", "another")).unwrap();
            }
        }
    }
    let mut set = variables();
    set.extend([
        ("OTHER_DATABASE", "postgres://there/db"),
        ("OTHER_SIGNING", "another-signing-secret"),
        ("OTHER_TOKEN", concat!("xoxb-", "another")),
        (
            "OTHER_KEY",
            concat!("whsec_", "YW5vdGhlci1pbnRha2Utc2VjcmV0LTAx"),
        ),
        ("OTHER_STRIPE", "rk_another"),
    ]);
    let manifests = read(&folder.0)?;
    Ok(parts(manifests.resolve(&|name| {
        set.get(name).map(|value| (*value).to_owned())
    })?))
}

/// Every part of a configuration, as text.
fn parts(config: Config) -> BTreeMap<String, String> {
    let settings = countersign::app::slack_settings(&config);
    let mut told = BTreeMap::new();
    let mut tell = |part: String, said: String| drop(told.insert(part, said));
    tell("listen".into(), config.listen.to_string());
    tell(
        "database".into(),
        config.database_url.expose_secret().to_owned(),
    );
    tell("policy".into(), config.policy.digest().to_string());
    tell("enterprise".into(), format!("{:?}", settings.enterprise));
    tell("app".into(), settings.app.to_string());
    tell("api_url".into(), settings.api_url.clone());
    tell(
        "signing".into(),
        config.slack.signing_secret.expose_secret().to_owned(),
    );
    tell(
        "token".into(),
        config.slack.bot_token.expose_secret().to_owned(),
    );
    for (role, channel) in &settings.roles {
        tell(format!("channel of {role}"), channel.to_string());
    }
    for (rule, channel) in &settings.reviewers {
        tell(format!("channel of {rule}"), channel.to_string());
    }
    tell(
        "channel of all reviewers".into(),
        settings.reviewers_default.to_string(),
    );
    for (at, source) in config.intake.iter().enumerate() {
        let proof = match &source.proof {
            SourceProof::StandardWebhooks(key) | SourceProof::Zendesk(key) => key.sign("1", 1, b""),
            SourceProof::Bearer(digest) => digest.to_string(),
        };
        tell(format!("intake {at} name"), source.name.to_string());
        tell(format!("intake {at} proof"), proof);
        tell(
            format!("intake {at} verifies"),
            source.verifies_requesters.to_string(),
        );
        tell(format!("intake {at} desk"), source.desk.to_string());
    }
    for (at, settings) in config.connectors.into_iter().enumerate() {
        tell(
            format!("connector {at} base"),
            settings.base.below(&[]).to_string(),
        );
        tell(
            format!("connector {at} key"),
            settings.key.expose_secret().to_owned(),
        );
        let opened = countersign::adapters::evidence::open(settings).unwrap();
        tell(
            format!("connector {at} name"),
            opened.first()[0].source.to_string(),
        );
    }
    let desks = config.desks.iter().map(|(name, settings)| match settings {
        DeskSettings::Webhook { base, key } => {
            format!("{name}: {} {}", base.below(&[]), key.sign("1", 1, b""))
        }
        DeskSettings::Slack => format!("{name}: slack"),
        DeskSettings::None => format!("{name}: none"),
    });
    tell("desks".into(), desks.collect::<Vec<_>>().join(", "));
    told
}

/// Whether a flip changes exactly what its row says; what it changes otherwise.
fn seen(
    before: &BTreeMap<String, String>,
    file: &Value,
    name: &str,
    shows: &str,
) -> Result<(), String> {
    match (resolved(file, name), shows.strip_prefix("refused ")) {
        (Err(problems), Some(words)) if problems.iter().any(|p| p.message.contains(words)) => {
            Ok(())
        }
        (Err(problems), _) => Err(format!("{problems:?}")),
        (Ok(after), _) => {
            let differs = |part: &&String| before.get(*part) != after.get(*part);
            let changed: Vec<&String> = before.keys().filter(differs).collect();
            let expected = if shows == "nothing" {
                vec![]
            } else {
                vec![shows]
            };
            let fits = changed == expected && before.len() == after.len();
            fits.then_some(())
                .ok_or_else(|| format!("it changes {changed:?}"))
        }
    }
}

/// The rows, that of the roles once for each role.
fn flips() -> Vec<[String; 5]> {
    let each = |row: &'static str| {
        let roles = if row.contains("<role>") {
            Role::ALL
        } else {
            &Role::ALL[..1]
        };
        roles.iter().map(|role| row.replace("<role>", role.word()))
    };
    let cells = |row: String| {
        let cells: Vec<String> = row.split(" | ").map(str::to_owned).collect();
        cells
            .try_into()
            .unwrap_or_else(|_| panic!("five cells: {row}"))
    };
    FLIPS.lines().flat_map(each).map(cells).collect()
}

#[test]
fn every_flip_of_a_field_shows() {
    crate::install_tls();
    let base = base();
    let before = resolved(&base, "fields").unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut unseen = Vec::new();
    for (number, [field, way, other, shows, test]) in flips().into_iter().enumerate() {
        let mut file = base.clone();
        let value = serde_json::from_str(&other).unwrap();
        let (parent, key) = way.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap()[key] = value;
        assert_ne!(file, base, "{way}");
        if let Err(why) = seen(&before, &file, &format!("flip{number}"), &shows) {
            unseen.push(format!("{field}: {why}"));
        }
        if test != "-" && !test_exists(&test) {
            unseen.push(format!("{field}: there is no test {test}"));
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

#[test]
fn every_field_of_the_schema_has_a_flip_and_every_flip_a_field() {
    let schema: Value = serde_json::from_str(&schema::workspace()).unwrap();
    let mut listed = BTreeSet::new();
    fields(&schema, &schema, "", &mut listed);
    // Lists whose items are only objects: whatever flips a field of an item flips the list.
    let listed: BTreeSet<String> = listed.iter().map(|field| field.trim().to_owned()).collect();
    let lists = ["intake", "connectors", "desks"].map(str::to_owned).into();
    let flipped: BTreeSet<String> = flips().into_iter().map(|[field, ..]| field).collect();
    let missing: Vec<&String> = listed
        .difference(&flipped)
        .filter(|f| !BTreeSet::contains(&lists, *f))
        .collect();
    let strangers: Vec<&String> = flipped.difference(&listed).collect();
    assert!(
        missing.is_empty() && strangers.is_empty(),
        "no flip: {missing:?}; no field: {strangers:?}"
    );
    assert!(flipped.len() > 25, "{}", flipped.len());
}

/// Every object of a document, by the way to it.
fn objects(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut ways = vec![String::new()];
    while let Some(way) = ways.pop() {
        match document.pointer(&way).unwrap() {
            Value::Object(members) => {
                ways.extend(
                    members
                        .keys()
                        .filter(|key| *key != "$schema")
                        .map(|key| format!("{way}/{key}")),
                );
                found.push(way);
            }
            Value::Array(items) => ways.extend((0..items.len()).map(|at| format!("{way}/{at}"))),
            _ => {}
        }
    }
    found
}

/// What only the reader knows: what one value means beside another.
const BEYOND: &[&str] = &["/desks/0 without url", "/desks/0 without secret_env"];

#[test]
fn the_schema_and_the_reader_want_the_same_names_and_the_file_finds_its_schema() {
    crate::install_tls();
    let schema = serde_json::from_str(&schema::workspace()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let base = base();
    assert!(validator.is_valid(&base) && resolved(&base, "names").is_ok());
    let manifests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
    assert!(manifests.join(base["$schema"].as_str().unwrap()).is_file());
    let mut slips = Vec::new();
    for way in objects(&base) {
        let members = base.pointer(&way).unwrap().as_object().unwrap();
        for key in members.keys() {
            let mut slip = base.clone();
            slip.pointer_mut(&way)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(key);
            slips.push((format!("{way} without {key}"), slip));
            let mut slip = base.clone();
            slip.pointer_mut(&way).unwrap()[key] = json!(7);
            slips.push((format!("{way} with a number for {key}"), slip));
        }
        let mut slip = base.clone();
        slip.pointer_mut(&way).unwrap()["stranger"] = json!(7);
        slips.push((format!("{way} with a stranger"), slip));
    }
    for (number, (what, slip)) in slips.iter().enumerate() {
        let folder = Folder::with(&format!("names{number}"), slip.to_string().as_bytes());
        let taken = read(&folder.0).is_ok();
        let valid = validator.is_valid(slip);
        let known = BEYOND.contains(&what.as_str());
        assert_eq!(
            taken,
            valid && !known,
            "{what}: the reader takes it: {taken}; the schema: {valid}"
        );
    }
    assert!(slips.len() > 80, "{}", slips.len());
}
