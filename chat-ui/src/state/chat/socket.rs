//! The browser's WebSocket. Dropping it closes it; it says nothing afterwards.

use chancery_protocol::link::SocketNumber;
use chancery_protocol::{CSRF_SUBPROTOCOL_PREFIX, SUBPROTOCOL};
use chancery_ui_kit::dom;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// An open or opening socket.
pub struct Socket {
    /// The machine's number for it.
    pub number: SocketNumber,
    socket: WebSocket,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket; `None` when the browser refuses at once.
    pub fn open(
        number: SocketNumber,
        csrf: &str,
        on_text: impl Fn(String) + 'static,
        on_close: impl Fn(Option<u16>) + 'static,
    ) -> Option<Self> {
        let scheme = if dom::is_https() { "wss" } else { "ws" };
        let address = format!("{scheme}://{}/api/v1/socket", dom::host());
        let protocols = js_sys::Array::of2(
            &JsValue::from_str(SUBPROTOCOL),
            &JsValue::from_str(&format!("{CSRF_SUBPROTOCOL_PREFIX}{csrf}")),
        );
        let socket = WebSocket::new_with_str_sequence(&address, &protocols).ok()?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                on_text(text);
            }
        });
        let on_close =
            Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| on_close(Some(event.code())));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self { number, socket, _on_message: on_message, _on_close: on_close })
    }

    /// Sends a frame; says whether the browser took it.
    pub fn send(&self, text: &str) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(text).is_ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
