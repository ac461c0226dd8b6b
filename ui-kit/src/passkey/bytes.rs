//! The fields of passkeys that are bytes, to and from base64url without padding: for browsers that know passkeys and not their JSON.

use js_sys::{Array, ArrayBuffer, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::{function, property};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as text.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let joined = three.iter().fold(0_u32, |joined, byte| joined << 8 | u32::from(*byte));
        let joined = joined << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            let six = joined >> (18 - 6 * place) & 63;
            text.extend(LETTERS.get(six as usize).map(|letter| char::from(*letter)));
        }
    }
    text
}

/// Text as bytes; none when it is no base64url. Padding may be there.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for four in text.chunks(4) {
        let mut joined = 0_u32;
        for letter in four {
            let six = LETTERS.iter().position(|known| known == letter)?;
            joined = joined << 6 | u32::try_from(six).ok()?;
        }
        let whole = four.len() * 6 / 8;
        if whole == 0 {
            return None;
        }
        let [_, places @ ..] = (joined << (6 * (4 - four.len()))).to_be_bytes();
        bytes.extend(places.iter().take(whole));
    }
    Some(bytes)
}

/// Puts the bytes of a field where its text is, if it has the field.
fn read(of: &JsValue, name: &str) -> Option<()> {
    let Some(text) = property(of, name) else { return Some(()) };
    let bytes = decode(&text.as_string()?)?;
    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
    Reflect::set(of, &name.into(), &buffer).ok().map(drop)
}

/// Options as the server wrote them, in the form in which the browser takes them.
pub(super) fn read_options(options: JsValue) -> Option<JsValue> {
    read(&options, "challenge")?;
    if let Some(user) = property(&options, "user") {
        read(&user, "id")?;
    }
    for list in ["excludeCredentials", "allowCredentials"] {
        if let Some(list) = property(&options, list) {
            for one in list.dyn_into::<Array>().ok()?.iter() {
                read(&one, "id")?;
            }
        }
    }
    Some(options)
}

/// What a passkey answered, in the form in which the server reads it.
pub(super) fn write_answer(credential: &JsValue) -> Option<JsValue> {
    let answer = Object::new();
    let set = |of: &Object, name: &str, value: &JsValue| Reflect::set(of, &name.into(), value).ok().map(drop);
    let write = |of: &JsValue, name: &str, into: &Object| -> Option<()> {
        let Some(buffer) = property(of, name) else { return Some(()) };
        let buffer: ArrayBuffer = buffer.dyn_into().ok()?;
        let bytes = Uint8Array::new(&buffer).to_vec();
        set(into, name, &encode(&bytes).into())
    };
    for name in ["id", "type", "authenticatorAttachment"] {
        if let Some(value) = property(credential, name) {
            set(&answer, name, &value)?;
        }
    }
    write(credential, "rawId", &answer)?;
    let (said, told) = (property(credential, "response")?, Object::new());
    for name in ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] {
        write(&said, name, &told)?;
    }
    if let Some(transports) = called(&said, "getTransports") {
        set(&told, "transports", &transports)?;
    }
    set(&answer, "response", &told)?;
    let results = called(credential, "getClientExtensionResults").unwrap_or_else(|| Object::new().into());
    set(&answer, "clientExtensionResults", &results)?;
    Some(answer.into())
}

/// What a method without arguments says, where there is one.
fn called(of: &JsValue, name: &str) -> Option<JsValue> {
    let method: Function = function(of, name)?;
    method.call0(of).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_their_text() {
        let all: Vec<u8> = (0..=255).collect();
        for length in [0, 1, 2, 3, 4, 5, 255, 256] {
            let bytes = &all[..length];
            assert_eq!(decode(&encode(bytes)).as_deref(), Some(bytes), "{length}");
        }
        // RFC 4648, section 10, without padding, and the two letters that are its own.
        for (bytes, text) in
            [("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
        assert_eq!(decode("Zg==").as_deref(), Some(&b"f"[..]));
    }

    #[test]
    fn what_is_no_base64url_is_refused() {
        for wrong in ["Z", "Zm9vY", "+/8", "Zm 8", "Zmé"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
