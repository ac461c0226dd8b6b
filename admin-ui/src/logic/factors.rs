//! What is shown of a new secret, and what is typed as networks.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around a code, without which no camera finds it.
const QUIET: i32 = 4;

/// A QR code to be drawn: the view box, and the dark modules as a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// With the light border.
    pub view_box: String,
    /// One rectangle for each run of dark modules.
    pub path: String,
}

/// The QR code of a text; `None` when it is too long for one.
pub fn qr(text: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let run = (x..size).take_while(|x| code.get_module(*x, y)).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += i32::try_from(run).unwrap_or(size) + 1;
        }
    }
    let side = size + 2 * QUIET;
    Some(Drawing { view_box: format!("-{QUIET} -{QUIET} {side} {side}"), path })
}

/// A secret in groups of four, as it is read aloud and typed.
pub fn in_fours(secret: &str) -> String {
    let mut grouped = String::with_capacity(secret.len() + secret.len() / 4);
    for (at, character) in secret.chars().enumerate() {
        if at > 0 && at.is_multiple_of(4) {
            grouped.push(' ');
        }
        grouped.push(character);
    }
    grouped
}

/// The networks that are typed, one a line. Whether they are some, the server says.
pub fn networks(typed: &str) -> Vec<String> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Which of these lines the server refused, counted from 1 as they stand in the field, and what they say. `fields` are those of the
/// problem: `networks.0` is the first line that is not empty.
pub fn refused_lines<'a>(typed: &str, fields: impl Iterator<Item = &'a str>) -> Vec<(usize, String)> {
    let lines = typed.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    let lines: Vec<(usize, &str)> = lines.collect();
    let places = fields.filter_map(|field| field.strip_prefix("networks.")?.parse::<usize>().ok());
    places.filter_map(|place| lines.get(place).map(|(line, text)| (line + 1, (*text).to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "otpauth://totp/chat.example.com:rita?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=chat.example.com";

    /// The modules a path draws.
    fn drawn(drawing: &Drawing) -> Vec<(i32, i32)> {
        let mut dark = Vec::new();
        for part in drawing.path.split('z').filter(|part| !part.is_empty()) {
            let (x, rest) = part.trim_start_matches('M').split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let run: i32 = rest.split('v').next().unwrap().parse().unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            dark.extend((x..x + run).map(|x| (x, y)));
        }
        dark
    }

    #[test]
    fn a_code_is_drawn_module_by_module() {
        let drawing = qr(URI).unwrap();
        let code = QrCode::encode_text(URI, QrCodeEcc::Medium).unwrap();
        let dark = drawn(&drawing);
        for y in 0..code.size() {
            for x in 0..code.size() {
                assert_eq!(dark.contains(&(x, y)), code.get_module(x, y), "{x} {y}");
            }
        }
        let side = code.size() + 8;
        assert_eq!(drawing.view_box, format!("-4 -4 {side} {side}"));
        assert_eq!(qr(&"x".repeat(8_000)), None);
    }

    #[test]
    fn a_secret_is_read_in_fours() {
        assert_eq!(in_fours("JBSWY3DPEH"), "JBSW Y3DP EH");
        assert_eq!(in_fours(""), "");
    }

    #[test]
    fn networks_stand_one_a_line() {
        assert_eq!(networks(" 10.1.2.0/24 \n\n2001:db8::/32\r\n"), ["10.1.2.0/24", "2001:db8::/32"]);
        assert_eq!(networks("\n "), Vec::<String>::new());
        let typed = "10.1.2.0/24\n\n office\n::1\n10.0.0.0/33";
        let refused = refused_lines(typed, ["networks.1", "networks.3", "networks.9", "other"].into_iter());
        assert_eq!(refused, [(3, "office".to_owned()), (5, "10.0.0.0/33".to_owned())]);
    }
}
