//! How long a question may wait: spans on the wall clock or in business hours of a time zone.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::forms::escalation as forms;
use super::json::Node;
use super::problem::did_you_mean;
use super::reader::{Fields, Sheet};
use crate::domain::time::{At, Span};
use crate::domain::words::{Words, closed_set};

closed_set! {
    /// Which time counts.
    Clock {
        /// Opening hours of the calendar only.
        Business = "business",
        /// All of it.
        Wall = "wall",
    }
}

/// The longest SLA, in hours: 30 days.
const MAX_HOURS: i64 = 720;

/// The hours of an SLA.
pub const HOURS: RangeInclusive<i64> = 1..=MAX_HOURS;

/// The minutes of an SLA.
pub const MINUTES: RangeInclusive<i64> = 1..=MAX_HOURS * 60;

/// The days of a week, from Monday.
pub const DAYS: Words = &[
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// The days that are looked at for one deadline. A calendar of one short day a week stays far below.
const MAX_DAYS: usize = 40_000;

/// How long something may wait, and on which clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sla {
    /// The span. Always positive.
    pub span: Span,
    /// The clock that it runs on.
    pub clock: Clock,
}

impl Sla {
    /// When it is over, counted from a moment.
    #[must_use]
    pub fn due(&self, from: At, calendar: &Calendar) -> At {
        match self.clock {
            Clock::Wall => from.plus(self.span),
            Clock::Business => calendar.after(from, self.span),
        }
    }
}

impl std::fmt::Display for Sla {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = self.span.0 / 60_000;
        let clock = match self.clock {
            Clock::Business => "business ",
            Clock::Wall => "",
        };
        match (minutes / 60, minutes % 60) {
            (1, 0) => write!(f, "1 {clock}hour"),
            (hours, 0) => write!(f, "{hours} {clock}hours"),
            _ => write!(f, "{minutes} {clock}minutes"),
        }
    }
}

/// Opening hours of one place: the same hours on every open day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    zone: TimeZone,
    name: String,
    days: Vec<Weekday>,
    opens: i64,
    closes: i64,
    holidays: BTreeSet<Date>,
}

