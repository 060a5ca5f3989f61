//! What the program ends with.

/// Some articles failed, the others were done.
pub const SOME_FAILED: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// Nothing could be set up.
pub const SETUP: u8 = 3;
/// Results could not be written.
pub const OUTPUT: u8 = 4;
