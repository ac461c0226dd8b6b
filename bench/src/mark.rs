//! What a measured message carries in its text: of which run it is, who sent it, its number and when it left.
//!
//! Every server delivers the text as it was sent, so one look for the mark tells the generator everything
//! without reading the frame around it.

use memchr::memmem;

const WORD: &str = "bench";

/// The mark of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Tells the messages of this run from older ones in the same conversation.
    pub run: u32,
    /// Index of who sent it.
    pub sender: u32,
    /// Counts the sender's messages from 1.
    pub number: u32,
    /// Microseconds from the beginning of the run until it left.
    pub sent: u64,
}

impl Mark {
    /// A text of about this many bytes that carries the mark.
    pub fn text(&self, bytes: usize) -> String {
        let mut text = format!("{WORD} {} {} {} {} ", self.run, self.sender, self.number, self.sent);
        const FILLER: &str = "and then nothing of any importance was said about the weather ";
        while text.len() < bytes {
            let left = bytes - text.len();
            text.push_str(&FILLER[..left.min(FILLER.len())]);
        }
        text
    }

    /// The first mark in a frame.
    pub fn find(frame: &str) -> Option<Self> {
        let at = memmem::find(frame.as_bytes(), WORD.as_bytes())?;
        let mut numbers = frame[at + WORD.len()..].split(' ').skip(1);
        let mut next = || numbers.next()?.parse::<u64>().ok();
        let (run, sender, number, sent) = (next()?, next()?, next()?, next()?);
        Some(Self {
            run: u32::try_from(run).ok()?,
            sender: u32::try_from(sender).ok()?,
            number: u32::try_from(number).ok()?,
            sent,
        })
    }
}

/// How many marks there are in a frame.
pub fn count(frame: &str) -> usize {
    memmem::find_iter(frame.as_bytes(), WORD.as_bytes()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { run: 4_000_000_000, sender: 7, number: 12, sent: 3_456_789 };

    #[test]
    fn a_mark_is_found_in_any_frame_around_it() {
        let text = MARK.text(200);
        assert_eq!(text.len(), 200);
        for frame in [
            text.clone(),
            format!(r#"{{"type":"event","event":{{"content":{{"text":"{text}"}}}}}}"#),
            format!("<message from='a@b'><body>{text}</body></message>"),
        ] {
            assert_eq!(Mark::find(&frame), Some(MARK), "{frame}");
        }
    }

    #[test]
    fn what_is_no_mark_is_none() {
        for frame in ["", "a bench", "bench 1 2 3", "bench one 2 3 4 ", "bench -1 2 3 4 "] {
            assert_eq!(Mark::find(frame), None, "{frame}");
        }
    }

    #[test]
    fn marks_of_a_page_are_counted() {
        let page = [MARK.text(80), MARK.text(80), MARK.text(80)].join("\",\"");
        assert_eq!(count(&page), 3);
    }
}
