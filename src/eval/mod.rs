//! Metrics: pure functions, no models. Each prints a signature.
