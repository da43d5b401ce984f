//! Roles, rights, and the one table that says which role gives which right. Disciplines decide; roles press.

use std::collections::BTreeSet;

use super::discipline::Discipline;
use super::names::{Login, SiteCode};
use super::refusal::{Code, Refusal, Verdict};
use super::time::Time;
use crate::words;

words! {
    /// What a person may press, granted with a scope and an end.
    pub enum Role {
        /// Reads.
        Viewer = "viewer",
        /// Reads level 1.
        Executive = "executive",
        /// Reports, does plant steps.
        PlantOperator = "plant_operator",
        /// Opens and closes windows, hands over.
        ShiftLead = "shift_lead",
        /// Runs the centre.
        SmcOperator = "smc_operator",
        /// Security of one site.
        SiteSecurity = "site_security",
        /// Engineering.
        Engineering = "engineering",
        /// Quality.
        Quality = "quality",
        /// Safety.
        Safety = "safety",
        /// Commands incidents.
        IncidentCommander = "incident_commander",
        /// Writes the incident log.
        Scribe = "scribe",
        /// Keeps vendors.
        VendorManager = "vendor_manager",
        /// Reads and exports.
        Auditor = "auditor",
        /// Keeps sites, RACI and calendars.
        SmcManager = "smc_manager",
        /// Manages people; decides nothing.
        Admin = "admin",
        /// Emergency access.
        BreakGlass = "break_glass",
    }
}

impl Role {
    /// Whether the role writes anything at all.
    pub const fn writes(self) -> bool {
        match self {
            Self::Viewer | Self::Executive | Self::Auditor => false,
            Self::PlantOperator
            | Self::ShiftLead
            | Self::SmcOperator
            | Self::SiteSecurity
            | Self::Engineering
            | Self::Quality
            | Self::Safety
            | Self::IncidentCommander
            | Self::Scribe
            | Self::VendorManager
            | Self::SmcManager
            | Self::Admin
            | Self::BreakGlass => true,
        }
    }

    /// Whether a holder may decide within a discipline held: every writing role but admin.
    pub const fn decides(self) -> bool {
        self.writes() && !matches!(self, Self::Admin)
    }
}

words! {
    /// What a command asks of its actor.
    pub enum Right {
        /// People, roles, duties: admin.
        Admin = "admin",
        /// The second word on a restore: admin, smc_manager or shift_lead.
        Confirm = "confirm",
        /// Sites, RACI: smc_manager.
        Manage = "manage",
        /// The daily work: smc_operator.
        Operate = "operate",
        /// Vendors and their persons: smc_operator, or vendor_manager.
        Vendors = "vendors",
        /// The asset list: smc_operator, or a deciding role with engineering or operations.
        Assets = "assets",
        /// A decision within a discipline held.
        Decide = "decide",
        /// Opening a vendor window: shift_lead with operations.
        Open = "open",
        /// Ending a vendor window: smc_operator, or shift_lead with operations.
        Close = "close",
        /// Acknowledging and shelving alarms: whoever operates at the site.
        Attend = "attend",
        /// A report from the plant: any role at all.
        Report = "report",
        /// A comment: any role but viewer.
        Comment = "comment",
        /// Outages and blackouts: whoever the RACI row says keeps the calendar.
        Calendar = "calendar",
        /// Exempting something from a freeze: the commander of incidents.
        Exempt = "exempt",
        /// Lifting a freeze: the commander of incidents, or shift_lead with operations.
        Unfreeze = "unfreeze",
        /// What time or analysis concludes: recorded by any person who writes.
        Record = "record",
        /// The first entries of a store, and its repair by the owner.
        Found = "found",
    }
}

