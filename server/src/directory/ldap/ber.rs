//! The encoding of LDAP's messages, as far as it is read here: what comes from a server is proven to be a whole,
//! well-formed message of bounded size and depth before the LDAP library sees it, for the library stops at the first
//! thing it does not expect.

/// Largest message accepted, in bytes: an entry with a picture and a long list of members.
pub(super) const MAX_MESSAGE: usize = 8 * 1024 * 1024;

pub(super) const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
const ENUMERATED: u8 = 0x0a;
const BIND_REQUEST: u8 = 0x60;
const SEARCH_REQUEST: u8 = 0x63;
const BIND_RESPONSE: u8 = 0x61;
const ENTRY: u8 = 0x64;
const DONE: u8 = 0x65;
const REFERENCE: u8 = 0x73;
const EXTENDED_RESPONSE: u8 = 0x78;
const INTERMEDIATE: u8 = 0x79;
const CONTROLS: u8 = 0xa0;
const REFERRAL: u8 = 0xa3;
/// Where Active Directory puts the name of its notice of disconnection, though no message has such a part.
const STRAY_NAME: u8 = 0x8a;

/// Reads one element after the other.
#[derive(Clone, Copy)]
pub(super) struct Elements<'a>(pub(super) &'a [u8]);

impl<'a> Elements<'a> {
    /// Tag and content of the next element; none at the end or when it is cut off.
    pub(super) fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (length, rest) = length(rest)?;
        let content = rest.get(..length)?;
        self.0 = rest.get(length..)?;
        Some((tag, content))
    }

    /// The next element when it has this tag; otherwise nothing is read.
    pub(super) fn next_if(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let (found, content) = ahead.next()?;
        if found != tag {
            return None;
        }
        *self = ahead;
        Some(content)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// A length and what follows it.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 0x80 {
        return Some((first.into(), rest));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return None;
    }
    let length = rest.get(..count)?.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
    Some((length, rest.get(count..)?))
}

/// How many bytes the length of a message takes after its tag and first length byte, or what is wrong.
pub(super) fn length_bytes(first: u8) -> Option<usize> {
    match first {
        0..=0x7f => Some(0),
        0x81..=0x84 => Some(usize::from(first & 0x7f)),
        _ => None,
    }
}

/// An integer of at most four bytes that is not negative.
pub(super) fn integer(content: &[u8]) -> Option<u32> {
    if content.is_empty() || content.len() > 4 || content.first().is_some_and(|byte| *byte > 0x7f) {
        return None;
    }
    Some(content.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

/// What an operation came to.
pub(super) struct Outcome<'a> {
    pub(super) message: u32,
    pub(super) code: u32,
    pub(super) text: &'a str,
}

/// Reads the answer to an extended operation.
pub(super) fn extended_response(message: &[u8]) -> Option<Outcome<'_>> {
    if !is_sound(message) {
        return None;
    }
    let mut parts = Elements(Elements(message).next_if(SEQUENCE)?);
    let number = integer(parts.next_if(INTEGER)?)?;
    let mut result = Elements(parts.next_if(EXTENDED_RESPONSE)?);
    let code = integer(result.next_if(ENUMERATED)?)?;
    result.next_if(OCTETS)?;
    let text = std::str::from_utf8(result.next_if(OCTETS)?).ok()?;
    Some(Outcome { message: number, code, text })
}

/// Cookie of a paged-results control.
pub(super) fn page_cookie(control: &[u8]) -> Option<Vec<u8>> {
    let mut parts = Elements(Elements(control).next_if(SEQUENCE)?);
    parts.next_if(INTEGER)?;
    Some(parts.next_if(OCTETS)?.to_vec())
}

/// The error a password-policy control tells of, if any.
pub(super) fn policy_error(control: &[u8]) -> Option<u32> {
    let mut parts = Elements(Elements(control).next_if(SEQUENCE)?);
    parts.next_if(0xa0);
    integer(parts.next_if(0x81)?)
}

