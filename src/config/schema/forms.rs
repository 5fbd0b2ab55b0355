//! JSON Schemas (draft 2020-12) of the policy's documents, made from the forms that its readers take their names from.

use serde_json::{Map, Value, json};

use super::{SchemaFile, pretty};
use crate::domain::evidence::FactName;
use crate::domain::policy::conditions::{Kind as FactKind, Op, kind_of, ops_of};
use crate::domain::policy::forms::{DOCUMENTS, Form, Key, Kind, Rule};
use crate::domain::verdict::{Category, Signal};
use crate::domain::words::Words;

/// One schema for each kind of document.
pub(super) fn all() -> impl Iterator<Item = SchemaFile> {
    DOCUMENTS.iter().map(|(name, says, form)| {
        let mut shared = Map::new();
        let mut schema = object(form, &mut shared);
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["title"] = json!(match *name {
            "tier" => "tiers/<action>.json".to_owned(),
            name => format!("{name}.json"),
        });
        schema["description"] = json!(says);
        if !shared.is_empty() {
            schema["$defs"] = Value::Object(shared);
        }
        SchemaFile {
            name: format!("{name}.schema.json"),
            text: pretty(&schema),
        }
    })
}

fn object(form: &Form, shared: &mut Map<String, Value>) -> Value {
    let properties: Map<String, Value> = form
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key, shared)))
        .collect();
    let required: Vec<&str> = form
        .keys
        .iter()
        .filter(|k| k.must)
        .map(|k| k.name)
        .collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let rules: Vec<Value> = form.rules.iter().map(rule).collect();
    if !rules.is_empty() {
        schema["allOf"] = json!(rules);
    }
    schema
}

fn property(key: &Key, shared: &mut Map<String, Value>) -> Value {
    let mut schema = value(&key.kind, shared);
    schema["description"] = json!(key.says);
    schema
}

/// What a value may be. What stands in a document more than once goes to `shared`.
fn value(kind: &Kind, shared: &mut Map<String, Value>) -> Value {
    match kind {
        // No blanks at either end.
        Kind::Text => json!({ "type": "string", "maxLength": 200, "pattern": r"^\S(.*\S)?$" }),
        Kind::Like(pattern) => json!({ "type": "string", "pattern": pattern }),
        Kind::Truth => json!({ "type": "boolean" }),
        Kind::True => json!({ "const": true }),
        Kind::Whole(bounds) => {
            json!({ "type": "integer", "minimum": bounds.start(), "maximum": bounds.end() })
        }
        Kind::Amount => json!({ "type": "number", "minimum": 0 }),
        Kind::Word(all) => words(all, |_| true),
        Kind::Among(all, holds) => words(all, holds),
        Kind::Object(form) => object(form, shared),
        Kind::Map {
            names,
            must,
            least,
            of,
        } => json!({
            "type": "object",
            "propertyNames": { "pattern": names },
            "additionalProperties": value(of, shared),
            "required": must,
            "minProperties": least,
        }),
        Kind::Set(of) => {
            json!({ "type": "array", "items": value(of, shared), "uniqueItems": true })
        }
        Kind::Some(of) => {
            json!({ "type": "array", "items": value(of, shared), "uniqueItems": true, "minItems": 1 })
        }
        Kind::Row(of) => json!({ "type": "array", "items": value(of, shared), "minItems": 1 }),
        Kind::Either(one, other) => json!({ "anyOf": [value(one, shared), value(other, shared)] }),
        Kind::When { amounts, signals } => {
            let conditions = when(*amounts, *signals);
            shared.insert("when".to_owned(), conditions);
            json!({ "$ref": "#/$defs/when" })
        }
        Kind::Nothing => json!({ "not": {} }),
    }
}

fn words(all: Words, holds: impl Fn(&str) -> bool) -> Value {
    let members: Vec<Value> = all
        .iter()
        .filter(|(word, _)| holds(word))
        .map(|(word, says)| json!({ "const": word, "description": says }))
        .collect();
    json!({ "type": "string", "oneOf": members })
}

