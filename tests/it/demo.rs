//! The store to look around in: whole, lawful, with every state to be seen, its past told once and then sealed.

mod sealed;
mod told;
mod whole;
