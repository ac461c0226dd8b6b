//! The invented company: who works where, and where they talk.

use super::exchanges::Theme;
use super::script::Invented;
use chancery_protocol::person::Role;

const fn employee(username: &'static str, name: &'static str) -> Invented {
    Invented { username, name, roles: &[Role::Employee] }
}

/// A part of the house; its people share a group.
pub(super) struct Department {
    pub name: &'static str,
    pub topic: Option<&'static str>,
    /// What its group talks about.
    pub themes: &'static [Theme],
    pub people: &'static [Invented],
}

pub(super) const DEPARTMENTS: &[Department] = &[
    Department {
        name: "Capital markets",
        topic: Some("Mandates, documents, who does what"),
        themes: &[Theme::Deals, Theme::Deals, Theme::Staff, Theme::Risky],
        people: &[
            employee("lena.fischer", "Lena Fischer"),
            employee("priya.raman", "Priya Raman"),
            employee("tomasz.wrona", "Tomasz Wrona"),
            employee("daniel.okafor", "Daniel Okafor"),
            employee("elena.petrova", "Elena Petrova"),
            employee("samuel.adeyemi", "Samuel Adeyemi"),
            employee("nora.lindqvist", "Nora Lindqvist"),
            employee("victor.chen", "Victor Chen"),
        ],
    },
    Department {
        name: "Rates trading",
        topic: Some("Levels, limits, allocations"),
        themes: &[Theme::Desk, Theme::Desk, Theme::Desk, Theme::Risky],
        people: &[
            employee("jun.watanabe", "Jun Watanabe"),
            employee("beatriz.lima", "Beatriz Lima"),
            employee("hana.kim", "Hana Kim"),
            employee("sofia.marques", "Sofia Marques"),
            employee("liam.byrne", "Liam Byrne"),
            employee("yusuf.demir", "Yusuf Demir"),
            employee("katya.orlova", "Katya Orlova"),
        ],
    },
    Department {
        name: "Research",
        topic: None,
        themes: &[Theme::Deals, Theme::Staff, Theme::Office],
        people: &[
            employee("oliver.grant", "Oliver Grant"),
            employee("mei.tanaka", "Mei Tanaka"),
            employee("rafael.costa", "Rafael Costa"),
            employee("anouk.visser", "Anouk Visser"),
        ],
    },
    Department {
        name: "Operations",
        topic: Some("Settlement exceptions and month end"),
        themes: &[Theme::Desk, Theme::Staff, Theme::Tech],
        people: &[
            employee("ravi.menon", "Ravi Menon"),
            employee("chloe.martin", "Chloe Martin"),
            employee("peter.novak", "Peter Novak"),
            employee("aisha.bello", "Aisha Bello"),
            employee("george.papas", "George Papas"),
            employee("linh.tran", "Linh Tran"),
        ],
    },
    Department {
        name: "Legal",
        topic: None,
        themes: &[Theme::Deals, Theme::Staff],
        people: &[
            employee("amara.osei", "Amara Osei"),
            employee("claire.dubois", "Claire Dubois"),
            employee("ian.mackay", "Ian Mackay"),
        ],
    },
    Department {
        name: "Compliance",
        topic: None,
        themes: &[Theme::Staff],
        people: &[
            Invented {
                username: "marcus.bell",
                name: "Marcus Bell",
                roles: &[Role::Employee, Role::ComplianceOfficer],
            },
            Invented {
                username: "noor.haddad",
                name: "Noor Haddad",
                roles: &[Role::Employee, Role::ComplianceLead],
            },
            Invented {
                username: "ruth.keller",
                name: "Ruth Keller",
                roles: &[Role::Employee, Role::Auditor],
            },
        ],
    },
    Department {
        name: "Technology",
        topic: Some("Releases, incidents, laptops"),
        themes: &[Theme::Tech, Theme::Tech, Theme::Office],
        people: &[
            Invented {
                username: "ingrid.dahl",
                name: "Ingrid Dahl",
                roles: &[Role::Employee, Role::ItAdmin],
            },
            employee("grace.chidi", "Grace Chidi"),
            employee("arjun.patel", "Arjun Patel"),
            employee("zoe.hughes", "Zoe Hughes"),
            employee("mateo.rossi", "Mateo Rossi"),
            employee("sven.berg", "Sven Berg"),
        ],
    },
    Department {
        name: "Risk",
        topic: None,
        themes: &[Theme::Desk, Theme::Staff],
        people: &[
            employee("helen.novotna", "Helen Novotna"),
            employee("david.kaplan", "David Kaplan"),
            employee("fatima.zahra", "Fatima Zahra"),
        ],
    },
    Department {
        name: "Finance",
        topic: Some("Month end and invoices"),
        themes: &[Theme::Staff],
        people: &[
            employee("julia.weiss", "Julia Weiss"),
            employee("tom.edwards", "Tom Edwards"),
            employee("carmen.ruiz", "Carmen Ruiz"),
            employee("kofi.asante", "Kofi Asante"),
        ],
    },
    Department {
        name: "People and facilities",
        topic: None,
        themes: &[Theme::Staff, Theme::Office],
        people: &[
            employee("emma.wright", "Emma Wright"),
            employee("pedro.santos", "Pedro Santos"),
            employee("lucy.harris", "Lucy Harris"),
        ],
    },
    Department {
        name: "Tokyo",
        topic: Some("東京オフィス"),
        themes: &[Theme::Japanese],
        people: &[
            employee("kenji.sato", "Kenji Sato"),
            employee("yuki.mori", "Yuki Mori"),
            employee("aya.kobayashi", "Aya Kobayashi"),
            employee("haruto.ito", "Haruto Ito"),
        ],
    },
    Department {
        name: "Frankfurt",
        topic: Some("Büro Frankfurt"),
        themes: &[Theme::German],
        people: &[
            employee("jonas.becker", "Jonas Becker"),
            employee("anna.schmitt", "Anna Schmitt"),
            employee("felix.braun", "Felix Braun"),
            employee("greta.vogel", "Greta Vogel"),
        ],
    },
    Department {
        name: "Dubai",
        topic: Some("مكتب دبي"),
        themes: &[Theme::Arabic],
        people: &[
            employee("layla.nasser", "Layla Nasser"),
            employee("omar.farouk", "Omar Farouk"),
            employee("samir.khoury", "Samir Khoury"),
        ],
    },
    Department {
        name: "São Paulo",
        topic: Some("Escritório São Paulo"),
        themes: &[Theme::Portuguese],
        people: &[
            employee("bruno.alves", "Bruno Alves"),
            employee("camila.rocha", "Camila Rocha"),
            employee("diego.pinto", "Diego Pinto"),
        ],
    },
];