impl Calendar {
    /// The IANA name of the time zone.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        &self.name
    }

    /// A moment as people there say it: `Wed 18 Nov 2026 10:00 Europe/Berlin`.
    #[must_use]
    pub fn words(&self, at: At) -> String {
        Timestamp::from_millisecond(at.0).map_or_else(
            |_| format!("{} ms", at.0),
            |moment| {
                let there = self.zone.to_datetime(moment);
                format!("{} {}", there.strftime("%a %-d %b %Y %H:%M"), self.name)
            },
        )
    }

    /// How many minutes it is open in a week without holidays.
    #[must_use]
    pub fn minutes_a_week(&self) -> i64 {
        let days = i64::try_from(self.days.len()).unwrap_or(i64::MAX);
        (self.closes - self.opens).saturating_mul(days)
    }

    /// Whether it is open at that moment.
    #[must_use]
    pub fn is_open(&self, at: At) -> bool {
        self.date_of(at)
            .and_then(|date| self.hours_on(date))
            .is_some_and(|(opens, closes)| opens <= at && at < closes)
    }

    /// The moment at which that much opening time has passed.
    fn after(&self, from: At, span: Span) -> At {
        let mut left = span;
        let mut day = self.date_of(from);
        for _ in 0..MAX_DAYS {
            let Some(date) = day else { break };
            if let Some((opens, closes)) = self.hours_on(date) {
                let start = opens.max(from);
                let open_for = closes.since(start);
                if open_for >= left {
                    return start.plus(left);
                }
                left = Span(left.0 - open_for.0.max(0));
            }
            day = date.tomorrow().ok();
        }
        from.plus(span)
    }

    fn date_of(&self, at: At) -> Option<Date> {
        Some(
            self.zone
                .to_datetime(Timestamp::from_millisecond(at.0).ok()?)
                .date(),
        )
    }

    /// Opening and closing of that day, if it is an open one. A day on which clocks change is as
    /// long as it really is.
    fn hours_on(&self, date: Date) -> Option<(At, At)> {
        if !self.days.contains(&date.weekday()) || self.holidays.contains(&date) {
            return None;
        }
        Some((
            self.moment(date, self.opens)?,
            self.moment(date, self.closes)?,
        ))
    }

    fn moment(&self, date: Date, minutes: i64) -> Option<At> {
        let date = if minutes == 24 * 60 {
            date.tomorrow().ok()?
        } else {
            date
        };
        let (hour, minute) = ((minutes / 60) % 24, minutes % 60);
        let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
        Some(At(self
            .zone
            .to_timestamp(date.to_datetime(time))
            .ok()?
            .as_millisecond()))
    }

    /// Reads a calendar: `time_zone`, `days`, `opens`, `closes`, `holidays`.
    #[must_use]
    pub(super) fn read(sheet: &Sheet, node: &Node) -> Option<Self> {
        let fields = sheet.form(node, &forms::CALENDAR)?;
        let zone = fields
            .required("time_zone")
            .and_then(|n| read_zone(sheet, n));
        let days = fields
            .required("days")
            .and_then(|n| sheet.some_of(n, "day"));
        let days = days.map(|items| sheet.each(items, |n| read_day(sheet, n)));
        let opens = fields
            .required("opens")
            .and_then(|n| read_minutes(sheet, n));
        let closes_at = fields.required("closes");
        let closes = closes_at.and_then(|n| read_minutes(sheet, n));
        let holidays = fields
            .optional("holidays")
            .and_then(|n| sheet.list(n))
            .unwrap_or_default();
        let holidays = sheet.each(holidays, |n| read_date(sheet, n));
        let ((zone, name), days, opens, closes) = (zone?, days?, opens?, closes?);
        if closes <= opens {
            return sheet.refuse(
                closes_at?.at,
                "it closes before it opens",
                "a time later than `opens`, at most 24:00",
            );
        }
        Some(Self {
            zone,
            name,
            days,
            opens,
            closes,
            holidays: holidays.into_iter().collect(),
        })
    }
}

/// The bundled database, so that every machine means the same by a name and no file is read.
fn read_zone(sheet: &Sheet, node: &Node) -> Option<(TimeZone, String)> {
    let name = sheet.text(node)?;
    match TimeZoneDatabase::bundled().get(name) {
        Ok(zone) => Some((zone, name.to_owned())),
        Err(_) => {
            let names: Vec<String> = TimeZoneDatabase::bundled()
                .available()
                .map(|n| n.as_str().to_owned())
                .collect();
            let near = did_you_mean(name, &names.iter().map(String::as_str).collect::<Vec<_>>());
            let fix = if near.starts_with("one of") {
                "an IANA name such as `Europe/Berlin`".to_owned()
            } else {
                near
            };
            sheet.refuse(node.at, format!("`{name}` is not a time zone"), fix)
        }
    }
}

