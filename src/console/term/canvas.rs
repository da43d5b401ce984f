//! Where frames become bytes: a ratatui backend that collects one frame and writes it once.
//!
//! It asks the terminal nothing, ever: the size is told, the cursor is known. A frame that changed
//! nothing writes nothing, so an idle console is silent on the line.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

/// A backend over any writer.
#[derive(Debug)]
pub struct Canvas<W: Write> {
    out: W,
    frame: Vec<u8>,
    size: Size,
    cursor_shown: bool,
    cursor_at: Option<Position>,
}

/// The attributes that a cell asks for and their SGR numbers (ECMA-48, 8.3.117).
const ATTRIBUTES: &[(Modifier, u8)] = &[
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::REVERSED, 7),
];

impl<W: Write> Canvas<W> {
    /// A canvas of this size; the cursor is taken as hidden, which the guard sees to.
    pub fn new(out: W, size: Size) -> Self {
        Self {
            out,
            frame: Vec::with_capacity(8 * 1024),
            size,
            cursor_shown: false,
            cursor_at: None,
        }
    }

    /// Tells the canvas the terminal's present size.
    pub const fn set_size(&mut self, size: Size) {
        self.size = size;
    }

    /// Forgets what is known of the cursor, after something else wrote to the terminal.
    pub const fn forget(&mut self) {
        self.cursor_at = None;
        self.cursor_shown = false;
    }

    /// Rings the terminal's bell with the next frame.
    pub fn bell(&mut self) {
        self.frame.push(0x07);
    }

    fn move_to(&mut self, at: Position) {
        let (row, column) = (u32::from(at.y) + 1, u32::from(at.x) + 1);
        self.frame.extend_from_slice(format!("\x1b[{row};{column}H").as_bytes());
    }

    /// The shortest way from one style to another: all attributes anew, or only what is added.
    fn set_style(&mut self, from: Pen, to: Pen) {
        let mut anew = String::new();
        push_attributes(&mut anew, to.modifier);
        push_colour(&mut anew, to.fg, 30);
        push_colour(&mut anew, to.bg, 40);
        // The reset alone is shorter without its number.
        let mut codes = if anew.is_empty() { anew } else { format!("0{anew}") };
        let keeps = |old: Color, new: Color| new != Color::Reset || old == Color::Reset;
        if to.modifier.contains(from.modifier) && keeps(from.fg, to.fg) && keeps(from.bg, to.bg) {
            let mut added = String::new();
            push_attributes(&mut added, to.modifier.difference(from.modifier));
            if from.fg != to.fg {
                push_colour(&mut added, to.fg, 30);
            }
            if from.bg != to.bg {
                push_colour(&mut added, to.bg, 40);
            }
            if added.len() <= codes.len() {
                codes = added.trim_start_matches(';').to_owned();
            }
        }
        self.frame.extend_from_slice(format!("\x1b[{codes}m").as_bytes());
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

fn push_attributes(codes: &mut String, modifier: Modifier) {
    for (known, code) in ATTRIBUTES {
        if modifier.contains(*known) {
            codes.push_str(&format!(";{code}"));
        }
    }
}

fn push_colour(codes: &mut String, colour: Color, base: u8) {
    let index = match colour {
        Color::Reset => return,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(n) => {
            codes.push_str(&format!(";{};5;{n}", base + 8));
            return;
        }
        Color::Rgb(r, g, b) => {
            codes.push_str(&format!(";{};2;{r};{g};{b}", base + 8));
            return;
        }
    };
    codes.push_str(&format!(";{}", base + index));
}

impl<W: Write> Backend for Canvas<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut pen = PLAIN;
        let mut next: Option<Position> = None;
        for (x, y, cell) in content {
            if next != Some(Position { x, y }) {
                self.move_to(Position { x, y });
            }
            let wanted = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
            if wanted != pen {
                self.set_style(pen, wanted);
                pen = wanted;
            }
            self.frame.extend_from_slice(cell.symbol().as_bytes());
            // Terminals differ on where a wide character leaves the cursor: say it again after one.
            next = cell.symbol().is_ascii().then(|| Position { x: x.saturating_add(1), y });
            if next.is_none() && cell.symbol().chars().count() == 1 && is_narrow(cell.symbol()) {
                next = Some(Position { x: x.saturating_add(1), y });
            }
            self.cursor_at = None;
        }
        if pen != PLAIN {
            self.set_style(pen, PLAIN);
        }
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
    use ratatui::Terminal;
    use ratatui::style::{Style, Stylize};
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
        assert_eq!(writes.0[0], b"\x1b[1;1Hplain\x1b[2;1H\x1b[1mbold\x1b[m");
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
}
