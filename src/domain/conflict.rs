//! What stands against work on assets at a time: other work on them, what keeps the plant from being touched, what may be
//! done to them only under a condition. Each is named, and most can be waived by whom the RACI table says.
//!
//! Where it comes from is not here; neither is the approval of the work.

use std::collections::BTreeMap;

use super::asset::Class;
use super::intervention::{self, Allowance, Cell, Intervention};
use super::raci::Activity;
use super::refusal::{Code, Refusal};
use super::time::Time;
use crate::words;

pub mod opening;

words! {
    /// What kind of thing stands against work.
    pub enum Against {
        /// A change of the same asset, or of one that it is part of or that is part of it.
        Change = "change",
        /// A vendor's access to it that is not for this work.
        Window = "window",
        /// A blackout.
        Blackout = "blackout",
        /// The plant would stop, and no outage is planned.
        NoOutage = "no_outage",
        /// The matrix allows it in an outage alone.
        OutageOnly = "outage_only",
        /// The matrix wants operations to be asked.
        Ask = "ask",
        /// The matrix never allows it.
        Never = "never",
        /// An incident froze the site.
        Freeze = "freeze",
    }
}

impl Against {
    /// The activity whose accountable discipline may waive it; none if nobody may.
    pub const fn waived_by(self) -> Option<Activity> {
        match self {
            Self::Change => Some(Activity::ControlChange),
            Self::Window => Some(Activity::VendorWindow),
            Self::Blackout | Self::NoOutage | Self::OutageOnly | Self::Ask => {
                Some(Activity::OutageCalendar)
            }
            Self::Never | Self::Freeze => None,
        }
    }

    /// When it stands.
    pub const fn stands(self) -> &'static str {
        match self {
            Self::Change => {
                "another change is on the same asset, or on what it is part of, at the same time; one that is only asked for is named and stops nobody, and a standard change that others use counts while it runs"
            }
            Self::Window => {
                "a vendor's window that is not for this change is on the asset, or on what it is part of, at the same time; windows of one vendor, or for one change, are named and stop each other not"
            }
            Self::Blackout => "a blackout of the site or of the asset lies over the work",
            Self::NoOutage => {
                "the impact on uptime is medium or high, and no outage of the asset holds all of the work"
            }
            Self::OutageOnly => {
                "the intervention matrix allows it in an outage alone, and none holds all of the work"
            }
            Self::Ask => "the intervention matrix wants operations to be asked",
            Self::Never => "the intervention matrix never allows it",
            Self::Freeze => "an incident froze the site (`incident.freeze`)",
        }
    }

    /// What helps beside a waiver.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Change | Self::Window => "move one of the two",
            Self::Blackout => "move it, or end the blackout with `smc do blackout.end`",
            Self::NoOutage | Self::OutageOnly => {
                "move it into an outage, or plan one with `smc do outage.plan`"
            }
            Self::Ask => "operations say whether it may be done now",
            Self::Never => "the matrix is set with `smc do intervention.set`",
            Self::Freeze => {
                "wait until the freeze is lifted with `smc do incident.unfreeze`, or ask the incident commander to exempt this with `smc do incident.exempt`; operations begin it then"
            }
        }
    }
}

/// Work that is asked for, allowed or goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Its reference.
    pub reference: String,
    /// Its site.
    pub site: String,
    /// The assets that it touches.
    pub assets: Vec<String>,
    /// When it begins.
    pub start: Time,
    /// When it ends, or when it was to end if it goes on.
    pub end: Time,
    /// Whether it goes on until somebody ends it.
    pub goes_on: bool,
    /// Whether it is approved or goes on; what is only asked for is named, and stops nobody.
    pub settled: bool,
    /// The change that it serves: a vendor's access, a window.
    pub serves: Option<String>,
    /// Whose access it is; none for work that is no vendor's access.
    pub vendor: Option<String>,
}

impl Work {
    fn overlaps(&self, start: Time, end: Time, now: Time) -> bool {
        let until = if self.goes_on { self.end.max(now.plus_seconds(1)) } else { self.end };
        self.start < end && until > start
    }

    /// Whether two accesses are of one visit: one vendor's people, or people who serve one change.
    fn one_visit(&self, other: &Self) -> bool {
        let visits = self.vendor.is_some() && other.vendor.is_some();
        visits
            && (self.vendor == other.vendor
                || (self.serves.is_some() && self.serves == other.serves))
    }
}

/// A time of the calendar that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its reference.
    pub reference: String,
    /// Its site.
    pub site: String,
    /// What it is for.
    pub title: String,
    /// Whether nothing may be changed in it; else the plant stands still in it.
    pub blackout: bool,
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
    /// The assets it is of; none is the whole site.
    pub assets: Option<Vec<String>>,
}

impl Slot {
    fn is_of(&self, asset: &str) -> bool {
        self.assets.as_ref().is_none_or(|assets| assets.iter().any(|one| one == asset))
    }
}

