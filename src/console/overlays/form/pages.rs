//! What is decided on, page by page, where a form has no room for all of it beside its fields. Nothing is drawn here.

use ratatui::layout::Rect;

use super::Form;
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::safe_text::SafeText;

/// Rows that the fields keep beside what is decided on.
const FIELDS: u16 = 6;

/// Rows that are kept for what is said below the field that one stands in.
const NOTED: u16 = 2;

/// What stands behind what is cut off.
const CUT: &str = " …";

impl Form {
    /// What is decided on, as many lines as there is room for beside the fields. What does not fit is first shown shortened,
    /// a line of each thing at least, and then whole, page by page.
    pub fn pages(&self, area: Rect, ctx: &Ctx<'_>) -> Vec<Vec<Cell>> {
        // The same wherever one stands: what one reads does not move while one goes from field to field.
        let fields = self.fields.iter().enumerate();
        let fields: u16 =
            fields.map(|(at, one)| self.height(one, (at, false), area.width, ctx)).sum();
        let kept = match fields {
            0 => 0,
            fields => fields.saturating_add(NOTED).min(FIELDS),
        };
        let room = usize::from(area.height.saturating_sub(kept));
        let room = room.saturating_sub(self.framed(area.width));
        let docs = [&self.news, &self.so_far, &self.brief];
        let parts: Vec<Vec<Cell>> =
            docs.iter().flat_map(|doc| doc.parts(area.width, ctx)).collect();
        let all = parts.concat();
        // The last row of a page says how it goes on.
        let height = room.saturating_sub(1).max(1);
        if all.len() <= room {
            return vec![all];
        }
        let short = shortened(&parts, height, usize::from(area.width));
        let mut pages: Vec<Vec<Cell>> = all.chunks(height).map(<[Cell]>::to_vec).collect();
        for (at, page) in pages.iter_mut().enumerate() {
            let above = height * at;
            let below = all.len().saturating_sub(above + height);
            // The fields below stay where they are.
            page.resize(height, Cell::empty());
            page.push(Cell::of(goes_on(above, below), Role::Mode));
        }
        if !all.starts_with(&short) {
            let cut = all.len().saturating_sub(short.len());
            let cut = format!("↓ shortened at … by {cut} lines: PgDn shows all {}", all.len());
            pages.insert(0, [short, vec![Cell::of(cut, Role::Mode)]].concat());
        }
        pages
    }

    /// The page of what is decided on that one has come to.
    pub fn page(&self, area: Rect, ctx: &Ctx<'_>) -> Vec<Cell> {
        let mut pages = self.pages(area, ctx);
        let at = self.leafed.min(pages.len().saturating_sub(1));
        if at < pages.len() { pages.swap_remove(at) } else { Vec::new() }
    }
}

/// How a page goes on: the lines that stand above it and below it.
fn goes_on(above: usize, below: usize) -> String {
    match (above, below) {
        (0, below) => format!("↓ {below} lines more below: PgDn shows them"),
        (above, 0) => format!("↑ {above} lines above; that is all of it; PgUp goes back"),
        (above, below) => format!("↑ {above} lines above, ↓ {below} more below: PgUp, PgDn"),
    }
}

/// The first of these things in so many lines: one line of each, the lines that are left given to each in turn; what is
/// cut off ends with a mark.
fn shortened(parts: &[Vec<Cell>], lines: usize, width: usize) -> Vec<Cell> {
    let parts: Vec<&Vec<Cell>> = parts.iter().filter(|part| !part.is_empty()).take(lines).collect();
    let mut given: Vec<usize> = vec![1; parts.len()];
    let mut left = lines.saturating_sub(parts.len());
    let longest = parts.iter().map(|part| part.len()).max().unwrap_or(0);
    for _ in 1..longest {
        for (given, part) in given.iter_mut().zip(&parts) {
            if left > 0 && *given < part.len() {
                *given += 1;
                left -= 1;
            }
        }
    }
    let cut = |(part, given): (&&Vec<Cell>, usize)| {
        let mut kept: Vec<Cell> = part.iter().take(given).cloned().collect();
        if let Some(last) = kept.last_mut().filter(|_| given < part.len()) {
            mark(last, width);
        }
        kept
    };
    parts.iter().zip(given).flat_map(cut).collect()
}

/// Ends a line with the mark of what is cut off, in the place of its last word where there is no room for it.
fn mark(line: &mut Cell, width: usize) {
    let full = line.width() + CUT.chars().count() > width;
    let Some(last) = line.0.last_mut() else { return };
    let text = last.text.as_str();
    let kept = if full { text.rsplit_once(' ').map_or("", |(kept, _)| kept) } else { text };
    last.text = SafeText::from_untrusted(kept).then(&SafeText::fixed(CUT));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_shortened_to_a_line_of_each_thing_before_any_takes_more() {
        let part = |name: &str, lines: usize| -> Vec<Cell> {
            (0..lines).map(|at| Cell::text(format!("{name} {at}, and more"))).collect()
        };
        let parts = [part("what", 1), part("impacts", 4), part("rollback", 3), part("tests", 2)];
        let said = |lines: usize, width: usize| -> Vec<String> {
            let short = shortened(&parts, lines, width);
            short.iter().map(|cell| cell.plain().to_string()).collect()
        };
        assert_eq!(
            said(4, 80),
            [
                "what 0, and more",
                "impacts 0, and more …",
                "rollback 0, and more …",
                "tests 0, and more …"
            ]
        );
        assert_eq!(said(4, 20)[1], "impacts 0, and …", "where there is no room a word gives way");
        assert_eq!(
            said(6, 80)[1..4],
            ["impacts 0, and more", "impacts 1, and more …", "rollback 0, and more"]
        );
        assert_eq!(said(10, 80).len(), 10);
        assert!(said(10, 80).iter().all(|line| !line.contains('…')), "all of it has room");
        assert_eq!(said(2, 80).len(), 2, "the first come first");
    }
}
