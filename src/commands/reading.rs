//! Reads a command from the words that scripts and forms give: its name and its fields as JSON.

use serde_json::Value;

use crate::domain::command::Command;
use crate::domain::refusal::{Code, Refusal};

/// Fields that are no command, and the field that is at fault, if one is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{refusal}")]
pub struct Unread {
    /// What is wrong.
    pub refusal: Refusal,
    /// The field, with dots between groups and their fields.
    pub field: Option<String>,
}

/// Reads a command's fields; a fault names the field.
///
/// # Errors
/// `missing` for an absent field, `invalid` for one of another shape or name.
pub fn read(name: &str, fields: Value) -> Result<Command, Unread> {
    let unknown = || Unread { refusal: Refusal::unknown("command", name, "commands"), field: None };
    let mut track = serde_path_to_error::Track::new();
    let read = Command::read(name, serde_path_to_error::Deserializer::new(fields, &mut track))
        .ok_or_else(unknown)?;
    read.map_err(|fault| {
        let words = fault.to_string();
        let missing = words.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let code = if missing.is_some() { Code::Missing } else { Code::Invalid };
        let path = Some(track.path().to_string()).filter(|path| path != ".");
        let at = path.as_ref().map(|path| format!(" {path}:")).unwrap_or_default();
        let field = match (&path, missing) {
            (Some(path), Some(missing)) => Some(format!("{path}.{missing}")),
            (None, Some(missing)) => Some(missing.to_owned()),
            (Some(path), None) => Some(path.split('[').next().unwrap_or_default().to_owned()),
            (None, None) => None,
        };
        let refusal = Refusal::new(
            code,
            format!("{name}:{at} {words}"),
            format!("`smc do --list {name}` shows the fields"),
        );
        Unread { refusal, field }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fault_names_its_field() {
        let field = |name, fields| read(name, fields).unwrap_err().field;
        assert_eq!(field("risk.raise", json!({"site": "RLF"})).as_deref(), Some("title"));
        let fields = json!({"site": "RLF", "title": "x", "consequence": {"safety": 9}});
        assert_eq!(field("risk.raise", fields).as_deref(), Some("consequence.safety"));
        assert_eq!(field("risk.fly", json!({})), None);
    }
}
