//! Indonesian: word lists, each with its source in its first lines.
