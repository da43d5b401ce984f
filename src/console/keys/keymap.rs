//! Which key brings about which action here: the defaults of the table, and what `keys.toml` changes.

use std::collections::BTreeMap;

use super::action::{Action, Scope};
use super::key::Key;
use super::{all, by_id};
use crate::console::toml_fault::told;

/// Why a `keys.toml` is not taken; the console does not start with half of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// The file is no TOML table of lists of keys.
    #[error("keys.toml does not read: {0}")]
    Unreadable(String),
    /// The id belongs to no action.
    #[error("keys.toml binds {0:?}, which is no action: docs/keys.md lists them")]
    UnknownAction(String),
    /// Two actions that can apply at once have the same key.
    #[error(
        "{key} is bound to both {first} and {second}, which apply at the same place: give one another key"
    )]
    Conflict {
        /// The key in written form.
        key: String,
        /// The id of one action.
        first: &'static str,
        /// The id of the other.
        second: &'static str,
    },
    /// An action without which nobody gets on has no key.
    #[error(
        "keys.toml leaves {0} without a key, and without it {1}: give it one, or take its line out"
    )]
    Keyless(&'static str, &'static str),
}

/// Actions that keep a key whatever `keys.toml` says, each with what could not be done without it.
const KEPT: &[(&str, &str)] = &[
    ("quit", "nobody can leave the console"),
    ("back", "nobody can go back one level"),
    ("submit", "no form can be submitted"),
    ("leave", "no form or help can be left"),
];

/// The bindings in force.
#[derive(Clone, Debug)]
pub struct Keymap(Vec<(Key, &'static Action)>);

impl Default for Keymap {
    fn default() -> Self {
        Self(all().flat_map(|action| parsed(action).map(move |key| (key, action))).collect())
    }
}

impl Keymap {
    /// The defaults with the changes of a `keys.toml`: `"change.approve" = ["F2"]`.
    pub fn read(text: &str) -> Result<Self, BadKeys> {
        let changes: BTreeMap<String, Vec<String>> =
            toml::from_str(text).map_err(|e| BadKeys::Unreadable(told(text, &e)))?;
        let mut map = Self::default();
        for (id, keys) in changes {
            let action = by_id(&id).ok_or(BadKeys::UnknownAction(id))?;
            map.0.retain(|(_, bound)| bound.id != action.id);
            for key in keys {
                let key = key.parse::<Key>().map_err(|e| BadKeys::Unreadable(e.to_string()))?;
                map.0.push((key, action));
            }
        }
        map.check()?;
        let keyless = |(id, _): &&(&str, _)| map.0.iter().all(|(_, action)| action.id != *id);
        match KEPT.iter().find(keyless) {
            Some((id, without)) => Err(BadKeys::Keyless(id, without)),
            None => Ok(map),
        }
    }

    /// The action of a key where these scopes apply, the innermost first.
    pub fn find(&self, scopes: &[Scope], key: Key) -> Option<&'static Action> {
        scopes.iter().find_map(|scope| {
            let mut bound = self.0.iter().filter(|(k, _)| *k == key);
            bound.find(|(_, action)| action.scopes.contains(scope)).map(|(_, action)| *action)
        })
    }

    /// The keys of an action, in order.
    pub fn keys_of(&self, action: &Action) -> impl Iterator<Item = Key> {
        self.0.iter().filter(|(_, bound)| bound.id == action.id).map(|(key, _)| *key)
    }

    /// Fails if two actions that can apply at once share a key.
    pub fn check(&self) -> Result<(), BadKeys> {
        for (at, (key, first)) in self.0.iter().enumerate() {
            let rest = self.0.iter().skip(at + 1).filter(|(k, _)| k == key);
            for (_, second) in rest {
                if first.id != second.id && meet(first, second) {
                    return Err(BadKeys::Conflict {
                        key: key.to_string(),
                        first: first.id,
                        second: second.id,
                    });
                }
            }
        }
        Ok(())
    }
}

fn parsed(action: &'static Action) -> impl Iterator<Item = Key> {
    action.keys.iter().filter_map(|key| key.parse().ok())
}

/// Whether two actions can apply at once: in one scope, or one everywhere and the other on an object.
fn meet(a: &Action, b: &Action) -> bool {
    let overlay =
        |scope: &Scope| matches!(scope, Scope::Form | Scope::Prompt | Scope::Page | Scope::Drafts);
    let spread = |x: &Action, y: &Action| {
        x.scopes.contains(&Scope::Everywhere) && y.scopes.iter().any(|scope| !overlay(scope))
    };
    a.scopes.iter().any(|scope| b.scopes.contains(scope)) || spread(a, b) || spread(b, a)
}

#[cfg(test)]
mod tests {
    use super::super::key::Code;
    use super::*;

    #[test]
    fn no_two_actions_of_one_place_share_a_key() {
        assert_eq!(Keymap::default().check(), Ok(()));
    }

    #[test]
    fn every_default_key_reads_and_ids_are_unique() {
        for action in all() {
            assert_eq!(parsed(action).count(), action.keys.len(), "{}", action.id);
            assert_eq!(all().filter(|other| other.id == action.id).count(), 1, "{}", action.id);
        }
    }

    #[test]
    fn no_default_is_out_of_reach_on_azerty_or_qwertz() {
        for (key, action) in &Keymap::default().0 {
            assert!(
                !matches!(key.code, Code::Char('[' | ']' | '{' | '}' | '\\' | '@' | '|')),
                "{}",
                action.id
            );
        }
    }

    #[test]
    fn one_verb_has_one_key_on_whatever_it_is_done() {
        let verbs = super::super::verbs::VERBS;
        for (at, action) in verbs.iter().enumerate() {
            for other in verbs.iter().skip(at + 1).filter(|other| other.label == action.label) {
                assert_eq!(action.keys, other.keys, "{} and {}", action.id, other.id);
            }
        }
    }

    #[test]
    fn the_same_key_means_what_the_object_under_it_is() {
        let map = Keymap::default();
        let a = |scope| map.find(&[scope, Scope::Everywhere], Key::char('a')).map(|a| a.id);
        assert_eq!(a(Scope::Change), Some("change.approve"));
        assert_eq!(a(Scope::Window), Some("window.approve"));
        assert_eq!(a(Scope::Site), None);
        let q = map.find(&[Scope::Change, Scope::Everywhere], Key::char('q'));
        assert_eq!(q.map(|a| a.id), Some("quit"));
    }

    #[test]
    fn a_conflict_in_keys_toml_names_both_actions() {
        let refused = Keymap::read("\"change.approve\" = [\"q\"]").unwrap_err().to_string();
        assert!(refused.contains("change.approve") && refused.contains("quit"), "{refused}");
        let map = Keymap::read("\"change.approve\" = [\"F2\"]").unwrap();
        assert!(map.find(&[Scope::Change], Key::char('a')).is_none());
        assert!(map.find(&[Scope::Change], Key::plain(Code::F(2))).is_some());
        assert!(matches!(Keymap::read("fly = [\"q\"]"), Err(BadKeys::UnknownAction(_))));
    }

    #[test]
    fn what_one_leaves_and_submits_by_keeps_a_key() {
        for (id, _) in KEPT {
            assert!(by_id(id).is_some(), "{id}");
            let refused = Keymap::read(&format!("{id} = []")).unwrap_err().to_string();
            assert!(refused.contains(&format!("leaves {id} without a key")), "{refused}");
            assert!(Keymap::read(&format!("{id} = [\"F2\"]")).is_ok(), "{id}");
        }
        assert!(Keymap::read("silence = []").is_ok(), "what can be done without goes");
    }
}
