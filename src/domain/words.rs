//! Words as people say them: closed vocabularies, whose members each have one stable word in the store, on the wire and
//! on screen; counts of things; several names in a row.

use std::fmt::Display;

/// So many of a thing, in grammar: `1 item`, `2 items`, `0 entries`.
pub fn count<N: Display + PartialEq + From<u8>>(number: N, thing: &str) -> String {
    if number == N::from(1) {
        return format!("{number} {thing}");
    }
    let vowel = |c: char| "aeiou".contains(c);
    match thing.strip_suffix('y') {
        Some(stem) if !stem.ends_with(vowel) => format!("{number} {stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| thing.ends_with(end)) => {
            format!("{number} {thing}es")
        }
        Some(_) | None => format!("{number} {thing}s"),
    }
}

/// Several names in a row: `quality`, `quality and engineering`, `quality, safety and engineering`.
pub fn all_of(names: &[String]) -> String {
    listed(names, "and")
}

/// One of several names: `quality`, `quality or engineering`.
pub fn one_of(names: &[String]) -> String {
    listed(names, "or")
}

fn listed(names: &[String], between: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {between} {last}", first.join(", ")),
    }
}

/// Declares an enum of stable words with `ALL`, `word()`, `parse()`, Display and serde by word.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $word:literal ),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $( $(#[$vdoc])* #[serde(rename = $word)] $variant ),+ }

        impl $name {
            /// Every member, in the order of its declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];
            /// Every member's word, in the same order.
            pub const WORDS: &'static [&'static str] = &[ $( $word ),+ ];

            /// The stable word of this member.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }

            /// The member with this word, if there is one.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_agrees_with_its_thing() {
        let said = |n: i64, thing| count(n, thing);
        assert_eq!(said(1, "item"), "1 item");
        assert_eq!([said(0, "item"), said(2, "item")], ["0 items", "2 items"]);
        assert_eq!([said(1, "entry"), said(3, "entry")], ["1 entry", "3 entries"]);
        assert_eq!([said(2, "match"), said(2, "day")], ["2 matches", "2 days"]);
    }

    #[test]
    fn names_stand_in_a_row() {
        let names = ["quality", "safety", "engineering"].map(str::to_owned);
        assert_eq!(all_of(&names), "quality, safety and engineering");
        assert_eq!(all_of(&names[..1]), "quality");
        assert_eq!(one_of(&names[1..]), "safety or engineering");
    }
}
