//! The risks by likelihood and worst consequence: five by five, how many stand in each, and which they are.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::list::{ListScreen, Spec};
use super::{Focus, Reaction, Screen, risks};
use crate::console::ctx::Ctx;
use crate::console::data::{Ask, Data};
use crate::console::keys::{Act, Action, Move, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::list::{Fetch, Page};
use crate::console::widgets::paint;
use crate::domain::risk::priority_of;
use crate::safe_text::SafeText;
use crate::store::query::{Risk, Weighed};

/// Columns of a cell.
const WIDE: u16 = 9;

/// Columns before the first cell.
const EDGE: u16 = 16;

/// The matrix and where one stands in it.
#[derive(Debug)]
pub struct MatrixScreen {
    cells: Option<Vec<Weighed>>,
    likelihood: i64,
    worst: i64,
}

impl Default for MatrixScreen {
    /// Where the worst stands.
    fn default() -> Self {
        Self { cells: None, likelihood: 5, worst: 5 }
    }
}

impl MatrixScreen {
    fn count(&self, likelihood: i64, worst: i64) -> i64 {
        let here = |cell: &&Weighed| cell.likelihood == likelihood && cell.worst == worst;
        self.cells.iter().flatten().find(here).map_or(0, |cell| cell.count)
    }

    fn cell(&self, likelihood: i64, worst: i64) -> Cell {
        match (self.count(likelihood, worst), u8::try_from(priority_of(likelihood, worst))) {
            (0, _) | (_, Err(_)) => Cell::of("·", Role::Dim),
            (count, Ok(rank)) => {
                Cell::priority(rank, false).and(format!(" {count}"), Role::of_priority(rank))
            }
        }
    }
}

impl Screen for MatrixScreen {
    fn title(&self) -> SafeText {
        SafeText::fixed("Risk matrix")
    }

    fn scope(&self) -> Scope {
        Scope::Risk
    }

    fn ask(&self, fetch: Fetch) -> Option<Ask> {
        match fetch {
            Fetch::Anew | Fetch::Refresh => {
                Some(Ask::List { subject: "matrix", filter: String::new(), after: None, limit: 25 })
            }
            Fetch::More => None,
        }
    }

    fn accept(&mut self, data: Data, _fetch: Fetch) {
        if let Data::List(page) = data
            && let Ok(page) = page.downcast::<Page<Weighed>>()
        {
            self.cells = Some(page.rows);
        }
    }

    fn act(&mut self, act: Act) -> Reaction {
        match act {
            Act::Move(movement) => {
                let (by_likelihood, by_worst) = match movement {
                    Move::Down => (-1, 0),
                    Move::Up => (1, 0),
                    Move::Left => (0, -1),
                    Move::Right => (0, 1),
                    Move::PageDown | Move::Bottom => (-5, 0),
                    Move::PageUp | Move::Top => (5, 0),
                };
                self.likelihood = (self.likelihood + by_likelihood).clamp(1, 5);
                self.worst = (self.worst + by_worst).clamp(1, 5);
                Reaction::Done
            }
            Act::Open => {
                static RISKS: Spec<Risk> = risks::SPEC;
                let filter = format!(
                    "state:candidate,open,treating,accepted likelihood:{} worst:{}",
                    self.likelihood, self.worst
                );
                Reaction::Open(Box::new(ListScreen::filtered(&RISKS, filter)))
            }
            Act::Resort => Reaction::Fetch(Fetch::Anew),
            Act::NextPart | Act::Mark | Act::View | Act::Matrix => Reaction::Ignored,
        }
    }

    fn opens(&self) -> bool {
        true
    }

    fn focus(&self) -> Option<Focus> {
        None
    }

    fn denied(&self, _action: &Action, _ctx: &Ctx<'_>) -> Option<SafeText> {
        None
    }

    fn set_height(&mut self, _rows: u16) {}

    fn strip(&self, _ctx: &Ctx<'_>) -> Vec<Cell> {
        let count = self.count(self.likelihood, self.worst);
        let said = format!(
            "likelihood {} x worst consequence {} = {}: {count} not closed",
            self.likelihood,
            self.worst,
            self.likelihood * self.worst
        );
        vec![Cell::text(said), "Enter lists them; arrows move; Esc goes back".into()]
    }

    fn view(&self, ctx: &Ctx<'_>, body: Rect, _side: Option<Rect>, buffer: &mut Buffer) {
        let head = SafeText::fixed("Risks by likelihood (up) and worst consequence (right)");
        paint::text(buffer, paint::row(body, 0), &head, ctx.style(Role::Title));
        if self.cells.is_none() {
            let wait = SafeText::fixed("reading …");
            paint::text(buffer, paint::row(body, 1), &wait, ctx.style(Role::Dim));
            return;
        }
        for (line, likelihood) in (0..5_u16).zip([5, 4, 3, 2, 1]) {
            let row = paint::row(body, 2 + line * 2);
            let label = SafeText::from(format!(" likelihood {likelihood}"));
            paint::text(buffer, row, &label, ctx.style(Role::Dim));
            for (column, worst) in (0..5_u16).zip(1..=5) {
                let place = paint::after(row, EDGE + column * WIDE);
                let here = likelihood == self.likelihood && worst == self.worst;
                let over = here.then_some(Role::Selected);
                let mark = if here { ">" } else { " " };
                let cell = Cell::text(mark);
                paint::cell(buffer, place, &cell, Align::Left, ctx, None);
                let place = paint::after(place, 1);
                paint::cell(buffer, place, &self.cell(likelihood, worst), Align::Left, ctx, over);
            }
        }
        let foot = paint::row(body, 12);
        for (column, worst) in (0..5_u16).zip(1..=5) {
            let label = SafeText::from(format!("worst {worst}"));
            let place = paint::after(foot, EDGE + 1 + column * WIDE);
            paint::text(buffer, place, &label, ctx.style(Role::Dim));
        }
    }
}
