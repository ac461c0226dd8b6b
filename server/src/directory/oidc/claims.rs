//! Who signed in: reading what the settings name out of what the provider said.

use serde_json::Value;

use super::failure::Failure;
use super::token::Claims;
use super::{EmailTrust, Settings};
use crate::ground::config::Secret;

/// Longest text taken over.
const LONGEST: usize = 1_000;

/// A person who signed in at the provider. `issuer` and `subject` together are who it is, for ever; everything else
/// may change, and the e-mail address or login may one day be somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The provider.
    pub issuer: String,
    /// The person's id there.
    pub subject: String,
    /// The session there, for back-channel logout.
    pub sid: Option<String>,
    /// When the person proved who they are, in seconds since 1970.
    pub auth_time: Option<i64>,
    /// The level of that.
    pub acr: Option<String>,
    /// The methods of that.
    pub amr: Vec<String>,
    /// The name to sign in with.
    pub login: String,
    /// The name shown; the login when there is none.
    pub display_name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the address counts as the person's own.
    pub email_verified: bool,
    /// The position in the organisation.
    pub title: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// Groups or roles; `None` when the provider said nothing about them, which is not the same as no group.
    pub groups: Option<Vec<String>>,
    /// The ID token as it came, to be named when signing out.
    pub id_token: Secret,
}

/// What the provider said about a person: the ID token's claims, and the userinfo's where those lack something.
pub(super) struct Said<'c> {
    pub token: &'c Claims,
    pub userinfo: Option<&'c Claims>,
}

impl Said<'_> {
    /// Looks in the ID token first.
    fn find(&self, name: &str) -> Option<&Value> {
        find(self.token, name).or_else(|| find(self.userinfo?, name))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.find(name).and_then(text)
    }

    /// The name to sign in with.
    pub(super) fn login(&self, settings: &Settings) -> Result<String, Failure> {
        let name = &settings.claims.login;
        self.text(name).ok_or_else(|| Failure::ClaimMissing(name.clone()))
    }

    /// The name shown.
    pub(super) fn display_name(&self, settings: &Settings) -> Option<String> {
        self.text(&settings.claims.display_name)
    }

    /// Title or department, when the settings name its claim.
    pub(super) fn optional(&self, name: Option<&String>) -> Option<String> {
        self.text(name?)
    }

    /// Address, and whether it counts as the person's own. Both from one document: the userinfo's word on its address
    /// says nothing about the token's.
    pub(super) fn email(&self, settings: &Settings) -> Result<(Option<String>, bool), Failure> {
        let name = &settings.claims.email;
        let documents = [Some(self.token), self.userinfo];
        let mut all = documents.into_iter().flatten().filter_map(|document| {
            let email = find(document, name).and_then(text).filter(|email| is_address(email))?;
            let claimed = match document.get("email_verified") {
                Some(Value::Bool(verified)) => *verified,
                Some(Value::String(verified)) => verified == "true",
                _ => false,
            };
            let verified = match settings.email_trust {
                EmailTrust::Always => true,
                EmailTrust::Claim => claimed && name == "email",
            };
            Some((email, verified))
        });
        let first = all.next();
        // An address only one document vouches for is better than one nobody does.
        let found = match first {
            Some((_, false)) => all.find(|(_, verified)| *verified).or(first),
            verified_or_none => verified_or_none,
        };
        check_domain(found.as_ref(), &settings.email_domains)?;
        Ok(found.map_or((None, false), |(email, verified)| (Some(email), verified)))
    }

    /// The groups; one text is one group.
    pub(super) fn groups(&self, settings: &Settings) -> Result<Option<Vec<String>>, Failure> {
        let Some(name) = &settings.claims.groups else { return Ok(None) };
        let found = match self.find(name) {
            Some(found) => texts(Some(found)),
            None if self.points_elsewhere(name) => return Err(Failure::GroupsLeftOut),
            None => return Ok(None),
        };
        Ok(Some(found))
    }

    /// Whether the claim was replaced by a pointer (distributed claims), as some providers do when there are many
    /// groups. Taken for "no groups", it would cost people their roles.
    fn points_elsewhere(&self, name: &str) -> bool {
        let documents = [Some(self.token), self.userinfo];
        documents.into_iter().flatten().any(|document| {
            document.get("_claim_names").is_some_and(|names| names.get(name).is_some())
                || (name == "groups"
                    && document.get("hasgroups").is_some_and(|has| *has == true || has == "true"))
        })
    }
}

