//! The reducer. Stub.
