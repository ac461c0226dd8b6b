//! The notifier in a house without a server, on both databases, by a clock that stands still until it is moved.

mod decided;
mod explained;
mod handed;
mod house;
