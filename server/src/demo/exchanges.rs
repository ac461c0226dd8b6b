//! Short exchanges to be said again and again: readable files of lines `A: text`, with slots to fill.
//!
//! An empty line ends an exchange; `> B:` answers the line before it; a line without a speaker goes on with the text
//! above it. Slots: `{client}`, `{deal}`, `{doc}`, `{city}`, `{time}`, `{date}`, `{n}`, and `{b}` for B's first name.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

macro_rules! themes {
    ($($name:ident $file:literal)*) => {
        /// What people talk about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Theme { $($name,)* }

        impl Theme {
            pub(super) const ALL: &'static [Theme] = &[$(Theme::$name,)*];

            fn text(self) -> &'static str {
                match self { $(Theme::$name => include_str!(concat!("phrases/", $file, ".txt")),)* }
            }
        }
    };
}

themes! {
    Deals "deals"
    Desk "desk"
    Tech "tech"
    Office "office"
    Staff "staff"
    Direct "direct"
    News "news"
    German "german"
    Japanese "japanese"
    Arabic "arabic"
    Portuguese "portuguese"
    Risky "risky"
}

/// One line of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    /// 0 for A.
    pub speaker: usize,
    /// Whether it answers the line before it.
    pub answers: bool,
    /// With slots.
    pub text: String,
}

/// The exchanges of a theme.
pub(super) fn exchanges(theme: Theme) -> Vec<Vec<Spoken>> {
    let mut all: Vec<Vec<Spoken>> = vec![Vec::new()];
    for line in theme.text().lines() {
        let current = all.len() - 1;
        if line.is_empty() {
            if !all[current].is_empty() {
                all.push(Vec::new());
            }
        } else if let Some((speaker, answers, text)) = spoken(line) {
            all[current].push(Spoken { speaker, answers, text: text.to_owned() });
        } else if let Some(last) = all[current].last_mut() {
            last.text.push('\n');
            last.text.push_str(line);
        }
    }
    all.retain(|exchange| !exchange.is_empty());
    all
}

fn spoken(line: &str) -> Option<(usize, bool, &str)> {
    let (answers, line) = match line.strip_prefix("> ") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (speaker, text) = line.split_once(": ")?;
    let speaker = ["A", "B", "C"].iter().position(|name| *name == speaker)?;
    Some((speaker, answers, text))
}

const CLIENTS: &[&str] = &[
    "Example Holdings",
    "Northwind Mills",
    "Harrow & Vale",
    "Kestrel Foods",
    "Tern Shipping",
    "Aldgate Rail",
    "Larkfield Energy",
    "Moss Hydro",
];
const DEALS: &[&str] = &["Alder", "Birch", "Cedar", "Elm", "Juniper"];
const DOCS: &[&str] = &[
    "term-sheet-v4.docx",
    "model-v7.xlsx",
    "cover-note.docx",
    "timetable.pdf",
    "minutes-draft.docx",
    "checklist.xlsx",
];
const CITIES: &[&str] = &["London", "Tokyo", "Frankfurt", "Dubai", "São Paulo", "New York", "Zürich"];

/// What the slots of one exchange stand for.
pub(super) struct Slots {
    client: &'static str,
    deal: &'static str,
    doc: &'static str,
    city: &'static str,
    n: u32,
    time: String,
    date: &'static str,
    b: String,
}

impl Slots {
    /// For an exchange that begins at `minute` of a day, `weekday` days after a Monday.
    pub(super) fn new(random: &mut ChaCha8Rng, theme: Theme, minute: i64, weekday: i64, b: &str) -> Self {
        // On the hour or the half, one to three hours from now.
        let later = (minute / 30 + 2 + i64::from(random.next_u32() % 5)) * 30 % (24 * 60);
        let day = (weekday + 1 + i64::from(random.next_u32() % 4)).rem_euclid(5);
        Self {
            client: pick(random, CLIENTS),
            deal: pick(random, DEALS),
            doc: pick(random, DOCS),
            city: pick(random, CITIES),
            n: 2 + random.next_u32() % 17,
            time: format!("{}:{:02}", later / 60, later % 60),
            date: weekdays(theme)[usize::try_from(day).unwrap_or(0)],
            b: b.split_whitespace().next().unwrap_or(b).to_owned(),
        }
    }

    /// A text without slots.
    pub(super) fn fill(&self, text: &str) -> String {
        text.replace("{client}", self.client)
            .replace("{deal}", self.deal)
            .replace("{doc}", self.doc)
            .replace("{city}", self.city)
            .replace("{n}", &self.n.to_string())
            .replace("{time}", &self.time)
            .replace("{date}", self.date)
            .replace("{b}", &self.b)
    }
}

/// One of them.
pub(super) fn pick<T: Copy>(random: &mut ChaCha8Rng, of: &[T]) -> T {
    of[random.next_u32() as usize % of.len()]
}

/// Monday to Friday.
fn weekdays(theme: Theme) -> [&'static str; 5] {
    match theme {
        Theme::German => ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"],
        Theme::Japanese => ["月曜日", "火曜日", "水曜日", "木曜日", "金曜日"],
        Theme::Arabic => ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة"],
        Theme::Portuguese => ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira"],
        _ => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn every_file_reads_and_every_slot_is_known() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for theme in Theme::ALL {
            let all = exchanges(*theme);
            assert!(all.len() >= 5, "{theme:?}");
            for spoken in all.iter().flatten() {
                let filled = Slots::new(&mut random, *theme, 600, 2, "Ada Test").fill(&spoken.text);
                assert!(!filled.contains('{') && !filled.trim().is_empty(), "{theme:?}: {filled}");
            }
        }
    }

    #[test]
    fn lines_answers_and_text_over_several_lines_are_told_apart() {
        assert_eq!(spoken("> B: yes: really"), Some((1, true, "yes: really")));
        assert_eq!(spoken("SELECT 1"), None);
        let code = exchanges(Theme::Tech).into_iter().flatten().find(|spoken| spoken.text.contains("SELECT"));
        assert!(code.is_some_and(|spoken| spoken.text.starts_with("```\n") && spoken.text.ends_with("```")));
    }
}
