//! Formats in and out: advisories, inventories. It reads files and makes commands; it holds no SQL and no screen.

pub mod csaf;
