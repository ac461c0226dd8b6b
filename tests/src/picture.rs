//! Pictures drawn by code, of nobody: head and shoulders in one colour on another.

use std::io::Cursor;

use data_encoding::BASE64;
pub use image::ImageFormat;
use image::{DynamicImage, Rgb, RgbImage};

/// Width and height.
const SIZE: (u32, u32) = (160, 200);

/// A picture in two colours.
pub fn drawn(format: ImageFormat, ground: [u8; 3], figure: [u8; 3]) -> Vec<u8> {
    let within = |x: u32, y: u32, (cx, cy): (i64, i64), radius: i64| {
        (i64::from(x) - cx).pow(2) + (i64::from(y) - cy).pow(2) < radius.pow(2)
    };
    let picture = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let inside = within(x, y, (80, 80), 34) || within(x, y, (80, 180), 60);
        Rgb(if inside { figure } else { ground })
    });
    let mut bytes = Vec::new();
    DynamicImage::ImageRgb8(picture).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// The line of an entry with which a directory has it as somebody's picture.
pub fn line(bytes: &[u8]) -> String {
    format!("jpegPhoto:: {}\n", BASE64.encode(bytes))
}

/// Width and height of a JPEG, and the colour at its upper left.
pub fn looked_at(jpeg: &[u8]) -> ((u32, u32), [u8; 3]) {
    assert_eq!(image::guess_format(jpeg).unwrap(), ImageFormat::Jpeg);
    let picture = image::load_from_memory(jpeg).unwrap().to_rgb8();
    (picture.dimensions(), picture.get_pixel(4, 4).0)
}
