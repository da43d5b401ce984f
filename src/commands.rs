//! The only way in: command, rules, entries, tables, in one transaction. It holds no SQL text and no screen.

mod desk;
