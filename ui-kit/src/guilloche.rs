//! Guilloche: the fine engraved curves of certificates, computed instead of drawn.
//!
//! They appear in three places only (DESIGN.md section 2): the sign-in panel, the head of the acceptable-use dialog and the
//! rosette behind the icon of an empty state.

use std::f64::consts::{FRAC_PI_2, TAU};
use std::fmt::Write;

use leptos::prelude::*;

use crate::dom::sine;
use crate::icon::{Glyph, Icon};

/// A ribbon of `lines` waves over `width`, each a little further along the bend between two curves.
pub fn ribbon(width: f64, height: f64, lines: u32) -> Vec<String> {
    let wave = |x: f64, shift: f64, t: f64| {
        let at = x / width;
        // Two waves of different length; each line is a little further along them, so that the lines weave.
        let long = sine(at * TAU * 1.05 + 3.5 + t * 1.3) * 0.17;
        let short = sine(at * TAU * 2.1 + 0.9 - t * 2.0) * 0.06;
        height * (0.5 - (at - 0.5) * 0.12 + long + short) + shift
    };
    (0..lines)
        .map(|line| {
            let t = f64::from(line) / f64::from(lines.max(2) - 1);
            let shift = (t - 0.5) * height * 0.38;
            let mut path = String::new();
            let steps = 48;
            for step in 0..=steps {
                let x = width * f64::from(step) / f64::from(steps);
                let y = wave(x, shift, t);
                let _ = write!(path, "{}{} {}", if step == 0 { "M" } else { "L" }, tenths(x), tenths(y));
            }
            path
        })
        .collect()
}

/// A rosette of `petals` circles around a ring.
pub fn rosette(radius: f64, petals: u32) -> String {
    let mut path = String::new();
    let (ring, small) = (radius * 0.66, radius * 0.34);
    for petal in 0..petals {
        let angle = TAU * f64::from(petal) / f64::from(petals);
        let (x, y) = (radius + ring * sine(angle + FRAC_PI_2), radius + ring * sine(angle));
        let (left, y, round, across) = (tenths(x - small), tenths(y), tenths(small), tenths(small * 2.0));
        let _ =
            write!(path, "M{left} {y}a{round} {round} 0 1 0 {across} 0a{round} {round} 0 1 0 -{across} 0");
    }
    path
}

/// A coordinate to one decimal place.
#[expect(clippy::cast_possible_truncation, reason = "coordinates of a drawing")]
fn tenths(value: f64) -> String {
    let tenths = (value * 10.0).round() as i32;
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, (tenths / 10).abs(), (tenths % 10).abs())
}

/// The ribbon of the sign-in panel.
#[component]
pub fn Ribbon() -> impl IntoView {
    view! {
        <svg class="ribbon" viewBox="0 0 560 480" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {ribbon(560.0, 480.0, 34).into_iter().map(|d| view! { <path d=d /> }).collect_view()}
        </svg>
    }
}

/// An icon inside a rosette: the head of an empty or failed state.
#[component]
pub fn Rosette(
    /// What stands in the middle.
    icon: Icon,
) -> impl IntoView {
    view! {
        <span class="rosette">
            <svg class="rosette-lines" viewBox="0 0 88 88" aria-hidden="true" focusable="false">
                <path d=rosette(44.0, 24) />
            </svg>
            <Glyph icon large=true />
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::{ribbon, rosette};

    #[test]
    fn a_ribbon_has_its_lines_and_stays_inside() {
        let lines = ribbon(560.0, 480.0, 34);
        assert_eq!(lines.len(), 34);
        for y in lines.iter().flat_map(|line| line.split(['M', 'L'])).filter_map(|p| p.split(' ').nth(1)) {
            let y: f64 = y.parse().expect("a number");
            assert!((0.0..=480.0).contains(&y), "{y}");
        }
    }

    #[test]
    fn a_rosette_has_its_petals() {
        assert_eq!(rosette(44.0, 24).matches('M').count(), 24);
    }
}