/// A group across departments.
pub(super) struct Circle {
    pub name: &'static str,
    pub topic: Option<&'static str>,
    pub themes: &'static [Theme],
    /// Every how many people one is a member.
    pub every: usize,
    pub open: bool,
}

pub(super) const CIRCLES: &[Circle] = &[
    Circle {
        name: "Project Birch",
        topic: Some("Refinancing, signing in spring"),
        themes: &[Theme::Deals],
        every: 7,
        open: false,
    },
    Circle {
        name: "Project Cedar",
        topic: Some("Data room and questions"),
        themes: &[Theme::Deals],
        every: 8,
        open: false,
    },
    Circle { name: "Project Elm", topic: None, themes: &[Theme::Deals, Theme::Risky], every: 9, open: false },
    Circle { name: "Incidents", topic: None, themes: &[Theme::Tech], every: 6, open: false },
    Circle { name: "Month end", topic: None, themes: &[Theme::Staff], every: 5, open: false },
    Circle {
        name: "Book club",
        topic: Some("One chapter a week"),
        themes: &[Theme::Office],
        every: 6,
        open: true,
    },
    Circle { name: "Lunch", topic: None, themes: &[Theme::Office], every: 3, open: true },
];

/// The announcement everybody reads; these write.
pub(super) const NEWS: (&str, &[&str]) = ("House news", &["emma.wright", "ingrid.dahl", "noor.haddad"]);

/// What the groups of the last day talked about before.
pub(super) fn themes_of(name: Option<&str>) -> &'static [Theme] {
    match name {
        Some("Project Alder deal team") => &[Theme::Deals],
        Some("Rates morning call") => &[Theme::Desk],
        Some(_) => &[Theme::Office],
        None => &[Theme::Direct],
    }
}

/// Own words on the present state.
pub(super) const STATUSES: &[(&str, &str)] = &[
    ("beatriz.lima", "On the desk line until noon"),
    ("kenji.sato", "大阪出張中"),
    ("jonas.becker", "Im Urlaub bis Montag"),
    ("layla.nasser", "في اجتماع"),
    ("daniel.okafor", "Client meetings all day, please text"),
    ("arjun.patel", "On call this week"),
    ("emma.wright", "Half day on Friday"),
];

/// Everybody, department by department.
pub(super) fn people() -> impl Iterator<Item = &'static Invented> {
    DEPARTMENTS.iter().flat_map(|department| department.people)
}
