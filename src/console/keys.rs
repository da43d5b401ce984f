//! Keys and actions: what may be struck, what it does, and what it is called.
//!
//! One table of actions drives dispatch, the footer, `?` help, the `:` palette and the key reference;
//! nothing else in the console compares keys.

pub mod action;
pub mod key;
pub mod keymap;
pub mod reference;
pub mod table;
pub mod verbs;

pub use action::{Act, Action, Does, Edit, Move, Scope, Ui};
pub use key::{Code, Key};
pub use keymap::Keymap;

/// Every action of the console: those of the program first, then the verbs of each kind of object.
pub fn all() -> impl Iterator<Item = &'static Action> {
    table::TABLE.iter().chain(verbs::VERBS)
}

/// The action of this id.
pub fn by_id(id: &str) -> Option<&'static Action> {
    all().find(|action| action.id == id)
}
