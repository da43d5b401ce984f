//! Disciplines: whose decision it is. What a person may press is a role, not a discipline.

use crate::words;

words! {
    /// A discipline, the attribute of a person that approvals are counted by.
    pub enum Discipline {
        /// IT security.
        ItSecurity = "it_security",
        /// Plant operations, whose veto ends a request.
        Operations = "operations",
        /// Engineering.
        Engineering = "engineering",
        /// Quality.
        Quality = "quality",
        /// Safety.
        Safety = "safety",
        /// Vendor management.
        VendorManagement = "vendor_management",
        /// Management: the steering group.
        Management = "management",
    }
}

impl Discipline {
    /// The two letters that stand for it in tables: IT OP EN QU SA VM MG.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::ItSecurity => "IT",
            Self::Operations => "OP",
            Self::Engineering => "EN",
            Self::Quality => "QU",
            Self::Safety => "SA",
            Self::VendorManagement => "VM",
            Self::Management => "MG",
        }
    }

    /// The one letter that stands for it in the approvals column of a list.
    pub const fn letter(self) -> char {
        match self {
            Self::ItSecurity => 'I',
            Self::Operations => 'O',
            Self::Engineering => 'E',
            Self::Quality => 'Q',
            Self::Safety => 'S',
            Self::VendorManagement => 'V',
            Self::Management => 'M',
        }
    }
}
