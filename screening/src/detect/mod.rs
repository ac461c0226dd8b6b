//! What can be told by its form and its check digits.
//!
//! A detector reads the folded text ([`crate::fold::Clean`]), in which digits are plain, dashes are hyphens and
//! nothing is invisible. Numbers are taken as people group them: with a blank between, or a slash, or hyphens and dots.

mod contact;
mod finance;
mod groups;
mod national;
mod secret;

use std::ops::Range;

use crate::effort;
use groups::Group;

/// What a detector knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detector {
    /// Payment card numbers: issuer, length and Luhn digit.
    Card,
    /// International bank account numbers: country, length and mod 97.
    Iban,
    /// United States social security numbers, in their groups.
    UsSsn,
    /// British national insurance numbers.
    UkNino,
    /// German tax identification numbers.
    DeTaxId,
    /// French social security numbers.
    FrNir,
    /// Spanish DNI and NIE.
    EsDni,
    /// Dutch citizen service numbers.
    NlBsn,
    /// Swiss social security numbers.
    ChAhv,
    /// Italian tax codes.
    ItCf,
    /// Polish PESEL numbers.
    PlPesel,
    /// Belgian national numbers.
    BeRrn,
    /// Keys and tokens of programs, private keys.
    Secret,
    /// E-mail addresses.
    Email,
    /// Telephone numbers, as they are usually written.
    Phone,
}

impl Detector {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Card,
        Self::Iban,
        Self::UsSsn,
        Self::UkNino,
        Self::DeTaxId,
        Self::FrNir,
        Self::EsDni,
        Self::NlBsn,
        Self::ChAhv,
        Self::ItCf,
        Self::PlPesel,
        Self::BeRrn,
        Self::Secret,
        Self::Email,
        Self::Phone,
    ];

    /// As it is written behind `detect:`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Iban => "iban",
            Self::UsSsn => "us-ssn",
            Self::UkNino => "uk-nino",
            Self::DeTaxId => "de-tax-id",
            Self::FrNir => "fr-nir",
            Self::EsDni => "es-dni",
            Self::NlBsn => "nl-bsn",
            Self::ChAhv => "ch-ahv",
            Self::ItCf => "it-cf",
            Self::PlPesel => "pl-pesel",
            Self::BeRrn => "be-rrn",
            Self::Secret => "secret",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// The detector of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|detector| detector.name() == name)
    }

    /// Whether a number, without what groups it and in capitals, is one of its kind.
    fn knows(self, number: &Number<'_>) -> bool {
        let compact = number.compact;
        match self {
            Self::Card => finance::is_card(number),
            Self::Iban => finance::is_iban(compact),
            Self::UsSsn => national::is_us_ssn(number),
            Self::UkNino => national::is_uk_nino(compact),
            Self::DeTaxId => national::is_de_tax_id(compact),
            Self::FrNir => national::is_fr_nir(compact),
            Self::EsDni => national::is_es_dni(compact),
            Self::NlBsn => national::is_nl_bsn(compact),
            Self::ChAhv => national::is_ch_ahv(compact),
            Self::ItCf => national::is_it_cf(compact),
            Self::PlPesel => national::is_pl_pesel(compact),
            Self::BeRrn => national::is_be_rrn(compact),
            Self::Secret | Self::Email | Self::Phone => false,
        }
    }
}

/// What may be a number: groups of letters and digits with the same kind of gap between them.
struct Number<'a> {
    /// Without gaps, in capitals.
    compact: &'a [u8],
    groups: &'a [Group],
}

/// Longest number, without gaps.
const LONGEST: usize = 34;

/// Everything that these detectors find, in order of place.
pub(crate) fn find(text: &str, wanted: &[Detector]) -> Vec<(Detector, Range<usize>)> {
    let mut found = Vec::new();
    let has = |detector: &Detector| wanted.contains(detector);
    if has(&Detector::Secret) {
        found.extend(secret::find(text).into_iter().map(|part| (Detector::Secret, part)));
    }
    if has(&Detector::Email) && text.contains('@') {
        found.extend(contact::emails(text).into_iter().map(|part| (Detector::Email, part)));
    }
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        let numbers: Vec<Detector> = wanted.iter().filter(|detector| !is_free(**detector)).copied().collect();
        let groups = groups::groups(text);
        if !numbers.is_empty() {
            numbers_in(text, &groups, &numbers, &mut found);
        }
        if has(&Detector::Phone) {
            found.extend(contact::phones(text, &groups).into_iter().map(|part| (Detector::Phone, part)));
        }
    }
    found.sort_by_key(|(detector, part)| (part.start, part.end, *detector));
    found
}

fn is_free(detector: Detector) -> bool {
    matches!(detector, Detector::Secret | Detector::Email | Detector::Phone)
}

/// From every group on, tries each number of groups that could be one number. That is a constant number of tries:
/// a number has at most [`LONGEST`] characters.
fn numbers_in(text: &str, groups: &[Group], wanted: &[Detector], found: &mut Vec<(Detector, Range<usize>)>) {
    let mut compact = Vec::with_capacity(LONGEST);
    for (first, group) in groups.iter().enumerate() {
        compact.clear();
        let mut digits = false;
        for (count, next) in groups.iter().skip(first).enumerate() {
            if count > 0 && !next.is_grouped_as(&groups[first + 1]) {
                break;
            }
            if compact.len() + next.length() > LONGEST {
                break;
            }
            compact
                .extend(text.as_bytes().iter().take(next.end).skip(next.start).map(u8::to_ascii_uppercase));
            digits |= next.digits;
            if compact.len() < 8 || !digits {
                continue;
            }
            effort::add(wanted.len());
            let number = Number { compact: &compact, groups: &groups[first..=first + count] };
            let known = wanted.iter().filter(|detector| detector.knows(&number));
            found.extend(known.map(|detector| (*detector, group.start..next.end)));
        }
    }
}

#[cfg(test)]
mod tests;
