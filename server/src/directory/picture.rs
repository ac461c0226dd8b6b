//! What a source has as somebody's picture, made into one that is shown: small, square, JPEG, without anything else the file said.
//!
//! What must stay true: whatever the bytes are, nothing panics, and what it takes in memory and time has a limit. Pure.

use std::fmt;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

/// Width and height of a picture that is shown, in pixels: the largest avatar on a screen of twice the points, and some.
pub const SIDE: u32 = 128;
/// Longest side of a picture that is looked into, in pixels.
pub const MAX_SIDE: u32 = 4_096;
/// Most memory a picture may take while it is looked into, in bytes.
const MAX_MEMORY: u64 = 64 * 1024 * 1024;
/// Of JPEG, 1 to 100.
const QUALITY: u8 = 82;

/// Why a picture is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It is neither JPEG nor PNG.
    Format,
    /// It has more pixels than are looked into.
    Pixels,
    /// It says what it is and is not.
    Damaged,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format => f.write_str("the picture is neither JPEG nor PNG"),
            Self::Pixels => write!(f, "the picture has more than {MAX_SIDE} pixels in a row or column"),
            Self::Damaged => f.write_str("the picture is damaged"),
        }
    }
}

/// The middle square of a picture as a JPEG of [`SIDE`] pixels, the right way up.
///
/// # Errors
/// Why it cannot be shown.
pub fn shown(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let picture = decoded(bytes)?;
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    let square = picture.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    let small = on_white(&square.resize_exact(SIDE, SIDE, FilterType::CatmullRom));
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    small.write_with_encoder(encoder).map_err(|_| Unusable::Damaged)?;
    Ok(jpeg)
}

fn decoded(bytes: &[u8]) -> Result<DynamicImage, Unusable> {
    let format = image::guess_format(bytes).map_err(|_| Unusable::Format)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png) {
        return Err(Unusable::Format);
    }
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(why)?;
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || decoder.total_bytes() > MAX_MEMORY {
        return Err(Unusable::Pixels);
    }
    if width == 0 || height == 0 {
        return Err(Unusable::Damaged);
    }
    // Cameras lay pictures on their side and say so; what is said is left out, so it is done.
    let turned = decoder.orientation().map_err(why)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(why)?;
    picture.apply_orientation(turned);
    Ok(picture)
}

fn why(error: image::ImageError) -> Unusable {
    match error {
        image::ImageError::Limits(_) => Unusable::Pixels,
        _ => Unusable::Damaged,
    }
}

