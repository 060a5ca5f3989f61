//! Threads that compute together: each has rows of its own and takes some parts of every matrix, for the rows of all.
//!
//! A step of a decoder waits for the weights. Threads that work each for themselves all fetch all of them; in a team each fetches
//! its parts alone, and threads without rows help those that have some. Products do not depend on who computes them, so
//! nothing depends on the team.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};
use std::{hint, thread};

use super::linear::{Inputs, Linear, Scratch};
use crate::error::{Error, Result};
use crate::part::{Part, PartMut};
use crate::progress::Stage;

/// More members than this would get parts of a matrix that are too small, and wait for each other too long.
pub(crate) const MOST: usize = 16;

/// A thread that computes alone, or as one of a team; members tell each other values of `T`.
#[derive(Debug)]
pub(crate) enum Hands<'a, T> {
    Alone,
    Together(Member<'a, T>),
}

/// What the members of a team share.
#[derive(Debug)]
pub(crate) struct Team<T> {
    stage: Stage,
    meeting: Meeting,
    places: Vec<Place<T>>,
    /// Whether the members go on alone from their next round on.
    parted: AtomicBool,
}

/// What a member shows the others. It writes between two meetings, they read between the next two, so that nobody waits for a lock.
#[derive(Debug, Default)]
struct Place<T> {
    /// Whether it has rows in this round.
    reads: AtomicBool,
    inputs: RwLock<Inputs>,
    products: RwLock<Vec<f32>>,
    told: RwLock<T>,
}

/// One of a team; without it the others cannot go on, so they stop when it is dropped before the end.
#[derive(Debug)]
pub(crate) struct Member<'a, T> {
    team: &'a Team<T>,
    place: &'a Place<T>,
    number: usize,
    /// Whether it may leave without stopping the others.
    over: bool,
    watch: Watch,
}

impl<T: Default> Team<T> {
    pub fn new(stage: Stage, members: usize) -> Self {
        let places = (0..members.max(1)).map(|_| Place::default()).collect();
        Team { stage, meeting: Meeting::new(members.max(1)), places, parted: AtomicBool::new(false) }
    }

    /// All members; each of them has to compute, on a thread of its own.
    pub fn members(&self) -> Vec<Hands<'_, T>> {
        let member = |(number, place)| Member { team: self, place, number, over: false, watch: Watch::new() };
        self.places.iter().enumerate().map(member).map(Hands::Together).collect()
    }
}

impl<T> Hands<'_, T> {
    /// Begins a round: every member begins it, computes the same products, and begins the next. Whether there is anything to compute, since
    /// some member `reads` rows.
    ///
    /// # Errors
    /// [`Error::Cancelled`] where a member left, here and below.
    pub fn begin(&mut self, reads: bool) -> Result<bool> {
        let Hands::Together(member) = self else { return Ok(reads) };
        let goes_on = member.begin(reads)?;
        if member.team.parted.load(Ordering::Relaxed) {
            member.over = true;
            *self = Hands::Alone;
            return Ok(reads);
        }
        Ok(goes_on)
    }

    /// Whether the part of that number is to be multiplied here.
    pub fn takes(&self, part: usize) -> bool {
        match self {
            Hands::Alone => true,
            Hands::Together(member) => part % member.team.places.len() == member.number,
        }
    }

    /// Puts `rows` rows of `x` into `inputs` as `layer` reads them, among those of all members; the place of the first of them.
    pub fn gather(&mut self, layer: &Linear, x: &[f32], rows: usize, inputs: &mut Inputs) -> Result<usize> {
        match self {
            Hands::Alone => {
                layer.prepare(x, rows, inputs);
                layer.pack(inputs);
                Ok(0)
            }
            Hands::Together(member) => member.gather(layer, x, rows, inputs),
        }
    }

    /// As [`Linear::forward`].
    pub fn forward(
        &mut self,
        layer: &Linear,
        x: &[f32],
        rows: usize,
        out: &mut Vec<f32>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        match self {
            Hands::Alone => {
                layer.forward(x, rows, out, scratch);
                Ok(())
            }
            Hands::Together(member) => member.forward(layer, x, rows, out, scratch),
        }
    }

    /// Tells the others `mine`, once in a round; `each` is given what every member told, in order.
    pub fn tell(&mut self, mine: T, mut each: impl FnMut(&T)) -> Result<()> {
        match self {
            Hands::Alone => each(&mine),
            Hands::Together(member) => {
                *written(&member.place.told) = mine;
                member.meet()?;
                member.team.places.iter().for_each(|place| each(&read(&place.told)));
            }
        }
        Ok(())
    }
}

