//! What the terminal shows, as far as it is known: so that what stands already need not be leapt over, and a row that ends
//! in nothing is cut with three bytes. It writes nothing itself.

use ratatui::buffer::Cell;
use ratatui::layout::Size;

use super::is_narrow;
use super::pen::{PLAIN, Pen};

/// The cells of the terminal; none where nobody knows what stands there.
#[derive(Debug)]
pub struct Shown {
    size: Size,
    cells: Vec<Option<Cell>>,
}

impl Shown {
    /// An empty screen.
    pub fn new(size: Size) -> Self {
        Self {
            size,
            cells: vec![Some(Cell::EMPTY); usize::from(size.width) * usize::from(size.height)],
        }
    }

    /// Forgets what stands there.
    pub fn forget(&mut self) {
        self.cells.fill(None);
    }

    fn place(&self, x: u16, y: u16) -> Option<usize> {
        let inside = x < self.size.width && y < self.size.height;
        inside.then(|| usize::from(y) * usize::from(self.size.width) + usize::from(x))
    }

    /// What stands at a place, if that is known.
    pub fn at(&self, x: u16, y: u16) -> Option<&Cell> {
        self.cells.get(self.place(x, y)?)?.as_ref()
    }

    /// Whether a character stands here that takes the next column too.
    pub fn is_wide(&self, x: u16, y: u16) -> bool {
        self.at(x, y).is_some_and(|cell| !is_narrow(cell.symbol()))
    }

    /// Takes a cell that is to be written; says whether that shows.
    pub fn put(&mut self, x: u16, y: u16, cell: &Cell) -> bool {
        let shows = self
            .at(x, y)
            .is_none_or(|old| old.symbol() != cell.symbol() || !Pen::of(old).suits(cell));
        if let Some(place) = self.place(x, y)
            && let Some(known) = self.cells.get_mut(place)
        {
            *known = Some(cell.clone());
        }
        // The other half of a wide character, and what terminals differ on.
        if !is_narrow(cell.symbol())
            && let Some(place) = self.place(x.saturating_add(1), y)
            && let Some(known) = self.cells.get_mut(place)
        {
            *known = None;
        }
        shows
    }

    /// Whether a row holds nothing from here to its end.
    pub fn ends(&self, x: u16, y: u16) -> bool {
        (x..self.size.width)
            .all(|x| self.at(x, y).is_some_and(|cell| cell.symbol() == " " && PLAIN.suits(cell)))
    }

    /// What stands between two columns of a row, if a pen writes it as it stands and it takes no more than so many bytes.
    pub fn between(&self, (from, to): (u16, u16), y: u16, pen: Pen, most: usize) -> Option<String> {
        let mut text = String::new();
        for x in from..to {
            let cell = self.at(x, y).filter(|cell| pen.suits(cell) && is_narrow(cell.symbol()))?;
            text.push_str(cell.symbol());
            if text.len() > most {
                return None;
            }
        }
        Some(text)
    }
}
