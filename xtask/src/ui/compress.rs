//! Brotli and gzip at their highest settings: done once here, so that the server never compresses an asset.

use std::io::Write;

use anyhow::Result;

/// Brotli at quality 11 with the widest common window.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut out, &parameters)?;
    Ok(out)
}

/// Gzip at level 9, without a time stamp.
pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_come_back_as_they_were() {
        let content = b"a record, a unit, a conversation ".repeat(50);
        let mut out = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(&content).unwrap()[..], &mut out).unwrap();
        assert_eq!(out, content);
        out.clear();
        flate2::read::GzDecoder::new(&gzip(&content).unwrap()[..]).read_to_end(&mut out).unwrap();
        assert_eq!(out, content);
    }
}
