//! End-to-end tests of Chancery, through its front door.
fn main() {}
