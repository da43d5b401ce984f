//! What is to be done next, in the console's own ways: rules and store name commands of the command line, and whoever
//! sits here has a palette, a filter and pages. Which words those are is the rules' business, not decided here.

use crate::safe_text::SafeText;

/// Commands of the command line that are pages of the console, by the name that the palette finds.
const PAGES: &[&str] = &["doctor", "verify"];

/// Advice as it can be followed here: `smc do X` is `:X`, a list with a filter is `:list`, `/filter`, and `smc show` is
/// the page of what one stands on.
pub fn here(fix: &str) -> SafeText {
    let parts: Vec<String> = fix
        .split('`')
        .enumerate()
        // What stands between two marks is every second part.
        .map(|(at, part)| if at % 2 == 1 { led(part) } else { part.to_owned() })
        .collect();
    SafeText::from(parts.concat())
}

fn led(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["smc", "do", name] => format!("`:{name}`"),
        ["smc", "list", list] => format!("`:{list}`"),
        ["smc", "list", list, filter @ ..] => format!("`:{list}`, `/{}`", filter.join(" ")),
        ["smc", "show"] => "its page".to_owned(),
        ["smc", page] if PAGES.contains(page) => format!("`:{page}`"),
        _ => format!("`{command}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_leads_where_the_console_can_go() {
        for (told, leads) in [
            ("renew it with `smc do vendor.update`", "renew it with `:vendor.update`"),
            ("see `smc list bypasses state:placed`", "see `:bypasses`, `/state:placed`"),
            (
                "see `smc list alarms` and `smc list tasks` for them",
                "see `:alarms` and `:tasks` for them",
            ),
            ("see `smc show` for what it waits for", "see its page for what it waits for"),
            ("`smc doctor` names it", "`:doctor` names it"),
            ("write `at`, as 14:00", "write `at`, as 14:00"),
            ("nothing is marked", "nothing is marked"),
        ] {
            assert_eq!(here(told).as_str(), leads);
        }
    }

    #[test]
    fn a_mark_that_is_not_closed_loses_no_word() {
        assert_eq!(here("a ` stands alone").as_str().matches("stands alone").count(), 1);
    }
}