fn read_day(sheet: &Sheet, node: &Node) -> Option<Weekday> {
    let word = sheet.text(node)?;
    let Some(index) = DAYS.iter().position(|(day, _)| *day == word) else {
        let days: Vec<&str> = DAYS.iter().map(|(day, _)| *day).collect();
        return sheet.refuse(
            node.at,
            format!("`{word}` is not a day"),
            did_you_mean(word, &days),
        );
    };
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

fn read_minutes(sheet: &Sheet, node: &Node) -> Option<i64> {
    let text = sheet.text(node)?;
    let minutes = text
        .split_once(':')
        .filter(|(h, m)| h.len() == 2 && m.len() == 2)
        .and_then(|(h, m)| {
            let (h, m): (u8, u8) = (h.parse().ok()?, m.parse().ok()?);
            (m < 60 && (h < 24 || (h == 24 && m == 0))).then_some(i64::from(h) * 60 + i64::from(m))
        });
    minutes.or_else(|| {
        sheet.refuse(
            node.at,
            format!("`{text}` is not a time of day"),
            "hours and minutes such as `09:00`",
        )
    })
}

fn read_date(sheet: &Sheet, node: &Node) -> Option<Date> {
    let text = sheet.text(node)?;
    let date = text
        .parse::<Date>()
        .ok()
        .filter(|date| date.to_string() == text);
    date.or_else(|| {
        sheet.refuse(
            node.at,
            format!("`{text}` is not a date"),
            "year, month and day such as `2026-12-25`",
        )
    })
}

/// Reads exactly one of `sla_minutes` and `sla_hours`, and `clock`.
#[must_use]
pub(super) fn read_sla(fields: &Fields<'_>, usual: Clock) -> Option<Sla> {
    let sheet = fields.sheet();
    let clock = fields
        .optional("clock")
        .map(|n| sheet.word(n, "a clock", Clock::ALL, Clock::word));
    let span = match (fields.entry("sla_minutes"), fields.entry("sla_hours")) {
        (Some(entry), None) => sheet.whole(&entry.value, MINUTES).map(Span::minutes),
        (None, Some(entry)) => sheet.whole(&entry.value, HOURS).map(Span::hours),
        (Some(_), Some(second)) => sheet.refuse(
            second.key_at,
            "`sla_minutes` and `sla_hours` stand side by side",
            "exactly one of them",
        ),
        (None, None) => sheet.refuse(
            fields.at(),
            "it does not say how long it may wait",
            "exactly one of `sla_minutes` and `sla_hours`",
        ),
    };
    let clock = clock.unwrap_or(Some(usual))?;
    Some(Sla { span: span?, clock })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(extra: &str) -> Calendar {
        let text = format!(
            r#"{{"time_zone":"Europe/Berlin","days":["mon","tue","wed","thu","fri"],"opens":"09:00","closes":"17:00"{extra}}}"#
        );
        let (sheet, node) = Sheet::open("escalation.json", &text);
        Calendar::read(&sheet, &node.unwrap()).unwrap()
    }

    fn at(text: &str) -> At {
        At(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn business_hours_skip_nights_weekends_and_holidays() {
        let sla = Sla {
            span: Span::hours(10),
            clock: Clock::Business,
        };
        let plain = calendar("");
        // Friday 16:00 in Berlin (winter, UTC+1): one hour on Friday, eight on Monday, one on Tuesday.
        assert_eq!(
            sla.due(at("2026-11-20T15:00:00Z"), &plain),
            at("2026-11-24T09:00:00Z")
        );
        let shut = calendar(r#","holidays":["2026-11-23"]"#);
        assert_eq!(
            sla.due(at("2026-11-20T15:00:00Z"), &shut),
            at("2026-11-25T09:00:00Z")
        );
        // On a Sunday nothing passes before Monday opens.
        let one = Sla {
            span: Span::hours(8),
            clock: Clock::Business,
        };
        assert_eq!(
            one.due(at("2026-11-22T03:00:00Z"), &plain),
            at("2026-11-23T16:00:00Z")
        );
    }

    #[test]
    fn the_wall_clock_never_stops() {
        let sla = Sla {
            span: Span::minutes(15),
            clock: Clock::Wall,
        };
        assert_eq!(
            sla.due(at("2026-11-22T03:00:00Z"), &calendar("")),
            at("2026-11-22T03:15:00Z")
        );
    }

    #[test]
    fn a_day_on_which_clocks_change_is_as_long_as_it_is() {
        let text =
            r#"{"time_zone":"Europe/Berlin","days":["sun"],"opens":"00:00","closes":"24:00"}"#;
        let (sheet, node) = Sheet::open("escalation.json", text);
        let sundays = Calendar::read(&sheet, &node.unwrap()).unwrap();
        let sla = Sla {
            span: Span::hours(24),
            clock: Clock::Business,
        };
        // 29 March 2026 has 23 hours, so one hour of the next Sunday is needed.
        assert_eq!(
            sla.due(at("2026-03-28T23:00:00Z"), &sundays),
            at("2026-04-04T23:00:00Z")
        );
    }
}