/// A site that an incident froze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// The incident.
    pub incident: String,
    /// The site.
    pub site: String,
    /// Since when.
    pub since: Time,
}

impl Freeze {
    /// The refusal of whatever would begin at the site.
    pub fn refusal(&self) -> Refusal {
        Refusal::new(Code::Frozen, self.said(), Against::Freeze.remedy())
    }

    fn said(&self) -> String {
        format!("{} froze {}: nothing starts and nothing opens", self.incident, self.site)
    }
}

/// An asset as far as work on it is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thing {
    /// Its class, if that is known.
    pub class: Option<Class>,
    /// What it is part of, the nearest first.
    pub part_of: Vec<String>,
}

/// Everything that may stand against work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Changes that are asked for, approved or go on.
    pub changes: Vec<Work>,
    /// Vendors' windows that are asked for, approved or open.
    pub windows: Vec<Work>,
    /// Outages and blackouts that were not taken back.
    pub slots: Vec<Slot>,
    /// What was frozen.
    pub freezes: Vec<Freeze>,
    /// The intervention matrix.
    pub matrix: Vec<Cell>,
    /// Assets by reference.
    pub things: BTreeMap<String, Thing>,
}

/// What a change means to do, as far as something may stand against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// Where and when.
    pub work: Work,
    /// Whether the plant will notice: its impact on uptime is medium or high.
    pub stops: bool,
    /// What is done to its assets.
    pub intervention: Option<Intervention>,
}

/// Something that stands against work.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Conflict {
    /// What it is called: `CR-7`, `VW-3`, `BLK-1`, `INC-2`, or the asset that the matrix speaks of.
    pub with: String,
    /// What kind of thing it is.
    pub against: Against,
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
    /// Why it stands against the work.
    pub because: String,
    /// Whether work must not begin while it stands.
    pub blocks: bool,
}

impl Surroundings {
    /// Whether two assets are the same, or one is part of the other.
    fn touch(&self, a: &str, b: &str) -> bool {
        let above = |of: &str, top: &str| {
            self.things.get(of).is_some_and(|thing| thing.part_of.iter().any(|one| one == top))
        };
        a == b || above(a, b) || above(b, a)
    }

