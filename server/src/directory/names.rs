//! What names and user names may look like, and how they are compared when somebody searches.

use chancery_protocol::MAX_NAME_CHARS;

use crate::ground::error::{Code, Error};

/// Longest user name.
pub const MAX_USERNAME: usize = 64;
/// Longest e-mail address, in bytes: no mail server takes a longer one.
const MAX_EMAIL: usize = 254;

/// A user name as it is kept: trimmed and in lower case.
///
/// # Errors
/// `username_invalid`.
pub fn username(text: &str) -> Result<String, Error> {
    let text = text.trim().to_ascii_lowercase();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let fits = (1..=MAX_USERNAME).contains(&text.len()) && text.chars().all(allowed);
    if fits { Ok(text) } else { Err(Error::from(Code::UsernameInvalid).field("username")) }
}

/// A user name made of what somebody signs in with elsewhere: without what stands before `\` or behind `@`, letters without
/// their marks, other characters as hyphens. `None` when nothing is left.
pub fn username_from(login: &str) -> Option<String> {
    let login = login.rsplit('\\').next().unwrap_or(login);
    let login = login.split('@').next().unwrap_or(login);
    let folded = fold(login.trim());
    let narrow = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    let text: String = folded.chars().map(narrow).take(MAX_USERNAME).collect();
    username(text.trim_matches('-')).ok()
}

/// The user name by which an account may be found for somebody: what they sign in with elsewhere, to the letter but for case,
/// without what stands before `\`. A domain behind `@` must be one of `domains`; `None` for any. Nothing is made to fit here: `ada!` and
/// `ada@partner.example` are somebody else than `ada`.
pub fn username_of(login: &str, domains: Option<&[String]>) -> Option<String> {
    let login = login.trim().rsplit('\\').next()?;
    let (name, domain) = login.rsplit_once('@').map_or((login, None), |(name, domain)| (name, Some(domain)));
    let ours =
        |domain: &str| domains.is_none_or(|ours| ours.iter().any(|one| one.eq_ignore_ascii_case(domain)));
    if !domain.is_none_or(ours) {
        return None;
    }
    username(name).ok().filter(|made| made.eq_ignore_ascii_case(name))
}

/// A name as a source has it, made fit to be shown: what one line cannot show is left out. `None` when nothing is left.
pub fn name_from(text: &str) -> Option<String> {
    let line: String =
        text.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !unfit(*c)).collect();
    name(&line.chars().take(MAX_NAME_CHARS).collect::<String>()).ok()
}

/// A person's name as it is kept: trimmed, without control and direction characters.
///
/// # Errors
/// `name_empty`, `name_too_long`, `name_invalid`.
pub fn name(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let code = if text.is_empty() {
        Code::NameEmpty
    } else if text.chars().count() > MAX_NAME_CHARS {
        Code::NameTooLong
    } else if text.chars().any(unfit) {
        Code::ControlCharacter
    } else {
        return Ok(text.to_owned());
    };
    Err(Error::from(code).field("name"))
}

/// An e-mail address as it is kept: trimmed, in lower case, and one that a mail can be sent to.
///
/// # Errors
/// `email_invalid`.
pub fn email(text: &str) -> Result<String, Error> {
    let text = text.trim().to_lowercase();
    let fits = text.len() <= MAX_EMAIL && text.parse::<lettre::Address>().is_ok();
    if fits { Ok(text) } else { Err(Error::from(Code::EmailInvalid).field("email")) }
}

/// Characters one line of text cannot show, or that turn the direction of what stands beside it.
pub fn unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        || ('\u{2028}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// For comparing: lower case, and Latin letters without their marks.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Some(letters) => out.push_str(letters),
            None if ('\u{300}'..='\u{36f}').contains(&c) => {}
            None => out.push(c),
        }
    }
    out
}

/// The letters a marked Latin letter of European languages is searched by.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_lower_case_and_narrow() {
        assert_eq!(username("  Ada.Lovelace-1_x ").unwrap(), "ada.lovelace-1_x");
        for wrong in ["", " ", "ada lovelace", "ada@x", "ädä", "a/b", "a\u{0}", &"a".repeat(65)] {
            assert_eq!(username(wrong).unwrap_err().code, Code::UsernameInvalid, "{wrong:?}");
        }
        assert!(username(&"a".repeat(64)).is_ok());
    }

    #[test]
    fn a_login_of_elsewhere_makes_a_user_name_where_it_can() {
        for (login, expected) in [
            ("Ada.Lovelace", Some("ada.lovelace")),
            ("ada@example.com", Some("ada")),
            ("EXAMPLE\\ada", Some("ada")),
            ("Jürgen Groß", Some("jurgen-gross")),
            ("@example.com", None),
            ("  ", None),
            ("山田", None),
        ] {
            assert_eq!(username_from(login).as_deref(), expected, "{login}");
        }
        assert_eq!(username_from(&"é".repeat(100)).unwrap().len(), MAX_USERNAME);
        assert_eq!(name_from(" Zoë\nÅng\u{202e}ström\u{0} ").as_deref(), Some("Zoë Ångström"));
        assert_eq!(name_from("\u{202e}"), None);
    }

    #[test]
    fn accounts_are_found_by_the_very_name_and_in_domains_that_are_ours() {
        let ours = ["example.com".to_owned()];
        for (login, anywhere, inside) in [
            ("Ada", Some("ada"), Some("ada")),
            ("EXAMPLE\\ada", Some("ada"), Some("ada")),
            ("ada@Example.com", Some("ada"), Some("ada")),
            ("ada@partner.example", Some("ada"), None),
            ("ada@partner.example@example.com", None, None),
            ("ada!", None, None),
            ("-ada", Some("-ada"), Some("-ada")),
            ("ädä", None, None),
            ("ada b", None, None),
            ("@example.com", None, None),
            ("", None, None),
        ] {
            assert_eq!(username_of(login, None).as_deref(), anywhere, "{login}");
            assert_eq!(username_of(login, Some(&ours)).as_deref(), inside, "{login}");
        }
        assert_eq!(username_of("ada@example.com", Some(&[])), None);
        assert_eq!(username_of("ada", Some(&[])).as_deref(), Some("ada"));
    }

    #[test]
    fn names_are_one_line_that_shows_what_it_is() {
        assert_eq!(name(" Zoë Ångström ").unwrap(), "Zoë Ångström");
        assert_eq!(name(" \t").unwrap_err().code, Code::NameEmpty);
        assert_eq!(name(&"é".repeat(121)).unwrap_err().code, Code::NameTooLong);
        assert!(name(&"é".repeat(120)).is_ok());
        for wrong in ["a\nb", "a\u{202e}b", "a\u{2066}b", "a\u{0}b", "a\u{2028}b"] {
            assert_eq!(name(wrong).unwrap_err().code, Code::ControlCharacter, "{wrong:?}");
        }
    }

    #[test]
    fn folding_forgets_case_and_marks() {
        assert_eq!(fold("Zoë ÅNGSTRÖM-Łuczak"), "zoe angstrom-luczak");
        assert_eq!(fold("Straße"), "strasse");
        assert_eq!(fold("e\u{301}"), "e");
        assert_eq!(fold("Ωμέγα"), "ωμέγα");
    }
}
