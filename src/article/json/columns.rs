//! Tables that are written column by column.

use serde_json::Value;

use super::super::{FieldMap, Fields};

/// The records of a table that was written column by column, `{"title": {"0": …}, "text": {"0": …}}` or `{"title": […],
/// "text": […]}`, or with the names of the columns apart, `{"columns": ["title", "text"], "data": [[…], […]]}`.
pub(super) fn rows(columns: &Fields, map: &FieldMap) -> Option<Vec<Value>> {
    if let (Some(Value::Array(names)), Some(Value::Array(rows))) = (columns.get("columns"), columns.get("data")) {
        let row = |row: &Value| -> Option<Fields> {
            let cells = row.as_array()?.iter().cloned();
            names
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .zip(cells)
                .map(|(n, cell)| Some((n?, cell)))
                .collect()
        };
        let rows = rows.iter().map(row).collect::<Option<Vec<Fields>>>()?;
        return rows.iter().any(|row| map.has_body(row)).then(|| rows.into_iter().map(Value::Object).collect());
    }
    if let Some(rows) = lists(columns, map) {
        return Some(rows);
    }
    let keys: Vec<&String> = columns.values().next()?.as_object()?.keys().collect();
    let is_column = |value: &Value| value.as_object().is_some_and(|column| column.keys().eq(keys.iter().copied()));
    let is_table = columns.len() > 1 && keys.iter().all(|key| key.parse::<u64>().is_ok());
    if !is_table || !columns.values().all(is_column) {
        return None;
    }
    let row = |key: &String| -> Fields {
        columns.iter().filter_map(|(name, column)| Some((name.clone(), column.get(key)?.clone()))).collect()
    };
    let rows: Vec<Fields> = keys.into_iter().map(row).collect();
    rows.iter().any(|row| map.has_body(row)).then(|| rows.into_iter().map(Value::Object).collect())
}

/// The records of a table by its columns that an object is around.
pub(super) fn within(around: &Fields, map: &FieldMap) -> Option<Vec<Value>> {
    let tables = around.values().filter_map(Value::as_object).filter_map(|inner| rows(inner, map));
    tables.take(1).find(|_| !map.has_body(around))
}

/// The records of columns that are lists of one length, the body and what says of what article it is among them; of one
/// article, the paragraphs alone are a list. Names of the rows or one value for all may be beside them.
fn lists(columns: &Fields, map: &FieldMap) -> Option<Vec<Value>> {
    let is_list = |value: &&Value| value.is_array();
    let lengths = columns.values().filter_map(Value::as_array).map(Vec::len);
    let (count, least) = (lengths.clone().max()?, lengths.min()?);
    let all = columns.values().filter(is_list).count();
    let others = columns.values().filter(|value| !value.is_array());
    if count != least || count < 2 || all < 2 || others.clone().any(Value::is_object) {
        return None;
    }
    let row = |number: usize| -> Fields {
        let cell = |value: &Value| value.as_array().map_or(Some(value.clone()), |cells| cells.get(number).cloned());
        columns.iter().filter_map(|(name, value)| Some((name.clone(), cell(value)?))).collect()
    };
    let rows: Vec<Fields> = (0..count).map(row).collect();
    // A list of authors may be as long as that of the paragraphs.
    map.is_article_by_lists(columns).then(|| rows.into_iter().map(Value::Object).collect())
}

#[cfg(test)]
mod tests {
    use super::super::exports::tests::check;

    #[test]
    fn tables_may_name_their_columns_apart() {
        check(
            r#"{"columns":["title","text","date"],"index":[0,1],"data":[["A","They are up.","2025-03-04"],["B","It rained.",null]]}"#,
            &[" |  | 2025-03-04 | They are up.", " |  |  | It rained."],
        );
    }

    #[test]
    fn columns_may_be_lists() {
        check(
            r#"{"title":["A","B"],"text":["They are up.","It rained."],"date":["2025-03-04",null],"outlet":"Harbour Gazette"}"#,
            &["Harbour Gazette |  | 2025-03-04 | They are up.", "Harbour Gazette |  |  | It rained."],
        );
        check(
            r#"{"url":["https://a.example/1","https://a.example/2"],"body":["<p>They are up.</p>","It rained."],"index":[0,1]}"#,
            &[" |  |  | They are up.", " |  |  | It rained."],
        );
        check(
            r#"{"headline":["A","B"],"content":["They are up.",null],"author":[["Ines Quill","Jo Rusk"],["Bo Lind"]]}"#,
            &[
                " | Ines Quill, Jo Rusk |  | They are up.",
                "a.json!2: has no body among its fields (headline, content, author); name it with `--map text=FIELD`",
            ],
        );
        check(
            r#"{"data":{"title":["A","B"],"text":["They are up.","It rained."]}}"#,
            &[" |  |  | They are up.", " |  |  | It rained."],
        );
        // One article, whose paragraphs are a list.
        check(
            r#"{"title":"A","paragraphs":["They are up.","It rained."],"authors":["Ines Quill","Jo Rusk"]}"#,
            &[" | Ines Quill, Jo Rusk |  | They are up.\n\nIt rained."],
        );
    }
}
