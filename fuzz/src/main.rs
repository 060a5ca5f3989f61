//! Runs targets over changed inputs; see `fuzz/README.md`.

#[path = "../../src/bin/intisari/input/mod.rs"]
#[allow(dead_code, unused_imports)] // the binary's own, of which a part is used
mod input;
mod memory;
mod mutate;
mod seeds;
mod shims;
#[path = "../../src/bin/intisari/stdio.rs"]
#[allow(dead_code)]
mod stdio;
mod targets;

// What the binary's modules for input ask of it.
use shims::{args, run};

use std::collections::BTreeSet;
use std::fs;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::time::Instant;

use anyhow::{bail, Context, Result};

use mutate::Chance;
use targets::{Outcome, Target};

/// Faults of a target that are told before it ends.
const MOST_FAULTS: usize = 5;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut targets = targets::all()?;
    let (name, runs, seed) = match args.as_slice() {
        [name] => (name.as_str(), 1, None),
        [name, runs] => (name.as_str(), runs.parse().context("RUNS is no number")?, None),
        [name, runs, seed] => (
            name.as_str(),
            runs.parse().context("RUNS is no number")?,
            Some(seed.parse().context("SEED is no number")?),
        ),
        _ => {
            let names: Vec<&str> = targets.iter().map(|target| target.name).collect();
            bail!("give TARGET, RUNS and SEED; targets are all, {}", names.join(", "));
        }
    };
    targets.retain(|target| name == "all" || target.name == name);
    if targets.is_empty() {
        bail!("no target is called {name}");
    }
    std::panic::set_hook(Box::new(|_| ()));
    println!("| target | executions | seconds | accepted | messages | peak per byte | faults |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut faults = 0;
    for target in &mut targets {
        faults += drive(target, runs, seed.unwrap_or(1))?;
    }
    match faults {
        0 => Ok(()),
        _ => bail!("{faults} faults; their inputs lie in fuzz/found"),
    }
}

/// Runs a target and prints its row.
fn drive(target: &mut Target, runs: u64, seed: u64) -> Result<usize> {
    let started = Instant::now();
    let (mut accepted, mut faults, mut most) = (0_u64, 0, 0_f64);
    let mut messages: BTreeSet<String> = BTreeSet::new();
    for number in 0..runs {
        let mut chance = Chance::new(seed.wrapping_mul(0x1000_0000_01b3).wrapping_add(number));
        let bytes = mutate::mutated(&mut chance, &target.seeds, target.words);
        let (done, peak) =
            memory::peak(|| catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes, &mut chance))));
        let per_byte = peak.saturating_sub(target.slack) as f64 / bytes.len().max(1) as f64;
        most = most.max(per_byte);
        let fault = match done {
            Ok(Ok(Outcome::Accepted)) => {
                accepted += 1;
                None
            }
            Ok(Ok(Outcome::Refused(message))) => {
                messages.insert(shape(&message));
                None
            }
            Ok(Err(broken)) => Some(format!("{broken:#}")),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                Some(
                    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                        .unwrap_or_default(),
                )
            }
        };
        let fault = fault.or_else(|| {
            (per_byte > target.most_per_byte)
                .then(|| format!("held {peak} bytes over an input of {}", bytes.len()))
        });
        if let Some(fault) = fault {
            faults += 1;
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
            fs::create_dir_all(&folder)?;
            let path = folder.join(format!("{}-{seed}-{number}", target.name));
            fs::write(&path, &bytes)?;
            eprintln!("{}: execution {number} of seed {seed}: {fault:.400}", target.name);
            if faults == MOST_FAULTS {
                break;
            }
        }
    }
    println!(
        "| {} | {runs} | {:.1} | {:.0} % | {} | {most:.0} | {faults} |",
        target.name,
        started.elapsed().as_secs_f64(),
        100. * accepted as f64 / runs.max(1) as f64,
        messages.len(),
    );
    Ok(faults)
}

/// A message without what it says of this input: numbers, and what stands in quotation marks.
fn shape(message: &str) -> String {
    let mut shape = String::new();
    let mut quoted = false;
    for character in message.chars().filter(|c| !c.is_ascii_digit()) {
        if character == '`' || character == '"' {
            quoted = !quoted;
        }
        if !quoted {
            shape.push(character);
        }
    }
    shape.chars().take(120).collect()
}
