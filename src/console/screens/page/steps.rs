//! What one can stand on in a page: entries of the ledger, which open, and what is folded away, which unfolds.

use std::collections::BTreeSet;

use crate::console::ctx::Ctx;
use crate::console::keys::Move;
use crate::console::theme::{Role, glyphs};
use crate::console::widgets::cell::{Cell, Part};
use crate::console::widgets::doc::{Doc, Line, Scroll};
use crate::safe_text::SafeText;

/// Something in a page that Enter does something with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An entry of the ledger.
    Entry(i64),
    /// What is folded away, by its place among all such.
    Fold(usize),
}

/// A page as it falls at a width, and the rows at which one can stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// Its rows.
    pub lines: Vec<Cell>,
    /// What one can stand on, each with its row.
    pub steps: Vec<(usize, Step)>,
}

/// Where one stands in a page, and what was unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    chosen: Option<Step>,
    open: BTreeSet<usize>,
}

const fn step_of(line: &Line) -> Option<Step> {
    match line {
        Line::Entry(seq, _) => Some(Step::Entry(*seq)),
        Line::Heading(_)
        | Line::Field(..)
        | Line::When(..)
        | Line::Span(..)
        | Line::Text(_)
        | Line::Folded(..)
        | Line::Gap => None,
    }
}

impl Steps {
    /// A document at a width, unfolded as far as was asked for.
    pub fn lay(&self, doc: &Doc, width: u16, ctx: &Ctx<'_>) -> Laid {
        let (mut lines, mut marks, mut folds) = (Vec::new(), Vec::new(), 0);
        for line in &doc.0 {
            if let Line::Folded(_, within) = line {
                let fold = folds;
                folds += 1;
                if self.open.contains(&fold) {
                    marks.extend(within.iter().map(step_of));
                    lines.extend(within.iter().cloned());
                } else {
                    marks.push(Some(Step::Fold(fold)));
                    lines.push(line.clone());
                }
            } else {
                marks.push(step_of(line));
                lines.push(line.clone());
            }
        }
        let mut laid = Laid::default();
        for (part, mark) in Doc(lines).parts(width, ctx).into_iter().zip(marks) {
            laid.steps.extend(mark.map(|step| (laid.lines.len(), step)));
            laid.lines.extend(part);
        }
        laid
    }

    /// What one stands on: what was chosen while it is in view, else the first that is.
    pub fn stands(&self, laid: &Laid, scroll: Scroll, page: usize) -> Option<(usize, Step)> {
        let seen = |(row, _): &&(usize, Step)| in_view(*row, laid, scroll, page);
        let chosen = |(_, step): &&(usize, Step)| Some(*step) == self.chosen;
        let mut all = laid.steps.iter().filter(seen);
        all.clone().find(chosen).or_else(|| all.next()).copied()
    }

    /// Moves: to the next of them while that is in view, else by rows.
    pub fn go(&mut self, movement: Move, scroll: &mut Scroll, page: usize, laid: &Laid) {
        let here = self.stands(laid, *scroll, page);
        let at = here.and_then(|here| laid.steps.iter().position(|one| *one == here));
        let next = match movement {
            Move::Down => at.map_or(0, |at| at + 1),
            Move::Up => at.map_or(usize::MAX, |at| at.wrapping_sub(1)),
            Move::PageDown | Move::PageUp | Move::Top | Move::Bottom | Move::Left | Move::Right => {
                usize::MAX
            }
        };
        let next = laid.steps.get(next).filter(|(row, _)| in_view(*row, laid, *scroll, page));
        if let Some((_, step)) = next {
            self.chosen = Some(*step);
            return;
        }
        scroll.go(movement, page, laid.lines.len());
        let seen: Vec<Step> = laid
            .steps
            .iter()
            .filter(|(row, _)| in_view(*row, laid, *scroll, page))
            .map(|(_, step)| *step)
            .collect();
        if self.chosen.is_none_or(|chosen| !seen.contains(&chosen)) {
            self.chosen = match movement {
                Move::Up | Move::Bottom => seen.last().copied(),
                Move::Down
                | Move::PageDown
                | Move::PageUp
                | Move::Top
                | Move::Left
                | Move::Right => seen.first().copied(),
            };
        }
    }

    /// Unfolds; what stands there first is then stood on.
    pub fn unfold(&mut self, fold: usize, doc: &Doc) {
        self.open.insert(fold);
        let folded = doc.0.iter().filter_map(|line| match line {
            Line::Folded(_, within) => Some(within),
            Line::Heading(_)
            | Line::Field(..)
            | Line::When(..)
            | Line::Span(..)
            | Line::Text(_)
            | Line::Entry(..)
            | Line::Gap => None,
        });
        let within = folded.into_iter().nth(fold);
        self.chosen = within.and_then(|lines| lines.iter().find_map(step_of));
    }
}

