//! Message text. Stub.
