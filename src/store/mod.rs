//! Where model files lie, what they must be, and whether they are.
