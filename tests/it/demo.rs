//! The store to look around in: whole, lawful, with every state to be seen, its past told once and then sealed.

mod made;
mod present;
mod sealed;
mod seen;
mod titles;
mod told;
mod whole;
