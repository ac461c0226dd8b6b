//! People who send as fast as they are answered, and never give a message up.
//!
//! Each remembers what was acknowledged. When the line breaks they connect again and say the unanswered
//! message once more under the same client id, as the real client does, so at the end of a load every
//! message was acknowledged exactly once, however often the server died on the way.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chancery_protocol::conversation::{Change, Content, Event};
use chancery_protocol::frame::Recorded;
use chancery_protocol::ids::{ClientId, ConversationId};

use crate::archive::Archive;
use crate::client::{Client, Failed, new_client_id};
use crate::database::Storage;
use crate::http::Caller;
use crate::patience::{in_time, patience, until};

/// A message the server said is on the record.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    /// What the client called it.
    pub client_id: ClientId,
    /// What it said.
    pub text: String,
    /// What the server answered.
    pub recorded: Recorded,
}

/// What a sender brings home.
pub struct Brought {
    /// Everything acknowledged, in order.
    pub acknowledged: Vec<Acknowledged>,
    /// How often a message had to be said again.
    pub said_again: usize,
    /// The client, with its copy of the log.
    pub client: Client,
}

/// Senders who are connected and have not said anything yet.
pub struct Waiting {
    conversation: ConversationId,
    senders: Vec<Sender>,
}

/// Senders at work.
pub struct Load {
    /// Where they send.
    pub conversation: ConversationId,
    stop: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    senders: Vec<tokio::task::JoinHandle<Brought>>,
}

impl Load {
    /// Lets everybody named send to a conversation. Each tries the addresses in turn when the line breaks.
    pub async fn start(who: &[Caller], addresses: &[String], conversation: ConversationId) -> Self {
        Self::connect(who, addresses, conversation).await.begin()
    }

    /// Connects everybody, so that they can begin later.
    pub async fn connect(who: &[Caller], addresses: &[String], conversation: ConversationId) -> Waiting {
        let mut senders = Vec::new();
        for (number, caller) in who.iter().enumerate() {
            let mut caller = caller.clone();
            addresses[number % addresses.len()].clone_into(&mut caller.address);
            senders.push(Sender {
                number,
                client: Client::connect(&caller).await,
                addresses: addresses.to_vec(),
                conversation,
                acknowledged: Vec::new(),
                said_again: 0,
            });
        }
        Waiting { conversation, senders }
    }

    /// How many acknowledgements there were so far.
    pub fn acknowledged(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// Waits until this many more acknowledgements have come.
    pub async fn wait_for_more(&self, more: usize) {
        let wanted = self.acknowledged() + more;
        until(&format!("{more} more messages are acknowledged"), async || {
            assert!(!self.senders.iter().any(tokio::task::JoinHandle::is_finished), "a sender gave up");
            self.acknowledged() >= wanted
        })
        .await;
    }

    /// Lets everybody finish their last message and come home.
    pub async fn finish(self) -> Outcome {
        self.stop.store(true, Ordering::SeqCst);
        let mut brought = Vec::new();
        for sender in self.senders {
            brought.push(in_time("a sender to finish", sender).await.expect("a sender failed"));
        }
        Outcome { conversation: self.conversation, brought, strangers: 0 }
    }
}

impl Waiting {
    /// Lets them send.
    pub fn begin(self) -> Load {
        let stop = Arc::<AtomicBool>::default();
        let count = Arc::<AtomicUsize>::default();
        let run = |sender: Sender| tokio::spawn(sender.run(stop.clone(), count.clone()));
        let senders = self.senders.into_iter().map(run).collect();
        Load { conversation: self.conversation, stop, count, senders }
    }
}

struct Sender {
    number: usize,
    client: Client,
    addresses: Vec<String>,
    conversation: ConversationId,
    acknowledged: Vec<Acknowledged>,
    said_again: usize,
}

impl Sender {
    async fn run(mut self, stop: Arc<AtomicBool>, count: Arc<AtomicUsize>) -> Brought {
        while !stop.load(Ordering::SeqCst) {
            let client_id = new_client_id();
            let text = format!("{} says {}", self.number, self.acknowledged.len() + 1);
            let recorded = self.send_until_acknowledged(client_id, &text).await;
            self.acknowledged.push(Acknowledged { client_id, text, recorded });
            count.fetch_add(1, Ordering::SeqCst);
        }
        Brought { acknowledged: self.acknowledged, said_again: self.said_again, client: self.client }
    }

