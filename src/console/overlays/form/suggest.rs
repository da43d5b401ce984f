//! What completes the field that one stands in: words of the field itself, or what the store knows.

use super::Form;
use crate::console::data::{Ask, Looked, Suggestion};
use crate::console::keys::{Code, Key};
use crate::console::overlays::field::{Field, FieldKind};
use crate::safe_text::SafeText;

/// Suggestions that are shown at most.
pub const SHOWN: usize = 5;

/// The suggestions of the moment, and where one stands in them.
#[derive(Debug, Default)]
pub struct Completing {
    /// What completes the field.
    pub list: Vec<Suggestion>,
    /// The one that Enter takes, once one went down into the list.
    pub at: Option<usize>,
    /// The question that was last asked of the store.
    asked: Option<Ask>,
    /// Whether its answer is here.
    pub answered: bool,
    /// Whether nothing is on its way that would complete the field.
    settled: bool,
}

impl Completing {
    /// Goes one down; false if there is nothing below.
    pub fn down(&mut self) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let last = self.list.len().min(SHOWN) - 1;
        self.at = Some(self.at.map_or(0, |at| (at + 1).min(last)));
        true
    }

    /// Goes one up, out of the list from its first; false if one is not in it.
    pub fn up(&mut self) -> bool {
        let Some(at) = self.at else { return false };
        self.at = at.checked_sub(1);
        true
    }
}

/// Where the word that is typed now begins in a field of several.
fn last_word(text: &str) -> usize {
    text.rfind([',', ' ', '\n']).map_or(0, |at| at + 1)
}

impl Form {
    /// The words of the field itself that hold what was typed; what the store knows is asked for by [`Form::wish`].
    pub(super) fn offer(&mut self) {
        self.completing.at = None;
        self.completing.list.clear();
        let Some(field) = self.fields.get(self.focus) else { return };
        let FieldKind::Pick(values) = &field.spec.kind else { return };
        let typed = field.typed().trim().to_lowercase();
        if typed.is_empty() || values.iter().any(|value| value.to_lowercase() == typed) {
            return;
        }
        let mut found: Vec<&String> =
            values.iter().filter(|value| value.to_lowercase().contains(&typed)).collect();
        found.sort_by_key(|value| !value.to_lowercase().starts_with(&typed));
        self.completing.list = found
            .into_iter()
            .take(SHOWN)
            .map(|value| Suggestion { value: value.clone(), said: SafeText::default() })
            .collect();
        self.completing.answered = true;
    }

    fn typed_word(field: &Field) -> Option<(Looked, String)> {
        let typed = field.typed();
        match field.spec.kind {
            FieldKind::Known(of) => Some((of, typed.trim().to_owned())),
            FieldKind::Several(of) => {
                Some((of, typed.get(last_word(&typed)..).unwrap_or_default().to_owned()))
            }
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Integer(..)
            | FieldKind::Boolean
            | FieldKind::Time(_)
            | FieldKind::Choice(_)
            | FieldKind::Pick(_)
            | FieldKind::Many(_)
            | FieldKind::List
            | FieldKind::Lines
            | FieldKind::Group(_) => None,
        }
    }

    /// The question to the store that completes the field, once for each thing that was typed.
    pub fn wish(&mut self) -> Option<Ask> {
        let wish = self.fields.get(self.focus).and_then(Self::typed_word).map(|(of, typed)| {
            let named = |name: &str| {
                let field = self.fields.iter().find(|field| field.spec.name == name);
                field.map(|field| field.typed().trim().to_owned()).filter(|text| !text.is_empty())
            };
            let within = match of {
                Looked::VendorPerson => named("vendor"),
                Looked::Conflict | Looked::Linked => {
                    let about = self.about.as_ref().map(|about| about.reference.to_string());
                    about.or_else(|| named("ref"))
                }
                Looked::In(..) => self.site().filter(|_| of.is_of_a_site()),
            };
            // The first asset names the site, and must not limit itself while it is typed.
            let within = within
                .filter(|site| !typed.starts_with(&format!("{site}/")) || of != Looked::ASSET);
            Ask::Suggest { of, typed, within }
        });
        if self.completing.asked == wish {
            return None;
        }
        self.completing.asked.clone_from(&wish);
        self.completing.answered = false;
        self.completing.settled = wish.is_none();
        wish
    }

    /// Whether a key would choose or leave before what completes the field is here: it has to wait for that.
    pub fn awaits(&self, key: Key) -> bool {
        let chooses =
            matches!(key.code, Code::Enter | Code::Down | Code::Up | Code::Tab | Code::BackTab);
        let typed = || self.fields.get(self.focus).and_then(Self::typed_word);
        chooses && !self.completing.settled && typed().is_some_and(|(_, typed)| !typed.is_empty())
    }

    /// Nothing more comes for the last question.
    pub const fn settle(&mut self) {
        self.completing.settled = true;
    }

    /// Takes what the store found for the last question.
    pub fn suggest(&mut self, mut list: Vec<Suggestion>) {
        let asked = match &self.completing.asked {
            Some(Ask::Suggest { of, .. }) => Some(*of),
            _ => None,
        };
        let typed = self.fields.get(self.focus).and_then(Self::typed_word);
        // An answer that comes late may be to the question of a field that one has left.
        if let Some((_, typed)) = typed.filter(|(of, _)| Some(*of) == asked) {
            // What is whole already must not be completed to something longer.
            if list.iter().any(|one| one.value == typed) {
                list.clear();
                self.completing.at = None;
                self.completing.list = list;
                return;
            }
            self.completing.answered = true;
            self.completing.at = None;
            self.completing.list = list;
        }
    }

    /// What the field says while nothing completes it: that the store knows nothing so called.
    pub fn unknown(&self, field: &Field) -> bool {
        let Some((_, typed)) = Self::typed_word(field) else { return false };
        let Some(Ask::Suggest { typed: asked, .. }) = &self.completing.asked else { return false };
        self.completing.answered
            && self.completing.list.is_empty()
            && !typed.is_empty()
            && *asked == typed
    }

    /// Takes the suggestion that one stands on, or the only one there is; says whether the field goes on.
    pub(super) fn complete(&mut self, leaving: bool) -> bool {
        let on_it = self.completing.at.is_some();
        let at = match (self.completing.at, self.completing.list.as_slice()) {
            (Some(at), _) => at,
            (None, [_]) => 0,
            (None, _) => return false,
        };
        let Some(value) = self.completing.list.get(at).map(|one| one.value.clone()) else {
            return false;
        };
        let Some(field) = self.fields.get_mut(self.focus) else { return false };
        let typed = field.typed();
        let several = matches!(field.spec.kind, FieldKind::Several(_));
        let word = if several { typed.get(last_word(&typed)..) } else { Some(typed.as_str()) };
        if !on_it && word.is_none_or(|word| word.trim().is_empty()) {
            return false;
        }
        self.touched = true;
        self.completing.list.clear();
        self.completing.at = None;
        if several {
            let kept = typed.get(..last_word(&typed)).unwrap_or_default().to_owned();
            let more = if on_it && !leaving { ", " } else { "" };
            field.set(&format!("{kept}{value}{more}"));
            return on_it && !leaving;
        }
        field.set(&value);
        false
    }
}
