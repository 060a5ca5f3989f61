//! Keeps libtorch's remarks about its own interface off the user's screen.

/// Runs `work` while nothing reaches the process's standard error.
///
/// libtorch 2.4 writes there, once per process, that its int8 functions are deprecated; it has no switch for that, and
/// the version is pinned. What other threads write meanwhile is lost, so `work` must be short and run once.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    let _restored_when_dropped = unix::Redirected::to_nowhere();
    work()
}

#[cfg(unix)]
mod unix {
    use std::fs::OpenOptions;
    use std::io;
    use std::os::fd::OwnedFd;

    /// Standard error as it was before.
    pub struct Redirected(OwnedFd);

    impl Redirected {
        /// `None` where the system refuses; then the remarks are seen, which does no harm.
        pub fn to_nowhere() -> Option<Self> {
            let before = rustix::io::dup(io::stderr()).ok()?;
            let nowhere = OpenOptions::new().write(true).open("/dev/null").ok()?;
            rustix::stdio::dup2_stderr(nowhere).ok()?;
            Some(Redirected(before))
        }
    }

    impl Drop for Redirected {
        fn drop(&mut self) {
            let _ = rustix::stdio::dup2_stderr(&self.0);
        }
    }
}
