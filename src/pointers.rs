//! Stages behind pointers: what points to a stage is one. Each trait lists its methods once, in [`through_pointers`].

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is locked for a call. A stage keeps nothing between calls that a panic could have left half done.
pub(crate) fn locked<T: ?Sized>(stage: &Mutex<T>) -> MutexGuard<'_, T> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Implements a trait for `&T`, `Box<T>`, `Arc<T>` and `Mutex<T>`, where `T` does. All its methods are listed, with their default ones:
/// one that is left out would be answered by the default and not by the stage.
macro_rules! through_pointers {
    ($stage:ident { $($methods:tt)* }) => {
        $crate::pointers::through_pointers!(@direct &T, $stage { $($methods)* });
        $crate::pointers::through_pointers!(@direct Box<T>, $stage { $($methods)* });
        $crate::pointers::through_pointers!(@direct std::sync::Arc<T>, $stage { $($methods)* });
        $crate::pointers::through_pointers!(@locked $stage { $($methods)* });
    };
    (@direct $pointer:ty, $stage:ident { $(fn $method:ident(&self $(, $input:ident: $of:ty)*) -> $result:ty;)* }) => {
        impl<T: $stage + ?Sized> $stage for $pointer {
            $(fn $method(&self $(, $input: $of)*) -> $result {
                (**self).$method($($input),*)
            })*
        }
    };
    (@locked $stage:ident { $(fn $method:ident(&self $(, $input:ident: $of:ty)*) -> $result:ty;)* }) => {
        /// For stages that are `Send` and not `Sync`, as those with models: several pipelines take turns with one in an `Arc<Mutex<T>>`. After
        /// a panic the others go on with it. The time spent waiting for another pipeline's turn counts against
        /// [`max_article_seconds`](crate::pipeline::Options::max_article_seconds) and cannot be stopped.
        impl<T: $stage + ?Sized> $stage for std::sync::Mutex<T> {
            $(fn $method(&self $(, $input: $of)*) -> $result {
                $crate::pointers::locked(self).$method($($input),*)
            })*
        }
    };
}

pub(crate) use through_pointers;
