//! Aligned text tables of JSON rows: what people see where scripts take `--json`.

use std::io::IsTerminal;

use serde_json::Value;

use super::fault::Fault;
use super::print;
use crate::domain::discipline::Discipline;
use crate::safe_text::SafeText;

/// Columns of a terminal that tables fit into; into a pipe the last column is not cut.
const WIDTH: usize = 80;

/// A column: its header, the field it shows, the most columns it takes; the last one takes the rest.
pub type Column = (&'static str, &'static str, usize);

/// How one value reads in a cell.
pub fn cell(value: &Value) -> SafeText {
    match value {
        Value::Null => SafeText::fixed("-"),
        Value::Bool(yes) => SafeText::fixed(if *yes { "yes" } else { "no" }),
        Value::Number(number) => SafeText::from_untrusted(&number.to_string()),
        Value::String(text) => SafeText::from_untrusted(&minute(text)),
        Value::Array(items) => {
            if items.iter().any(|item| item.get("discipline").is_some()) {
                return SafeText::from_untrusted(&items.iter().map(board).collect::<String>());
            }
            let texts: Vec<_> = items.iter().map(|item| cell(item).to_string()).collect();
            SafeText::from_untrusted(&texts.join(", "))
        }
        Value::Object(map) => {
            let texts: Vec<_> =
                map.iter().map(|(key, value)| format!("{key} {}", cell(value))).collect();
            SafeText::from_untrusted(&texts.join(", "))
        }
    }
}

/// `O+` for a yes of operations, `I-` for a no of IT security, `Q.` while quality has not decided.
fn board(approval: &Value) -> String {
    let word = approval.get("discipline").and_then(Value::as_str).unwrap_or_default();
    let letter = Discipline::parse(word).map_or('?', Discipline::letter);
    let sign = match approval.get("decision").and_then(Value::as_str) {
        Some("yes") => '+',
        Some(_) => '-',
        None => '.',
    };
    format!("{letter}{sign}")
}

/// A time to the minute; any other text as it is.
fn minute(text: &str) -> String {
    let time = text.len() >= 20 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    match (time, text.get(..10), text.get(11..16)) {
        (true, Some(day), Some(clock)) => format!("{day} {clock}Z"),
        _ => text.to_owned(),
    }
}

/// Prints rows under their headers.
///
/// # Errors
/// If stdout cannot be written.
pub fn table(columns: &[Column], rows: &[Value], header: bool) -> Result<(), Fault> {
    let none = Value::Null;
    let cells: Vec<Vec<SafeText>> = rows
        .iter()
        .map(|row| {
            columns.iter().map(|(_, field, _)| cell(row.pointer(field).unwrap_or(&none))).collect()
        })
        .collect();
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, (name, _, most))| {
            let widest = cells.iter().filter_map(|row| row.get(at)).map(SafeText::width).max();
            widest.unwrap_or(0).max(name.len()).min(*most)
        })
        .collect();
    if header {
        let names: Vec<_> = columns.iter().map(|(name, _, _)| SafeText::fixed(name)).collect();
        line(&names, &widths)?;
    }
    cells.iter().try_for_each(|row| line(row, &widths))
}

fn line(cells: &[SafeText], widths: &[usize]) -> Result<(), Fault> {
    let (mut text, mut used) = (String::new(), 0);
    let cut = std::io::stdout().is_terminal();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if at + 1 == cells.len() {
            let rest = if cut { WIDTH.saturating_sub(used) } else { usize::MAX };
            text.push_str(cell.truncate(rest).as_str());
        } else {
            text.push_str(cell.pad(*width).as_str());
            text.push_str("  ");
            used += width + 2;
        }
    }
    print::line(text.trim_end())
}

/// Prints an object as lines of `name  value`.
///
/// # Errors
/// If stdout cannot be written.
pub fn object(value: &Value) -> Result<(), Fault> {
    let Value::Object(map) = value else { return print::line(cell(value).as_str()) };
    let width = map.keys().map(String::len).max().unwrap_or(0);
    for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
        let name = SafeText::from_untrusted(name).pad(width);
        match value {
            Value::Array(items) if items.iter().any(Value::is_object) => {
                for item in items {
                    print::line(&format!("{name}  {}", cell(item)))?;
                }
            }
            Value::String(text) if text.contains('\n') => {
                for part in SafeText::lines(text) {
                    print::line(&format!("{name}  {part}"))?;
                }
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => print::line(&format!("{name}  {}", cell(value)))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cell_shows_what_a_terminal_would_obey() {
        assert_eq!(cell(&json!("a\u{1b}[2Jb")).as_str(), "a<1B>[2Jb");
        assert_eq!(cell(&json!("2026-11-22T14:00:00.123Z")).as_str(), "2026-11-22 14:00Z");
        assert_eq!(cell(&json!(["RLF/A", "RLF/B"])).as_str(), "RLF/A, RLF/B");
        assert_eq!(cell(&json!(null)).as_str(), "-");
    }

    #[test]
    fn a_board_reads_as_letters_and_signs() {
        let board = json!([{"discipline": "operations", "decision": "yes"},
                           {"discipline": "quality", "decision": null}]);
        assert_eq!(cell(&board).as_str(), "O+Q.");
    }
}
