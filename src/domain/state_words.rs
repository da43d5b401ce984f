//! The words by which screens name states whose stored word is another. One table for columns, pages, messages and
//! the filter; which states a subject has is not here.

/// How a state is stored, how screens speak of it, and how a column of eight cells writes it.
struct Named {
    stored: &'static str,
    spoken: &'static str,
    short: &'static str,
}

const NAMED: &[Named] = &[
    Named { stored: "requested", spoken: "asked", short: "asked" },
    Named { stored: "in_progress", spoken: "running", short: "running" },
    Named { stored: "implemented", spoken: "done", short: "done" },
    Named { stored: "withdrawn", spoken: "withdrawn", short: "wdrawn" },
    Named { stored: "backed_out", spoken: "backed out", short: "backout" },
    Named { stored: "cancelled", spoken: "cancelled", short: "cancel" },
    Named { stored: "cut_off", spoken: "cut off", short: "cutoff" },
];

/// How screens speak of a state.
pub fn spoken(stored: &str) -> String {
    let named = NAMED.iter().find(|named| named.stored == stored);
    named.map_or_else(|| stored.replace('_', " "), |named| named.spoken.to_owned())
}

/// How a column of eight cells writes a state.
pub fn short(stored: &'static str) -> &'static str {
    NAMED.iter().find(|named| named.stored == stored).map_or(stored, |named| named.short)
}

/// The stored word that is meant, of those that a list knows: by its own name, as it is spoken or as a column writes it.
pub fn meant(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let means = |stored: &str| {
        stored == word
            || spoken(stored) == word
            || NAMED.iter().any(|named| named.stored == stored && named.short == word)
    };
    known
        .iter()
        .copied()
        .find(|stored| *stored == word)
        .or_else(|| known.iter().copied().find(|stored| means(stored)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_meant_by_each_of_its_names() {
        let known = ["requested", "in_progress", "backed_out", "open"];
        for (word, stored) in [
            ("requested", "requested"),
            ("asked", "requested"),
            ("running", "in_progress"),
            ("backed out", "backed_out"),
            ("backout", "backed_out"),
            ("open", "open"),
        ] {
            assert_eq!(meant(word, &known), Some(stored), "{word}");
        }
        assert_eq!(meant("done", &known), None);
    }

    #[test]
    fn no_name_stands_for_two_states_and_each_fits_its_column() {
        for (at, named) in NAMED.iter().enumerate() {
            assert!(named.short.len() <= 8, "{}", named.short);
            for other in NAMED.iter().skip(at + 1) {
                assert_ne!(named.stored, other.stored);
                assert_ne!(named.spoken, other.spoken);
                assert_ne!(named.short, other.short);
            }
        }
    }
}
