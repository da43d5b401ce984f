//! Where things stand: the 24 rows of every screen, and the detail beside the list on wide terminals.

use ratatui::layout::Rect;

use super::tiles;

/// Smallest width that the console is laid out for.
pub const LEAST_COLUMNS: u16 = 60;
/// Smallest height that the console is laid out for.
pub const LEAST_ROWS: u16 = 15;
/// Columns that every list is laid out for.
pub const LIST: u16 = 80;
/// Least columns of a detail; in fewer it is not read but opened.
pub const LEAST_DETAIL: u16 = 28;
/// Columns of a detail from which on it shares what is left over with the titles of the list.
const AMPLE_DETAIL: u16 = 48;
/// From this width on, a list shows its detail beside it; one column sets them apart.
pub const WIDE: u16 = 100;

/// Columns of the detail at a width: what the list leaves, where that is little the least that can be read, which the last
/// columns of the list make room for, and where it is much a third of it.
fn detail(width: u16) -> u16 {
    let left = width.saturating_sub(LIST + 1);
    let ample = left.saturating_sub(AMPLE_DETAIL);
    (left - ample + ample / 3).max(LEAST_DETAIL)
}

/// Columns and rows from which the watch shows its tiles.
pub const TILED: (u16, u16) = (120, 40);

/// The areas of one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Row 1: the highest alarm or the first task.
    pub attention: Rect,
    /// Row 2: the screens.
    pub tabs: Rect,
    /// Column header and list.
    pub body: Rect,
    /// The detail beside the body, on wide terminals.
    pub side: Option<Rect>,
    /// The tiles below list and detail, where they are asked for and have room.
    pub tiles: Option<Rect>,
    /// What the columns cut of the selected row.
    pub strip: Rect,
    /// The keys that work now.
    pub footer: Rect,
    /// Scope, person, mode, store, time.
    pub status: Rect,
}

impl Layout {
    /// The layout of a terminal, or nothing if it is too small; `tiled` asks for tiles.
    pub fn of(area: Rect, strip_rows: u16, tiled: bool) -> Option<Self> {
        if area.width < LEAST_COLUMNS || area.height < LEAST_ROWS {
            return None;
        }
        let line = |y: u16, height: u16| Rect::new(area.x, area.y + y, area.width, height);
        let below = strip_rows.min(area.height - 8) + 2;
        let tiled = tiled && area.width >= TILED.0 && area.height >= TILED.1;
        let tile_rows = if tiled { tiles::ROWS } else { 0 };
        let middle = line(2, area.height - 2 - below - tile_rows);
        let (body, side) = if area.width >= WIDE {
            let width = detail(area.width);
            let left = middle.width - width - 1;
            let body = Rect { width: left, ..middle };
            (body, Some(Rect { x: middle.x + left + 1, width, ..middle }))
        } else {
            (middle, None)
        };
        Some(Self {
            attention: line(0, 1),
            tabs: line(1, 1),
            body,
            side,
            tiles: tiled.then(|| line(area.height - below - tile_rows, tile_rows)),
            strip: line(area.height - below, below - 2),
            footer: line(area.height - 2, 1),
            status: line(area.height - 1, 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_four_rows_are_shared_out_as_on_every_screen() {
        let layout = Layout::of(Rect::new(0, 0, 80, 24), 2, true).unwrap();
        assert_eq!(layout.body, Rect::new(0, 2, 80, 18));
        assert_eq!(layout.strip, Rect::new(0, 20, 80, 2));
        assert_eq!((layout.footer.y, layout.status.y), (22, 23));
        assert_eq!(layout.side, None);
    }

    #[test]
    fn a_wide_terminal_has_the_detail_beside_the_list() {
        let layout = Layout::of(Rect::new(0, 0, 120, 40), 2, false).unwrap();
        assert_eq!((layout.body.width, layout.side.unwrap().width), (80, 39));
        assert_eq!((layout.body.height, layout.tiles), (34, None));
        assert!(Layout::of(Rect::new(0, 0, 59, 24), 2, false).is_none());
        assert!(Layout::of(Rect::new(0, 0, 80, 14), 2, false).is_none());
    }

    #[test]
    fn from_a_hundred_columns_a_list_has_its_detail_beside_it_and_both_grow_with_the_room() {
        let mut before = (0, 0);
        for width in LEAST_COLUMNS..=220 {
            let layout = Layout::of(Rect::new(0, 0, width, 24), 2, false).unwrap();
            let Some(side) = layout.side else {
                assert!(layout.body.width == width && width < 100, "{width}");
                continue;
            };
            assert!(width >= 100 && side.width >= LEAST_DETAIL, "{width}");
            let narrow = LIST.min(width - 1 - LEAST_DETAIL);
            assert!(layout.body.width >= narrow, "what the detail leaves is the list's: {width}");
            assert!(layout.body.width >= before.0 && side.width >= before.1, "{width}");
            before = (layout.body.width, side.width);
            assert_eq!(side.x, layout.body.right() + 1, "{width}");
            assert_eq!(side.right(), width);
        }
        let widths = |width: u16| {
            let layout = Layout::of(Rect::new(0, 0, width, 24), 2, false).unwrap();
            (layout.body.width, layout.side.unwrap().width)
        };
        assert_eq!((widths(100), widths(120), widths(160)), ((71, 28), (80, 39), (101, 58)));
    }

    #[test]
    fn tiles_stand_below_the_list_where_there_is_room_for_them() {
        let layout = Layout::of(Rect::new(0, 0, 120, 40), 2, true).unwrap();
        assert_eq!((layout.body.height, layout.side.unwrap().height), (27, 27));
        assert_eq!(layout.tiles, Some(Rect::new(0, 29, 120, 7)));
        assert_eq!(layout.strip.y, 36);
        for area in [(119, 40), (120, 39), (80, 24)] {
            let layout = Layout::of(Rect::new(0, 0, area.0, area.1), 2, true).unwrap();
            assert_eq!(layout.tiles, None);
        }
    }
}
