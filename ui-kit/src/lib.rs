//! What both interfaces share: components, the text catalogue, the theme, times in words and the API client.
//!
//! Must stay true: no page writes a visible sentence, a colour or an address itself. Sentences are in [`text`], colours
//! in `css/tokens.css`, addresses in the per-resource files over [`api`]. Nothing here knows of chat or console.
//!
//! Where next: a page starts from [`loaded`] (the four states of everything that is fetched) and [`button`].

pub mod api;
pub mod avatar;
pub mod badge;
pub mod brand;
pub mod bulk_bar;
pub mod button;
pub mod chart;
pub mod choice;
pub mod copy_field;
pub mod day_field;
pub mod dialog;
pub mod dom;
pub mod field;
pub mod filter;
pub mod guilloche;
pub mod icon;
pub mod loaded;
pub mod marked;
pub mod menu;
pub mod message_text;
pub mod notice;
pub mod paging;
pub mod pane;
pub mod passkey;
pub mod policy_text;
pub mod presence;
pub mod progress;
pub mod question;
pub mod reactive;
pub mod router;
pub mod second_step;
pub mod segmented;
pub mod session;
pub mod skeleton;
pub mod state_view;
pub mod table;
pub mod text;
pub mod theme;
pub mod theme_switch;
pub mod time;
pub mod toast;
pub mod tokens;
