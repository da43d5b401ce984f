//! Every overlay at every width in every theme: the words are the same, and what is coloured also says it in words.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

use super::*;
use crate::console::theme::BUILT_IN;

/// The keys that lead to everything that can stand on the screen.
const SCENES: &[&str] = &[
    "j",
    "1 j",
    "2 G",
    "3",
    "4 Space",
    "5",
    "6",
    "j Enter",
    "j a",
    "j a Enter Ctrl-O",
    "n",
    ":",
    "?",
    "? PgDn",
    "/",
    "y",
    "L",
    "D",
    "w",
    "q",
    "z",
    "A",
];

const SIZES: &[(u16, u16)] = &[(60, 15), (80, 24), (100, 30), (120, 40), (200, 60), (59, 14)];

fn scene(theme: &str, size: (u16, u16), keys: &str) -> (World, Buffer) {
    let mut world = World::new(look(theme), size, 40);
    world.strike(keys);
    let buffer = world.buffer();
    (world, buffer)
}

fn text(cells: &[Cell]) -> String {
    cells.iter().map(Cell::symbol).collect()
}

#[test]
fn every_theme_says_the_same_words_everywhere() {
    for size in SIZES {
        for keys in SCENES {
            let (_, dark) = scene("dark", *size, keys);
            for (theme, _) in BUILT_IN {
                let (_, other) = scene(theme, *size, keys);
                assert_eq!(text(&dark.content), text(&other.content), "{theme} {size:?} {keys}");
            }
        }
    }
}

#[test]
fn what_is_coloured_says_so_in_digits_or_letters_too() {
    let mut runs = 0;
    for size in SIZES {
        for keys in SCENES {
            let (_, buffer) = scene("dark", *size, keys);
            for row in buffer.content.chunks(usize::from(size.0)) {
                for run in row.chunk_by(|a, b| a.bg == b.bg) {
                    if run.first().is_some_and(|cell| cell.bg != Color::Reset) {
                        runs += 1;
                        let said = text(run);
                        let digit = said.chars().any(|c| c.is_ascii_digit());
                        assert!(digit, "{said:?} at {size:?} after {keys}");
                    }
                }
            }
        }
    }
    assert!(runs > 100, "{runs}");
}

#[test]
fn the_selection_is_seen_without_colour_as_a_mark_and_in_reverse() {
    for keys in ["j", "2 G", "4 Space", ":", ": Down"] {
        let (_, buffer) = scene("mono", (80, 24), keys);
        let body = buffer.content.chunks(80).skip(2);
        let selected: Vec<&[Cell]> = body.filter(|row| row[0].symbol() == ">").collect();
        let [row] = selected.as_slice() else {
            panic!("{} rows are marked: {keys}", selected.len())
        };
        assert!(row[1].modifier.contains(Modifier::REVERSED), "{keys}: {}", text(row));
    }
}

#[test]
fn ascii_writes_ascii_in_every_scene() {
    for size in SIZES {
        for keys in SCENES {
            let mut look = look("mono");
            look.ascii = true;
            let mut world = World::new(look, *size, 40);
            world.strike(keys);
            let shown = world.shown();
            assert!(shown.is_ascii(), "{size:?} {keys}: {shown}");
        }
    }
}

#[test]
fn row_one_always_says_when_and_its_text_gives_way() {
    let due = now().plus_seconds(8 * 60);
    for (when, tail) in [
        (When::Ends(due, Tz::UTC), "ends 14:40Z in 8m"),
        (When::Due(due, Tz::UTC), "due 14:40Z in 8m"),
        (When::Ends(now().plus_seconds(-8 * 60), Tz::UTC), "14:24Z 8m ago"),
    ] {
        for width in [60, 80, 120] {
            let mut world = at_80x24();
            let lead = world.app.attention.lead.as_mut().unwrap();
            lead.text = "tbriggs on ANR/OS-02: a vendor still has access after the end".into();
            lead.when = Some(when);
            world.tell(Msg::Resized(Size::new(width, 24)));
            let shown = world.shown();
            let row = shown.lines().next().unwrap();
            assert!(row.starts_with("▲P2! VW-31 tbrig"), "{width}: {row}");
            assert!(row.contains(&format!(" {tail} ")), "{width}: {row}");
            assert!(row.ends_with("■0 ▲1 ◆4 ○9 z2"), "{width}: {row}");
            assert_eq!(row.contains('…'), width < 120, "{width}: {row}");
        }
    }
}
