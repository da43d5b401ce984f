//! What the words of a filter may be followed by, where their list does not say it itself: words that are known here, and
//! what the store knows.

use crate::console::data::Looked;
use crate::domain::command::commands;
use crate::domain::discipline::Discipline;
use crate::domain::raci::Activity;
use crate::store::query::LISTS;

/// Anybody who was ever registered: what they wrote stands.
const ANYBODY: Looked = Looked::In("people", "");

/// The list, or all of them; the word; what in the store it names. The first row that fits counts.
const NAMED: &[(&str, &str, Looked)] = &[
    ("", "who", ANYBODY),
    ("", "author", ANYBODY),
    ("", "owner", ANYBODY),
    ("", "requester", ANYBODY),
    ("roles", "login", ANYBODY),
    ("duties", "login", ANYBODY),
    ("", "person", Looked::VendorPerson),
    ("windows", "vendor", Looked::VENDOR),
    ("sessions", "vendor", Looked::VENDOR),
    ("access", "vendor", Looked::VENDOR),
    ("access-events", "vendor", Looked::VENDOR),
    ("", "asset", Looked::ASSET),
    ("", "zone", Looked::ZONE),
    ("", "change", Looked::CHANGE),
    ("", "window", Looked::In("windows", "")),
    ("", "risk", Looked::In("risks", "")),
    ("", "advisory", Looked::In("advisories", "")),
    ("", "incident", Looked::In("incidents", "")),
    ("", "import", Looked::In("imports", "")),
];

/// What in the store this word of this list names; none for what is no name, or known without the store.
pub fn named(list: &'static str, word: &str) -> Option<Looked> {
    let fits = |row: &&(&str, &str, Looked)| (row.0.is_empty() || row.0 == list) && row.1 == word;
    let own = (word == "ref" && LISTS.contains(&list)).then_some(Looked::In(list, ""));
    NAMED.iter().find(fits).map(|(.., looked)| *looked).or(own)
}

/// The values of a word of a list that are known without the store, beside those that the list names itself.
pub fn spelled(list: &str, word: &str) -> Vec<&'static str> {
    match (list, word) {
        (_, "waits") => Discipline::WORDS.to_vec(),
        (_, "activity") => Activity::WORDS.to_vec(),
        ("log", "kind") => commands().map(|spec| spec.kind).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filter::Of;
    use crate::store::query::words;

    #[test]
    fn whatever_completes_a_word_is_of_a_word_that_a_list_has() {
        let lists = || LISTS.iter().copied().chain(["log"]);
        for (list, word, _) in NAMED {
            let known = lists().filter(|one| list.is_empty() || one == list);
            let mut found = known.flat_map(|list| words(list).unwrap_or_default());
            assert!(found.any(|one| one.name == *word && one.of == Of::Word), "{list} {word}");
        }
    }

    #[test]
    fn who_wrote_an_entry_is_completed_from_the_people_and_its_kind_from_the_commands() {
        assert_eq!(named("log", "who"), Some(ANYBODY));
        assert_eq!(named("windows", "ref"), Some(Looked::In("windows", "")));
        assert_eq!(named("watch", "ref"), None);
        assert_eq!(named("assets", "vendor"), None, "who made an asset is no vendor that visits");
        assert!(spelled("log", "kind").contains(&"change.decided"));
        assert!(spelled("changes", "waits").contains(&"vendor_management"));
    }
}