/// Whether a claim the settings name is missing, so that asking for userinfo may help.
pub(super) fn lacks(claims: &Claims, settings: &Settings) -> bool {
    settings.claims.all().any(|name| find(claims, name).is_none())
        || (settings.email_trust == EmailTrust::Claim
            && !settings.email_domains.is_empty()
            && !claims.contains_key("email_verified"))
}

/// Several texts: an array, or one text.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// A claim by its name, or by the path its name is. Names within a path may have dots themselves
/// (`resource_access.chat.example.org.roles`): whatever is there is found.
fn find<'c>(claims: &'c Claims, name: &str) -> Option<&'c Value> {
    let exact = claims.get(name).filter(|value| !value.is_null());
    exact.or_else(|| {
        let mut dots = name.match_indices('.');
        dots.find_map(|(dot, _)| find(claims.get(name.get(..dot)?)?.as_object()?, name.get(dot + 1..)?))
    })
}

/// A text worth having: trimmed, not empty, not endless, without control characters. An array of one counts as that
/// one; so do providers write attributes that may have several values.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => match list.as_slice() {
            [one @ (Value::String(_) | Value::Number(_))] => return text(one),
            _ => return None,
        },
        _ => return None,
    };
    let fits = !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control);
    fits.then_some(text)
}

/// Plain enough that what follows the `@` is its domain for everybody.
fn is_address(email: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"<>(),:;\\".contains(c);
    email.matches('@').count() == 1
        && !email.contains(odd)
        && !email.starts_with('@')
        && !email.ends_with('@')
}