    fn shared<'w>(&self, mine: &'w Work, other: &Work) -> Option<&'w str> {
        let touched = |asset: &&String| other.assets.iter().any(|one| self.touch(asset, one));
        mine.assets.iter().find(touched).map(String::as_str)
    }

    /// Whether a slot is of an asset or of what that is part of.
    fn is_of(&self, slot: &Slot, asset: &str) -> bool {
        let wholes = self.things.get(asset).map_or(&[][..], |thing| thing.part_of.as_slice());
        slot.is_of(asset) || wholes.iter().any(|whole| slot.is_of(whole))
    }

    /// Whether nothing is to be done to an asset in a slot: it is of the asset, of what that is part of, or of a part of it.
    fn spares(&self, slot: &Slot, asset: &str) -> bool {
        slot.assets.as_ref().is_none_or(|named| named.iter().any(|one| self.touch(asset, one)))
    }

    /// Whether a slot is an outage that holds the whole of the work.
    pub fn holds(&self, slot: &Slot, work: &Work) -> bool {
        self.could_hold(slot, work) && slot.start <= work.start && slot.end >= work.end
    }

    /// Whether a slot is an outage of all assets of the work that is long enough for it.
    pub fn could_hold(&self, slot: &Slot, work: &Work) -> bool {
        !slot.blackout
            && slot.site == work.site
            && work.assets.iter().all(|asset| self.is_of(slot, asset))
            && work.end.seconds_since(work.start) <= slot.end.seconds_since(slot.start)
    }

    /// When the work would be done in an outage that could hold it and does not: from its own start if that lies in the
    /// outage, else from the outage's, never before this instant; none if it does not fit.
    pub fn into_outage(&self, slot: &Slot, work: &Work, now: Time) -> Option<(Time, Time)> {
        if work.goes_on || !self.could_hold(slot, work) || self.holds(slot, work) {
            return None;
        }
        let lasts = work.end.seconds_since(work.start);
        let minute = Time::from_micros((now.micros() / 60_000_000 + 1) * 60_000_000);
        let first = if slot.start < now { minute } else { slot.start };
        [work.start, first]
            .into_iter()
            .filter(|start| *start >= first)
            .map(|start| (start, start.plus_seconds(lasts)))
            .find(|(_, end)| *end <= slot.end)
    }

    /// Whether an outage of the asset holds the whole of the work.
    fn in_outage(&self, work: &Work, asset: &str) -> bool {
        let alone = Work { assets: vec![asset.to_owned()], ..work.clone() };
        self.slots.iter().any(|slot| self.holds(slot, &alone))
    }

    /// What stands against a change, in the order of its kinds and each once.
    pub fn against(&self, meant: &Meant, now: Time) -> Vec<Conflict> {
        let work = &meant.work;
        let mut found = self.works(work, now);
        found.extend(self.blackouts(work));
        found.extend(self.interventions(meant));
        found.extend(self.freezes(&work.site, work.start, work.end));
        found
    }

    /// What stands against a vendor's access, in the order of its kinds and each once.
    pub fn against_access(&self, work: &Work, now: Time) -> Vec<Conflict> {
        let mut found = self.works(work, now);
        found.extend(self.blackouts(work));
        found.extend(self.freezes(&work.site, work.start, work.end));
        found
    }

    /// Changes and windows on the same assets at the same time.
    pub fn works(&self, work: &Work, now: Time) -> Vec<Conflict> {
        let changes = self.changes.iter().map(|other| (Against::Change, other));
        let windows = self.windows.iter().map(|other| (Against::Window, other));
        let others = changes.chain(windows).filter(|(_, other)| {
            other.reference != work.reference
                && other.serves.as_ref() != Some(&work.reference)
                && work.serves.as_ref() != Some(&other.reference)
                && other.overlaps(work.start, work.end, now)
        });
        others
            .filter_map(|(against, other)| {
                let asset = self.shared(work, other)?;
                Some(Conflict {
                    with: other.reference.clone(),
                    against,
                    start: other.start,
                    end: other.end,
                    because: format!("it is on {asset} at the same time"),
                    blocks: other.settled && !work.one_visit(other),
                })
            })
            .collect()
    }

    fn blackouts<'a>(&'a self, work: &'a Work) -> impl Iterator<Item = Conflict> + 'a {
        self.slots.iter().filter_map(|slot| {
            let stands = slot.blackout
                && slot.site == work.site
                && slot.start < work.end
                && slot.end > work.start;
            let asset =
                work.assets.iter().find(|asset| self.spares(slot, asset)).filter(|_| stands)?;
            Some(Conflict {
                with: slot.reference.clone(),
                against: Against::Blackout,
                start: slot.start,
                end: slot.end,
                because: format!("nothing is to be changed on {asset}: {}", slot.title),
                blocks: true,
            })
        })
    }

    /// What the matrix and the uptime of the plant ask of each asset.
    fn interventions(&self, meant: &Meant) -> Vec<Conflict> {
        let work = &meant.work;
        let mut found = Vec::new();
        for asset in &work.assets {
            let of = |against, because| Conflict {
                with: asset.clone(),
                against,
                start: work.start,
                end: work.end,
                because,
                blocks: true,
            };
            let class = self.things.get(asset).and_then(|thing| thing.class);
            let set = class.zip(meant.intervention).and_then(|(class, done)| {
                let allowed = intervention::allowed(&self.matrix, &work.site, class, done)?;
                Some((class, done, allowed))
            });
            let outage = self.in_outage(work, asset);
            if let Some((class, done, allowed)) = set {
                let said = done.said();
                match allowed {
                    Allowance::Never => found.push(of(
                        Against::Never,
                        format!("{said} is never allowed on {asset} ({class})"),
                    )),
                    Allowance::Ask => found.push(of(
                        Against::Ask,
                        format!("operations are to be asked for {said} on {asset} ({class})"),
                    )),
                    Allowance::Outage if !outage => found.push(of(
                        Against::OutageOnly,
                        format!("{said} on {asset} ({class}) is allowed in an outage alone, and none holds it"),
                    )),
                    Allowance::Outage | Allowance::Anytime => {}
                }
            }
            let allowed = set.is_some_and(|(.., allowed)| allowed == Allowance::Anytime);
            let named = found.iter().any(|one| one.with == *asset);
            if meant.stops && !outage && !allowed && !named {
                found.push(of(
                    Against::NoOutage,
                    format!("the plant will notice, and no outage of {asset} holds it"),
                ));
            }
        }
        found
    }

    /// What froze a site, for whatever is done between these instants.
    pub fn freezes<'a>(
        &'a self,
        site: &'a str,
        start: Time,
        end: Time,
    ) -> impl Iterator<Item = Conflict> + 'a {
        self.freezes.iter().filter(move |freeze| freeze.site == site).map(move |freeze| Conflict {
            with: freeze.incident.clone(),
            against: Against::Freeze,
            start: freeze.since.min(start),
            end,
            because: freeze.said(),
            blocks: true,
        })
    }
}

/// A conflict that somebody let pass, as it stood then: a waiver, an opening in spite of it, an exemption from a freeze.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Waiver {
    /// What it is called.
    pub with: String,
    /// What kind of thing it was.
    pub against: Against,
    /// When it began.
    pub start: Time,
    /// When it ended.
    pub end: Time,
    /// Who waived it.
    pub person: String,
    /// Why.
    pub reason: String,
}

impl Waiver {
    /// Whether it is of this conflict as it stands: what has moved since is another. An exemption from a freeze ends with
    /// the freeze and with nothing else.
    pub fn covers(&self, conflict: &Conflict) -> bool {
        self.with == conflict.with
            && self.against == conflict.against
            && (self.against == Against::Freeze
                || (self.start == conflict.start && self.end == conflict.end))
    }
}

#[cfg(test)]
mod tests;
