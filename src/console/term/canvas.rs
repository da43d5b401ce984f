//! Where frames become bytes: a ratatui backend that collects one frame and writes it once.
//!
//! It asks the terminal nothing, ever: the size is told, the cursor is known. A frame that changed
//! nothing writes nothing, so an idle console is silent on the line.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use self::pen::{PLAIN, Pen};
use self::shown::Shown;

mod pen;
mod shown;

/// A backend over any writer.
#[derive(Debug)]
pub struct Canvas<W: Write> {
    out: W,
    frame: Vec<u8>,
    size: Size,
    shown: Shown,
    cursor_shown: bool,
    cursor_at: Option<Position>,
}

/// How a frame is written: with which pen, and where the terminal stands; none where terminals differ.
struct Way {
    pen: Pen,
    next: Option<Position>,
}

impl<W: Write> Canvas<W> {
    /// A canvas of this size; the cursor is taken as hidden, which the guard sees to.
    pub fn new(out: W, size: Size) -> Self {
        Self {
            out,
            frame: Vec::with_capacity(8 * 1024),
            size,
            shown: Shown::new(size),
            cursor_shown: false,
            cursor_at: None,
        }
    }

    /// Tells the canvas the terminal's present size.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.shown = Shown::new(size);
        self.shown.forget();
    }

    /// Forgets what is known of the terminal, after something else wrote to it.
    pub fn forget(&mut self) {
        self.shown.forget();
        self.cursor_at = None;
        self.cursor_shown = false;
    }

    /// Rings the terminal's bell with the next frame.
    pub fn bell(&mut self) {
        self.frame.push(0x07);
    }

    fn write(&mut self, text: &str) {
        self.frame.extend_from_slice(text.as_bytes());
    }

    fn move_to(&mut self, at: Position) {
        let (row, column) = (u32::from(at.y) + 1, u32::from(at.x) + 1);
        match (row, column) {
            (1, 1) => self.write("\x1b[H"),
            (_, 1) => self.write(&format!("\x1b[{row}H")),
            _ => self.write(&format!("\x1b[{row};{column}H")),
        }
    }

    /// Goes to a place by the shortest way: over what stands before it in its row, to the right, or by its name.
    fn go(&mut self, way: &mut Way, to: Position) {
        let from = way.next.replace(to);
        let Some(from) = from.filter(|from| from.y == to.y && from.x <= to.x) else {
            return self.move_to(to);
        };
        let leap = match to.x - from.x {
            0 => return,
            1 => "\x1b[C".to_owned(),
            columns => format!("\x1b[{columns}C"),
        };
        let text = self.shown.between((from.x, to.x), to.y, way.pen, leap.len());
        self.write(&text.unwrap_or(leap));
    }

    /// The cells that show; what is left of a wide character whose place was taken is emptied, because terminals differ on
    /// how its other half looks then.
    fn take<'a>(
        &mut self,
        content: impl Iterator<Item = (u16, u16, &'a Cell)>,
    ) -> Vec<(u16, u16, &'a Cell)> {
        static NOTHING: Cell = Cell::EMPTY;
        let mut cells = Vec::new();
        let mut left = None;
        for (x, y, cell) in content {
            if let Some((x, y)) = left.take().filter(|left| *left != (x, y)) {
                self.shown.put(x, y, &NOTHING);
                cells.push((x, y, &NOTHING));
            }
            let last = if is_narrow(cell.symbol()) { x } else { x.saturating_add(1) };
            let behind = last.saturating_add(1);
            let halved = behind < self.size.width && self.shown.is_wide(last, y);
            left = halved.then_some((behind, y));
            if self.shown.put(x, y, cell) {
                cells.push((x, y, cell));
            }
        }
        if let Some((x, y)) = left {
            self.shown.put(x, y, &NOTHING);
            cells.push((x, y, &NOTHING));
        }
        cells
    }

    fn dip(&mut self, way: &mut Way, pen: Pen) {
        if way.pen != pen {
            self.write(&way.pen.to(pen));
            way.pen = pen;
        }
    }
}