impl Right {
    /// Whether a role, with or without a discipline, gives this right; the rows of `kind_right` come from here.
    pub const fn given_by(self, role: Role) -> Option<&'static [Option<Discipline>]> {
        const ANY: &[Option<Discipline>] = &[None];
        const PLANT: &[Option<Discipline>] =
            &[Some(Discipline::Engineering), Some(Discipline::Operations)];
        const OPERATIONS: &[Option<Discipline>] = &[Some(Discipline::Operations)];
        let given = match self {
            Self::Admin | Self::Found => matches!(role, Role::Admin),
            Self::Confirm => matches!(role, Role::Admin | Role::SmcManager | Role::ShiftLead),
            Self::Manage => matches!(role, Role::SmcManager),
            Self::Operate => matches!(role, Role::SmcOperator),
            Self::Vendors => matches!(role, Role::SmcOperator | Role::VendorManager),
            Self::Attend => matches!(
                role,
                Role::SmcOperator | Role::ShiftLead | Role::SiteSecurity | Role::IncidentCommander
            ),
            Self::Assets => {
                return if matches!(role, Role::SmcOperator) {
                    Some(ANY)
                } else if role.decides() {
                    Some(PLANT)
                } else {
                    None
                };
            }
            Self::Close if matches!(role, Role::SmcOperator) => true,
            Self::Unfreeze if matches!(role, Role::IncidentCommander) => true,
            Self::Open | Self::Close | Self::Unfreeze => {
                return if matches!(role, Role::ShiftLead) { Some(OPERATIONS) } else { None };
            }
            Self::Decide | Self::Calendar => role.decides(),
            Self::Report => true,
            Self::Exempt => matches!(role, Role::IncidentCommander),
            Self::Comment => !matches!(role, Role::Viewer),
            Self::Record => role.writes(),
        };
        if given { Some(ANY) } else { None }
    }

    /// Whether a role at one site is enough for every site.
    pub const fn anywhere(self) -> bool {
        match self {
            Self::Record | Self::Report => true,
            Self::Admin
            | Self::Confirm
            | Self::Manage
            | Self::Operate
            | Self::Vendors
            | Self::Assets
            | Self::Decide
            | Self::Exempt
            | Self::Comment
            | Self::Calendar
            | Self::Open
            | Self::Close
            | Self::Unfreeze
            | Self::Attend
            | Self::Found => false,
        }
    }

    /// Who has this right, in words for help and refusals.
    pub const fn who(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Confirm => "admin, smc_manager or shift_lead, not who proposed it",
            Self::Manage => "smc_manager",
            Self::Operate => "smc_operator",
            Self::Vendors => "smc_operator or vendor_manager",
            Self::Assets => "smc_operator, or engineering or operations with a deciding role",
            Self::Decide => "any deciding role, within a discipline held",
            Self::Calendar => {
                "a deciding role, with a discipline that is A or R in the RACI row outage.calendar; smc_manager"
            }
            Self::Open => "shift_lead with operations",
            Self::Close => "smc_operator, or shift_lead with operations",
            Self::Unfreeze => "incident_commander, or shift_lead with operations",
            Self::Attend => "smc_operator, shift_lead, site_security or incident_commander",
            Self::Report => "any role",
            Self::Exempt => "incident_commander",
            Self::Comment => "any role but viewer",
            Self::Record => "any role that writes",
            Self::Found => "the founder or owner of the store",
        }
    }
}

/// One grant of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The site it reaches; none is all sites.
    pub site: Option<SiteCode>,
    /// The instant from which it no longer counts.
    pub until: Option<Time>,
}

/// A person as the rules see one: active or not, disciplines held, grants not revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The login.
    pub login: Login,
    /// Whether the person is active.
    pub active: bool,
    /// Disciplines held.
    pub disciplines: Vec<Discipline>,
    /// Grants not revoked, ended or not.
    pub grants: Vec<Grant>,
}

