//! Keys and actions: what may be struck, what it does, and what it is called.

pub mod key;
