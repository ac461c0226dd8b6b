//! Rules of acceptable use act before delivery: what they take out or hold back reaches no reader, its author learns why, and all of
//! it is on record.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::acceptable_use::{AttemptState, RuleOutcome};
use chancery_protocol::command::{Command, Confirm, Describe, Edit, SetStatus};
use chancery_protocol::conversation::{Change, Content as Shown, Entry};
use chancery_protocol::frame::{Answer, Frame};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::person::Role;
use chancery_protocol::policy::Content;
use chancery_protocol::problem::Problem;
use chancery_protocol::review::{Refuse, Release, WaitingContext, WaitingCount, WaitingPage};
use chancery_protocol::search::{MessageVersion, OwnSearch};
use chancery_tests::archive::Archive;
use chancery_tests::client::{Client, Failed, new_client_id, send_command};
use chancery_tests::database::Database;
use chancery_tests::house::House;
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::policy::put_in_force;
use chancery_tests::screening::{Said, rule_with, said};
use chancery_tests::search::compliance_search;
use reqwest::Method;
use serde_json::json;

/// A house with an officer and a lead, and two people in a direct talk.
pub struct Ruled {
    pub house: House,
    pub officer: Caller,
    pub lead: Caller,
    pub ada: Client,
    pub bela: Client,
    pub talk: ConversationId,
}

impl Ruled {
    pub async fn new(kind: Database) -> Self {
        let house = House::with_people(kind, 3).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let lead = house.invite_and_redeem("lena", &[Role::ComplianceLead]).await;
        let (mut ada, bela) = (house.connect(0).await, house.connect(1).await);
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        Self { house, officer, lead, ada, bela, talk }
    }

    /// Brings rules into force.
    pub async fn rules(&self, rules: &[(String, Content)]) {
        let rules: Vec<(&str, Content)> =
            rules.iter().map(|(name, content)| (name.as_str(), content.clone())).collect();
        put_in_force(&self.officer, &self.lead, &rules).await;
    }

    /// How many records there are of each kind.
    pub fn counts(&self, kinds: &[Kind]) -> Vec<usize> {
        let archive = Archive::read(self.house.storage());
        archive.assert_dense(self.house.storage());
        kinds.iter().map(|kind| archive.count(*kind)).collect()
    }
}

/// Texts of a conversation as somebody reads them.
async fn read(client: &mut Client, conversation: ConversationId) -> Vec<String> {
    let page = client.history(conversation).await.unwrap();
    let text = |entry: &Entry| match entry {
        Entry::Message { message } => match &message.content {
            Shown::Text { text, .. } => Some(text.clone()),
            _ => None,
        },
        Entry::Note { .. } => None,
    };
    page.entries.iter().filter_map(text).collect()
}

/// Everything a client ever got, as it came over the line.
fn heard(client: &Client) -> String {
    client.frames.iter().map(|frame| serde_json::to_string(frame).unwrap()).collect()
}

async fn waiting(who: &Caller) -> Result<WaitingPage, Refusal> {
    who.call(Method::GET, "/review/waiting", None::<&()>).await
}

async fn release(who: &Caller, attempt: RecordId) -> Result<(), Refusal> {
    let path = format!("/review/waiting/{attempt}/release");
    who.tell(Method::POST, &path, Some(&Release { note: "seen by two".into() })).await
}

async fn refuse(who: &Caller, attempt: RecordId, words: &str) -> Result<(), Refusal> {
    let path = format!("/review/waiting/{attempt}/refuse");
    who.tell(Method::POST, &path, Some(&Refuse { words: words.into() })).await
}

fn code<T>(result: Result<T, Refusal>) -> String {
    result.err().map(|refusal| refusal.code().to_owned()).unwrap_or_default()
}

const FILLER: &str = "xylophone-secret-term";