impl Holder {
    /// Grants that count at this instant for this site; a subject without a site asks for an all-sites grant.
    fn grants_at<'a>(
        &'a self,
        site: Option<&'a SiteCode>,
        at: Time,
    ) -> impl Iterator<Item = &'a Grant> {
        self.grants.iter().filter(move |g| {
            g.until.is_none_or(|until| at < until)
                && g.site.as_ref().is_none_or(|scope| Some(scope) == site)
        })
    }

    /// Whether any role reaches this site at this instant.
    pub fn reaches(&self, site: &SiteCode, at: Time) -> bool {
        self.active && self.grants_at(Some(site), at).next().is_some()
    }

    /// The sites that roles reach at this instant; none where they reach all, or nothing at all.
    pub fn sites(&self, at: Time) -> Option<BTreeSet<SiteCode>> {
        let counts = |grant: &&Grant| grant.until.is_none_or(|until| at < until);
        let sites: Option<BTreeSet<SiteCode>> =
            self.grants.iter().filter(counts).map(|grant| grant.site.clone()).collect();
        sites.filter(|sites| !sites.is_empty())
    }

    /// Whether the discipline is held.
    pub fn holds(&self, discipline: Discipline) -> bool {
        self.disciplines.contains(&discipline)
    }

    /// Whether this person has the right at any site at all at this instant.
    ///
    /// # Errors
    /// `not-allowed`, with who has it.
    pub fn may_somewhere(&self, right: Right, at: Time) -> Verdict {
        let everywhere = self.may(right, None, at);
        let site = |grant: &Grant| self.may(right, grant.site.as_ref(), at).is_ok();
        if self.grants.iter().any(site) { Ok(()) } else { everywhere }
    }

    /// Whether this person has the right at this site and instant.
    pub fn may(&self, right: Right, site: Option<&SiteCode>, at: Time) -> Verdict {
        if !self.active {
            return Err(Refusal::new(
                Code::NotAllowed,
                format!("{} is deactivated", self.login),
                "ask an administrator",
            ));
        }
        let given = |g: &Grant| {
            right.given_by(g.role).is_some_and(|with| {
                with.iter().any(|d| d.is_none_or(|discipline| self.holds(discipline)))
            })
        };
        let allowed = if right.anywhere() {
            self.grants.iter().any(|g| g.until.is_none_or(|until| at < until) && given(g))
        } else {
            self.grants_at(site, at).any(given)
        };
        if allowed {
            return Ok(());
        }
        let place = site.map_or("for all sites".to_owned(), |s| format!("at {s}"));
        Err(Refusal::new(
            Code::NotAllowed,
            format!("{} may not do this {place}", self.login),
            format!(
                "it takes {}; an administrator grants roles with `smc do role.grant`",
                right.who()
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice(role: Role, site: Option<&str>) -> Holder {
        Holder {
            login: Login::new("alice").unwrap(),
            active: true,
            disciplines: vec![Discipline::Operations],
            grants: vec![Grant {
                role,
                site: site.map(|s| SiteCode::new(s).unwrap()),
                until: Some(Time::from_micros(100)),
            }],
        }
    }

    #[test]
    fn a_grant_ends_at_its_until() {
        let holder = alice(Role::SmcOperator, None);
        assert!(holder.may(Right::Operate, None, Time::from_micros(99)).is_ok());
        assert!(holder.may(Right::Operate, None, Time::from_micros(100)).is_err());
    }

    #[test]
    fn a_grant_reaches_its_site_and_no_other() {
        let holder = alice(Role::SmcOperator, Some("RLF"));
        let at = Time::from_micros(1);
        let (rlf, anr) = (SiteCode::new("RLF").unwrap(), SiteCode::new("ANR").unwrap());
        assert!(holder.may(Right::Operate, Some(&rlf), at).is_ok());
        assert!(holder.may(Right::Operate, Some(&anr), at).is_err());
        assert!(holder.may(Right::Operate, None, at).is_err());
    }

    #[test]
    fn an_administrator_manages_people_and_decides_nothing() {
        let holder = alice(Role::Admin, None);
        let at = Time::from_micros(1);
        assert!(holder.may(Right::Admin, None, at).is_ok());
        for right in [Right::Decide, Right::Operate, Right::Open, Right::Assets, Right::Manage] {
            assert!(holder.may(right, None, at).is_err(), "{right}");
        }
    }

    #[test]
    fn opening_a_window_takes_the_shift_lead_and_operations() {
        let mut holder = alice(Role::ShiftLead, None);
        let at = Time::from_micros(1);
        assert!(holder.may(Right::Open, None, at).is_ok());
        holder.disciplines.clear();
        assert!(holder.may(Right::Open, None, at).is_err());
    }

    #[test]
    fn a_window_is_ended_by_the_centre_or_by_the_shift_lead_with_operations() {
        let at = Time::from_micros(1);
        let ends: Vec<_> = Role::ALL
            .iter()
            .filter(|role| alice(**role, None).may(Right::Close, None, at).is_ok())
            .map(|role| role.word())
            .collect();
        assert_eq!(ends, ["shift_lead", "smc_operator"]);
        let mut lead = alice(Role::ShiftLead, None);
        lead.disciplines = vec![Discipline::Engineering];
        assert!(lead.may(Right::Close, None, at).is_err());
    }

    #[test]
    fn vendors_are_kept_by_those_who_manage_them_and_by_the_centre() {
        let at = Time::from_micros(1);
        let keeps = |role: &&Role| alice(**role, None).may(Right::Vendors, None, at).is_ok();
        let keeps: Vec<_> = Role::ALL.iter().filter(keeps).map(|role| role.word()).collect();
        assert_eq!(keeps, ["smc_operator", "vendor_manager"]);
        assert!(alice(Role::VendorManager, None).may(Right::Operate, None, at).is_err());
    }

    #[test]
    fn a_right_at_one_site_is_a_right_somewhere() {
        let at = Time::from_micros(1);
        let lead = alice(Role::ShiftLead, Some("RLF"));
        assert!(lead.may(Right::Open, None, at).is_err());
        assert!(lead.may_somewhere(Right::Open, at).is_ok());
        assert!(lead.may_somewhere(Right::Operate, at).is_err());
    }

    #[test]
    fn an_alarm_is_acknowledged_by_those_who_operate_at_its_site() {
        let (rlf, anr) = (SiteCode::new("RLF").unwrap(), SiteCode::new("ANR").unwrap());
        let at = Time::from_micros(1);
        let attends: Vec<_> = Role::ALL
            .iter()
            .filter(|role| alice(**role, Some("RLF")).may(Right::Attend, Some(&rlf), at).is_ok())
            .map(|role| role.word())
            .collect();
        assert_eq!(attends, ["shift_lead", "smc_operator", "site_security", "incident_commander"]);
        let lead = alice(Role::ShiftLead, Some("RLF"));
        assert!(lead.may(Right::Attend, Some(&anr), at).is_err());
        assert!(lead.reaches(&rlf, at) && !lead.reaches(&anr, at));
    }

    #[test]
    fn a_deactivated_person_may_nothing() {
        let mut holder = alice(Role::SmcOperator, None);
        holder.active = false;
        assert_eq!(
            holder.may(Right::Record, None, Time::from_micros(1)).unwrap_err().code,
            Code::NotAllowed
        );
    }
}