impl<T> Member<'_, T> {
    fn meet(&mut self) -> Result<()> {
        let Ok(waited) = self.team.meeting.meet() else {
            return Err(Error::Cancelled { stage: self.team.stage });
        };
        self.watch.waited(waited);
        Ok(())
    }

    fn begin(&mut self, reads: bool) -> Result<bool> {
        self.place.reads.store(reads, Ordering::Relaxed);
        if self.watch.is_slow() {
            self.team.parted.store(true, Ordering::Relaxed);
        }
        self.meet()?;
        let goes_on = self.team.places.iter().any(|place| place.reads.load(Ordering::Relaxed));
        // Who sees that nobody reads leaves, and so do all others.
        self.over = !goes_on;
        Ok(goes_on)
    }

    fn gather(&mut self, layer: &Linear, x: &[f32], rows: usize, inputs: &mut Inputs) -> Result<usize> {
        layer.prepare(x, rows, &mut written(&self.place.inputs));
        self.meet()?;
        inputs.clear();
        let mut first = 0;
        for (number, place) in self.team.places.iter().enumerate() {
            if number == self.number {
                first = inputs.rows;
            }
            inputs.append(&read(&place.inputs));
        }
        layer.pack(inputs);
        Ok(first)
    }

    fn forward(
        &mut self,
        layer: &Linear,
        x: &[f32],
        rows: usize,
        out: &mut Vec<f32>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Scratch { inputs, sums } = scratch;
        let first = self.gather(layer, x, rows, inputs)?;
        let all = inputs.rows;
        let members = self.team.places.len();
        let parts_of = |member| layer.parts().iter().skip(member).step_by(members);
        {
            let mut products = written(&self.place.products);
            products.resize(all * parts_of(self.number).map(|part| part.outputs).sum::<usize>(), 0.);
            let mut rest = products.as_mut_slice();
            for part in parts_of(self.number) {
                let (products, others) = rest.split_at_mut(all * part.outputs);
                part.forward(inputs, sums, products, part.outputs);
                rest = others;
            }
        }
        self.meet()?;
        out.resize(rows * layer.outputs(), 0.);
        for (member, place) in self.team.places.iter().enumerate() {
            let products = read(&place.products);
            let mut start = 0;
            for part in parts_of(member) {
                let mine = products.part(start + first * part.outputs..start + (first + rows) * part.outputs);
                for (out, products) in out.chunks_mut(layer.outputs()).zip(mine.chunks(part.outputs)) {
                    out.part_mut(part.first..part.first + part.outputs).copy_from_slice(products);
                }
                start += all * part.outputs;
            }
        }
        Ok(())
    }
}

impl<T> Drop for Member<'_, T> {
    fn drop(&mut self) {
        if !self.over {
            self.team.meeting.break_up();
        }
    }
}

/// Where threads wait for each other. They meet a hundred and fifty times in a step of some milliseconds, so they do not sleep.
#[derive(Debug)]
struct Meeting {
    members: usize,
    arrived: AtomicUsize,
    /// How many meetings there were.
    held: AtomicUsize,
    broken: AtomicBool,
}

/// Someone will not come any more.
struct Broken;

/// Looks before others are let onto the processor: some 50 µs.
const LOOKS: u32 = 1 << 10;

