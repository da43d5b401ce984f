//! What must be so beside the columns when a kind alters a row: what time concludes is not written before its time, and
//! what another row decides is written as that row says.

/// A condition on an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The table.
    pub tab: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// What must be true of `OLD`, `NEW` and `entry_at`.
    pub holds: &'static str,
    /// What is said where it is not: a message of one `%s`, the subject; and the hint.
    pub says: (&'static str, &'static str),
}

const BY_TIME: &str = "time concludes it, and the program records it then";

/// The terms.
pub const TERMS: &[Term] = &[
    Term {
        tab: "change",
        kind: "change.expired",
        holds: "entry_at >= OLD.end_at",
        says: ("%s has not passed its end", BY_TIME),
    },
    Term {
        tab: "vendor_window",
        kind: "window.lapsed",
        holds: "entry_at >= OLD.end_at",
        says: ("%s has not passed its end", BY_TIME),
    },
    Term {
        tab: "acceptance",
        kind: "acceptance.expired",
        holds: "entry_at >= OLD.until_at",
        says: ("%s has not passed its end", BY_TIME),
    },
    Term {
        tab: "risk",
        kind: "risk.reopened",
        holds: "entry_at >= OLD.accepted_until",
        says: ("the acceptance of %s has not passed its end", BY_TIME),
    },
    Term {
        tab: "risk",
        kind: "risk.accepted",
        holds: "EXISTS (SELECT FROM smc.ledger AS l
            JOIN smc.acceptance AS a ON a.ref = convert_from(l.body, 'UTF8')::json #>> '{data,acceptance}'
            WHERE l.seq = NEW.seq AND a.risk = NEW.ref AND a.state = 'approved' AND a.until_at = NEW.accepted_until)",
        says: (
            "no acceptance of %s that is approved says until then",
            "ask for one with `smc do risk.accept`",
        ),
    },
    Term {
        tab: "vendor_window",
        kind: "window.extended",
        holds: "EXISTS (SELECT FROM smc.ledger AS l
            JOIN smc.extension AS x ON x.ref = convert_from(l.body, 'UTF8')::json #>> '{data,extension}'
            WHERE l.seq = NEW.seq AND x.window_ref = NEW.ref AND x.state = 'approved'
                AND x.old_end_at = OLD.end_at AND x.end_at = NEW.end_at)",
        says: (
            "no extension of %s that is approved ends it then",
            "ask for one with `smc do window.extend`",
        ),
    },
    Term {
        tab: "change",
        kind: "change.renewed",
        holds: "EXISTS (SELECT FROM smc.ledger AS l
            JOIN smc.change AS b ON b.ref = convert_from(l.body, 'UTF8')::json #>> '{data,change}'
            WHERE l.seq = NEW.seq AND b.supersedes = NEW.ref AND b.kind = 'temporary' AND b.state = 'approved'
                AND b.revert_by = NEW.revert_by)",
        says: (
            "no temporary change in the place of %s that is approved stays until then",
            "ask for one that supersedes it, and renew under that",
        ),
    },
];