/// Number of a message and the tag of what it is about.
pub(super) fn number_and_tag(message: &[u8]) -> Option<(u32, u8)> {
    let mut parts = Elements(Elements(message).next_if(SEQUENCE)?);
    Some((integer(parts.next_if(INTEGER)?)?, parts.next()?.0))
}

/// Whether a message may be an answer to a question of that number and tag.
pub(super) fn is_answer(message: &[u8], (asked, question): (u32, u8)) -> bool {
    number_and_tag(message).is_some_and(|(number, tag)| {
        let fits = match question {
            BIND_REQUEST => tag == BIND_RESPONSE,
            SEARCH_REQUEST => matches!(tag, ENTRY | DONE | REFERENCE | INTERMEDIATE),
            _ => false,
        };
        fits && number == asked
    })
}

/// Whether this is one whole message of a server in every part the library takes for granted.
pub(super) fn is_sound(message: &[u8]) -> bool {
    let mut all = Elements(message);
    let Some(parts) = all.next_if(SEQUENCE) else { return false };
    all.is_empty() && is_response(parts).is_some()
}

fn is_response(parts: &[u8]) -> Option<()> {
    let mut parts = Elements(parts);
    integer(parts.next_if(INTEGER)?)?;
    let (tag, content) = parts.next()?;
    match tag {
        ENTRY => is_entry(content)?,
        REFERENCE => texts(content, OCTETS)?,
        BIND_RESPONSE | DONE | EXTENDED_RESPONSE => is_result(content)?,
        INTERMEDIATE => simple(content)?,
        _ => return None,
    }
    if let Some(controls) = parts.next_if(CONTROLS) {
        let mut controls = Elements(controls);
        while !controls.is_empty() {
            is_control(controls.next_if(SEQUENCE)?)?;
        }
    } else {
        parts.next_if(STRAY_NAME);
    }
    parts.is_empty().then_some(())
}

fn is_result(content: &[u8]) -> Option<()> {
    let mut parts = Elements(content);
    integer(parts.next_if(ENUMERATED)?)?;
    std::str::from_utf8(parts.next_if(OCTETS)?).ok()?;
    std::str::from_utf8(parts.next_if(OCTETS)?).ok()?;
    if let Some(referral) = parts.next_if(REFERRAL) {
        texts(referral, OCTETS)?;
    }
    // Credentials, and name and value of an extended operation; a name is text.
    while !parts.is_empty() {
        match parts.next()? {
            (0x87 | 0x8b, _) => {}
            (0x8a, name) => {
                std::str::from_utf8(name).ok()?;
            }
            _ => return None,
        }
    }
    Some(())
}

fn is_entry(content: &[u8]) -> Option<()> {
    let mut parts = Elements(content);
    parts.next_if(OCTETS)?;
    let mut attributes = Elements(parts.next_if(SEQUENCE)?);
    while !attributes.is_empty() {
        let mut attribute = Elements(attributes.next_if(SEQUENCE)?);
        attribute.next_if(OCTETS)?;
        let mut values = Elements(attribute.next_if(SET)?);
        while !values.is_empty() {
            values.next_if(OCTETS)?;
        }
        if !attribute.is_empty() {
            return None;
        }
    }
    parts.is_empty().then_some(())
}

fn is_control(content: &[u8]) -> Option<()> {
    let mut parts = Elements(content);
    std::str::from_utf8(parts.next_if(OCTETS)?).ok()?;
    if let Some(critical) = parts.next_if(BOOLEAN) {
        critical.first()?;
    }
    parts.next_if(OCTETS);
    parts.is_empty().then_some(())
}

fn texts(content: &[u8], tag: u8) -> Option<()> {
    let mut all = Elements(content);
    while !all.is_empty() {
        std::str::from_utf8(all.next_if(tag)?).ok()?;
    }
    Some(())
}