/// Bytes that end a row whose rest is empty.
const END_OF_ROW: &str = "\x1b[K";

impl<W: Write> Backend for Canvas<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        // All of it is known before anything is written: what a row ends in is seen only then.
        let cells = self.take(content);
        let mut way = Way { pen: PLAIN, next: None };
        let mut rest = cells.as_slice();
        while let [(x, y, cell), more @ ..] = rest {
            let (at, row) = (Position { x: *x, y: *y }, *y);
            self.cursor_at = None;
            if cell.symbol() == " " && self.shown.ends(*x, *y) {
                let behind = more.iter().take_while(|(_, y, _)| *y == row).count();
                // Fewer are sooner written.
                if behind >= END_OF_ROW.len() {
                    self.go(&mut way, at);
                    self.dip(&mut way, PLAIN);
                    self.write(END_OF_ROW);
                    rest = more.get(behind..).unwrap_or_default();
                    continue;
                }
            }
            self.go(&mut way, at);
            if !way.pen.suits(cell) {
                self.dip(&mut way, Pen::of(cell));
            }
            self.write(cell.symbol());
            // Terminals differ on where a wide character leaves the cursor, and on what stands behind the last column.
            let after = x.saturating_add(1);
            let known = after < self.size.width && is_narrow(cell.symbol());
            way.next = known.then_some(Position { x: after, y: *y });
            rest = more;
        }
        self.dip(&mut way, PLAIN);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown {
            self.frame.extend_from_slice(b"\x1b[?25l");
            self.cursor_shown = false;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !self.cursor_shown {
            self.frame.extend_from_slice(b"\x1b[?25h");
            self.cursor_shown = true;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor_at.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor_at != Some(position) {
            self.move_to(position);
            self.cursor_at = Some(position);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        let code: &[u8] = match clear_type {
            ClearType::All => b"\x1b[2J",
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        };
        self.frame.extend_from_slice(code);
        match clear_type {
            ClearType::All => self.shown = Shown::new(self.size),
            ClearType::AfterCursor
            | ClearType::BeforeCursor
            | ClearType::CurrentLine
            | ClearType::UntilNewLine => self.shown.forget(),
        }
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        self.out.write_all(&self.frame)?;
        self.frame.clear();
        self.out.flush()
    }
}

fn is_narrow(symbol: &str) -> bool {
    unicode_width::UnicodeWidthStr::width(symbol) == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::style::{Color, Modifier, Style, Stylize};
    use ratatui::text::Line;

    use super::*;

    #[derive(Default)]
    struct Writes(Vec<Vec<u8>>);

    impl Write for &mut Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn draw(writes: &mut Writes, frames: &[&[Line<'static>]]) {
        let mut terminal = Terminal::new(Canvas::new(writes, Size::new(20, 3))).unwrap();
        for lines in frames {
            terminal
                .draw(|frame| {
                    for (y, line) in (0..).zip(*lines) {
                        frame.buffer_mut().set_line(0, y, line, 20);
                    }
                })
                .unwrap();
        }
    }

    #[test]
    fn a_frame_is_one_write_and_an_equal_frame_none() {
        let mut writes = Writes::default();
        let lines: &[Line] = &["plain".into(), Line::from("bold".bold())];
        draw(&mut writes, &[lines, lines, lines]);
        assert_eq!(writes.0.len(), 1);
        assert_eq!(writes.0[0], b"\x1b[Hplain\x1b[2H\x1b[1mbold\x1b[m");
    }

    #[test]
    fn what_the_canvas_wrote_is_what_a_terminal_shows() {
        let mut writes = Writes::default();
        let style = Style::new().fg(Color::Red).reversed();
        draw(&mut writes, &[&[Line::from("製油所 ▲2".to_string()).style(style), "second".into()]]);
        let mut screen = vt100::Parser::new(3.try_into().unwrap(), 20.try_into().unwrap(), 0);
        screen.process(&writes.0.concat());
        assert_eq!(screen.screen().contents(), "製油所 ▲2\nsecond");
        let cell = screen.screen().cell(0, 0).unwrap();
        assert!(cell.inverse());
        assert_eq!(cell.fgcolor(), vt100::Color::Idx(1));
    }

    /// A row of a frame: where it begins, what stands there and how it looks.
    type Row = (u16, String, Style);

    fn row() -> impl Strategy<Value = Row> {
        let text = prop_oneof![
            "[ab ]{0,20}",
            "[ab]{0,6} {0,14}[ab]{0,3}",
            "[a製▲· ]{0,10}",
            Just(String::new())
        ];
        let style = (0..3_u8, 0..3_u8, 0..5_usize).prop_map(|(fg, bg, look)| {
            let colour = |of| [Color::Reset, Color::Red, Color::Indexed(240)][usize::from(of)];
            let none = Modifier::empty();
            let looks =
                [none, Modifier::BOLD, Modifier::REVERSED, Modifier::UNDERLINED, Modifier::DIM];
            Style::new().fg(colour(fg)).bg(colour(bg)).add_modifier(looks[look])
        });
        (0..20_u16, text, style)
    }

    /// What a person sees of a cell.
    fn seen(cell: &vt100::Cell) -> (String, [vt100::Color; 2], [bool; 4]) {
        let text = cell.contents();
        let nothing = text.is_empty() || text == " ";
        let plain = nothing && !cell.underline() && !cell.inverse();
        let fg = if plain { vt100::Color::Default } else { cell.fgcolor() };
        (
            if nothing { " ".to_owned() } else { text.to_owned() },
            [fg, cell.bgcolor()],
            [cell.bold() && !plain, cell.dim() && !plain, cell.underline(), cell.inverse()],
        )
    }

    proptest! {
        /// What a terminal shows after frame upon frame is what it shows of the last one alone.
        #[test]
        fn a_frame_looks_the_same_whatever_stood_there_before(
            frames in proptest::collection::vec(proptest::collection::vec(row(), 4), 1..6),
            cleared in 0..6_usize,
        ) {
            let drawn = |frames: &[Vec<Row>]| {
                let mut writes = Writes::default();
                let mut terminal =
                    Terminal::new(Canvas::new(&mut writes, Size::new(20, 4))).unwrap();
                for (number, rows) in frames.iter().enumerate() {
                    if number == cleared {
                        terminal.clear().unwrap();
                    }
                    terminal
                        .draw(|frame| {
                            for (y, (x, text, style)) in (0..).zip(rows) {
                                frame.buffer_mut().set_string(*x, y, text, *style);
                            }
                        })
                        .unwrap();
                }
                drop(terminal);
                let mut screen = vt100::Parser::new(4.try_into().unwrap(), 20.try_into().unwrap(), 0);
                screen.process(&writes.0.concat());
                let cells = (0..4).flat_map(|y| (0..20).map(move |x| (x, y)));
                cells.map(|(x, y)| seen(screen.screen().cell(y, x).unwrap())).collect::<Vec<_>>()
            };
            prop_assert_eq!(drawn(&frames), drawn(&frames[frames.len() - 1..]));
        }
    }

    #[test]
    fn what_a_row_ends_in_and_what_stands_between_costs_next_to_nothing() {
        let mut writes = Writes::default();
        draw(&mut writes, &[&["a long row of words".into()], &["a lone".into()]]);
        assert_eq!(writes.0[1], b"\x1b[1;6He \x1b[K");
        let mut writes = Writes::default();
        draw(&mut writes, &[&["one two three".into()], &["One two Three".into()]]);
        assert_eq!(writes.0[1], b"\x1b[HO\x1b[7CT");
        let mut writes = Writes::default();
        draw(&mut writes, &[&["abcdef".into()], &["aXcXeX".into()]]);
        assert_eq!(writes.0[1], b"\x1b[1;2HXcXeX");
    }
}
