//! The address people type into the browser. Links, cookies and the check of `Origin` hang on it.

use std::fmt;
use std::net::SocketAddr;

use url::{Host, Url};

use super::parse::Fault;

/// An `http` or `https` address without path, query, fragment or name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    origin: String,
}

impl PublicUrl {
    /// Reads one.
    ///
    /// # Errors
    /// When it is anything but scheme, host and port.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mend = "write scheme and host, such as \"https://chat.example.com\"";
        let url = Url::parse(text).map_err(|e| Fault::new(format!("is not an address: {e}"), mend))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::new("begins with neither http:// nor https://", mend));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::new("holds a name or a password", mend));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(Fault::new(
                "has something behind the host: the server must have a host name of its own",
                mend,
            ));
        }
        let origin = url.origin().ascii_serialization();
        Ok(Self { url, origin })
    }

    /// The address a listener is reached at on this machine, for a configuration that names none.
    pub fn of_listener(address: SocketAddr, tls: bool) -> Option<Self> {
        let scheme = if tls { "https" } else { "http" };
        Self::parse(&format!("{scheme}://{address}")).ok()
    }

    /// Scheme, host and port as a browser writes them into `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host name, without the port.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Host name, and the port unless it is the usual one.
    pub fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Whether browsers reach the server through TLS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// The whole address of a page; `path` begins with `/`.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// As parsed.
    pub fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_scheme_host_and_port() {
        let url = PublicUrl::parse("https://Chat.Example.com:443/").unwrap();
        assert_eq!((url.origin(), url.host()), ("https://chat.example.com", "chat.example.com"));
        assert_eq!(url.page("/link"), "https://chat.example.com/link");
        let url = PublicUrl::parse("http://[::1]:8080").unwrap();
        assert_eq!((url.origin(), url.authority()), ("http://[::1]:8080", "[::1]:8080"));
        assert!(url.is_loopback() && !url.is_https());
        for bad in [
            "chat.example.com",
            "ftp://chat.example.com",
            "https://",
            "https://a:b@chat.example.com",
            "https://chat.example.com/chancery",
            "https://chat.example.com/?a",
            "https://chat.example.com/#a",
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_listener_has_an_address() {
        let address = "127.0.0.1:4711".parse().unwrap();
        assert_eq!(PublicUrl::of_listener(address, false).unwrap().origin(), "http://127.0.0.1:4711");
        assert_eq!(PublicUrl::of_listener(address, true).unwrap().origin(), "https://127.0.0.1:4711");
    }

    #[test]
    fn loopback_is_known_by_its_names() {
        for (text, loopback) in [
            ("http://localhost", true),
            ("http://a.localhost:1", true),
            ("http://127.9.9.9", true),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(PublicUrl::parse(text).unwrap().is_loopback(), loopback, "{text}");
        }
    }
}