    async fn send_until_acknowledged(&mut self, client_id: ClientId, text: &str) -> Recorded {
        loop {
            match self.client.send_as(self.conversation, text, client_id).await {
                Ok(recorded) => return recorded,
                Err(Failed::Refused(problem)) => {
                    let code = problem.code.as_str();
                    let passing =
                        matches!(code, "rate_limited" | "storage_unavailable" | "storage_full" | "internal");
                    assert!(passing, "a message was refused: {problem:?}");
                    assert_ne!(code, "internal", "{problem:?}");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(Failed::LineEnded(_)) => self.connect_again().await,
            }
            self.said_again += 1;
        }
    }

    async fn connect_again(&mut self) {
        let end = std::time::Instant::now() + patience();
        for attempt in self.number + 1.. {
            self.addresses[attempt % self.addresses.len()].clone_into(&mut self.client.who.address);
            match self.client.try_reconnect().await {
                Ok(()) => return,
                Err(problem) => {
                    assert!(std::time::Instant::now() < end, "no node can be reached: {problem:?}")
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What a load left behind, to be compared with the archive.
pub struct Outcome {
    /// Where it was sent.
    pub conversation: ConversationId,
    /// What each sender brought home.
    pub brought: Vec<Brought>,
    /// How many messages others sent there meanwhile.
    pub strangers: usize,
}

/// Figures for the log of a soak.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Messages acknowledged.
    pub acknowledged: usize,
    /// Messages that had to be said more than once.
    pub said_again: usize,
    /// Records in the journal.
    pub records: usize,
}

impl Outcome {
    /// Nothing acknowledged is lost, nothing stands there twice, every `seq` is dense, and every client's
    /// copy equals what the archive answers to `reader`.
    pub async fn assert_kept(mut self, storage: &Storage, reader: &Caller) -> Figures {
        let archive = Archive::read(storage);
        archive.assert_dense(storage);
        let mut reader = Client::connect(reader).await;
        let truth = reader.fill_all(self.conversation).await.unwrap();
        let seqs: Vec<u64> = truth.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "the log has gaps");
        assert_eq!(
            truth.len(),
            archive.conversation(self.conversation).len(),
            "log and journal differ in length"
        );

        let mut by_client_id: HashMap<ClientId, &Event> = HashMap::new();
        for event in &truth {
            let Change::Message { client_id: Some(client_id), .. } = event.change else { continue };
            assert!(by_client_id.insert(client_id, event).is_none(), "{client_id} stands there twice");
        }
        let mut figures = Figures { acknowledged: 0, said_again: 0, records: archive.headers.len() };
        for brought in &mut self.brought {
            figures.acknowledged += brought.acknowledged.len();
            figures.said_again += brought.said_again;
            for message in &brought.acknowledged {
                assert_is_on_the_record(message, &by_client_id, &archive);
            }
            assert!(brought.client.out_of_order.is_empty(), "events came out of order");
            brought.client.try_reconnect().await.unwrap();
            brought.client.catch_up(self.conversation).await.unwrap();
            let copy: Vec<&Event> = brought.client.logs[&self.conversation].values().collect();
            assert_eq!(copy, truth.iter().collect::<Vec<_>>(), "a client's copy differs from the archive");
        }
        assert_eq!(
            by_client_id.len(),
            figures.acknowledged + self.strangers,
            "every message of the log was acknowledged once"
        );
        figures
    }
}

fn assert_is_on_the_record(message: &Acknowledged, log: &HashMap<ClientId, &Event>, archive: &Archive) {
    let event = log.get(&message.client_id).unwrap_or_else(|| panic!("acknowledged and lost: {message:?}"));
    assert_eq!(event.record, message.recorded.record, "{message:?}");
    assert_eq!(event.seq, message.recorded.seq, "{message:?}");
    let Change::Message { content: Content::Text { text, .. }, .. } = &event.change else {
        panic!("no readable message: {event:?}")
    };
    assert_eq!(text, &message.text);
    let header = archive.find(event.record).expect("a record outside the journal");
    assert_eq!(header.seq, Some(event.seq));
    assert_eq!(header.at, event.at);
}
