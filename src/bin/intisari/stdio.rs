//! Standard streams as the process got them.

/// A stream of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    In,
    Out,
}

pub use system::{is_closed, wait};

#[cfg(unix)]
mod system {
    use std::sync::atomic::{AtomicU8, Ordering};
    use std::time::Duration;

    use rustix::event::{poll, PollFd, PollFlags};
    use rustix::stdio::{stdin, stdout};

    use super::Stream;

    /// Bits of the streams that were closed when the process began.
    static CLOSED: AtomicU8 = AtomicU8::new(0);

    const fn bit(stream: Stream) -> u8 {
        match stream {
            Stream::In => 1,
            Stream::Out => 2,
        }
    }

    /// Whether `stream` was closed when the process began; reading it would give nothing and writing lose everything, both
    /// without an error.
    pub fn is_closed(stream: Stream) -> bool {
        CLOSED.load(Ordering::Relaxed) & bit(stream) != 0
    }

    /// Looks at the streams before Rust's runtime does, which opens the null device in the place of closed ones.
    extern "C" fn look() {
        for (stream, file) in [(Stream::In, stdin()), (Stream::Out, stdout())] {
            if rustix::io::fcntl_getfd(file).is_err() {
                CLOSED.fetch_or(bit(stream), Ordering::Relaxed);
            }
        }
    }

    // The loader calls what stands in this section before `main`; elsewhere closed streams are not noticed.
    #[cfg(target_os = "linux")]
    #[allow(
        unsafe_code,
        reason = "a section is named; `look` only asks the system about two file descriptors"
    )]
    #[used]
    #[link_section = ".init_array"]
    static BEFORE_MAIN: extern "C" fn() = look;
    #[cfg(not(target_os = "linux"))]
    const _: extern "C" fn() = look;

    /// Waits until a non-blocking stream can go on.
    pub fn wait(stream: Stream) {
        let (file, ready) = match stream {
            Stream::In => (stdin(), PollFlags::IN),
            Stream::Out => (stdout(), PollFlags::OUT),
        };
        if poll(&mut [PollFd::new(&file, ready)], None).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::Stream;

    /// Not known here.
    pub fn is_closed(_: Stream) -> bool {
        false
    }

    /// Waits a little.
    pub fn wait(_: Stream) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
