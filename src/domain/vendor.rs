//! Vendors and the persons they send: contracts, screening and training with their ends, and who is suspended.

use super::command::Subject;
use super::names::{Login, Ref, Word};
use super::text::Line;
use super::time::Time;
use crate::{subject, words};

/// How long before its end a contract, a screening or a training is shown as running out, in seconds.
pub const EXPIRING: i64 = 30 * 86_400;

words! {
    /// The states of a vendor, and of each person it sends.
    pub enum State {
        /// May be given access.
        Active = "active",
        /// Gets no access until it is said otherwise.
        Suspended = "suspended",
    }
}

words! {
    /// How a contract, a screening or a training stands at an instant.
    pub enum Validity {
        /// Nobody has recorded an end.
        Unrecorded = "unrecorded",
        /// It holds.
        Valid = "valid",
        /// It holds, and ends within 30 days.
        Expiring = "expiring",
        /// It has ended.
        Expired = "expired",
    }
}

impl Validity {
    /// How something with this end stands at this instant.
    pub fn of(until: Option<Time>, now: Time) -> Self {
        match until {
            None => Self::Unrecorded,
            Some(until) if until <= now => Self::Expired,
            Some(until) if until <= now.plus_seconds(EXPIRING) => Self::Expiring,
            Some(_) => Self::Valid,
        }
    }

    /// Whether somebody should see to it.
    pub const fn calls(self) -> bool {
        match self {
            Self::Expiring | Self::Expired => true,
            Self::Unrecorded | Self::Valid => false,
        }
    }
}

subject! {
    "vendor";
    /// Registers a vendor.
    Register => Registered("vendor.register" => "vendor.registered") Vendors writes ["vendor"]
    { vendor: Word = "The vendor's short code."; name: Line = "The vendor's name."; ;
      contact: Line = "How to reach it."; contract_end: Time = "When the contract ends; one without an end holds until it is given one."; }
    /// Renews a vendor's contract, or corrects what is known of it: the fields that are given.
    Update => Updated("vendor.update" => "vendor.updated") Vendors writes ["vendor"]
    { vendor: Word = "The vendor's short code."; ; name: Line = "The vendor's name.";
      contact: Line = "How to reach it."; contract_end: Time = "When the contract ends."; }
    /// Registers a person of a vendor, or renews what is known of one.
    Person => PersonRegistered("vendor.person" => "vendor.person-registered") Vendors writes ["vendor_person", "posture_item"]
    { vendor: Word = "The vendor's short code."; ;
      login: Login = "The login used for access; this or the name is compulsory."; name: Line = "The person's name.";
      screening_until: Time = "When the screening ends."; training_until: Time = "When the training ends.";
      ssh_keys: Vec<Line> = "Public keys; a log that tells of another one within a window raises an alarm."; }
    /// Suspends a vendor, or one of its persons: no window opens for them, and no gate lets them through.
    Suspend => WasSuspended("vendor.suspend" => "vendor.suspended") Vendors writes ["vendor", "vendor_person"]
    { vendor: Word = "The vendor's short code."; reason: Line = "Why."; ;
      person: Line = "The person, by login or name; the whole vendor if none is named."; }
    /// Takes a suspension back.
    Resume => Resumed("vendor.resume" => "vendor.resumed") Vendors writes ["vendor", "vendor_person"]
    { vendor: Word = "The vendor's short code."; reason: Line = "Why."; ;
      person: Line = "The person, by login or name; the whole vendor if none is named."; }
}

impl Person {
    /// The word by which windows name this person: the login, else the name.
    pub fn called(&self) -> Option<&str> {
        self.login.as_ref().map(Login::as_str).or(self.name.as_ref().map(Line::as_str))
    }
}

impl Kind {
    /// A vendor is called by its code.
    pub fn subject(&self) -> Subject {
        let vendor = match self {
            Self::Registered(payload) => &payload.vendor,
            Self::Updated(payload) => &payload.vendor,
            Self::PersonRegistered(payload) => &payload.vendor,
            Self::WasSuspended(payload) => &payload.vendor,
            Self::Resumed(payload) => &payload.vendor,
        };
        Subject::Is(Ref::from(vendor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_runs_out_thirty_days_before_it_ends() {
        let at = |days: i64| Time::from_micros(0).plus_seconds(days * 86_400);
        let of = |until: i64| Validity::of(Some(at(until)), at(100));
        assert_eq!(
            [of(131), of(130), of(101)],
            [Validity::Valid, Validity::Expiring, Validity::Expiring]
        );
        assert_eq!(of(100), Validity::Expired, "at its end it has ended");
        assert_eq!(Validity::of(None, at(0)), Validity::Unrecorded);
    }
}
