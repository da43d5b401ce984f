//! People: logins, the disciplines they hold, the roles they are granted. How one logs in is not ours.

use super::command::Subject;
use super::discipline::Discipline;

use super::names::{Login, Ref, SiteCode};
use super::role::Role;
use super::text::Line;
use super::time::Time;
use crate::subject;

subject! {
    "person";
    /// Registers a person.
    Register => Registered("person.register" => "person.registered") Admin writes ["person", "person_discipline"]
    { login: Login = "The name this person logs in by."; name: Line = "The person's name."; ;
      disciplines: Vec<Discipline> = "Disciplines held."; }
    /// Deactivates a person; nothing this person did is lost.
    Deactivate => Deactivated("person.deactivate" => "person.deactivated") Admin writes ["person", "posture_item"]
    { login: Login = "The person."; reason: Line = "Why."; ; }
    /// Grants a role, at one site or all, until an instant or revoked.
    Grant => Granted("role.grant" => "role.granted") Admin writes ["role_grant", "posture_item"]
    { login: Login = "The person."; role: Role = "The role."; ;
      site: SiteCode = "The site; none is all sites."; until: Time = "When it ends."; }
    /// Revokes a role.
    Revoke => Revoked("role.revoke" => "role.revoked") Admin writes ["role_grant", "posture_item"]
    { login: Login = "The person."; role: Role = "The role."; ;
      site: SiteCode = "The site of the grant; none is the grant for all sites."; reason: Line = "Why."; }
}

impl Kind {
    /// A person is called by the login.
    pub fn subject(&self) -> Subject {
        let login = match self {
            Self::Registered(payload) => &payload.login,
            Self::Deactivated(payload) => &payload.login,
            Self::Granted(payload) => &payload.login,
            Self::Revoked(payload) => &payload.login,
        };
        Subject::Is(Ref::from(login))
    }
}