/// Whether a row is in view; the last row of a page that goes on says how much more there is.
fn in_view(row: usize, laid: &Laid, scroll: Scroll, page: usize) -> bool {
    let top = scroll.top().min(laid.lines.len().saturating_sub(page));
    let goes_on = top + page < laid.lines.len();
    let last = (top + page).saturating_sub(usize::from(goes_on));
    (top..last).contains(&row)
}

/// A row as it looks where one stands on it: with the sign of the selection, and its name in reverse.
pub fn chosen(line: &Cell) -> Cell {
    let Some((first, rest)) = line.0.split_first() else { return line.clone() };
    let name = first.text.as_str().trim();
    let gap = first.text.width().saturating_sub(SafeText::from_untrusted(name).width() + 1);
    let mut cell = Cell::text(glyphs::HERE).and(SafeText::from_untrusted(name), Role::Selected);
    cell.0.push(Part { text: SafeText::from(" ".repeat(gap)), ..Part::default() });
    cell.0.extend(rest.iter().cloned());
    cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::ctx::Me;
    use crate::console::theme::Look;
    use crate::domain::time::Time;

    fn with<T>(tell: impl FnOnce(&Ctx<'_>) -> T) -> T {
        let (look, now) = (Look::default(), Time::default());
        let me = Me { holder: None, now };
        let zone = chrono_tz::Tz::UTC;
        tell(&Ctx { now, utc: true, local: zone, zone, look: &look, stale: false, me })
    }

    fn entry(seq: i64) -> Line {
        Line::Entry(seq, Cell::text("something happened"))
    }

    #[test]
    fn one_goes_from_entry_to_entry_while_they_are_in_view_and_by_rows_where_they_are_not() {
        with(|ctx| {
            let mut doc = Doc(vec![entry(9), entry(8)]);
            for _ in 0..6 {
                doc = doc.text("a line between");
            }
            doc.0.push(entry(7));
            let mut steps = Steps::default();
            let mut scroll = Scroll::default();
            let laid = steps.lay(&doc, 80, ctx);
            let stands = |steps: &Steps, scroll| steps.stands(&laid, scroll, 5).map(|(_, s)| s);
            assert_eq!(stands(&steps, scroll), Some(Step::Entry(9)), "the first in view");
            steps.go(Move::Down, &mut scroll, 5, &laid);
            assert_eq!((stands(&steps, scroll), scroll.top()), (Some(Step::Entry(8)), 0));
            steps.go(Move::Down, &mut scroll, 5, &laid);
            assert_eq!((stands(&steps, scroll), scroll.top()), (Some(Step::Entry(8)), 1));
            steps.go(Move::Down, &mut scroll, 5, &laid);
            assert_eq!((stands(&steps, scroll), scroll.top()), (None, 2), "nothing to stand on");
            steps.go(Move::Bottom, &mut scroll, 5, &laid);
            assert_eq!(stands(&steps, scroll), Some(Step::Entry(7)));
            steps.go(Move::Top, &mut scroll, 5, &laid);
            assert_eq!((stands(&steps, scroll), scroll.top()), (Some(Step::Entry(9)), 0));
        });
    }

    #[test]
    fn what_is_folded_says_how_much_and_one_stands_on_its_first_once_it_is_unfolded() {
        with(|ctx| {
            let older = Line::Folded("2 older".into(), vec![entry(2), entry(1)]);
            let doc = Doc(vec![entry(3), older]);
            let mut steps = Steps::default();
            let laid = steps.lay(&doc, 80, ctx);
            assert_eq!(laid.steps, [(0, Step::Entry(3)), (1, Step::Fold(0))]);
            assert!(laid.lines[1].plain().as_str().contains("2 older"), "{laid:?}");
            steps.unfold(0, &doc);
            let laid = steps.lay(&doc, 80, ctx);
            let now: Vec<Step> = laid.steps.iter().map(|(_, step)| *step).collect();
            assert_eq!(now, [Step::Entry(3), Step::Entry(2), Step::Entry(1)]);
            let stands = steps.stands(&laid, Scroll::default(), 5);
            assert_eq!(stands, Some((1, Step::Entry(2))));
        });
    }

    #[test]
    fn where_one_stands_shows_without_colour() {
        with(|ctx| {
            let laid = Steps::default().lay(&Doc(vec![entry(41)]), 80, ctx);
            let row = chosen(&laid.lines[0]);
            assert!(row.plain().as_str().starts_with(">#41 "), "{row:?}");
            assert_eq!(row.width(), laid.lines[0].width());
        });
    }
}
