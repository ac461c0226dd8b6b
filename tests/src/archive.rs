//! What the archive itself holds, read past the server with the record's own code.

use std::collections::{BTreeMap, HashMap};

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::ids::{ConversationId, Id, RecordId};
use data_encoding::HEXLOWER;

use crate::database::Storage;

/// The journal, in order of position.
pub struct Archive {
    /// Every record's header.
    pub headers: Vec<Header>,
}

impl Archive {
    /// Reads the whole journal.
    pub fn read(storage: &Storage) -> Self {
        let query = format!("SELECT {} FROM journal ORDER BY position", storage.hex("header"));
        let rows = storage.sql(&query);
        let headers = rows.lines().map(|line| {
            let bytes = HEXLOWER.decode(line.trim().as_bytes()).unwrap();
            Header::decode(&bytes).unwrap_or_else(|problem| panic!("{problem}: {line}"))
        });
        Self { headers: headers.collect() }
    }

    /// Positions from 1 without gaps, dense `seq` in every conversation, no record twice, and the counters
    /// of head and conversations agree.
    pub fn assert_dense(&self, storage: &Storage) {
        let mut newest: HashMap<ConversationId, u64> = HashMap::new();
        let mut records = std::collections::HashSet::new();
        for (index, header) in self.headers.iter().enumerate() {
            assert_eq!(header.position, index as u64 + 1, "positions have a gap");
            assert!(records.insert(header.record), "a record stands in the journal twice");
            if let Stream::Conversation(id) = header.stream {
                let last = newest.entry(ConversationId::from_bytes(id)).or_default();
                assert_eq!(
                    header.seq,
                    Some(*last + 1),
                    "seq of {} has a gap at position {}",
                    ConversationId::from_bytes(id),
                    header.position
                );
                *last += 1;
            }
        }
        let payloads = storage.sql("SELECT count(*) FROM payloads");
        assert_eq!(payloads, self.headers.len().to_string(), "every record has its payload");
        let head = storage.sql("SELECT position FROM journal_head");
        assert_eq!(head, self.headers.len().to_string(), "the head's position");
        let query = format!("SELECT {}, last_seq FROM conversations", storage.hex("id"));
        for line in storage.sql(&query).lines() {
            let (id, last_seq) = line.split_once('|').unwrap();
            let id = ConversationId::from_bytes(HEXLOWER.decode(id.as_bytes()).unwrap().try_into().unwrap());
            assert_eq!(newest.get(&id).copied().unwrap_or(0).to_string(), last_seq, "last_seq of {id}");
        }
    }

    /// Where a record stands.
    pub fn find(&self, record: RecordId) -> Option<&Header> {
        self.headers.iter().find(|header| header.record == record.bytes())
    }

    /// Records of a conversation by seq.
    pub fn conversation(&self, id: ConversationId) -> BTreeMap<u64, &Header> {
        let mine = self.headers.iter().filter(|header| header.stream == Stream::Conversation(id.bytes()));
        mine.map(|header| (header.seq.unwrap(), header)).collect()
    }

    /// How many records of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.headers.iter().filter(|header| header.kind == kind).count()
    }
}
