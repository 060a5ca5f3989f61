//! libtorch 2.4.1, CPU: the user's own, or cut out of PyTorch's wheel.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};
use intisari::store;

use crate::fetch::{download, unpack, Wheel};

/// tch 0.17 is written for libtorch 2.4. The two small wheels hold libraries that libtorch_cpu.so is linked to.
const WHEELS: [Wheel; 3] = [
    Wheel {
        package: "torch",
        version: "2.4.1",
        sha256: "0b5f88afdfa05a335d80351e3cea57d38e578c8689f751d35e0ff36bce872113",
    },
    Wheel {
        package: "nvidia-cuda-runtime-cu12",
        version: "12.1.105",
        sha256: "6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40",
    },
    Wheel {
        package: "nvidia-cuda-cupti-cu12",
        version: "12.1.105",
        sha256: "e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e",
    },
];

/// Where libtorch comes from.
pub enum Libtorch {
    /// The user's environment says; we leave it alone.
    Users,
    /// Ours: a folder with `include` and `lib`.
    Fetched(PathBuf),
}

impl Libtorch {
    /// Lets a cargo command find it.
    pub fn set_environment(&self, command: &mut Command) {
        if let Libtorch::Fetched(folder) = self {
            command.env("LIBTORCH", folder);
            // The wheels of that version are built with the old C++ string.
            command.env("LIBTORCH_CXX11_ABI", "0");
            // build.rs gives binaries and tests an rpath; doc tests have only this.
            let mut path = OsString::from(folder.join("lib"));
            if let Some(more) = std::env::var_os("LD_LIBRARY_PATH").filter(|more| !more.is_empty()) {
                path.push(":");
                path.push(more);
            }
            command.env("LD_LIBRARY_PATH", path);
        }
    }
}

/// Finds libtorch, or fetches it.
pub fn locate() -> Result<Libtorch> {
    if ["LIBTORCH", "LIBTORCH_USE_PYTORCH"].iter().any(|name| std::env::var_os(name).is_some()) {
        return Ok(Libtorch::Users);
    }
    let cache =
        store::cache_folder().context("no cache folder; set INTISARI_CACHE to a folder of your choice")?;
    let folder = cache.join("libtorch-2.4.1");
    if !folder.join("lib").join("libtorch.so").exists() {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            bail!("libtorch can be fetched for Linux on x86-64 only; install libtorch 2.4 and set LIBTORCH to its folder");
        }
        build(&cache, &folder).context("setting up libtorch")?;
    }
    Ok(Libtorch::Fetched(folder))
}

/// Unpacks into a folder beside the final one, which appears only when all is there.
fn build(cache: &Path, folder: &Path) -> Result<()> {
    let (wheels, partial) = (cache.join("wheels"), cache.join("libtorch-partial"));
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    let mut paths = Vec::new();
    for wheel in &WHEELS {
        let path = download(wheel, &wheels)?;
        unpack(&path, &partial, wanted)?;
        paths.push(path);
    }
    let lib = partial.join("lib");
    // torch-sys links to `torch`; the wheel's own libtorch.so would drag the CUDA libraries in.
    let status = Command::new("cc")
        .current_dir(&lib)
        .args(["-shared", "-Wl,--no-as-needed", "-L.", "-ltorch_cpu", "-lc10", "-Wl,-rpath,$ORIGIN"])
        .args(["-Wl,--allow-shlib-undefined", "-o", "libtorch.so"])
        .status()
        .context("no C compiler `cc`; install gcc or clang")?;
    if !status.success() {
        bail!("cc could not link libtorch.so in {}", lib.display());
    }
    fs::rename(&partial, folder).with_context(|| format!("moving libtorch to {}", folder.display()))?;
    for path in paths {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// What of the wheels is needed, and where it goes.
fn wanted(name: &str) -> Option<PathBuf> {
    let file = name.rsplit('/').next()?;
    if let Some(header) = name.strip_prefix("torch/include/") {
        return Some(Path::new("include").join(header));
    }
    let library = match name.strip_prefix("torch/lib/") {
        Some(library) => {
            ["libtorch_cpu.so", "libc10.so"].contains(&library) || library.starts_with("libgomp-")
        }
        None => ["libcudart.so.12", "libcupti.so.12"].contains(&file),
    };
    library.then(|| Path::new("lib").join(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_headers_and_cpu_libraries_only() {
        assert_eq!(wanted("torch/include/ATen/ATen.h").unwrap(), Path::new("include/ATen/ATen.h"));
        assert_eq!(wanted("torch/lib/libgomp-a34b.so.1").unwrap(), Path::new("lib/libgomp-a34b.so.1"));
        assert_eq!(
            wanted("nvidia/cuda_runtime/lib/libcudart.so.12").unwrap(),
            Path::new("lib/libcudart.so.12")
        );
        assert_eq!(wanted("torch/lib/libtorch_cuda.so"), None);
        assert_eq!(wanted("torch/lib/libtorch.so"), None);
        assert_eq!(wanted("torch/nn/functional.py"), None);
    }
}
