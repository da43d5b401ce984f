//! The versions of the rules: an entry names the one it was made under, and replay uses that one.

/// The version that new entries are made under.
pub const CURRENT: u32 = 1;

/// Whether this program still knows the rules of that version.
pub const fn known(version: u32) -> bool {
    version >= 1 && version <= CURRENT
}