fn check_domain(email: Option<&(String, bool)>, domains: &[String]) -> Result<(), Failure> {
    if domains.is_empty() {
        return Ok(());
    }
    let (email, verified) = email.ok_or(Failure::EmailMissing)?;
    if !verified {
        return Err(Failure::EmailUnverified);
    }
    let domain = email.rsplit('@').next().unwrap_or_default().to_lowercase();
    if domains.iter().any(|allowed| allowed.to_lowercase() == domain) {
        Ok(())
    } else {
        Err(Failure::EmailDomain)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        value.as_object().unwrap().clone()
    }

    fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
        let mut settings = Settings::default();
        change(&mut settings);
        settings
    }

    fn groups(value: Value, name: &str) -> Result<Option<Vec<String>>, Failure> {
        let settings = settings(|settings| settings.claims.groups = Some(name.to_owned()));
        Said { token: &claims(value), userinfo: None }.groups(&settings)
    }

    fn email(token: Value, userinfo: Value, settings: &Settings) -> Result<(Option<String>, bool), Failure> {
        Said { token: &claims(token), userinfo: Some(&claims(userinfo)) }.email(settings)
    }

    #[test]
    fn groups_are_an_array_or_one_text_at_a_name_or_a_path() {
        let both = Ok(Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(groups(json!({"groups": ["a", "b"]}), "groups"), both);
        assert_eq!(groups(json!({"realm_access": {"roles": ["a", "b"]}}), "realm_access.roles"), both);
        let dots = json!({"resource_access": {"a.example.org": {"roles": ["a", "b"]}, "a": 1}});
        assert_eq!(groups(dots, "resource_access.a.example.org.roles"), both);
        assert_eq!(groups(json!({"https://x.example/groups": ["a", "b"]}), "https://x.example/groups"), both);
        assert_eq!(groups(json!({"a.b": ["a", "b"], "a": {"b": "c"}}), "a.b"), both, "the exact name first");
        assert_eq!(groups(json!({"groups": "a b"}), "groups"), Ok(Some(vec!["a b".to_owned()])));
        assert_eq!(
            groups(json!({"groups": [1, {"x": 1}, " a ", "\u{7}", ""]}), "groups"),
            Ok(Some(vec!["1".to_owned(), "a".to_owned()]))
        );
        assert_eq!(groups(json!({"groups": []}), "groups"), Ok(Some(Vec::new())));
    }

    #[test]
    fn no_word_about_groups_is_not_the_same_as_no_group() {
        assert_eq!(groups(json!({}), "groups"), Ok(None));
        assert_eq!(groups(json!({"groups": null}), "groups"), Ok(None));
        let pointer = json!({"_claim_names": {"groups": "src1"}, "_claim_sources": {}});
        assert_eq!(groups(pointer, "groups"), Err(Failure::GroupsLeftOut));
        assert_eq!(groups(json!({"hasgroups": true}), "groups"), Err(Failure::GroupsLeftOut));
        assert_eq!(groups(json!({"hasgroups": true}), "roles"), Ok(None));
    }

    #[test]
    fn an_address_counts_when_the_same_document_says_it_is_verified() {
        let any = Settings::default();
        let found = |email: &str, verified| Ok((Some(email.to_owned()), verified));
        let (a, b) = ("a@x.example", "b@x.example");
        assert_eq!(email(json!({"email": a, "email_verified": true}), json!({}), &any), found(a, true));
        assert_eq!(email(json!({"email": a, "email_verified": "true"}), json!({}), &any), found(a, true));
        assert_eq!(email(json!({"email": a, "email_verified": 1}), json!({}), &any), found(a, false));
        assert_eq!(email(json!({"email": a}), json!({"email_verified": true}), &any), found(a, false));
        assert_eq!(email(json!({}), json!({"email": b, "email_verified": true}), &any), found(b, true));
        let vouched = json!({"email": b, "email_verified": true});
        assert_eq!(email(json!({"email": a}), vouched.clone(), &any), found(b, true));
        assert_eq!(email(json!({"email": a, "email_verified": true}), vouched, &any), found(a, true));
        assert_eq!(email(json!({"email": a}), json!({"email": b}), &any), found(a, false));
        assert_eq!(email(json!({"email": "no address"}), json!({}), &any), Ok((None, false)));
        let other = settings(|settings| settings.claims.email = "upn".to_owned());
        assert_eq!(email(json!({"upn": a, "email_verified": true}), json!({}), &other), found(a, false));
        let always = settings(|settings| {
            settings.claims.email = "upn".to_owned();
            settings.email_trust = EmailTrust::Always;
        });
        assert_eq!(email(json!({"upn": a}), json!({}), &always), found(a, true));
    }

    #[test]
    fn only_verified_addresses_of_the_domains_come_in() {
        let some = settings(|settings| settings.email_domains = vec!["Example.org".to_owned()]);
        let of = |address: &str, verified: bool| {
            email(json!({"email": address, "email_verified": verified}), json!({}), &some)
                .map(|(email, _)| email.is_some())
        };
        assert_eq!(of("a@example.ORG", true), Ok(true));
        assert_eq!(of("a@example.org", false), Err(Failure::EmailUnverified));
        for foreign in
            ["a@sub.example.org", "a@example.org.evil.example", "a@notexample.org", "a.example.org@x.example"]
        {
            assert_eq!(of(foreign, true), Err(Failure::EmailDomain), "{foreign}");
        }
        for odd in [
            "\"x@example.org\"@evil.example",
            "a@b@example.org",
            "<a@example.org>",
            "@example.org",
            "a b@example.org",
        ] {
            assert_eq!(of(odd, true), Err(Failure::EmailMissing), "{odd}");
        }
        assert_eq!(email(json!({}), json!({}), &some), Err(Failure::EmailMissing));
    }
}
