//! What every cell may look at while it is drawn: the time, the zone to show, the look. It holds no data.

use std::ops::Range;

use chrono_tz::Tz;
use ratatui::style::Style;

use super::theme::{Look, Role};
use super::widgets::cell::{Cell, Form, Instant};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::domain::time_input::{offset, span};
use crate::safe_text::SafeText;

/// The person at the console and the time, on which depends what can be pressed.
#[derive(Clone, Copy, Debug)]
pub struct Me<'a> {
    /// The person as the rules see one; nothing until the store has said.
    pub holder: Option<&'a Holder>,
    /// The time, by the store's clock.
    pub now: Time,
}

/// The surroundings of one frame.
#[derive(Clone, Copy, Debug)]
pub struct Ctx<'a> {
    /// The time of the frame, by the store's clock.
    pub now: Time,
    /// Whether times are shown in UTC; else in the time of a site.
    pub utc: bool,
    /// The zone in which times without an offset stand if not in UTC, where a row is of no site: the last row names it.
    pub local: Tz,
    /// The zone of the site in scope, for objects without one.
    pub zone: Tz,
    /// How roles look.
    pub look: &'a Look,
    /// Whether the data shown may no longer be true.
    pub stale: bool,
    /// Who looks at it.
    pub me: Me<'a>,
}

/// Seconds within which a time of the next day stands as a time: no other of that name is near.
const HALF_A_DAY: i64 = 43_200;

