//! The policy of the house holds for every kind of mail, in every part of it.

use super::*;

const AUTHORS: [&str; 2] = ["Authorone Secret", "Authortwo Secret"];
const PLACE: &str = "Placename Secret";
const TEXT: &str = "Textwords Secret";
const ISSUER: &str = "Issuername Secret";
/// So many unread messages that their number can be found.
const UNREAD: u32 = 73_331;

/// Every kind, with a marker in everything that is content.
fn every(check: &mut dyn FnMut(Kind<'_>)) {
    let messages = [by(AUTHORS[0], TEXT), by(AUTHORS[1], TEXT)];
    let mut group = one(Some(PLACE), &messages);
    group.unread = UNREAD;
    let direct = one(None, &messages[..1]);
    let conversations = [group, direct];
    let link = OneTime { by: Some(ISSUER), ..link() };
    check(Kind::Missed(&group));
    check(Kind::Missed(&direct));
    check(Kind::Digest { conversations: &conversations });
    check(Kind::Invitation(&link));
    check(Kind::Reset(&link));
    check(Kind::FactorsRemoved { by: Some(ISSUER) });
    check(Kind::Test);
}

/// The whole mail, decoded: headers, subject, text, HTML.
fn whole(written: &Written) -> String {
    let mail = parse(&written.bytes);
    let (text, html) = bodies(&mail);
    let heads: String =
        mail.headers().iter().map(|header| format!("{}: {:?}\n", header.name(), header.value())).collect();
    format!("{heads}{}{text}{html}{}", written.subject, String::from_utf8_lossy(&written.bytes))
}

#[test]
fn what_may_not_be_said_is_nowhere_in_any_kind_of_mail() {
    let own = Own::new();
    for language in LANGUAGES {
        every(&mut |kind| {
            let said = |content| whole(&own.written(content, kind, language));
            let (nothing, sender, full) =
                (said(MailContent::Nothing), said(MailContent::Sender), said(MailContent::Full));
            for marker in
                [AUTHORS[0], AUTHORS[1], PLACE, TEXT, ISSUER, "Secret", "73331", "73,331", "73329", "/c/0505"]
            {
                assert!(!nothing.contains(marker), "{kind:?} says {marker} under nothing");
            }
            for marker in [PLACE, TEXT, "Placename", "Textwords", "73331", "73329"] {
                assert!(!sender.contains(marker), "{kind:?} says {marker} under sender");
            }
            match kind {
                Kind::Missed(_) | Kind::Digest { .. } => {
                    assert!(sender.contains(AUTHORS[0]) && full.contains(AUTHORS[0]) && full.contains(TEXT));
                }
                Kind::Invitation(_) | Kind::Reset(_) => {
                    assert!(nothing.contains(link().url), "the link is what the mail is for");
                    assert!(sender.contains(ISSUER) && full.contains(ISSUER));
                }
                Kind::FactorsRemoved { .. } => assert!(sender.contains(ISSUER)),
                Kind::Test => assert_eq!(nothing, full),
            }
        });
    }
}

#[test]
fn under_nothing_two_different_conversations_make_the_same_mail() {
    let (own, language) = (Own::new(), Language::German);
    let (first, second) = ([by("A", "a"), by("B", "b")], [by("C", "c")]);
    let digest = |conversations: &[Conversation<'_>]| {
        own.written(MailContent::Nothing, Kind::Digest { conversations }, language).bytes
    };
    assert_eq!(digest(&[one(Some("x"), &first), one(None, &second)]), digest(&[one(Some("y"), &second)]));
    let missed =
        |about: Conversation<'_>| own.written(MailContent::Nothing, Kind::Missed(&about), language).bytes;
    let mut several = one(Some("x"), &first);
    several.unread = 12;
    assert_eq!(missed(several), missed(one(None, &second)));
}

#[test]
fn the_newest_messages_are_inside_and_older_ones_are_counted() {
    let texts: Vec<String> = (0..30).map(|n| format!("number{n:02}")).collect();
    let messages: Vec<Message<'_>> = texts.iter().map(|text| by("Priya Raman", text)).collect();
    let mut conversation = one(Some("Desk"), &messages);
    conversation.unread = 42;
    let own = Own::new();
    let text = |kind| bodies(&parse(&own.written(MailContent::Full, kind, Language::English).bytes)).0;
    let missed = text(Kind::Missed(&conversation));
    assert!(missed.contains("32 older unread messages are not shown here."), "{missed}");
    assert!(!missed.contains("number19") && missed.contains("number20") && missed.contains("number29"));
    let conversations = [conversation; 25];
    let digest = text(Kind::Digest { conversations: &conversations });
    assert!(digest.contains("39 older") && !digest.contains("number26") && digest.contains("number27"));
    assert_eq!(digest.matches("Open conversation").count(), 20);
    assert!(digest.contains("There are 5 more conversations"));
}
