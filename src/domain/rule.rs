//! The versions of the rules: an entry names the one it was made under, and replay uses that one.
//!
//! Version 1 asks the accountable discipline, operations and IT security for their yes; version 2 adds the triggers
//! and what each kind of request makes of them (`approval::derive`); version 3 holds the start of a change and the opening of a
//! window against what stands in their way (`conflict`); version 4 holds the opening against all of it, not freezes alone,
//! and lets begin what the commander of an incident exempted from its freeze; version 5 holds each step against what is known
//! then: times that can be meant, templates that hold, papers that are on record, everybody's yes whom the rules ask for;
//! version 6 holds also a revision against what was vetoed, the opening of a window and the yes to an extension against who
//! must say yes by then and against the change that is served, each intervention against what the activity does to the
//! assets, and lets a log tell of whoever came in after they had left as of somebody whom nobody allowed (`access`),
//! and of whoever came by another key or from another address than the window names; version 7 lets a site without quality
//! name who holds it there (`raci::Row::holder`), counts on call only who may decide, and refuses a revert date on what is not
//! temporary and a request in place of one that still stands.

/// The version that new entries are made under.
pub const CURRENT: u32 = 7;

/// Whether this program still knows the rules of that version.
pub const fn known(version: u32) -> bool {
    version >= 1 && version <= CURRENT
}
