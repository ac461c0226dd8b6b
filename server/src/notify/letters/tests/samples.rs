//! One mail of each kind, language and policy, as people would get it. With `CHANCERY_LETTERS=<folder>` they are written
//! there, to be looked at.

use super::*;

const POLICIES: [(MailContent, &str); 3] =
    [(MailContent::Full, "full"), (MailContent::Sender, "sender"), (MailContent::Nothing, "nothing")];

#[test]
fn every_kind_opens_in_a_parser_and_speaks_one_language() {
    let folder = std::env::var_os("CHANCERY_LETTERS").map(std::path::PathBuf::from);
    let own = Own::new();
    let removed = format!(
        "Settlement account for the deposit is {}account number removed{} as agreed with operations.",
        chancery_protocol::acceptable_use::REMOVED_BEGIN,
        chancery_protocol::acceptable_use::REMOVED_END
    );
    let deal = [
        by(
            "Priya Raman",
            "Morning all. I merged the comments from legal; the **fee table is final** from my side.",
        ),
        Message { edited: true, ..by("Priya Raman", &removed) },
        by(
            "Daniel Okafor",
            "@lena can you upload the *signed* engagement letter before the 11:00 review?\n> On its way, upload is running now.\nSee https://files.example.org/projects/alder/engagement-letter?version=7&download=signed for the draft:\n- cover page\n- fee table, page 4\n- signatures",
        ),
        by("نادية حسن", "صباح الخير، الملف جاهز للمراجعة."),
        by(
            "Jun Watanabe",
            "Build says:\n```\nerror: totals of page 4 do not match <fee_table>\n  expected 182,440\n```\nI will look at `totals.rs` next.",
        ),
    ];
    let mut team = one(Some("Project Alder deal team"), &deal);
    team.unread = 9;
    let tomasz = [
        by("Tomasz Wrona", "Sent a file: counterparty-terms.pdf"),
        by(
            "Tomasz Wrona",
            "Can we move the walk-through to Thursday? Two of us are travelling on Wednesday.",
        ),
    ];
    let direct = one(None, &tomasz);
    let conversations = [team, direct];
    let link = link();
    let kinds = [
        ("missed", Kind::Missed(&team)),
        ("direct", Kind::Missed(&direct)),
        ("digest", Kind::Digest { conversations: &conversations }),
        ("invitation", Kind::Invitation(&link)),
        ("reset", Kind::Reset(&link)),
        ("factors", Kind::FactorsRemoved { by: Some("Amara Osei") }),
        ("test", Kind::Test),
    ];
    for (name, kind) in kinds {
        for language in LANGUAGES {
            for (content, policy) in POLICIES {
                let written = own.written(content, kind, language);
                let mail = parse(&written.bytes);
                let (text, html) = bodies(&mail);
                assert!(html.contains(&format!("<html lang=\"{}\">", language.tag())));
                assert!(html.len() < 100_000, "programs cut off what is longer");
                assert!(!html.contains("<img") && !html.contains("<style") && !html.contains("class="));
                let (ours, other) = match language {
                    Language::English => ("Sent by Example Bank", "Gesendet von"),
                    Language::German => ("Gesendet von Example Bank", "Sent by"),
                };
                assert!(text.contains(ours) && html.contains(ours) && !text.contains(other), "{text}");
                if let Some(folder) = &folder {
                    let file = folder.join(format!("{name}-{}-{policy}", language.tag()));
                    std::fs::write(file.with_extension("html"), &html).unwrap();
                    std::fs::write(file.with_extension("txt"), format!("{}\n\n{text}", written.subject))
                        .unwrap();
                    std::fs::write(file.with_extension("eml"), &written.bytes).unwrap();
                }
            }
        }
    }
}