on_both_databases! {
    async fn every_outcome_is_told_to_its_author_and_nobody_else(kind) {
        let mut all = Ruled::new(kind).await;
        // A second term that nobody writes: it must never be heard of.
        let expression = |word: &str| format!("{word} OR \"{FILLER}\"");
        let rules = [
            rule_with("flagged", "flag", &expression("apple"), json!({})),
            rule_with("warned", "warn", &expression("banana"), json!({})),
            rule_with("redacted", "redact", &expression("cherry"), json!({"instead": "a fruit removed"})),
            rule_with("reviewed", "review", &expression("damson"), json!({})),
            rule_with("blocked", "block", &expression("elder"), json!({"known_to_senders": true})),
        ];
        all.rules(&rules).await;
        let talk = all.talk;
        let ada = &mut all.ada;
        assert!(ada.speak(talk, "one apple").await.notices().is_empty(), "of a flag nobody is told");
        let warned = ada.speak(talk, "one banana").await;
        let redacted = ada.speak(talk, "one cherry and no more").await;
        let waits = ada.speak(talk, "one damson").await;
        let blocked = ada.speak(talk, "one élder").await;
        for (said, rule, outcome) in [
            (&warned, "warned", RuleOutcome::Warn),
            (&redacted, "redacted", RuleOutcome::Redact),
            (&waits, "reviewed", RuleOutcome::Review),
            (&blocked, "blocked", RuleOutcome::Block),
        ] {
            let [notice] = said.notices() else { panic!("{said:?}") };
            assert_eq!((notice.rule.as_str(), notice.outcome), (rule, outcome));
            assert_eq!(notice.why, format!("We do not write this here: {rule}."));
            assert_eq!((notice.name.as_str(), notice.ask.as_str()), (format!("About {rule}").as_str(), "Compliance, second floor"));
            // Only where the rule says so it is shown what matched: the accented word, by its bytes.
            assert_eq!(notice.spans, if rule == "blocked" { vec![(4, 10)] } else { vec![] });
        }
        assert!(matches!((&warned, &waits, &blocked), (Said::Warned(_), Said::Waiting(_), Said::Blocked(_))));
        let shown = ["one apple", "one \u{2}a fruit removed\u{3} and no more"];
        assert_eq!(read(&mut all.bela, talk).await, shown);
        assert_eq!(read(&mut all.ada, talk).await, shown, "nor does the author read it again");
        all.bela.send(talk, "last").await.unwrap();
        all.ada.wait_until("all has come", |client| client.logs.get(&talk).is_some_and(|log| log.len() == 4)).await;
        for client in [&all.ada, &all.bela] {
            assert!(client.out_of_order.is_empty());
            assert!(!heard(client).contains(FILLER), "a term of a rule left the server");
        }
        let reader = heard(&all.bela);
        for gone in ["banana", "cherry", "damson", "lder", "About", "second floor"] {
            assert!(!reader.contains(gone), "{gone} reached a reader");
        }
        let kinds = [Kind::Message, Kind::RuleMatched, Kind::AttemptWarned, Kind::AttemptWaiting, Kind::AttemptBlocked];
        assert_eq!(all.counts(&kinds), [3, 2, 1, 1, 1]);
        let archive = Archive::read(all.house.storage());
        for header in archive.headers.iter().filter(|header| (1510..1530).contains(&header.kind.number())) {
            assert_eq!(header.stream, Stream::System, "members see no hole");
            assert_eq!((header.actor, header.conversation), (Some(all.ada.who.id().bytes()), Some(talk.bytes())));
        }
    }

    async fn a_reason_lets_exactly_the_same_pass(kind) {
        let mut all = Ruled::new(kind).await;
        all.rules(&[rule_with("accounts", "warn", "GB29*", json!({}))]).await;
        let (talk, ada) = (all.talk, &mut all.ada);
        let command = send_command(talk, "it is GB29NWBK", new_client_id());
        let warned = said(ada.ask(command.clone()).await).unwrap().warned();
        let token = warned.token.unwrap();
        let refused = |result: Result<Said, Failed>| result.unwrap_err().code().to_owned();
        let why = "the client asked for it in writing";
        let other = send_command(talk, "it is GB29NWBX", command.client_id);
        assert_eq!(refused(ada.confirm(other, &token, why).await), "confirm_stale", "another text");
        let other = send_command(talk, "it is GB29NWBK", new_client_id());
        assert_eq!(refused(ada.confirm(other, &token, why).await), "confirm_stale", "another message");
        assert_eq!(refused(ada.confirm(command.clone(), "bm90IGEgdG9rZW4", why).await), "confirm_stale");
        assert_eq!(refused(ada.confirm(command.clone(), &token, "   so   ").await), "reason_needed");
        assert_eq!(refused(ada.confirm(command.clone(), &token, &"x".repeat(301)).await), "reason_too_long");
        let inner = Box::new(Confirm { token: token.clone(), reason: why.into(), command: Box::new(command.clone().into()) }.into());
        let nested = ada.ask(Confirm { token: token.clone(), reason: why.into(), command: inner }).await;
        assert_eq!(nested.unwrap_err().code(), "bad_request", "a reason for a reason");
        let bela = all.bela.confirm(command.clone(), &token, why).await;
        assert_eq!(refused(bela), "confirm_stale", "somebody else");
        assert!(read(&mut all.bela, talk).await.is_empty());

        let ada = &mut all.ada;
        let sent = ada.confirm(command.clone(), &token, why).await.unwrap().delivered();
        assert_eq!(ada.confirm(command.clone(), &token, why).await.unwrap().delivered(), sent, "once, however often");
        // Another version of the rule asks again.
        all.rules(&[rule_with("accounts", "warn", "GB29* OR GB30*", json!({}))]).await;
        let ada = &mut all.ada;
        let again = ada.confirm(send_command(talk, "it is GB29NWBK", command.client_id), &token, why).await;
        assert_eq!(again.unwrap().delivered(), sent, "what was delivered stays so");
        assert_eq!(read(&mut all.bela, talk).await, ["it is GB29NWBK"]);
        assert_eq!(all.counts(&[Kind::Message, Kind::AttemptWarned, Kind::RuleMatched]), [1, 1, 1]);
    }

    async fn readers_do_not_uncover_what_was_taken_out_and_officers_do(kind) {
        let mut all = Ruled::new(kind).await;
        all.rules(&[rule_with("cards", "redact", "detect:card", json!({"instead": "card number removed", "known_to_senders": true}))]).await;
        let (talk, number) = (all.talk, "4111 1111 1111 1111");
        let text = format!("@person1 pay **{number}** today");
        let Said::Redacted(redacted) = all.ada.speak(talk, &text).await else { panic!("not redacted") };
        assert_eq!(redacted.notices[0].spans, [(15, 34)]);
        let shown = "@person1 pay **\u{2}card number removed\u{3}** today";
        all.bela.wait_until("it arrives", |client| client.logs.get(&talk).is_some_and(|log| log.len() == 2)).await;
        let live = all.bela.logs[&talk].values().find_map(|event| match &event.change {
            Change::Message { content: Shown::Text { text, .. }, .. } => Some(text.clone()),
            _ => None,
        });
        assert_eq!(live.as_deref(), Some(shown));
        assert_eq!(read(&mut all.bela, talk).await, [shown]);
        // An edit is screened too, and an earlier version is not shown by deleting and restoring.
        let edit = Edit { client_id: new_client_id(), conversation: talk, message: redacted.recorded.record, text: format!("pay {number} tomorrow") };
        assert!(matches!(said(all.ada.ask(edit).await), Ok(Said::Redacted(_))));
        all.ada.delete(talk, redacted.recorded.record).await.unwrap();
        all.ada.restore(talk, redacted.recorded.record).await.unwrap();
        assert_eq!(read(&mut all.bela, talk).await, ["pay \u{2}card number removed\u{3} tomorrow"]);

        all.bela.send(talk, "marker").await.unwrap();
        let bela = &all.house.people[1];
        bela.until_found("marker", 1).await;
        for query in ["4111", "1111", "\"4111 1111\"", "411*"] {
            let found = bela.search(&OwnSearch { query: query.into(), ..OwnSearch::default() }).await.unwrap();
            assert_eq!((found.total, found.hits.len()), (0, 0), "{query} finds what was taken out");
        }
        let found = bela.search(&OwnSearch { query: "tomorrow".into(), ..OwnSearch::default() }).await.unwrap();
        assert_eq!(found.total, 1, "the rest is found");
        let again = Client::connect(bela).await;
        assert!(!heard(&again).contains("4111") && !heard(&all.bela).contains("4111"), "a reader got the number");
        let _ = again;

        let found = all.officer.search_archive(&compliance_search("A card number was sent.", "4111")).await.unwrap();
        let texts: Vec<&str> = found.hits[0].versions.iter().filter_map(|version| version.text.as_deref()).collect();
        assert_eq!(texts, [text.as_str(), "pay 4111 1111 1111 1111 tomorrow"], "an officer with a reason reads it");
        let kept = |version: &MessageVersion| -> Vec<(u32, u32, String)> {
            version.removed.iter().map(|part| (part.span.start, part.span.end, part.instead.clone())).collect()
        };
        let parts: Vec<_> = found.hits[0].versions.iter().map(kept).collect();
        let removed = |start, end| vec![(start, end, "card number removed".to_owned())];
        assert_eq!(parts, [removed(15, 34), removed(4, 23)], "and sees what readers do not get");
    }

    async fn a_text_that_waits_is_released_refused_or_taken_back(kind) {
        let mut all = Ruled::new(kind).await;
        all.rules(&[rule_with("deals", "review", "alder", json!({}))]).await;
        let talk = all.talk;
        let mut phone = Client::connect(&all.house.people[0]).await;
        all.bela.send(talk, "before").await.unwrap();
        let command = send_command(talk, "alder one", new_client_id());
        let one = said(all.ada.ask(command.clone()).await).unwrap().waiting();
        let again = said(all.ada.ask(command.clone()).await).unwrap().waiting();
        assert_eq!(one, again, "sent again, it waits once");
        let two = all.ada.speak(talk, "alder two").await.waiting();
        let three = all.ada.speak(talk, "alder three").await.waiting();
        phone.wait_for("the other device knows", |frame| match frame {
            Frame::Attempt { attempt } if attempt.id == three.id => Some(()),
            _ => None,
        }).await;
        assert_eq!(phone.attempts(talk).await, [one.clone(), two.clone(), three.clone()]);
        assert!(all.bela.attempts(talk).await.is_empty(), "it is nobody else's");
        assert_eq!(all.bela.take_back(three.id).await.unwrap_err().code(), "message_not_found");
        all.ada.take_back(three.id).await.unwrap();
        assert_eq!(all.ada.take_back(three.id).await.unwrap_err().code(), "already_decided");

        // Officers read them, and that is on record.
        let page = waiting(&all.officer).await.unwrap();
        let texts: Vec<&str> = page.texts.iter().map(|text| text.text.as_str()).collect();
        assert_eq!((texts, page.total), (vec!["alder one", "alder two"], 2));
        assert_eq!((page.texts[0].matched[0].rule.as_str(), page.texts[0].matched[0].version), ("deals", 1));
        assert_eq!(page.texts[0].matched[0].spans, [(0, 5)]);
        let path = format!("/review/waiting/{}/context", one.id);
        let context: WaitingContext = all.officer.call(Method::GET, &path, None::<&()>).await.unwrap();
        assert_eq!(context.messages.len(), 1);
        assert_eq!(all.counts(&[Kind::AttemptsRead]), [2]);

        release(&all.officer, one.id).await.unwrap();
        assert_eq!(code(release(&all.lead, one.id).await), "already_decided");
        assert_eq!(code(refuse(&all.lead, two.id, "short").await), "reason_needed");
        refuse(&all.lead, two.id, "Please keep this to the deal room.").await.unwrap();
        let refused = phone.wait_for("the author learns of the refusal", |frame| match frame {
            Frame::Attempt { attempt } if matches!(attempt.state, AttemptState::Refused { .. }) => Some(attempt.clone()),
            _ => None,
        }).await;
        let AttemptState::Refused { words, .. } = &refused.state else { panic!() };
        assert_eq!((refused.id, words.as_str()), (two.id, "Please keep this to the deal room."));
        assert_eq!(all.ada.attempts(talk).await, [refused]);
        all.ada.take_back(two.id).await.unwrap();
        assert!(all.ada.attempts(talk).await.is_empty(), "put away");

        // What was released is a new message, for everybody alike, that says when it was written.
        all.bela.wait_until("it arrives", |client| client.logs.get(&talk).is_some_and(|log| log.len() == 3)).await;
        phone.wait_for("the copy that waited goes", |frame| match frame {
            Frame::AttemptOver { attempt, .. } if *attempt == one.id => Some(()),
            _ => None,
        }).await;
        assert_eq!(read(&mut all.bela, talk).await, ["before", "alder one"]);
        let archive = Archive::read(all.house.storage());
        let message = archive.headers.iter().rfind(|header| header.kind == Kind::Message).unwrap();
        assert_eq!((message.target, message.written_at), (Some(one.id.bytes()), Some(one.at)));
        assert_eq!(message.actor, Some(all.ada.who.id().bytes()));
        let again = said(all.ada.ask(command).await.map(|answer| match answer {
            Answer::Done => Answer::Recorded(chancery_protocol::frame::Recorded { record: one.id, seq: 0, at: 0 }),
            other => other,
        }));
        assert!(matches!(again, Ok(Said::Delivered(_))), "sent once more, it is not delivered twice");
        let kinds = [Kind::Message, Kind::AttemptWaiting, Kind::AttemptReleased, Kind::AttemptRefused, Kind::AttemptWithdrawn];
        assert_eq!(all.counts(&kinds), [2, 3, 1, 1, 1]);
    }

    async fn nobody_decides_on_their_own_and_what_cannot_be_delivered_any_more_is_said(kind) {
        let mut all = Ruled::new(kind).await;
        all.rules(&[rule_with("deals", "review", "alder", json!({}))]).await;
        let both = all.house.invite_and_redeem("oscar", &[Role::Employee, Role::ComplianceOfficer]).await;
        let mut oscar = Client::connect(&both).await;
        let talk = oscar.open_direct(all.house.people[1].id()).await.unwrap().id;
        let own = oscar.speak(talk, "alder of mine").await.waiting();
        let page = waiting(&both).await.unwrap();
        assert_eq!((page.texts.len(), page.total), (0, 1), "one's own is not shown");
        assert_eq!(code(release(&both, own.id).await), "own_request");
        assert_eq!(code(refuse(&both, own.id, "words enough for this").await), "own_request");
        let group = all.ada.create_group("Deal", &[all.house.people[1].id()]).await.unwrap().id;
        let waits = all.bela.speak(group, "alder in the group").await.waiting();
        all.ada.remove_member(group, all.house.people[1].id()).await.unwrap();
        assert_eq!(code(release(&all.officer, waits.id).await), "cannot_release", "its author has left");
        refuse(&all.officer, waits.id, "You are no member any more.").await.unwrap();
        all.house.admin.suspend(both.id()).await.unwrap();
        assert_eq!(code(release(&all.officer, own.id).await), "cannot_release", "its author is suspended");
        let count: WaitingCount = all.lead.call(Method::GET, "/review/waiting/count", None::<&()>).await.unwrap();
        assert_eq!(count.waiting, 1);
    }

    async fn names_topics_and_status_texts_obey_too(kind) {
        let mut all = Ruled::new(kind).await;
        let named = json!({"applies_to": ["conversation_name", "topic", "status"]});
        all.rules(&[
            rule_with("plans", "block", "merger", named.clone()),
            rule_with("jokes", "warn", "joke", named.clone()),
            rule_with("numbers", "redact", "4711", named),
        ]).await;
        let talk = all.talk;
        assert!(matches!(all.ada.speak(talk, "merger joke 4711").await, Said::Delivered(_)), "messages are another kind");
        let group = chancery_tests::groups::create_group("The merger", None, false, vec![]);
        let refused = all.ada.create(group).await.unwrap_err();
        let Failed::Refused(problem) = &refused else { panic!("{refused:?}") };
        assert_eq!((problem.code.as_str(), problem.field.as_deref()), ("blocked_by_rule", Some("name")));
        let id = all.ada.create_group("Lunch", &[]).await.unwrap().id;
        let describe = |name: Option<&str>, topic: Option<&str>| Describe {
            client_id: new_client_id(),
            conversation: id,
            name: name.map(str::to_owned),
            topic: topic.map(str::to_owned),
            open: None,
        };
        let refused = all.ada.ask(describe(None, Some("about 4711"))).await.unwrap_err();
        assert_eq!(refused.code(), "blocked_by_rule", "nothing is taken out of a line that stands for a while");
        let joke = describe(Some("A joke"), None);
        let token = said(all.ada.ask(joke.clone()).await).unwrap().warned().token.unwrap();
        all.ada.confirm(joke, &token, "it is the name of the book").await.unwrap();
        assert_eq!(all.ada.line(id).await.unwrap().name.as_deref(), Some("A joke"));
        let status = SetStatus { client_id: new_client_id(), text: "merger talks".into() };
        assert_eq!(all.ada.ask(status).await.unwrap_err().code(), "blocked_by_rule");
        let nobody = all.bela.ask(describe(Some("The merger"), None)).await.unwrap_err();
        assert_eq!(nobody.code(), "conversation_not_found", "whoever may not name it is told that first");
        assert_eq!(all.counts(&[Kind::AttemptBlocked, Kind::AttemptWarned, Kind::RuleMatched]), [3, 1, 1]);
    }

    async fn all_reasons_for_a_command_are_asked_for_at_once(kind) {
        let mut all = Ruled::new(kind).await;
        let named = json!({"applies_to": ["conversation_name", "topic"], "known_to_senders": true});
        all.rules(&[
            rule_with("jokes", "warn", "joke", named.clone()),
            rule_with("rumours", "warn", "rumour", named.clone()),
            rule_with("lunches", "flag", "lunch", named.clone()),
            rule_with("plans", "block", "merger", named),
        ]).await;
        let told = |problem: &Problem| -> Vec<(String, usize)> {
            problem.notices.iter().map(|notice| (notice.rule.clone(), notice.spans.len())).collect()
        };
        let both = [("jokes".to_owned(), 1), ("rumours".to_owned(), 0)];
        let reason = "both are in the title of the book";
        let mut group = chancery_tests::groups::create_group("A joke", None, false, vec![]);
        group.topic = Some("A rumour at lunch".into());
        let make = Command::from(group);
        let asked = said(all.ada.ask(make.clone()).await).unwrap().warned();
        assert_eq!((told(&asked), asked.field.as_deref()), (both.to_vec(), Some("name")), "spans are of the text that is shown");
        let made = all.ada.ask(Confirm { token: asked.token.unwrap(), reason: reason.into(), command: Box::new(make) }).await.unwrap();
        let Answer::Conversation { conversation, .. } = made else { panic!("{made:?}") };
        let (name, topic) = (Some("Another joke".to_owned()), Some("Another rumour".to_owned()));
        let describe = Command::from(Describe { client_id: new_client_id(), conversation: conversation.id, name, topic, open: None });
        let asked = said(all.ada.ask(describe.clone()).await).unwrap().warned();
        assert_eq!(told(&asked), both);
        all.ada.confirm(describe, asked.token.as_deref().unwrap(), reason).await.unwrap().delivered();
        // Found in name and topic each, and on record beside both.
        assert_eq!(all.counts(&[Kind::AttemptWarned, Kind::RuleMatched, Kind::ConversationDescribed]), [4, 4, 1]);

        let mut group = chancery_tests::groups::create_group("A joke", None, false, vec![]);
        group.topic = Some("The merger".into());
        let Failed::Refused(problem) = all.ada.ask(group).await.unwrap_err() else { panic!("not refused") };
        assert_eq!((problem.code.as_str(), problem.field.as_deref()), ("blocked_by_rule", Some("topic")));
        assert_eq!(told(&problem), [("plans".to_owned(), 1)], "what is blocked needs no reason");
        assert_eq!(all.counts(&[Kind::AttemptWarned, Kind::AttemptBlocked]), [4, 2]);
    }

    async fn whoever_sends_again_is_told_again(kind) {
        let mut all = Ruled::new(kind).await;
        all.rules(&[rule_with("cherries", "redact", "cherry", json!({})), rule_with("apples", "flag", "apple", json!({}))]).await;
        let (talk, ada) = (all.talk, &mut all.ada);
        for text in ["a cherry", "an apple", "a plum"] {
            let command = send_command(talk, text, new_client_id());
            let first = said(ada.ask(command.clone()).await).unwrap();
            let again = said(ada.ask(command).await).unwrap();
            assert_eq!(format!("{first:?}"), format!("{again:?}"));
            assert_eq!(first.notices().len(), usize::from(text == "a cherry"));
        }
        let plain = send_command(talk, "a pear", new_client_id());
        let message = said(ada.ask(plain.clone()).await).unwrap().delivered();
        let edit = Edit { client_id: new_client_id(), conversation: talk, message, text: "no cherry".into() };
        let first = said(ada.ask(edit.clone()).await).unwrap();
        assert!(matches!(first, Said::Redacted(_)));
        assert_eq!(format!("{first:?}"), format!("{:?}", said(ada.ask(edit).await).unwrap()));
        assert_eq!(said(ada.ask(plain).await).unwrap().delivered(), message, "what was found in its new text is not about it");
        assert_eq!(all.counts(&[Kind::Message, Kind::Edit, Kind::RuleMatched]), [4, 1, 3]);
    }

    async fn a_rule_is_for_whom_its_scope_says(kind) {
        let mut all = Ruled::new(kind).await;
        let (ada, bela) = (all.house.people[0].id(), all.house.people[1].id());
        let only = |people: &[PersonId]| json!(people.iter().map(ToString::to_string).collect::<Vec<_>>());
        all.rules(&[
            rule_with("hers", "block", "apple", json!({"scope": {"senders": only(&[ada])}})),
            rule_with("not-hers", "block", "pear", json!({"exceptions": [{"senders": only(&[ada])}]})),
            rule_with("elsewhere", "block", "plum", json!({"exceptions": [{"conversations": [all.talk.to_string()]}]})),
            rule_with("outside", "block", "cherry", json!({"scope": {"reach": "outside"}})),
            rule_with("inside", "block", "damson", json!({"scope": {"reach": "inside"}})),
        ]).await;
        let talk = all.talk;
        let group = all.ada.create_group("Both", &[bela]).await.unwrap().id;
        let blocked = async |client: &mut Client, place, text: &str| matches!(client.speak(place, text).await, Said::Blocked(_));
        assert!(blocked(&mut all.ada, talk, "apple").await && !blocked(&mut all.bela, talk, "apple").await);
        assert!(!blocked(&mut all.ada, talk, "pear").await && blocked(&mut all.bela, talk, "pear").await);
        assert!(!blocked(&mut all.ada, talk, "plum").await && blocked(&mut all.ada, group, "plum").await);
        assert!(!blocked(&mut all.ada, group, "cherry").await && blocked(&mut all.ada, group, "damson").await);
        // A guest comes in, and from then on the conversation reaches outside.
        let terms = chancery_protocol::person::GuestTerms { sponsor: ada, ends_at: chancery_tests::tokens::in_days(30) };
        let invited = all.house.admin.invite_with("gwen", "Gwen Guest", &[Role::Guest], Some(terms)).await.unwrap();
        let guest = all.house.stranger().redeem_link(invited.link.url.as_deref().unwrap(), chancery_tests::house::PASSWORD).await.unwrap();
        all.ada.add_members(group, &[guest.id()]).await.unwrap();
        assert!(blocked(&mut all.ada, group, "cherry").await && !blocked(&mut all.ada, group, "damson").await);
    }

    async fn a_reason_is_bound_to_the_lists_a_rule_calls(kind) {
        let mut all = Ruled::new(kind).await;
        let list = |entries: &[&str]| Content::List { entries: entries.iter().map(|entry| (*entry).to_owned()).collect() };
        let calls = rule_with("deals", "warn", "list:shares NOT list:told", json!({}));
        all.rules(&[("shares".into(), list(&["Acme"])), ("told".into(), list(&["public"])), ("other".into(), list(&["x1y"])), calls]).await;
        let talk = all.talk;
        let command = send_command(talk, "about Acme and Hooli", new_client_id());
        let why = "the client asked for it in writing";
        let token = said(all.ada.ask(command.clone()).await).unwrap().warned().token.unwrap();
        all.rules(&[("other".into(), list(&["z1y"]))]).await;
        all.rules(&[("shares".into(), list(&["Acme", "Hooli"]))]).await;
        let Ok(Said::Warned(again)) = all.ada.confirm(command.clone(), &token, why).await else { panic!("not asked again") };
        all.rules(&[("other".into(), list(&["x1y"]))]).await;
        let token = again.token.unwrap();
        all.ada.confirm(command, &token, why).await.unwrap().delivered();
        assert_eq!(all.counts(&[Kind::AttemptWarned, Kind::RuleMatched]), [2, 1], "another list has nothing to do with it");
    }

    async fn only_officers_see_what_waits(kind) {
        let all = Ruled::new(kind).await;
        for who in [&all.house.people[0], &all.house.admin] {
            assert_eq!(code(waiting(who).await), "not_found");
        }
        until("officers do", async || waiting(&all.officer).await.is_ok()).await;
    }
}