impl Ctx<'_> {
    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.look.theme.style(role)
    }

    /// The same for a row of a site: what has no room for an offset stands in the time of that site.
    #[must_use]
    pub fn at_site(&self, zone: Option<Tz>) -> Self {
        Self { local: zone.unwrap_or(self.local), ..*self }
    }

    /// The zone of what has no room for an offset.
    pub fn columns(&self) -> Tz {
        if self.utc { Tz::UTC } else { self.local }
    }

    /// A time in at most six columns: `14:40Z` or `17:40` today and in the half day that comes, `11-24` in the year
    /// around, else `2028`.
    pub fn short(&self, at: Time) -> SafeText {
        self.column(at, 0..HALF_A_DAY)
    }

    /// The same of what was, or where what is left stands beside it: a time also in the half day that has passed.
    pub fn near(&self, at: Time) -> SafeText {
        self.column(at, 1 - HALF_A_DAY..HALF_A_DAY)
    }

    fn column(&self, at: Time, clock: Range<i64>) -> SafeText {
        let zone = self.columns();
        let (local, now) = (at.utc().with_timezone(&zone), self.now.utc().with_timezone(&zone));
        let soon = clock.contains(&at.seconds_since(self.now));
        let away = (local.date_naive() - now.date_naive()).num_days().abs();
        let text = match if soon { 0 } else { away } {
            0 if self.utc => local.format("%H:%MZ"),
            0 => local.format("%H:%M"),
            1..=300 => local.format("%m-%d"),
            _ => local.format("%Y"),
        };
        SafeText::from(text.to_string())
    }

    /// The same outside the columns of a list, where nothing else tells in whose time it stands: `14:40Z`, or in the site's
    /// time `17:40 +03`.
    pub fn brief(&self, at: Time, zone: Tz) -> SafeText {
        let there = self.at_site(Some(zone));
        let text = there.near(at);
        if self.utc || !text.as_str().contains(':') {
            return text;
        }
        SafeText::from(format!("{text} {}", offset(at, zone)))
    }

    /// A time in words that were written before anybody knew in whose time they would be read: in this form in UTC, or in
    /// the site's time, that of the surroundings where it has no site.
    pub fn told(&self, at: &Instant) -> SafeText {
        let Instant { at, zone, form } = *at;
        let there = zone.unwrap_or(self.local);
        let gap = if form == Form::Clock { "" } else { " " };
        if form == Form::Date {
            let zone = if self.utc { Tz::UTC } else { there };
            let day = at.utc().with_timezone(&zone).format(form.pattern());
            return SafeText::from(day.to_string());
        }
        if let (Form::Both, Some(zone)) = (form, zone) {
            return self.full(at, zone);
        }
        SafeText::from(match self.utc {
            true => format!("{}Z", at.utc().format(form.pattern())),
            false => {
                let local = at.utc().with_timezone(&there).format(form.pattern());
                format!("{local}{gap}{}", offset(at, there))
            }
        })
    }

    /// A sentence of the program's own with its times as whoever looks wants them, those of a site in its zone.
    pub fn spelled(&self, text: &SafeText, zone: Option<Tz>) -> SafeText {
        Cell::sentence(text.clone(), zone).told(self).plain()
    }

    /// A time where there is room for it: `20:46Z (23:46 +03)` today, `11-24 20:46Z (23:46 +03)` on another day; in the
    /// site's time `23:46 +03`.
    pub fn moment(&self, at: Time, zone: Tz) -> SafeText {
        let shown = if self.utc { Tz::UTC } else { zone };
        let day = |at: Time| at.utc().with_timezone(&shown).date_naive();
        let date = if day(at) == day(self.now) { "" } else { "%m-%d " };
        self.both(at, zone, date)
    }

    /// A time in full: `2026-11-22 14:32Z (17:32 +03)`, or in the site's time `2026-11-22 17:32 +03`.
    pub fn full(&self, at: Time, zone: Tz) -> SafeText {
        self.both(at, zone, "%Y-%m-%d ")
    }

    /// A time with its date in this form; in UTC with the time of the site beside it, where that is another.
    fn both(&self, at: Time, zone: Tz, date: &str) -> SafeText {
        let (utc, local, there) = (at.utc(), at.utc().with_timezone(&zone), offset(at, zone));
        let form = format!("{date}%H:%M");
        if !self.utc {
            return SafeText::from(format!("{} {there}", local.format(&form)));
        }
        let text = format!("{}Z", utc.format(&form));
        if there == "+00" {
            return SafeText::from(text);
        }
        let other_day = local.date_naive() != utc.date_naive();
        let form = if other_day { "%m-%d %H:%M" } else { "%H:%M" };
        SafeText::from(format!("{text} ({} {there})", local.format(form)))
    }

    /// A span in at most twelve columns: `22 14:00+2h`, `22 14:00+90m`, `22 14:00<3h` for what lasts 2h30m.
    pub fn window(&self, start: Time, end: Time) -> SafeText {
        let local = start.utc().with_timezone(&self.columns());
        let seconds = end.seconds_since(start);
        let minutes = seconds / 60;
        let lasts = match span(seconds) {
            exact if exact.len() <= 3 && (minutes % 1_440 == 0 || minutes < 1_440) => {
                format!("+{exact}")
            }
            _ if minutes < 100 => format!("+{minutes}m"),
            // What fits no column exactly is less than so many hours.
            _ if minutes < 99 * 60 => format!("<{}h", minutes.div_euclid(60) + 1),
            days => format!("+{days}"),
        };
        // A day without its month is of the days around this one.
        if start.seconds_since(self.now).abs() > 14 * 86_400 {
            return SafeText::from(local.format("%m-%d %H:%M").to_string());
        }
        SafeText::from(format!("{}{lasts}", local.format("%d %H:%M")))
    }

    /// What remains until a time: `8m`, `3h10m`, `2d`, or `-8m` when it has passed.
    pub fn left(&self, due: Time) -> SafeText {
        let seconds = due.seconds_since(self.now);
        let text = if seconds >= 0 {
            span(seconds)
        } else {
            let past = span(seconds.saturating_neg());
            // The column takes six; hours alone say enough of what is long past.
            match past.split_once('h') {
                Some((hours, minutes)) if past.len() > 5 && !minutes.is_empty() => {
                    format!("-{hours}h")
                }
                Some(_) | None if past == "0m" => past,
                Some(_) | None => format!("-{past}"),
            }
        };
        SafeText::from(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_within_words_follows_whoever_looks_and_says_in_whose_time_it_stands() {
        let look = Look::default();
        let at = "2026-11-22T22:42:00Z".parse::<Time>().unwrap();
        let now = "2026-11-22T14:32:00Z".parse::<Time>().unwrap();
        let me = Me { holder: None, now };
        let local = Tz::America__New_York;
        let ctx = |utc| Ctx { now, utc, local, zone: Tz::UTC, look: &look, stale: false, me };
        let riyadh = Some(Tz::Asia__Riyadh);
        let said = |utc, zone, form| ctx(utc).told(&Instant { at, zone, form }).to_string();
        for (form, zone, utc, there) in [
            (Form::Full, riyadh, "2026-11-22 22:42Z", "2026-11-23 01:42 +03"),
            (Form::Full, None, "2026-11-22 22:42Z", "2026-11-22 17:42 -05"),
            (Form::Both, riyadh, "2026-11-22 22:42Z (11-23 01:42 +03)", "2026-11-23 01:42 +03"),
            (Form::Day, riyadh, "11-22 22:42Z", "11-23 01:42 +03"),
            (Form::Clock, riyadh, "22:42Z", "01:42+03"),
            (Form::Second, riyadh, "2026-11-22 22:42:00Z", "2026-11-23 01:42:00 +03"),
            (Form::Date, riyadh, "11-22", "11-23"),
        ] {
            assert_eq!(said(true, zone, form), utc);
            assert_eq!(said(false, zone, form), there);
        }
        let told = SafeText::from(format!("alice closed it at {at:#}: nothing is left"));
        let spelled = |utc| ctx(utc).spelled(&told, riyadh).to_string();
        assert_eq!(spelled(true), told.as_str());
        assert_eq!(spelled(false), "alice closed it at 2026-11-23 01:42 +03: nothing is left");
        assert_eq!(ctx(true).brief(at, Tz::Asia__Riyadh).as_str(), "22:42Z");
        assert_eq!(ctx(false).brief(at, Tz::Asia__Riyadh).as_str(), "01:42 +03");
        let later = at.plus_seconds(86_400);
        assert_eq!(ctx(false).brief(later, Tz::Asia__Riyadh).as_str(), "11-24");
    }

    #[test]
    fn times_fit_their_columns_and_name_their_zone() {
        let look = Look::default();
        let at = |text: &str| text.parse::<Time>().unwrap();
        let now = at("2026-11-22T14:32:00Z");
        let me = Me { holder: None, now };
        let local = Tz::Asia__Riyadh;
        let mut ctx = Ctx { now, utc: true, local, zone: Tz::UTC, look: &look, stale: false, me };
        let due = at("2026-11-22T17:42:00Z");
        assert_eq!(ctx.short(due).as_str(), "17:42Z");
        assert_eq!(ctx.full(due, Tz::Asia__Riyadh).as_str(), "2026-11-22 17:42Z (20:42 +03)");
        assert_eq!(ctx.full(due, Tz::UTC).as_str(), "2026-11-22 17:42Z");
        assert_eq!(ctx.moment(due, Tz::Asia__Riyadh).as_str(), "17:42Z (20:42 +03)");
        let late = at("2026-11-23T22:00:00Z");
        assert_eq!(ctx.moment(late, Tz::Asia__Riyadh).as_str(), "11-23 22:00Z (11-24 01:00 +03)");
        assert_eq!(ctx.left(due).as_str(), "3h10m");
        assert_eq!(ctx.left(at("2026-11-22T14:24:00Z")).as_str(), "-8m");
        assert_eq!(ctx.left(at("2026-11-22T14:31:50Z")).as_str(), "0m");
        assert_eq!(ctx.left(at("2026-11-22T12:29:00Z")).as_str(), "-2h03m");
        assert_eq!(ctx.left(at("2026-11-21T18:52:00Z")).as_str(), "-19h");
        let earlier = at("2026-10-29T19:45:00Z");
        let month = ctx.window(earlier, earlier.plus_seconds(7_200));
        assert_eq!(month.as_str(), "10-29 19:45");
        let end = due.plus_seconds(7_200);
        assert_eq!(ctx.window(due, end).as_str(), "22 17:42+2h");
        let lasts = |minutes: i64| ctx.window(due, due.plus_seconds(minutes * 60));
        assert_eq!(lasts(90).as_str(), "22 17:42+90m");
        assert_eq!(lasts(150).as_str(), "22 17:42<3h");
        assert_eq!(lasts(26 * 60).as_str(), "22 17:42<27h");
        assert_eq!(lasts(2_880).as_str(), "22 17:42+2d");
        ctx.utc = false;
        assert_eq!(ctx.short(due).as_str(), "20:42");
        assert_eq!(ctx.full(due, Tz::Asia__Riyadh).as_str(), "2026-11-22 20:42 +03");
        assert_eq!(ctx.moment(due, Tz::Asia__Riyadh).as_str(), "20:42 +03");
        assert_eq!(ctx.short(at("2026-12-24T10:00:00Z")).as_str(), "12-24");
        // Of the next day, and near: the date alone would say less.
        assert_eq!(ctx.short(at("2026-11-22T22:30:00Z")).as_str(), "01:30");
        assert_eq!(ctx.short(at("2026-11-23T14:30:00Z")).as_str(), "11-23");
        assert_eq!(ctx.short(at("2026-11-21T20:30:00Z")).as_str(), "11-21");
        // What was stands as a time too where nobody takes it for what comes.
        let after_midnight = Ctx { now: at("2026-11-21T21:04:00Z"), ..ctx };
        assert_eq!(after_midnight.short(at("2026-11-21T20:57:00Z")).as_str(), "11-21");
        assert_eq!(after_midnight.near(at("2026-11-21T20:57:00Z")).as_str(), "23:57");
        assert_eq!(after_midnight.near(at("2026-11-21T08:57:00Z")).as_str(), "11-21");
    }
}
