//! Settings: devices, password, appearance.

pub const TITLE: &str = "Settings";
pub const DEVICES: &str = "Devices";
pub const DEVICES_BODY: &str =
    "Where you are signed in. Sign out what you do not recognise, then change your password.";
pub const THIS_DEVICE: &str = "This device";
pub const SIGN_OUT_DEVICE: &str = "Sign out";
pub const SIGNED_OUT_DEVICE: &str = "Device signed out";
pub const SIGN_OUT_FAILED: &str = "The device was not signed out";
pub const FAILED_TITLE: &str = "Devices could not be loaded";
pub const PASSWORD: &str = "Password";
pub const PASSWORD_BODY: &str = "A new password signs out all your other devices.";
pub const CURRENT: &str = "Present password";
pub const NEW: &str = "New password";
pub const REPEAT: &str = "Repeat the new password";
pub const CHANGE: &str = "Change password";
pub const CHANGED: &str = "Password changed. Other devices are signed out.";
pub const WRONG_CURRENT: &str = "This is not your present password.";
pub const NEED_CURRENT: &str = "Enter your present password.";
pub const MORE: &str = "Programs and second factors";
pub const MORE_BODY: &str = "Each opens in a new tab.";
pub const TOKENS: &str = "Access tokens";
pub const FACTORS: &str = "Passkeys and codes";
pub const APPEARANCE: &str = "Appearance";
pub const APPEARANCE_BODY: &str = "Kept on this device.";

pub fn sign_out(device: &str) -> String {
    format!("Sign out {device}")
}

pub fn seen(when: &str, address: &str) -> String {
    format!("Last seen {when} from {address}")
}

pub fn since(when: &str, until: &str) -> String {
    format!("Signed in {when}, ends by itself {until}")
}
