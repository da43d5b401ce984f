//! The lists whose rows are shown as their fields stand: a table of them, with their columns. What a row does is not here.

use super::super::list::Spec;
use super::super::{advisories, cells, incidents, raci};
use super::{Item, denied, detail, focus_in, spoken, strip};
use crate::console::keys::Scope;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::list::Row;
use crate::safe_text::SafeText;

/// A column that shows a field.
macro_rules! column {
    ($title:literal, $width:literal, $field:literal) => {
        Column::left($title, $width, |row: &Item, _| spoken(row, $field).into())
    };
    ($title:literal, $width:literal, $field:literal grows) => {
        column!($title, $width, $field).grows()
    };
    ($title:literal, $width:literal, $field:literal gives $nth:literal) => {
        column!($title, $width, $field).gives_way($nth)
    };
    ($title:literal, $width:literal, $field:literal then $more:literal) => {
        Column::left($title, $width, |row: &Item, _| {
            SafeText::join(&[spoken(row, $field), spoken(row, $more)], " ").into()
        })
    };
    ($title:literal, $width:literal, $field:literal as told) => {
        Column::left($title, $width, |row: &Item, _| {
            Cell::sentence(spoken(row, $field), row.zone())
        })
        .grows()
    };
    ($title:literal, $width:literal, $field:literal as time) => {
        Column::right($title, $width, |row: &Item, ctx| cells::due(row.time($field), ctx))
    };
    ($title:literal, $width:literal, $field:literal as past) => {
        Column::right($title, $width, |row: &Item, ctx| cells::past(row.time($field), ctx))
    };
}

/// The document of a row: one of its kind, or all its fields.
macro_rules! told {
    () => {
        detail
    };
    ($told:path) => {
        |row, _| $told(row)
    };
}

