//! Every overlay as it looks: at 80x24, at 120x40, and in ASCII without colour.

use super::*;

/// What each picture is called, the keys that lead to it, and what is typed into it then.
const PICTURES: &[(&str, &str, &str)] = &[
    ("help", "?", ""),
    ("palette", ":", "wind"),
    ("form", "j j a", ""),
    ("form_wrong", "n Tab Ctrl-O", ""),
    ("confirmation", "! Ctrl-K", ""),
    ("message", "q", ""),
    ("filter", "/", "state:appr"),
    ("why", "y", ""),
    ("history", "L", ""),
    ("lost", "", ""),
];

fn picture(theme: &str, size: (u16, u16), ascii: bool, keys: &str, typed: &str) -> String {
    let mut world = World::new(Look { ascii, ..look(theme) }, size, 30);
    if keys.is_empty() {
        let why = SafeText::fixed("no answer for 5 s");
        let since = now().plus_seconds(-3);
        world.tell(Msg::Told(Told::Cut(Some(crate::console::data::Cut { since, why }))));
        world.strike("!");
    }
    world.strike(keys);
    world.write(typed);
    world.shown()
}

#[test]
fn every_overlay_at_both_sizes_and_without_colour() {
    for (name, keys, typed) in PICTURES {
        let plain = picture("dark", (80, 24), false, keys, typed);
        insta::assert_snapshot!(format!("{name}_80x24"), plain);
        let wide = picture("dark", (120, 40), false, keys, typed);
        insta::assert_snapshot!(format!("{name}_120x40"), wide);
        let mono = picture("mono", (80, 24), true, keys, typed);
        assert!(mono.is_ascii(), "{mono}");
        insta::assert_snapshot!(format!("{name}_mono"), mono);
    }
}