/// Elements that hold no further ones.
fn simple(content: &[u8]) -> Option<()> {
    let mut all = Elements(content);
    while !all.is_empty() {
        let (tag, _) = all.next()?;
        if tag & 0x20 != 0 {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One element.
    pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![tag];
        match u8::try_from(content.len()) {
            Ok(short) if short < 0x80 => out.push(short),
            _ => {
                out.push(0x84);
                out.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
            }
        }
        out.extend_from_slice(content);
        out
    }

    fn message(operation: &[u8]) -> Vec<u8> {
        tlv(SEQUENCE, &[&[2, 1, 1], operation].concat())
    }

    fn result(tag: u8, more: &[u8]) -> Vec<u8> {
        message(&tlv(tag, &[&[0x0a, 1, 0, 4, 0, 4, 2, b'o', b'k'], more].concat()))
    }

    #[test]
    fn answers_of_servers_are_sound() {
        for tag in [BIND_RESPONSE, DONE, EXTENDED_RESPONSE] {
            assert!(is_sound(&result(tag, &[])));
        }
        assert!(is_sound(&result(DONE, &tlv(REFERRAL, &tlv(OCTETS, b"ldap://x/")))));
        let attribute = tlv(SEQUENCE, &[tlv(OCTETS, b"cn"), tlv(SET, &tlv(OCTETS, &[0xff; 300]))].concat());
        assert!(is_sound(&message(&tlv(ENTRY, &[tlv(OCTETS, b"dc=x"), tlv(SEQUENCE, &attribute)].concat()))));
        let answer = result(EXTENDED_RESPONSE, &[]);
        let outcome = extended_response(&answer).unwrap();
        assert_eq!((outcome.message, outcome.code, outcome.text), (1, 0, "ok"));
    }

    #[test]
    fn what_the_library_would_stumble_over_is_not_sound() {
        let mut deep = vec![];
        for _ in 0..10_000 {
            deep = tlv(0x30, &deep);
        }
        let wrong: [Vec<u8>; 9] = [
            vec![],
            tlv(SEQUENCE, &[]),
            tlv(SEQUENCE, &[2, 1, 1]),
            deep,
            message(&tlv(BIND_RESPONSE, &[])),
            message(&tlv(BIND_RESPONSE, &[0x0a, 1, 0, 4, 1, 0xff, 4, 0])),
            message(&tlv(ENTRY, &tlv(OCTETS, b"dc=x"))),
            message(&tlv(0x42, &[])),
            [result(DONE, &[]), vec![0]].concat(),
        ];
        for (at, message) in wrong.iter().enumerate() {
            assert!(!is_sound(message), "{at}");
        }
        assert!(!is_sound(&tlv(SEQUENCE, &[&[2, 0], &*tlv(DONE, &[0x0a, 1, 0, 4, 0, 4, 0])].concat())));
        assert!(extended_response(&result(BIND_RESPONSE, &[])).is_none());
    }

    #[test]
    fn only_an_answer_of_its_kind_and_number_answers() {
        let (bound, done) = (result(BIND_RESPONSE, &[]), result(DONE, &[]));
        assert!(is_answer(&bound, (1, BIND_REQUEST)) && is_answer(&done, (1, SEARCH_REQUEST)));
        for (message, asked) in [
            (&bound, (2, BIND_REQUEST)),
            (&bound, (1, SEARCH_REQUEST)),
            (&done, (1, BIND_REQUEST)),
            (&done, (1, 0x42)),
        ] {
            assert!(!is_answer(message, asked), "{asked:?}");
        }
    }

    #[test]
    fn controls_are_read() {
        let page = tlv(SEQUENCE, &[&[2, 1, 0], &*tlv(OCTETS, b"next")].concat());
        assert_eq!(page_cookie(&page), Some(b"next".to_vec()));
        assert_eq!(policy_error(&tlv(SEQUENCE, &tlv(0x81, &[2]))), Some(2));
        assert_eq!(
            policy_error(&tlv(SEQUENCE, &[tlv(0xa0, &[0x80, 1, 9]), tlv(0x81, &[1])].concat())),
            Some(1)
        );
        assert_eq!(policy_error(&tlv(SEQUENCE, &[])), None);
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            is_sound(&bytes);
            is_sound(&message(&bytes));
            page_cookie(&bytes);
            policy_error(&bytes);
        }
    }
}
