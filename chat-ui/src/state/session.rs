//! Who is signed in on this device; the console asks the same, so it lives in `ui-kit`.

pub use chancery_ui_kit::session::{Farewell, Session, SessionState};
