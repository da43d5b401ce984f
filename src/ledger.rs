//! Entries, their exact bytes, the hash chain. It knows no database.
