//! Signals that end the program: what is finished goes out first, in whole records.

use crate::output::Out;

/// Flushes `out` when the program is told to end, and then ends it by the signal, so that its parent sees why.
#[cfg(unix)]
pub fn flush_first(out: &Out) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use std::time::Duration;

    /// A reader that takes nothing must not keep the program alive.
    const PATIENCE: Duration = Duration::from_secs(2);

    let wanted = [SIGTERM, SIGINT, SIGHUP].into_iter().filter(|&signal| !is_ignored(signal));
    // Without it the program ends as it would have; only what is finished and not yet flushed is lost.
    let Ok(mut signals) = Signals::new(wanted) else { return };
    let out = out.clone();
    std::thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        let (done, flushed) = std::sync::mpsc::channel();
        std::thread::spawn(move || done.send(out.flush()));
        let _too_late = flushed.recv_timeout(PATIENCE);
        let _never_returns = signal_hook::low_level::emulate_default_handler(signal);
    });
}

/// What cannot be told to end like this.
#[cfg(not(unix))]
pub fn flush_first(_: &Out) {}

/// Whether the parent wants `signal` ignored, as `nohup` does and shells for what they run in the background.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
