//! The company's own front door: which machines before the server are believed when they say whose request they hand on.
//!
//! What must stay true: a header counts only when the machine that brought it is trusted, and of what it says only the
//! nearest entry that is not itself a trusted machine; everything further away could have been written by anybody.

use std::net::IpAddr;

use actix_web::http::header::{AsHeaderName, HeaderMap};

use crate::ground::config::{ForwardedHeader, Proxies};
impl Proxies {
    /// Whether a machine is believed.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// The address a request comes from: the peer, or, as long as the machine that speaks is trusted, the one it names.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let said = match self.header {
            ForwardedHeader::XForwardedFor => entries(headers, "x-forwarded-for"),
            ForwardedHeader::Forwarded => entries(headers, "forwarded"),
        };
        for entry in said.iter().rev() {
            if !self.trusts(client) {
                break;
            }
            let named = match self.header {
                ForwardedHeader::XForwardedFor => node(entry),
                ForwardedHeader::Forwarded => forwarded_for(entry).and_then(node),
            };
            // A proxy that hides the address, or something nobody can read: nothing before it counts.
            let Some(named) = named else { break };
            client = named.to_canonical();
        }
        client
    }
}

/// Every entry of a header that may come several times, in order.
fn entries(headers: &HeaderMap, name: impl AsHeaderName) -> Vec<&str> {
    let lines = headers.get_all(name).filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|entry| !entry.is_empty()).collect()
}

/// What `for=` says in one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    Some(value.trim().trim_matches('"'))
}

/// An address with or without brackets and port.
fn node(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    text.rsplit_once(':')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn client(trusted: &[&str], peer: &str, header: ForwardedHeader, lines: &[&str]) -> String {
        let trusted = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let name = match header {
            ForwardedHeader::XForwardedFor => "x-forwarded-for",
            ForwardedHeader::Forwarded => "forwarded",
        };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(line).unwrap());
        }
        Proxies { trusted, header }.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_the_word_of_trusted_machines_counts_and_only_the_nearest_other() {
        use ForwardedHeader::{Forwarded, XForwardedFor};
        let inner = &["10.0.0.0/8", "2001:db8:1::/48"][..];
        for (trusted, peer, header, lines, expected) in [
            (&[][..], "10.0.0.1", XForwardedFor, &["203.0.113.9"][..], "10.0.0.1"),
            (inner, "192.0.2.1", XForwardedFor, &["203.0.113.9"], "192.0.2.1"),
            (inner, "10.0.0.1", XForwardedFor, &[], "10.0.0.1"),
            (inner, "10.0.0.1", XForwardedFor, &["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
            // Two machines of ours in a row, over two lines.
            (inner, "10.0.0.1", XForwardedFor, &["1.2.3.4", "203.0.113.9, 10.9.9.9"], "203.0.113.9"),
            // The caller is one of ours.
            (inner, "10.0.0.1", XForwardedFor, &["10.2.2.2"], "10.2.2.2"),
            (inner, "10.0.0.1", XForwardedFor, &["203.0.113.9:4711"], "203.0.113.9"),
            (inner, "10.0.0.1", XForwardedFor, &["203.0.113.9, unknown"], "10.0.0.1"),
            (inner, "::ffff:10.0.0.1", XForwardedFor, &["::ffff:203.0.113.9"], "203.0.113.9"),
            (inner, "2001:db8:1::5", XForwardedFor, &["2001:db8:2::7"], "2001:db8:2::7"),
            (
                inner,
                "10.0.0.1",
                Forwarded,
                &["for=1.2.3.4, For=\"[2001:db8:2::7]:4711\";proto=https"],
                "2001:db8:2::7",
            ),
            (inner, "10.0.0.1", Forwarded, &["proto=https;for=203.0.113.9"], "203.0.113.9"),
            (inner, "10.0.0.1", Forwarded, &["for=203.0.113.9, for=_hidden"], "10.0.0.1"),
        ] {
            assert_eq!(client(trusted, peer, header, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn the_other_header_is_never_read() {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static("1.2.3.4"));
        let proxies =
            Proxies { trusted: vec!["10.0.0.0/8".parse().unwrap()], header: ForwardedHeader::Forwarded };
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        assert_eq!(proxies.client(peer, &headers), peer);
    }

    proptest! {
        #[test]
        fn what_a_caller_writes_before_the_proxy_changes_nothing(written in "[ -~]{0,60}") {
            let line = format!("{written}, 203.0.113.9");
            let expected = "203.0.113.9";
            prop_assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", ForwardedHeader::XForwardedFor, &[&line]), expected);
            let line = format!("{written}, for=203.0.113.9");
            prop_assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", ForwardedHeader::Forwarded, &[&line]), expected);
        }
    }
}
