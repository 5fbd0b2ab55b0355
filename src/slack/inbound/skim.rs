//! JSON read for a few of its fields: a click carries the whole message that it was made on, and nobody reads that.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A field that is kept, whole or with some of its own fields only.
pub(super) struct Kept(&'static str, Option<&'static [Kept]>);

impl Kept {
    /// A field with all that is in it.
    pub(super) const fn whole(name: &'static str) -> Self {
        Self(name, None)
    }

    /// A field of which only these are kept. It is nothing unless it is an object.
    pub(super) const fn only(name: &'static str, fields: &'static [Self]) -> Self {
        Self(name, Some(fields))
    }
}

/// Reads an object for these fields. The rest is checked for being JSON, and kept nowhere.
pub(super) fn skimmed(bytes: &[u8], fields: &'static [Kept]) -> Result<Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Fields(fields).deserialize(&mut reader)?;
    reader.end()?;
    Ok(read)
}

struct Fields(&'static [Kept]);

impl<'de> DeserializeSeed<'de> for Fields {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Fields {
    type Value = Value;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            match self.0.iter().find(|field| field.0 == name) {
                None => drop(object.next_value::<IgnoredAny>()?),
                Some(Kept(_, None)) => drop(kept.insert(name, object.next_value()?)),
                Some(Kept(_, Some(fields))) => {
                    drop(kept.insert(name, object.next_value_seed(Fields(fields))?));
                }
            }
        }
        Ok(Value::Object(kept))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Null)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Value, E> {
        Ok(Value::Null)
    }
}