/// JPEG has no transparency.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let mut whole = RgbImage::new(picture.width(), picture.height());
    for (to, from) in whole.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let mixed = [red, green, blue].map(|part| (part * alpha + 255 * (255 - alpha)) / 255);
        *to = Rgb(mixed.map(|part| u8::try_from(part).unwrap_or(u8::MAX)));
    }
    whole
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, Rgba};
    use proptest::prelude::*;

    use super::*;

    /// Red on the left, green in the middle, blue on the right; see-through in the lower half when `clear`.
    fn stripes(format: ImageFormat, (width, height): (u32, u32), clear: bool) -> Vec<u8> {
        let picture = ImageBuffer::from_fn(width, height, |x, y| {
            let mut colour = [0, 0, 0, 255];
            colour[(x * 3 / width) as usize] = 255;
            if clear && y * 2 >= height {
                colour[3] = 0;
            }
            Rgba(colour)
        });
        let picture = DynamicImage::ImageRgba8(picture);
        let picture = match format {
            ImageFormat::Jpeg => DynamicImage::ImageRgb8(picture.to_rgb8()),
            _ => picture,
        };
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn near(pixel: Rgb<u8>, colour: [u8; 3]) -> bool {
        pixel.0.iter().zip(colour).all(|(is, wanted)| is.abs_diff(wanted) < 40)
    }

    fn opened(jpeg: &[u8]) -> RgbImage {
        assert_eq!(image::guess_format(jpeg).unwrap(), ImageFormat::Jpeg);
        image::load_from_memory(jpeg).unwrap().to_rgb8()
    }

    #[test]
    fn the_middle_square_is_shown_whatever_the_form() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            for size in [(900, 300), (90, 30), (300, 300)] {
                let picture = opened(&shown(&stripes(format, size, false)).unwrap());
                assert_eq!(picture.dimensions(), (SIDE, SIDE));
                assert!(near(*picture.get_pixel(64, 64), [0, 255, 0]), "{format:?} {size:?}");
                let left = if size.0 == size.1 { [255, 0, 0] } else { [0, 255, 0] };
                assert!(near(*picture.get_pixel(8, 64), left), "{format:?} {size:?}");
            }
        }
        let clear = opened(&shown(&stripes(ImageFormat::Png, (300, 300), true)).unwrap());
        assert!(
            near(*clear.get_pixel(64, 120), [255, 255, 255]) && near(*clear.get_pixel(64, 8), [0, 255, 0])
        );
    }

    /// A segment of metadata with a text, and what it says of how the picture lies.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"taken at home");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_picture_is_turned_upright_and_says_nothing_else() {
        let lying = with_exif(&stripes(ImageFormat::Jpeg, (300, 300), false), 6);
        let jpeg = shown(&lying).unwrap();
        let picture = opened(&jpeg);
        // What was on the left is at the top.
        assert!(
            near(*picture.get_pixel(64, 8), [255, 0, 0]) && near(*picture.get_pixel(64, 120), [0, 0, 255])
        );
        let says = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|at| at == text);
        assert!(says(&lying, b"taken at home") && !says(&jpeg, b"taken") && !says(&jpeg, b"Exif"));
    }

    /// The beginning of a PNG that says how large it is.
    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, content) in [(b"IHDR", header), (b"IDAT", vec![0x78, 0x9c, 0x03, 0x00, 0, 0, 0, 1])] {
            png.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
            let named = [&name[..], &content].concat();
            png.extend(&named);
            png.extend(crc32(&named).to_be_bytes());
        }
        png
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        })
    }

    #[test]
    fn what_would_take_too_much_is_not_looked_into() {
        // Ten gigabytes, if anybody made room for it.
        assert_eq!(shown(&png_of(50_000, 50_000)), Err(Unusable::Pixels));
        assert_eq!(shown(&png_of(MAX_SIDE + 1, 1)), Err(Unusable::Pixels));
        assert_eq!(shown(&png_of(1, MAX_SIDE + 1)), Err(Unusable::Pixels));
        // Within the limits, and nothing in it.
        assert_eq!(shown(&png_of(8, 8)), Err(Unusable::Damaged));
        let mut jpeg = stripes(ImageFormat::Jpeg, (30, 30), false);
        let frame = jpeg.windows(2).position(|at| at == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        assert_eq!(shown(&jpeg), Err(Unusable::Pixels));
    }

    #[test]
    fn what_is_no_picture_says_so() {
        assert_eq!(shown(b""), Err(Unusable::Format));
        assert_eq!(shown(b"GIF89a\x01\0\x01\0\0\0\0;"), Err(Unusable::Format));
        assert_eq!(shown(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Err(Unusable::Format));
        assert_eq!(shown(b"\xff\xd8\xff\xe0\x00\x10JFIF"), Err(Unusable::Damaged));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0..3_usize) {
            let begins: [&[u8]; 3] = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"];
            let _ = shown(&[begins[kind], &bytes].concat());
        }

        #[test]
        fn no_damage_makes_it_panic(
            png in any::<bool>(), cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
        ) {
            let format = if png { ImageFormat::Png } else { ImageFormat::Jpeg };
            let mut bytes = with_exif(&stripes(ImageFormat::Jpeg, (40, 30), false), 3);
            if png {
                bytes = stripes(format, (40, 30), true);
            }
            let place = at.index(bytes.len());
            bytes[place] = byte;
            let _ = shown(&bytes);
            bytes.truncate(cut.index(bytes.len()));
            let _ = shown(&bytes);
        }
    }
}
