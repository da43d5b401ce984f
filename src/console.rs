//! The terminal program: screens, overlays, keys, themes. It reads through the Reader and writes through the Desk.
