//! How far own messages have got: sent, delivered, read, and by how many.

use chancery_protocol::ids::PersonId;

/// Another member and how far they have got, by ordinals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Other {
    /// Who.
    pub person: PersonId,
    /// The newest message that reached one of their devices.
    pub received: u64,
    /// The newest message they have read.
    pub read: u64,
    /// They see what was written after this seq.
    pub since: u64,
}

/// How far one message has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Receipt {
    /// To how many it was delivered, those included who have read it.
    pub delivered: usize,
    /// How many have read it.
    pub read: usize,
    /// How many there are.
    pub of: usize,
}

/// What a receipt comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Far {
    /// On the record.
    Sent,
    /// With somebody.
    Delivered,
    /// Read by somebody.
    Read,
}

impl Receipt {
    /// What it comes to.
    pub fn far(self) -> Far {
        match self {
            Self { read: 1.., .. } => Far::Read,
            Self { delivered: 1.., .. } => Far::Delivered,
            _ => Far::Sent,
        }
    }
}

/// Those who may have a message: it was written when they were there.
pub fn readers(seq: u64, others: &[Other]) -> impl Iterator<Item = &Other> {
    others.iter().filter(move |other| other.since < seq)
}

/// How far a message has got.
pub fn receipt(ordinal: u64, seq: u64, others: &[Other]) -> Receipt {
    let mut receipt = Receipt::default();
    for other in readers(seq, others) {
        receipt.of += 1;
        receipt.delivered += usize::from(other.received.max(other.read) >= ordinal);
        receipt.read += usize::from(other.read >= ordinal);
    }
    receipt
}

/// Of own messages, by ordinal and seq from the oldest to the newest: a receipt stands under the newest of those that have got as far.
pub fn receipts(own: impl DoubleEndedIterator<Item = (u64, u64)>, others: &[Other]) -> Vec<(u64, Receipt)> {
    let mut shown = Vec::new();
    let mut last = None;
    for (ordinal, seq) in own.rev() {
        let receipt = receipt(ordinal, seq, others);
        if receipt.of > 0 && last != Some(receipt) {
            shown.push((ordinal, receipt));
            last = Some(receipt);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_protocol::ids::Id;

    fn other(n: u8, received: u64, read: u64, since: u64) -> Other {
        Other { person: PersonId::from_bytes([n; 16]), received, read, since }
    }

    #[test]
    fn a_receipt_stands_under_the_newest_message_that_has_got_so_far() {
        let others = [other(1, 4, 2, 0)];
        let own = [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6)];
        let shown = receipts(own.into_iter(), &others);
        let far: Vec<(u64, Far)> = shown.iter().map(|(ordinal, receipt)| (*ordinal, receipt.far())).collect();
        assert_eq!(far, [(5, Far::Sent), (4, Far::Delivered), (2, Far::Read)]);
    }

    #[test]
    fn who_came_later_is_no_reader_and_what_was_read_was_delivered() {
        let others = [other(1, 0, 3, 0), other(2, 3, 1, 0), other(3, 9, 9, 7)];
        assert_eq!(receipt(3, 5, &others), Receipt { delivered: 2, read: 1, of: 2 });
        assert_eq!(receipt(8, 9, &others).of, 3);
    }

    #[test]
    fn alone_there_is_nothing_to_say() {
        assert!(receipts([(1, 2)].into_iter(), &[]).is_empty());
    }
}
