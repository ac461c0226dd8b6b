//! Where a request comes from: address and device, as people recognise them in their list of sessions.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;

use super::Settings;

/// Longest device name.
const DEVICE_CHARS: usize = 60;

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The caller's address, when there is one.
    pub address: Option<IpAddr>,
    /// Browser and system.
    pub device: String,
}

impl Origin {
    /// Of a request.
    pub fn of(request: &HttpRequest, settings: &Settings) -> Self {
        let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        let peer = request.peer_addr().map(|peer| peer.ip());
        let address = peer.map(|peer| settings.proxies.client(peer, request.headers()));
        Self { address, device: device(agent.unwrap_or_default()) }
    }

    /// The address as it is shown.
    pub fn address_text(&self) -> String {
        self.address.map(|address| address.to_canonical().to_string()).unwrap_or_default()
    }
}

/// "Firefox on Linux" from what a browser says of itself; what is no browser by its first words.
fn device(agent: &str) -> String {
    // Order matters: Edge and Opera name Chrome too, Chrome names Safari, Android names Linux.
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            let short: String = agent.chars().filter(|c| !c.is_control()).take(DEVICE_CHARS).collect();
            if short.trim().is_empty() { "Unknown device".to_owned() } else { short.trim().to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_as_people_know_them() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
            Safari/537.36";
        assert_eq!(device(chrome), "Chrome on Linux");
        assert_eq!(device(&format!("{chrome} Edg/140.0")), "Edge on Linux");
        assert_eq!(
            device("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"),
            "Firefox on Windows"
        );
        assert_eq!(device("curl/8.5.0"), "curl/8.5.0");
        assert_eq!(device(""), "Unknown device");
        assert_eq!(device(&"x".repeat(500)).len(), DEVICE_CHARS);
    }
}