fn when(amounts: bool, signals: bool) -> Value {
    let mut properties = Map::new();
    for (fact, (word, says)) in FactName::ALL.iter().zip(FactName::WORDS) {
        let kind = kind_of(*fact);
        if kind == FactKind::Money && !amounts {
            continue;
        }
        for op in ops_of(*fact) {
            let one = compared_with(kind);
            let mut schema = match op {
                Op::In => {
                    json!({ "type": "array", "items": one, "uniqueItems": true, "minItems": 1 })
                }
                _ => one,
            };
            let name = word.replace('_', " ");
            schema["description"] = json!(format!("The {name} {}: {says}", op.words()));
            properties.insert(format!("{word}_{op}"), schema);
        }
    }
    if signals {
        let mut schema = json!({ "type": "array", "items": words(Signal::WORDS, |_| true), "uniqueItems": true, "minItems": 1 });
        schema["description"] = json!("At least one of these was seen in the text by plain rules.");
        properties.insert("signals_in".to_owned(), schema);
    }
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
    })
}

fn compared_with(kind: FactKind) -> Value {
    match kind {
        FactKind::Money => plain(&Kind::Amount),
        FactKind::Number(low, high) => plain(&Kind::Whole(low..=high)),
        FactKind::Truth => plain(&Kind::Truth),
        FactKind::Category => plain(&Kind::Word(Category::WORDS)),
        FactKind::Word => plain(&Kind::Text),
    }
}

/// A value that shares nothing.
fn plain(kind: &Kind) -> Value {
    value(kind, &mut Map::new())
}

fn rule(rule: &Rule) -> Value {
    match rule {
        Rule::SomeOf(keys) => json!({ "anyOf": each_required(keys) }),
        Rule::OneOf(keys) => json!({ "oneOf": each_required(keys) }),
        Rule::NoneOf(keys) => json!({ "not": { "anyOf": each_required(keys) } }),
        Rule::Least(count) => json!({ "minProperties": count }),
        Rule::With(key, then, otherwise) => json!({
            "if": { "required": [key] },
            "then": { "allOf": all_of(then) },
            "else": { "allOf": all_of(otherwise) },
        }),
        Rule::Where(key, are, then) => json!({
            "if": { "required": [key], "properties": { *key: { "enum": are } } },
            "then": { "allOf": all_of(then) },
        }),
        Rule::Words(key, are, other, may) => json!({
            "if": { "required": [key], "properties": { *key: { "enum": are } } },
            "then": { "properties": { *other: { "enum": may } } },
        }),
        Rule::Routes(holds, may) => routes(holds, may),
    }
}

fn each_required(keys: &[&str]) -> Vec<Value> {
    keys.iter()
        .map(|key| json!({ "required": [key] }))
        .collect()
}

/// An empty `allOf` is not allowed; `true` says the same.
fn all_of(rules: &[Rule]) -> Vec<Value> {
    let mut all: Vec<Value> = rules.iter().map(rule).collect();
    if all.is_empty() {
        all.push(json!(true));
    }
    all
}

/// What the routes of every tier may be, with one currency or several.
fn routes(holds: &impl Fn(&str) -> bool, may: &[&str]) -> Value {
    use crate::domain::draft::ActionKind;
    let actions = ActionKind::WORDS.iter().map(|(word, _)| *word);
    let actions: Vec<&str> = actions.filter(|word| holds(word)).collect();
    let tiers = json!({ "properties": {
        "tiers": { "items": { "properties": { "route": { "enum": may } } } }
    } });
    let mut then = tiers.clone();
    then["properties"]["currencies"] = json!({ "additionalProperties": tiers });
    json!({
        "if": { "required": ["action_type"], "properties": { "action_type": { "enum": actions } } },
        "then": then,
    })
}
