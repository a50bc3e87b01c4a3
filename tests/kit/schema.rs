//! Whether a document is one of its schema.

use std::sync::LazyLock;

use serde_json::Value;

use super::text;

static REPORT: LazyLock<Value> = LazyLock::new(|| schema("docs/report.schema.json"));
static KEYS: LazyLock<Value> = LazyLock::new(|| schema("docs/keys.schema.json"));

fn schema(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap()
}

/// Whether a document is a report, or else a list of keys, as their schemas have them.
pub fn fits_schema(document: &Value) -> Result<(), String> {
    let schema = if document.get("verdict").is_some() { &*REPORT } else { &*KEYS };
    fits(schema, schema, document, "")
}

/// Whether a document is one of a schema: as much of JSON Schema as ours use.
fn fits(schema: &Value, root: &Value, value: &Value, place: &str) -> Result<(), String> {
    let fail = |why: &str| Err(format!("{place}: {why}: {value}"));
    for (word, rule) in schema.as_object().into_iter().flatten() {
        match word.as_str() {
            "$ref" => {
                let name = rule.as_str().and_then(|name| name.strip_prefix("#/$defs/")).ok_or("a reference")?;
                fits(&root["$defs"][name], root, value, place)?;
            }
            "anyOf" => {
                let any = rule.as_array().ok_or("a list")?;
                if !any.iter().any(|one| fits(one, root, value, place).is_ok()) {
                    return fail("fits none");
                }
            }
            "type" => {
                let is = |name: &str| match name {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_u64(),
                    "null" => value.is_null(),
                    _ => false,
                };
                let names = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !names.iter().filter_map(Value::as_str).any(is) {
                    return fail(&format!("is not {rule}"));
                }
            }
            "enum" => {
                if !rule.as_array().is_some_and(|words| words.contains(value)) {
                    return fail(&format!("is none of {rule}"));
                }
            }
            "required" => {
                for name in rule.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.get(name).is_none() {
                        return fail(&format!("lacks {name}"));
                    }
                }
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(rule) => fits(rule, root, inner, &format!("{place}.{name}"))?,
                        None => return fail(&format!("has {name}")),
                    }
                }
            }
            "items" => {
                for (at, inner) in value.as_array().into_iter().flatten().enumerate() {
                    fits(rule, root, inner, &format!("{place}[{at}]"))?;
                }
            }
            "minimum" | "maximum" | "format" | "description" | "title" | "$schema" | "$defs" => {}
            other => return Err(format!("the schema says {other}, which this test does not know")),
        }
    }
    Ok(())
}
