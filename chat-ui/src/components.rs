//! Parts of pages, one per file.

pub mod entrance;
