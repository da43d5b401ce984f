//! Vendors and the persons they send, with the ends of screening and training.

use super::command::Subject;
use super::names::{Login, Ref, Word};
use super::text::Line;
use super::time::Time;
use crate::subject;

subject! {
    "vendor";
    /// Registers a vendor.
    Register => Registered("vendor.register" => "vendor.registered") Operate writes ["vendor"]
    { vendor: Word = "The vendor's short code."; name: Line = "The vendor's name."; ;
      contact: Line = "How to reach it."; contract_end: Time = "When the contract ends."; }
    /// Registers a person of a vendor, or renews what is known of one.
    Person => PersonRegistered("vendor.person" => "vendor.person-registered") Operate writes ["vendor_person", "posture_item"]
    { vendor: Word = "The vendor's short code."; ;
      login: Login = "The login used for access; this or the name is compulsory."; name: Line = "The person's name.";
      screening_until: Time = "When the screening ends."; training_until: Time = "When the training ends.";
      ssh_keys: Vec<Line> = "Public keys."; }
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
            Self::PersonRegistered(payload) => &payload.vendor,
        };
        Subject::Is(Ref::from(vendor))
    }
}
