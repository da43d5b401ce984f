//! Why a file of settings, keys or colours does not read, in one line: where, and what is wrong there.

/// The place in the text and what is wrong, `line 2, column 1: unknown field …`.
pub fn told(text: &str, fault: &toml::de::Error) -> String {
    let message = fault.message().split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(before) = fault.span().and_then(|span| text.get(..span.start)) else {
        return message;
    };
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_stands_on_one_line_with_its_place() {
        let text = "[bell]\n  a = = 1\n";
        let fault = toml::from_str::<toml::Table>(text).unwrap_err();
        let said = told(text, &fault);
        assert!(said.starts_with("line 2, column "), "{said}");
        assert!(!said.contains('\n'), "{said}");
    }
}
