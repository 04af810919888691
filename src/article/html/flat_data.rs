//! Data that a page carries flat, as Nuxt does: a list of values, in which objects and lists hold the places of what is in them.

use serde_json::Value;

/// How often one object, list or text is put in its places: most are in one, and this bounds what a crafted list may become.
const MOST_PLACES: u8 = 3;
/// Shorter values are the same in many places.
const SHORT: usize = 200;
/// How deep values may be in each other.
const DEEPEST: u8 = 40;

/// The value that a flat list stands for: `[{"title": 1}, "Dues rise"]` is `{"title": "Dues rise"}`. Another value stays.
pub(super) fn unflattened(value: Value) -> Value {
    match &value {
        Value::Array(values) if is_flat(values) => {
            let mut flat = Flat { values, places: vec![0; values.len()] };
            flat.value(0, 0)
        }
        _ => value,
    }
}

/// True for a list that begins with an object or a tagged value of places, and goes on with scalars as well.
fn is_flat(values: &[Value]) -> bool {
    let is_place = |value: &Value| {
        value.as_i64().is_some_and(|place| usize::try_from(place).is_ok_and(|place| place < values.len()) || place < 0)
    };
    let begins = match values.first() {
        Some(Value::Object(fields)) => !fields.is_empty() && fields.values().all(is_place),
        Some(Value::Array(tagged)) => tag_of(tagged).is_some() && tagged.iter().skip(1).all(is_place),
        _ => false,
    };
    begins && values.iter().any(Value::is_string)
}

/// The kind of a value that is wrapped: `["Reactive", 1]`, `["Date", "2025-03-04T09:00:00Z"]`.
fn tag_of(values: &[Value]) -> Option<&str> {
    values.first()?.as_str()
}

struct Flat<'v> {
    values: &'v [Value],
    /// How often each value was put in its place.
    places: Vec<u8>,
}

impl Flat<'_> {
    fn value(&mut self, at: usize, depth: u8) -> Value {
        let Some((value, places)) = self.values.get(at).zip(self.places.get_mut(at)) else { return Value::Null };
        if *places >= MOST_PLACES || depth > DEEPEST {
            return Value::Null;
        }
        let is_short = value.as_str().map_or(!value.is_object() && !value.is_array(), |text| text.len() < SHORT);
        *places += u8::from(!is_short);
        match value {
            Value::Object(fields) => {
                let inner = fields.iter().map(|(name, place)| (name.clone(), self.at_place(place, depth)));
                Value::Object(inner.collect())
            }
            Value::Array(values) if tag_of(values).is_some() => {
                values.get(1).map_or(Value::Null, |inner| match inner {
                    Value::String(_) => inner.clone(),
                    place => self.at_place(place, depth),
                })
            }
            Value::Array(values) => values.iter().map(|place| self.at_place(place, depth)).collect(),
            scalar => scalar.clone(),
        }
    }

    fn at_place(&mut self, place: &Value, depth: u8) -> Value {
        let at = place.as_u64().and_then(|place| usize::try_from(place).ok());
        at.map_or(Value::Null, |at| self.value(at, depth + 1))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_become_what_is_there() {
        let flat = json!([["Reactive", 1], {"a": 2, "b": 4}, [3], "Dues", ["Date", "2025-03-04"]]);
        assert_eq!(unflattened(flat), json!({"a": ["Dues"], "b": "2025-03-04"}));
        assert_eq!(unflattened(json!([{"a": 1, "b": -1}, "Dues"])), json!({"a": "Dues", "b": null}));
    }

    #[test]
    fn other_lists_stay() {
        for value in
            [json!([{"a": "x"}, "Dues"]), json!([1, 2]), json!({"a": 1}), json!([{"a": 7}, "Dues"]), json!([{"a": 0}])]
        {
            assert_eq!(unflattened(value.clone()), value);
        }
    }

    #[test]
    fn a_value_within_itself_ends() {
        let found = unflattened(json!([{"a": 0, "b": 0, "c": 1}, "Dues"])).to_string();
        assert!(found.len() < 200, "{found}");
    }
}