impl Meeting {
    fn new(members: usize) -> Self {
        let (arrived, held) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Meeting { members, arrived, held, broken: AtomicBool::new(false) }
    }

    /// Waits until all have come. What each wrote before, all see afterwards. How long it took where that was long.
    fn meet(&self) -> Result<Duration, Broken> {
        let held = self.held.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.members {
            // Nobody comes to the next one before this one was held.
            self.arrived.store(0, Ordering::Relaxed);
            self.held.store(held.wrapping_add(1), Ordering::Release);
            return Ok(Duration::ZERO);
        }
        let mut looks = 0;
        let mut since = None;
        while self.held.load(Ordering::Acquire) == held {
            if self.broken.load(Ordering::Relaxed) {
                return Err(Broken);
            }
            if looks < LOOKS {
                looks += 1;
                hint::spin_loop();
            } else {
                since.get_or_insert_with(Instant::now);
                thread::yield_now();
            }
        }
        Ok(since.map_or(Duration::ZERO, |since| since.elapsed()))
    }

    fn break_up(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

/// Tells where members wait more than they compute, since other programs take the processors in turns.
#[derive(Debug)]
struct Watch {
    since: Instant,
    rounds: u32,
    lost: Duration,
}

impl Watch {
    /// Rounds between two looks.
    const ROUNDS: u32 = 16;
    /// Others compute their rows for less than this, as a rule; who takes longer does not run.
    const LONG: Duration = Duration::from_millis(1);

    fn new() -> Self {
        Watch { since: Instant::now(), rounds: 0, lost: Duration::ZERO }
    }

    fn waited(&mut self, waited: Duration) {
        if waited > Self::LONG {
            self.lost += waited;
        }
    }

    /// Whether a third of the time of the last rounds was lost, which is more than a team wins with two members; said once in some rounds.
    fn is_slow(&mut self) -> bool {
        self.rounds += 1;
        if self.rounds < Self::ROUNDS {
            return false;
        }
        let slow = self.lost * 3 > self.since.elapsed();
        *self = Watch::new();
        slow
    }
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn written<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUTS: usize = 128;
    const OUTPUTS: usize = 150;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|n| (((n + seed) * 7919 % 2003) as f32 - 1001.) / 600.).collect()
    }

    /// A layer in parts of `most` outputs, in both arithmetics.
    fn layers(most: usize) -> [Linear; 2] {
        let weight = values(OUTPUTS * INPUTS, 1);
        let steps = vec![0.01; OUTPUTS];
        let rounded: Vec<i8> = weight.iter().map(|value| (value * 60.) as i8).collect();
        [Linear::f32(&weight, INPUTS, most), Linear::int8(&rounded, &steps, INPUTS, most)]
    }

