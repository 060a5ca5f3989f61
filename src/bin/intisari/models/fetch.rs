//! `intisari models fetch`.

use std::process::ExitCode;

use intisari::store::Store;
use intisari::Result;

use super::FetchArgs;

#[cfg(feature = "remote")]
pub fn run(store: &Store, args: FetchArgs) -> Result<ExitCode> {
    use intisari::store::{Address, FetchProgress, Hub};

    let address: Address = args.address.parse()?;
    let name = args.name.unwrap_or_else(|| address.name().to_owned());
    let hub = Hub::from_env().with_retries(args.retries);
    let bar = bar(args.quiet);
    let mut report = |progress: FetchProgress<'_>| {
        bar.set_length(progress.total);
        bar.set_position(progress.bytes);
        bar.set_message(progress.file.to_owned());
    };
    let model = store.fetch(&hub, &address, &name, &args.about.into(), &mut report)?;
    bar.finish_and_clear();
    super::say_added(&model);
    Ok(ExitCode::SUCCESS)
}

#[cfg(feature = "remote")]
fn bar(quiet: bool) -> indicatif::ProgressBar {
    use indicatif::{ProgressBar, ProgressStyle};
    if quiet {
        return ProgressBar::hidden();
    }
    let template = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} {msg}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

#[cfg(not(feature = "remote"))]
pub fn run(_store: &Store, args: FetchArgs) -> Result<ExitCode> {
    let FetchArgs { address, name: _, about: _, retries: _, quiet: _ } = args;
    let id = address.split('@').next().unwrap_or_default();
    let name = id.rsplit('/').next().unwrap_or_default();
    Err(intisari::Error::config(
        "this binary was built without the feature `remote` and opens no connection",
        format!(
            "build it with `--features remote`, or fetch the folder of {id} with git or the hub's own tool and run \
             `intisari models add {name} DIR`"
        ),
    ))
}
