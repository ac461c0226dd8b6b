//! What is said on the last two days, written by hand. All of it is invented.

use chancery_protocol::person::Role;

/// The same for everybody in the demo.
pub(super) const PASSWORD: &str = "demo-chancery-1";

pub(super) struct Invented {
    pub username: &'static str,
    pub name: &'static str,
    pub roles: &'static [Role],
}

/// Whose sign-ins are shown: an employee, a compliance officer, an IT admin.
pub(super) const SIGN_INS: &[&str] = &["lena.fischer", "marcus.bell", "ingrid.dahl"];

pub(super) struct Talk {
    /// Absent for direct talks.
    pub name: Option<&'static str>,
    pub topic: Option<&'static str>,
    /// Its maker first.
    pub members: &'static [&'static str],
    pub lines: &'static [Line],
}

pub(super) struct Line {
    /// 0 is today, -1 yesterday.
    pub day: i64,
    /// Minutes after midnight, UTC.
    pub minute: i64,
    pub who: &'static str,
    pub text: &'static str,
    pub edited: Option<&'static str>,
    pub deleted: bool,
    pub reactions: &'static [(&'static str, &'static str)],
}

const fn line(day: i64, minute: i64, who: &'static str, text: &'static str) -> Line {
    Line { day, minute, who, text, edited: None, deleted: false, reactions: &[] }
}

const LENA: &str = "lena.fischer";
const PRIYA: &str = "priya.raman";
const TOMASZ: &str = "tomasz.wrona";
const DANIEL: &str = "daniel.okafor";
const AMARA: &str = "amara.osei";
const JUN: &str = "jun.watanabe";
const BEATRIZ: &str = "beatriz.lima";
const HANA: &str = "hana.kim";
const MARCUS: &str = "marcus.bell";
const INGRID: &str = "ingrid.dahl";

pub(super) const CONVERSATIONS: &[Talk] = &[
    Talk {
        name: Some("Project Alder deal team"),
        topic: Some("Pricing and documents for the Alder mandate"),
        members: &[PRIYA, LENA, TOMASZ, DANIEL, AMARA, JUN, BEATRIZ, HANA],
        lines: &[
            line(
                -1,
                1_008,
                TOMASZ,
                "Draft term sheet is in the file list. Fee table still has placeholders.",
            ),
            Line { deleted: true, ..line(-1, 1_011, TOMASZ, "Ignore the second tab, that is last year's.") },
            line(-1, 1_030, AMARA, "Legal has it. Comments by tomorrow morning."),
            Line {
                edited: Some(
                    "Morning all. I merged the comments from legal; the fee table is **final** from my side.",
                ),
                reactions: &[(LENA, "reviewed"), (DANIEL, "reviewed"), (AMARA, "reviewed"), (JUN, "looking")],
                ..line(0, 54, PRIYA, "Morning all. I merged the comments from legal; the fee table is done.")
            },
            line(
                0,
                58,
                PRIYA,
                "Three things are left:\n- signed engagement letter\n- page 4 totals\n- review at 11:00",
            ),
            line(
                0,
                105,
                DANIEL,
                "@lena.fischer can you upload the signed engagement letter before the 11:00 review?",
            ),
            line(0, 131, LENA, "On its way."),
            line(0, 142, PRIYA, "Updated the fee table in v7, so the totals on page 4 now match."),
        ],
    },
    Talk {
        name: Some("Rates morning call"),
        topic: Some("Every day at 8:15"),
        members: &[MARCUS, LENA, BEATRIZ, JUN],
        lines: &[
            line(-1, 495, BEATRIZ, "Curve is flat, nothing from me."),
            line(0, 60, JUN, "おはようございます。Tokyo was quiet."),
            line(0, 130, MARCUS, "@lena.fischer can you take 8:15 tomorrow?"),
        ],
    },
    Talk {
        name: Some("Office London"),
        topic: None,
        members: &[INGRID, LENA, PRIYA, TOMASZ, DANIEL, AMARA, MARCUS],
        lines: &[
            line(-1, 540, INGRID, "Lift B is out of service until tomorrow."),
            Line {
                reactions: &[(TOMASZ, "🎉"), (LENA, "👍")],
                ..line(0, 48, INGRID, "Lift B is back in service.")
            },
        ],
    },
    Talk {
        name: None,
        topic: None,
        members: &[DANIEL, LENA],
        lines: &[
            line(-1, 960, DANIEL, "Do you have the agenda for tomorrow?"),
            line(-1, 965, LENA, "Yes: https://intranet.example/agenda (page 2 is new)."),
            line(0, 137, DANIEL, "Thanks."),
            line(0, 138, DANIEL, "Can we move the walk-through to 3?"),
        ],
    },
    Talk {
        name: None,
        topic: None,
        members: &[LENA, AMARA],
        lines: &[
            line(-1, 1_000, AMARA, "The counterparty sent their form back signed."),
            line(0, 121, LENA, "Thanks, filed under the case."),
        ],
    },
    Talk {
        name: None,
        topic: None,
        members: &[JUN, LENA],
        lines: &[
            line(-1, 560, JUN, "Earnings call is moved by an hour."),
            line(0, 90, LENA, "No rush, after the earnings call is fine."),
        ],
    },
    Talk {
        name: None,
        topic: None,
        members: &[HANA, LENA],
        lines: &[line(-1, 1_080, HANA, "Have a good evening!")],
    },
];