macro_rules! item_specs {
    ($( $(#[$doc:meta])* $name:ident = $subject:literal, $title:literal, $scope:ident, [$($word:literal),*], $empty:literal
        $(as $told:path)? { $( ($($column:tt)*) ),+ $(,)? } )+) => { $(
        $(#[$doc])*
        pub const $name: Spec<Item> = Spec {
            subject: $subject,
            title: $title,
            scope: Scope::$scope,
            columns: &[ $( column!($($column)*) ),+ ],
            empty: $empty,
            filter_words: &[$($word),*],
            focus: |row| focus_in(row, Scope::$scope),
            strip,
            detail: told!($($told)?),
            beside: None,
            tiled: false,
            third: None,
    views: &[],
            denied,
        };
    )+

        /// Every one of them.
        #[cfg(test)]
        pub(super) const ALL: &[&Spec<Item>] = &[ $( &$name ),+ ];
    };
}

item_specs! {
    /// Sites.
    SITES = "sites", "Sites", Site, [], "No site is registered. n registers one."
    { ("Site", 4, "ref"), ("State", 8, "state"), ("Time zone", 20, "timezone"), ("Sector", 14, "sector"), ("Name", 28, "title") }
    /// Zones and conduits.
    ZONES = "zones", "Zones", Zone, ["site:", "state:"], "No zone is registered. n registers one."
    { ("Zone", 16, "ref"), ("Sit", 3, "site"), ("Lvl", 3, "purdue"), ("SL-T", 4, "sl_target"), ("SL-A", 4, "sl_achieved"), ("State", 8, "state"), ("Name", 30, "title") }
    /// People.
    PEOPLE = "people", "People", Person, ["state:active", "state:deactivated"], "Nobody is registered. n registers a person."
    { ("Login", 12, "ref"), ("State", 11, "state"), ("Disciplines", 27, "disciplines" grows), ("Name", 26, "title" grows) }
    /// Roles granted.
    ROLES = "roles", "Roles", Person, ["site:"], "No role is granted. O on a person grants one."
    { ("Login", 12, "login"), ("Role", 18, "role"), ("Site", 4, "site"), ("State", 8, "state"), ("Until", 6, "until" as time), ("Title", 20, "title") }
    /// The RACI.
    RACI = "raci", "RACI", Raci, ["site:", "activity:", "differs:yes"], "No RACI row is here." as raci::document
    { ("Activity", 18, "activity"), ("Sit", 3, "site"), ("IT", 2, "cells/it_security"), ("OP", 2, "cells/operations"),
      ("EN", 2, "cells/engineering"), ("QU", 2, "cells/quality"), ("SA", 2, "cells/safety"), ("VM", 2, "cells/vendor_management"),
      ("MG", 2, "cells/management"), ("Row from", 9, "state" gives 1), ("Answers", 18, "accountable") }
    /// Duties.
    DUTIES = "duties", "Duties", Duty, ["state:on", "state:to_come", "site:"], "Nobody is on duty. n says who is, and when."
    { ("Login", 12, "login"), ("Sit", 3, "site"), ("Discipline", 17, "discipline"), ("State", 7, "state"), ("From", 6, "from" as time), ("Until", 6, "until" as time), ("Name", 22, "name") }
    /// Vendors.
    VENDORS = "vendors", "Vendors", Vendor, ["state:active", "state:suspended", "contract:<30d"], "No vendor is registered. n registers one, p a vendor's person."
    { ("Vendor", 10, "ref"), ("State", 9, "state"), ("Contr.", 6, "contract_end" as time), ("Name", 20, "title" grows), ("What runs out", 30, "runs_out" as told) }
    /// Outages and blackouts.
    CALENDAR = "calendar", "Calendar", Calendar, ["state:to_come", "state:now", "site:", "asset:", "start:<30d"], "No outage and no blackout is set. n sets one."
    { ("Ref", 6, "ref"), ("Sit", 3, "site"), ("Kind", 8, "kind"), ("State", 9, "effective_state"), ("Begins", 6, "start" as time), ("Ends", 6, "end" as time), ("What", 20, "title" grows), ("Assets", 14, "assets") }
    /// Outages.
    OUTAGES = "outages", "Outages", Outage, ["state:to_come", "state:now", "site:", "asset:", "start:<30d"], "No outage is planned. n plans one."
    { ("Ref", 6, "ref"), ("Sit", 3, "site"), ("State", 9, "effective_state"), ("Begins", 6, "start" as time), ("Ends", 6, "end" as time), ("What", 29, "title" grows), ("Assets", 14, "assets") }
    /// Blackouts.
    BLACKOUTS = "blackouts", "Blackouts", Blackout, ["state:to_come", "state:now", "site:", "asset:", "start:<30d"], "No blackout is declared. n declares one."
    { ("Ref", 6, "ref"), ("Sit", 3, "site"), ("State", 9, "effective_state"), ("Begins", 6, "start" as time), ("Ends", 6, "end" as time), ("What", 29, "title" grows), ("Assets", 14, "assets") }
    /// The intervention matrix.
    INTERVENTIONS = "interventions", "Interventions", Intervention, ["class:", "intervention:", "allowed:never", "site:"], "Nothing is set: anything may be done at any time. e sets a cell."
    { ("Class", 14, "class"), ("What is done", 13, "intervention"), ("Sit", 3, "site"), ("Allowed", 8, "allowed"), ("Set by", 12, "set_by"), ("In words", 24, "title") }
    /// What posture is measured against.
    YARDSTICKS = "yardsticks", "Yardsticks", Measure, ["site:", "measure:"], "Nothing is set: weights and targets are the program's own (docs/posture.md). e sets one."
    { ("Ref", 24, "ref"), ("Sit", 3, "site"), ("Value", 5, "value"), ("Set by", 12, "set_by"), ("Set", 6, "set_at" as past), ("In words", 24, "title") }
    /// The register of bypasses.
    BYPASSES = "bypasses", "Bypasses", Bypass, ["state:ended", "state:placed", "site:", "asset:", "change:", "until:<7d"], "Nothing is bypassed. B on a change that runs tells of one."
    { ("Ref", 6, "ref"), ("Sit", 3, "site"), ("State", 7, "effective_state"), ("Until", 6, "until" as time), ("Asset", 16, "asset"), ("Change", 7, "change"), ("What", 28, "title") }
    /// Events of access logs.
    ACCESS_EVENTS = "access-events", "Access events", AccessEvent, ["state:outside", "state:stranger", "state:overrun", "because:left", "because:key", "because:source", "site:", "asset:", "login:", "window:", "import:"], "No access log was taken in. smc import access-events does."
    { ("Ref", 7, "ref"), ("State", 8, "state"), ("At", 6, "at" as past), ("Login", 12, "login"), ("Action", 8, "action"), ("Asset", 14, "asset" grows), ("Window", 6, "window" gives 1), ("From", 11, "source" grows) }
    /// Sessions of vendors' persons.
    SESSIONS = "sessions", "Sessions", Session, ["state:live", "state:outside", "state:overrun", "site:", "asset:", "vendor:", "person:", "window:"], "No session is told of. n tells of one."
    { ("Ref", 6, "ref"), ("Sit", 3, "site"), ("State", 7, "effective_state"), ("Vendor", 8, "vendor" gives 1), ("Person", 12, "person"), ("Asset", 16, "asset" grows), ("Since", 6, "started_at" as past), ("Ended", 6, "ended_at" as past), ("Window", 7, "window") }
    /// Advisories.
    ADVISORIES = "advisories", "Advisories", Advisory, ["publisher:", "state:"], "No advisory is here. smc import csaf brings them in." as advisories::advisory
    { ("Advisory", 20, "ref"), ("Publisher", 14, "publisher"), ("State", 8, "state"), ("Title", 34, "title") }
    /// Vulnerabilities found on assets.
    VULNERABILITIES = "vulnerabilities", "Vulnerabilities", Vulnerability, ["tier:confirmed", "tier:likely", "site:", "asset:", "cve:"],
        "No vulnerability is found on an asset. smc import csaf looks for them." as advisories::vulnerability
    { ("Asset", 16, "asset"), ("CVE", 15, "cve"), ("Tier", 12, "tier"), ("Title", 33, "title") }
    /// Reports from the plant.
    REPORTS = "reports", "Reports", Report, ["site:"], "No report has come in. n reports something seen in the plant."
    { ("Ref", 8, "ref"), ("Sit", 3, "site"), ("At", 6, "submitted_at" as past), ("By", 10, "author"), ("State", 9, "state"), ("What", 37, "title") }
    /// Incidents.
    INCIDENTS = "incidents", "Incidents", Incident, ["site:", "exercise:yes"], "No incident is declared. n declares one." as incidents::document
    { ("Ref", 6, "ref"), ("Sev", 3, "severity"), ("Sites", 12, "sites"), ("State", 10, "state"), ("Ex", 3, "exercise"), ("Title", 40, "title") }
    /// What was taken in.
    IMPORTS = "imports", "Imports", Entry, ["state:", "site:"], "Nothing was taken in. :import takes in advisories, inventories and access logs."
    { ("Ref", 6, "ref"), ("Sit", 3, "site"), ("State", 9, "state"), ("Format", 9, "format"), ("At", 6, "started_at" as past), ("Read", 5, "read"), ("Taken", 5, "accepted"), ("Refsd", 5, "refused"), ("Source", 23, "source") }
    /// Lines of the sites' logs.
    LOG_LINES = "log-lines", "Log lines", Entry, ["site:", "incident:"], "No line was written. l writes one."
    { ("Ref", 7, "ref"), ("Sit", 3, "site"), ("At", 6, "added_at" as past), ("By", 10, "author"), ("Incid.", 6, "incident"), ("Line", 40, "title") }
    /// The ledger.
    LOG = "log", "Log", Entry, ["who:", "kind:change", "kind:person", "kind:risk", "kind:window", "object:", "at:>-1d", "at:>-7d"], "The ledger has no entry."
    { ("Entry", 7, "seq"), ("At", 6, "at" as past), ("Who", 10, "actor"), ("What happened", 22, "kind"), ("Cause", 6, "cause" gives 1), ("Object", 23, "subject" then "decision") }
}
