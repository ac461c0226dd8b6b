//! What somebody chose about mails, beside what the house has.

use chancery_protocol::mail::{HouseMail, MailMode, Mailing, QuietHours, Weekday};
use chancery_ui_kit::text::mailing::DAYS;

/// Waits that are offered, in minutes; never shorter than the house's.
const WAITS: [u16; 3] = [30, 60, 240];

/// The same hours with a day that is quiet, or is not; days in their order.
pub fn with_day(mut quiet: QuietHours, day: Weekday, on: bool) -> QuietHours {
    let days = DAYS.into_iter().filter(|one| if *one == day { on } else { quiet.days.contains(one) });
    quiet.days = days.collect();
    quiet
}

/// How often mails go, as a value in a form.
pub fn mode_name(mode: MailMode) -> &'static str {
    match mode {
        MailMode::Each => "each",
        MailMode::Daily => "daily",
        MailMode::Never => "never",
    }
}

/// The other way round.
pub fn mode_of(name: &str) -> MailMode {
    match name {
        "daily" => MailMode::Daily,
        "never" => MailMode::Never,
        _ => MailMode::Each,
    }
}

/// The wait one chose, where it is longer than the house's.
pub fn own_wait(house: &HouseMail, chosen: &Mailing) -> Option<u16> {
    chosen.after_minutes.filter(|minutes| *minutes > house.after_minutes)
}

/// The waits there are besides the house's.
pub fn waits(house: &HouseMail, chosen: &Mailing) -> Vec<u16> {
    let mut waits: Vec<u16> = WAITS.into_iter().filter(|minutes| *minutes > house.after_minutes).collect();
    if let Some(own) = own_wait(house, chosen).filter(|own| !waits.contains(own)) {
        let shorter = waits.iter().take_while(|minutes| **minutes < own).count();
        waits.insert(shorter, own);
    }
    waits
}

/// The quiet hours that hold.
pub fn quiet(house: &HouseMail, chosen: &Mailing) -> QuietHours {
    chosen.quiet.clone().unwrap_or_else(|| house.quiet.clone())
}

/// Time zones there are besides the house's: that of the device, and the one that is chosen. Each with whether it is the device's.
pub fn zones(house: &HouseMail, chosen: &Mailing, device: &str) -> Vec<(String, bool)> {
    let mut zones = Vec::new();
    if !device.is_empty() && device != house.zone {
        zones.push((device.to_owned(), true));
    }
    let other = chosen.zone.as_ref().filter(|zone| **zone != house.zone && **zone != device);
    zones.extend(other.map(|zone| (zone.clone(), false)));
    zones
}

/// Minutes after midnight of a time as fields have it: `08:00`, also with seconds.
pub fn minute(time: &str) -> Option<u16> {
    let mut parts = time.split(':');
    let (hour, minute) = (parts.next()?.parse::<u16>().ok()?, parts.next()?.parse::<u16>().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use chancery_protocol::mail::MailLanguage;

    use super::*;

    fn house(after_minutes: u16) -> HouseMail {
        HouseMail {
            after_minutes,
            window_minutes: 60,
            digest_at: 480,
            quiet: QuietHours { from: 1200, until: 420, days: vec![Weekday::Sunday] },
            zone: "Europe/Berlin".to_owned(),
            language: MailLanguage::English,
        }
    }

    #[test]
    fn nobody_is_offered_less_than_the_house_waits() {
        let chosen = |after_minutes| Mailing { after_minutes, ..Mailing::default() };
        assert_eq!(waits(&house(15), &chosen(None)), [30, 60, 240]);
        assert_eq!(waits(&house(15), &chosen(Some(45))), [30, 45, 60, 240]);
        assert_eq!(waits(&house(60), &chosen(Some(45))), [240]);
        assert_eq!(own_wait(&house(60), &chosen(Some(45))), None, "the house became slower");
        assert_eq!(waits(&house(1440), &chosen(None)), [0; 0]);
    }

    #[test]
    fn days_stay_in_order_and_there_once() {
        let quiet = |days: &[Weekday]| QuietHours { from: 0, until: 0, days: days.to_vec() };
        let (friday, sunday) = (Weekday::Friday, Weekday::Sunday);
        assert_eq!(with_day(quiet(&[sunday]), friday, true), quiet(&[friday, sunday]));
        assert_eq!(with_day(quiet(&[friday, sunday]), friday, true), quiet(&[friday, sunday]));
        assert_eq!(with_day(quiet(&[friday, sunday]), friday, false), quiet(&[sunday]));
    }

    #[test]
    fn zones_are_the_devices_and_the_one_chosen() {
        let of = |zone: Option<&str>, device: &str| {
            let chosen = Mailing { zone: zone.map(str::to_owned), ..Mailing::default() };
            zones(&house(15), &chosen, device)
                .into_iter()
                .map(|(zone, own)| format!("{zone} {own}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(None, "Europe/Berlin"), [""; 0]);
        assert_eq!(of(None, ""), [""; 0]);
        assert_eq!(of(None, "Asia/Tokyo"), ["Asia/Tokyo true"]);
        assert_eq!(of(Some("Asia/Tokyo"), "Asia/Tokyo"), ["Asia/Tokyo true"]);
        assert_eq!(of(Some("Asia/Tokyo"), "Europe/London"), ["Europe/London true", "Asia/Tokyo false"]);
    }

    #[test]
    fn times_of_fields() {
        assert_eq!(
            ["08:00", "23:59", "00:00", "07:30:00"].map(minute),
            [Some(480), Some(1439), Some(0), Some(450)]
        );
        assert_eq!(["", "8", "24:00", "12:60", "ab:cd", "-1:00"].map(minute), [None; 6]);
    }
}
