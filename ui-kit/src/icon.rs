//! Icons, drawn for Chancery on a 20 px grid: one stroke of 1.5 px, no fill, in the colour of the text around them.
//!
//! An icon is decoration beside a word or inside a control that has a name; it is always hidden from screen readers.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident $d:literal)*) => {
        /// Which drawing. Constants instead of variants: an interface downloads only the drawings it uses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct Icon(&'static str);

        #[expect(non_upper_case_globals, reason = "they read as the variants they stand for")]
        impl Icon {
            $($(#[$doc])* pub const $name: Self = Self($d);)*

            /// The drawing as an SVG path.
            pub fn path(self) -> &'static str { self.0 }
        }
    };
}

icons! {
    /// Arrow to the left: back.
    Back "M16.5 10H3.8M9 4.5 3.5 10 9 15.5"
    /// Four boxes: the overview.
    Grid "M4 3.5h4c.3 0 .5.2.5.5v4c0 .3-.2.5-.5.5H4c-.3 0-.5-.2-.5-.5V4c0-.3.2-.5.5-.5ZM12 3.5h4c.3 0 .5.2.5.5v4c0 .3-.2.5-.5.5h-4c-.3 0-.5-.2-.5-.5V4c0-.3.2-.5.5-.5ZM4 11.5h4c.3 0 .5.2.5.5v4c0 .3-.2.5-.5.5H4c-.3 0-.5-.2-.5-.5v-4c0-.3.2-.5.5-.5ZM12 11.5h4c.3 0 .5.2.5.5v4c0 .3-.2.5-.5.5h-4c-.3 0-.5-.2-.5-.5v-4c0-.3.2-.5.5-.5Z"
    /// Line with a beat: health.
    Pulse "M2 10.5h3.5L8 4l4 12 2.5-5.5H18"
    /// Drum: a database.
    Database "M10 3c3.3 0 6 1 6 2.3S13.3 7.6 10 7.6 4 6.6 4 5.3 6.7 3 10 3ZM4 5.3v9.4C4 16 6.7 17 10 17s6-1 6-2.3V5.3M4 10c0 1.3 2.7 2.3 6 2.3s6-1 6-2.3"
    /// Three sheets on one another: the archive.
    Layers "m10 3 7 3.5-7 3.5-7-3.5L10 3ZM3 10l7 3.5 7-3.5M3 13.5 10 17l7-3.5"
    /// Box with a slot: a disk.
    Disk "M4.4 4h11.2l1.9 7v4.1c0 .5-.4.9-.9.9H3.4c-.5 0-.9-.4-.9-.9V11l1.9-7ZM2.5 11h15M13.5 13.5h1.2"
    /// Circle with a bar: refused, failed.
    Barred "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM4.9 4.9l10.2 10.2"
    /// Two buildings: the organisation.
    Building "M3.5 17V4.2c0-.7.5-1.2 1.2-1.2h5.6c.7 0 1.2.5 1.2 1.2V17M11.5 8h3.3c.7 0 1.2.5 1.2 1.2V17M2 17h16M6.2 6.4h.1M8.8 6.4h.1M6.2 9.4h.1M8.8 9.4h.1M6.2 12.4h.1M8.8 12.4h.1"
    /// Speech bubble.
    Chat "M4.7 3.5h10.6c1 0 1.7.8 1.7 1.7v7.1c0 1-.8 1.7-1.7 1.7H9.2L5.3 17v-3h-.6c-1 0-1.7-.8-1.7-1.7V5.2c0-1 .8-1.7 1.7-1.7Z"
    /// Small angle downwards.
    ChevronDown "m5.5 8 4.5 4.5L14.5 8"
    /// Clock: waits, sending.
    Clock "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM10 6v4.2l2.8 1.7"
    /// Cross: close, remove.
    Close "m5 5 10 10M15 5 5 15"
    /// Circle with a cross: failed.
    CrossCircle "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM7.4 7.4l5.2 5.2M12.6 7.4l-5.2 5.2"
    /// Laptop: a signed-in device.
    Device "M4.7 4.5h10.6c.5 0 .9.4.9.9v7.3H3.8V5.4c0-.5.4-.9.9-.9ZM2 15.5h16l-1-2.8H3l-1 2.8Z"
    /// Arrow into a tray: take along as a file.
    Download "M10 3.2v9.3M6.2 9.2 10 13l3.8-3.8M3.8 16.5h12.4"
    /// Page with a folded corner: a file.
    File "M5.7 2.8h5.6l3.9 3.9v9.6c0 .5-.4.9-.9.9H5.7c-.5 0-.9-.4-.9-.9V3.7c0-.5.4-.9.9-.9ZM11.2 2.9v3.9h3.9"
    /// Flag: to be looked at.
    Flag "M5 17V3.5M5 4h9.2c.5 0 .8.6.5 1L13 7.5l1.7 2.5c.3.4 0 1-.5 1H5"
    /// Flask: try it.
    Flask "M7.5 3h5M8.3 3v5L4.2 15.2c-.5.8.1 1.8 1 1.8h9.6c.9 0 1.5-1 1-1.8L11.7 8V3M6.3 12.5h7.4"
    /// Clock with an arrow back: what was before.
    History "M3.5 5v3.5H7M3.8 8.4A6.9 6.9 0 1 1 3.1 11M10 6.5V10l2.5 1.5"
    /// Lines with points: a log.
    List "M7.5 5h9M7.5 10h9M7.5 15h9M3.8 5h.1M3.8 10h.1M3.8 15h.1"
    /// Arrow downwards.
    Down "M10 3.5v12.7M4.5 11l5.5 5.5 5.5-5.5"
    /// Arrow to the right: forward.
    Forward "M3.5 10h12.7M11 4.5l5.5 5.5-5.5 5.5"
    /// Hourglass: waits for a decision.
    Hourglass "M5.5 3h9M5.5 17h9M6.5 3v2.8c0 1.7 3.5 2.8 3.5 4.2s-3.5 2.5-3.5 4.2V17M13.5 3v2.8c0 1.7-3.5 2.8-3.5 4.2s3.5 2.5 3.5 4.2V17"
    /// At sign: mention.
    At "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM13.2 7v4a2 2 0 0 0 4 0v-1a7.2 7.2 0 1 0-2.9 5.8"
    /// Envelope: mail.
    Mail "M3.7 4.5h12.6c.4 0 .7.3.7.7v9.6c0 .4-.3.7-.7.7H3.7a.7.7 0 0 1-.7-.7V5.2c0-.4.3-.7.7-.7ZM3.4 5.2 10 10.8l6.6-5.6"
    /// Bell: notifications.
    Bell "M5 8.5a5 5 0 0 1 10 0c0 4 1.5 5 1.5 5h-13S5 12.5 5 8.5ZM8.3 16.5a2 2 0 0 0 3.4 0"
    /// Crossed bell: muted.
    BellOff "M6 5.5a5 5 0 0 1 9 3c0 4 1.5 5 1.5 5H7.5M5 8.5c0 4-1.5 5-1.5 5H4M8.3 16.5a2 2 0 0 0 3.4 0M3 3l14 14"
    /// Three lines that grow shorter: show only some.
    Filter "M3.5 5.5h13M6 10h8M8.5 14.5h3"
    /// Drawing pin.
    Pin "M7 3h6M8 3.2v4.6L5.5 11v1.5h9V11L12 7.8V3.2M10 12.5V17"
    /// Two ticks: read.
    TickTwice "m1.5 10.5 3.5 4 7-9M9 13.5l1 1 8-9"
    /// Page of a calendar.
    Calendar "M4.7 4.5h10.6c.7 0 1.2.5 1.2 1.2v9.6c0 .7-.5 1.2-1.2 1.2H4.7c-.7 0-1.2-.5-1.2-1.2V5.7c0-.7.5-1.2 1.2-1.2ZM3.5 8.3h13M7 2.8v3.2M13 2.8v3.2"
    /// Small angle to the right.
    ChevronRight "m8 5.5 4.5 4.5L8 14.5"
    /// Arrow to the right: on to the next step.
    ArrowRight "M4 10h11.5M10.5 5l5 5-5 5"
    /// Two sheets: copy.
    Copy "M8.2 7h6.6c.7 0 1.2.5 1.2 1.2v6.6c0 .7-.5 1.2-1.2 1.2H8.2c-.7 0-1.2-.5-1.2-1.2V8.2c0-.7.5-1.2 1.2-1.2ZM13 7V5.2c0-.7-.5-1.2-1.2-1.2H5.2C4.5 4 4 4.5 4 5.2v6.6c0 .7.5 1.2 1.2 1.2H7"
    /// Number sign: an open group.
    Hash "M8.2 3.5 6.8 16.5M13.2 3.5 11.8 16.5M4 7.5h12.5M3.5 12.5H16"
    /// Keyboard.
    Keyboard "M3.2 5h13.6c.7 0 1.2.5 1.2 1.2v7.6c0 .7-.5 1.2-1.2 1.2H3.2c-.7 0-1.2-.5-1.2-1.2V6.2C2 5.5 2.5 5 3.2 5ZM5.5 8.3h.05M8.5 8.3h.05M11.5 8.3h.05M14.5 8.3h.05M6.5 11.7h7"
    /// Two links of a chain.
    Link "M8.5 11.5a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l1-1"
    /// Curved arrow to the left: reply.
    Reply "M8 4.5 3.5 9 8 13.5M3.8 9h7.7a5 5 0 0 1 5 5v1.5"
    /// Arrow upwards.
    Up "M10 16.5V3.8M4.5 9 10 3.5 15.5 9"
    /// Eye: show.
    Eye "M1.8 10S4.8 4.7 10 4.7 18.2 10 18.2 10s-3 5.3-8.2 5.3S1.8 10 1.8 10ZM10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8Z"
    /// Crossed eye: hide.
    EyeOff "M8 5a8 8 0 0 1 2-.3c5.2 0 8.2 5.3 8.2 5.3a14 14 0 0 1-2.3 2.8M13.7 14.4a8.2 8.2 0 0 1-3.7.9c-5.2 0-8.2-5.3-8.2-5.3a14.3 14.3 0 0 1 4-4.1M8.3 8.3a2.4 2.4 0 0 0 3.4 3.4M3 3l14 14"
    /// Circle with an i.
    Info "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM10 9.2v4.3M10 6.5h.05"
    /// Padlock.
    Lock "M5.2 9h9.6c.7 0 1.2.5 1.2 1.2v5.6c0 .7-.5 1.2-1.2 1.2H5.2c-.7 0-1.2-.5-1.2-1.2v-5.6C4 9.5 4.5 9 5.2 9ZM6.7 9V6.3a3.3 3.3 0 0 1 6.6 0V9"
    /// Half moon: dark.
    Moon "M16.7 11.8A7 7 0 0 1 8.2 3.3a7 7 0 1 0 8.5 8.5Z"
    /// Three dots: more.
    More "M4.5 10h.05M10 10h.05M15.5 10h.05"
    /// Pencil: write, edit.
    Pencil "m3.3 16.7.9-3.7L13.5 3.7c.6-.6 1.5-.6 2.1 0l.7.7c.6.6.6 1.5 0 2.1L7 15.8l-3.7.9ZM11.9 5.3l2.8 2.8"
    /// Head and shoulders.
    Person "M10 3a3.3 3.3 0 1 0 0 6.6A3.3 3.3 0 0 0 10 3ZM3.8 17c.3-3.3 2.8-5.2 6.2-5.2s5.9 1.9 6.2 5.2"
    /// Two people: a group.
    People "M7.3 4a2.9 2.9 0 1 0 0 5.8 2.9 2.9 0 0 0 0-5.8ZM1.9 16.5c.2-2.9 2.4-4.6 5.4-4.6s5.2 1.7 5.4 4.6M12.8 4.2a2.9 2.9 0 0 1 0 5.4M14.6 12.3c2 .5 3.3 2 3.5 4.2"
    /// Plus: add.
    Plus "M10 4v12M4 10h12"
    /// Two arrows in a circle: again.
    Refresh "M16.5 8.2A6.9 6.9 0 0 0 4.3 6.2L3 7.8M3.5 11.8a6.9 6.9 0 0 0 12.2 2L17 12.2M3 3.7v4.1h4.1M17 16.3v-4.1h-4.1"
    /// Four lines: the height of rows.
    Rows "M3.5 4h13M3.5 8h13M3.5 12h13M3.5 16h13"
    /// Scales: a legal hold, a case.
    Scales "M10 3v13.5M6.5 16.5h7M4 5.5h12M4 5.5 1.8 11a2.3 2.3 0 0 0 4.4 0L4 5.5ZM16 5.5 13.8 11a2.3 2.3 0 0 0 4.4 0L16 5.5Z"
    /// Screen: the same as the system.
    Screen "M3.9 4h12.2c.5 0 .9.4.9.9v7.7c0 .5-.4.9-.9.9H3.9c-.5 0-.9-.4-.9-.9V4.9c0-.5.4-.9.9-.9ZM7 16.5h6M10 13.5v3"
    /// Scalloped disc with a tick: sealed.
    Seal "M10 2.2l1.9 1.5 2.4-.2.9 2.3 2.1 1.3-.6 2.4.9 2.2-1.9 1.6-.4 2.4-2.4.3L10 17.8l-2.2-1-2.4-.3-.7-2.3-1.9-1.6.7-2.4-.6-2.3 2.1-1.4.9-2.2 2.4.1L10 2.2ZM7.2 10l2 2 3.7-3.9"
    /// Magnifying glass.
    Search "M8.8 3.5a5.3 5.3 0 1 0 0 10.6 5.3 5.3 0 0 0 0-10.6ZM12.7 12.7l3.8 3.8"
    /// Paper plane.
    Send "M17 3 2.8 8.3l5.7 2.7 2.9 6.2L17 3ZM8.5 11 17 3"
    /// Two stacked boxes: a server.
    Server "M4.4 3.5h11.2c.5 0 .9.4.9.9v3.7c0 .5-.4.9-.9.9H4.4c-.5 0-.9-.4-.9-.9V4.4c0-.5.4-.9.9-.9ZM4.4 11h11.2c.5 0 .9.4.9.9v3.7c0 .5-.4.9-.9.9H4.4c-.5 0-.9-.4-.9-.9v-3.7c0-.5.4-.9.9-.9ZM6.3 6.25h.05M6.3 13.75h.05"
    /// Toothed wheel: settings.
    Settings "M10 7.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4ZM8.6 2.8h2.8l.4 2 1.5.9 1.9-.7 1.4 2.4-1.5 1.3v1.7l1.5 1.3-1.4 2.4-1.9-.7-1.5.9-.4 2.9H8.6l-.4-2.9-1.5-.9-1.9.7-1.4-2.4 1.5-1.3V8.7L3.4 7.4 4.8 5l1.9.7 1.5-.9.4-2Z"
    /// Door with an arrow: sign out.
    SignOut "M8 3.5H4.7c-.7 0-1.2.5-1.2 1.2v10.6c0 .7.5 1.2 1.2 1.2H8M12.5 6.2l3.8 3.8-3.8 3.8M16 10H7.5"
    /// Smiling face with a plus: react.
    Smile "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM6.8 12c.8 1.2 1.9 1.8 3.2 1.8s2.4-.6 3.2-1.8M7.5 8h.05M12.5 8h.05"
    /// Sun: light.
    Sun "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM10 2.2v1.5M10 16.3v1.5M2.2 10h1.5M16.3 10h1.5M4.5 4.5l1.1 1.1M14.4 14.4l1.1 1.1M4.5 15.5l1.1-1.1M14.4 5.6l1.1-1.1"
    /// Tick.
    Tick "m4 10.5 4 4 8-9"
    /// Box with a tick: done.
    TickBox "M4.7 3.5h10.6c.7 0 1.2.5 1.2 1.2v10.6c0 .7-.5 1.2-1.2 1.2H4.7c-.7 0-1.2-.5-1.2-1.2V4.7c0-.7.5-1.2 1.2-1.2ZM6.8 10.2l2.3 2.3 4.1-4.7"
    /// Circle with a tick: agreed.
    TickCircle "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM6.8 10.2l2.3 2.3 4.1-4.7"
    /// Bin: delete.
    Trash "M3.5 5.5h13M8 5.3V3.9c0-.5.4-.9.9-.9h2.2c.5 0 .9.4.9.9v1.4M5 5.5l.7 10.3c0 .7.6 1.2 1.2 1.2h6.2c.7 0 1.2-.5 1.2-1.2L15 5.5M8.3 8.7v5M11.7 8.7v5"
    /// Curved arrow back: undo.
    Undo "M7 4 3.5 7.5 7 11M3.8 7.5H12a4.3 4.3 0 0 1 0 8.6H7.5"
    /// Small angle upwards.
    ChevronUp "m5.5 12 4.5-4.5 4.5 4.5"
    /// Globe: somebody from outside.
    Globe "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM2.75 10h14.5M10 2.75c2 2.1 3 4.5 3 7.25s-1 5.15-3 7.25c-2-2.1-3-4.5-3-7.25s1-5.15 3-7.25Z"
    /// Key: signing in.
    Key "M7 9.3a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4ZM9.7 10.3 16.5 3.5M13.5 6.5l2.5 2.5"
    /// Three lines: the menu.
    Menu "M3 5.5h14M3 10h14M3 14.5h14"
    /// Short line: none of them, some of them.
    Minus "M5 10h10"
    /// Triangle to the right: go on.
    Play "M6.5 4 16 10l-9.5 6V4Z"
    /// Shield: a role with duties.
    Shield "M10 2.75 4 4.8v4.7c0 3.7 2.5 6.3 6 7.75 3.5-1.45 6-4.05 6-7.75V4.8L10 2.75Z"
    /// Circle with an exclamation mark: urgent.
    Urgent "M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5ZM10 6v4.8M10 13.8h.05"
    /// Triangle with an exclamation mark: take care.
    Warning "M10 3.2 2.3 16.5h15.4L10 3.2ZM10 8.2v4M10 14.3h.05"
}

/// An icon of 16 px, or 20 px when `large`.
#[component]
pub fn Glyph(
    /// Which drawing.
    icon: Icon,
    /// 20 px instead of 16 px.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <svg class=if large { "icon icon-lg" } else { "icon" } viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