    /// Runs each member on a thread of its own; what each found.
    fn together<T: Default + Send + Sync, F: Send>(
        team: &Team<T>,
        work: impl Fn(usize, Hands<'_, T>) -> F + Sync,
    ) -> Vec<F> {
        let work = &work;
        thread::scope(|scope| {
            let threads: Vec<_> = team
                .members()
                .into_iter()
                .enumerate()
                .map(|(number, hands)| scope.spawn(move || work(number, hands)))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    #[test]
    fn a_team_finds_what_one_finds_alone() {
        // The first member has no rows, as one that helps.
        let rows = |member: usize, round: usize| member * (round + 1);
        for members in [1, 2, 3, 5] {
            for most in [usize::MAX, 64, 16] {
                let layers = layers(most);
                let team = Team::<()>::new(Stage::Translate, members);
                let found = together(&team, |member, mut hands| {
                    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
                    let mut found = Vec::new();
                    for round in 0..3 {
                        let rows = rows(member, round);
                        if !hands.begin(rows > 0).unwrap() {
                            break;
                        }
                        for layer in &layers {
                            let x = values(rows * INPUTS, member + 7 * round);
                            hands.forward(layer, &x, rows, &mut out, &mut scratch).unwrap();
                            found.push(out.clone());
                        }
                    }
                    assert!(!hands.begin(false).unwrap());
                    found
                });
                for (member, found) in found.iter().enumerate() {
                    let mut found = found.iter();
                    for (round, layer) in
                        (0..3).flat_map(|round| layers.iter().map(move |layer| (round, layer)))
                    {
                        let (rows, mut out) = (rows(member, round), Vec::new());
                        let x = values(rows * INPUTS, member + 7 * round);
                        layer.forward(&x, rows, &mut out, &mut Scratch::default());
                        if members > 1 {
                            assert_eq!(
                                found.next(),
                                Some(&out),
                                "member {member} of {members}, round {round}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn each_part_of_what_all_gathered_is_taken_by_one_and_all_hear_of_it() {
        let layer = &layers(16)[1];
        let team = Team::<Vec<usize>>::new(Stage::Translate, 3);
        let heard = together(&team, |member, mut hands| {
            assert!(hands.begin(true).unwrap());
            let mut inputs = Inputs::default();
            let x = values((member + 1) * INPUTS, member);
            let first = hands.gather(layer, &x, member + 1, &mut inputs).unwrap();
            assert_eq!((first, inputs.rows), ([0, 1, 3][member], 6));
            let mine = (0..layer.parts().len()).filter(|&part| hands.takes(part)).collect();
            let mut heard = Vec::new();
            hands.tell(mine, |told| heard.push(told.clone())).unwrap();
            assert!(!hands.begin(false).unwrap());
            heard
        });
        assert_eq!(heard, vec![[vec![0, 3, 6, 9], vec![1, 4, 7], vec![2, 5, 8]]; 3]);
    }

    #[test]
    fn where_one_leaves_the_others_stop_and_where_all_are_done_they_do_not() {
        let layer = &layers(64)[1];
        let team = Team::<()>::new(Stage::Translate, 3);
        let found = together(&team, |member, mut hands| {
            hands.begin(true)?;
            if member == 1 {
                return Err(Error::config("broken", "mend it"));
            }
            hands.forward(layer, &values(INPUTS, 1), 1, &mut Vec::new(), &mut Scratch::default())
        });
        let cancelled =
            |member: usize| matches!(found[member], Err(Error::Cancelled { stage: Stage::Translate }));
        assert!(cancelled(0) && cancelled(2), "{found:?}");
        assert!(matches!(found[1], Err(Error::Config { .. })));
    }

    #[test]
    fn a_team_that_parts_goes_on_one_by_one() {
        let layer = &layers(64)[1];
        let team = Team::<()>::new(Stage::Translate, 2);
        let found = together(&team, |member, mut hands| {
            let x = values(INPUTS, 1);
            let (mut out, mut scratch) = (Vec::new(), Scratch::default());
            assert!(hands.begin(member == 0).unwrap());
            hands.forward(layer, &x[..INPUTS * (1 - member)], 1 - member, &mut out, &mut scratch).unwrap();
            if member == 1 {
                team.parted.store(true, Ordering::Relaxed);
            }
            // Who has no rows is done.
            assert_eq!(hands.begin(member == 0).unwrap(), member == 0);
            assert!(matches!(hands, Hands::Alone));
            out.clear();
            hands.forward(layer, &x, 1, &mut out, &mut scratch).unwrap();
            out
        });
        assert_eq!(found[0], found[1]);
    }

    #[test]
    fn a_watch_tells_where_a_third_of_the_time_is_lost() {
        let rounds = |lost: Duration| {
            let mut watch = Watch::new();
            watch.since -= Duration::from_secs(3);
            watch.waited(lost);
            (0..Watch::ROUNDS).filter(|_| watch.is_slow()).count()
        };
        assert_eq!([0, 900, 1100].map(|ms| rounds(Duration::from_millis(ms))), [0, 0, 1]);
        // Many short waits are no loss.
        let mut watch = Watch::new();
        (0..10_000).for_each(|_| watch.waited(Watch::LONG));
        assert_eq!(watch.lost, Duration::ZERO);
    }
}
