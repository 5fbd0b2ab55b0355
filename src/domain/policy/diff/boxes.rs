//! Cells that differ alike, put together into as few boxes as stay readable.

use std::collections::BTreeMap;

use super::axes::{Axis, Input};

/// More cells than this are not compared.
pub const MAX_CELLS: usize = 200_000;

/// The parts of each axis, as bits.
type Parts = Vec<u128>;

/// Some boxes of a grid of axes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    axes: Vec<Axis>,
    boxes: Vec<Parts>,
}

impl Region {
    /// Whether an input lies in one of the boxes.
    pub(super) fn contains(&self, input: &Input) -> bool {
        let own = self.axes.iter().map(|axis| bits(&axis.part_of(input)));
        let own: Parts = own.collect();
        let within = |one: &Parts| one.iter().zip(&own).all(|(parts, own)| parts & own != 0);
        self.boxes.iter().any(within)
    }

    /// Each box as the ranges that it holds, in words; nothing where there is only one and it is everything.
    pub(super) fn words(&self) -> Vec<Vec<String>> {
        let told = self.boxes.iter().map(|one| {
            let parts = self.axes.iter().zip(one);
            let said = parts.filter_map(|(axis, parts)| axis.words(&numbers(*parts)));
            said.collect::<Vec<String>>()
        });
        told.filter(|ranges| !ranges.is_empty()).collect()
    }
}

/// Why inputs were not compared.
pub(super) fn too_many(axes: &[Axis]) -> Option<String> {
    let cells = axes.iter().map(Axis::len).fold(1, usize::saturating_mul);
    let wide = axes.iter().any(|axis| axis.len() > 128);
    (cells > MAX_CELLS || wide).then(|| {
        format!("the conditions of both tell {cells} inputs apart, and no more than {MAX_CELLS} are compared")
    })
}

/// Goes through every cell, and puts those with the same answer together. `None` is no answer: the cell is left out.
pub(super) fn regions<T: Ord>(
    axes: &[Axis],
    blank: &Input,
    mut ask: impl FnMut(&Input) -> Option<T>,
) -> Vec<(T, Region)> {
    let mut found: BTreeMap<T, Vec<Parts>> = BTreeMap::new();
    let count = axes.iter().map(Axis::len).product();
    for number in 0..count {
        let (mut rest, mut input, mut cell) = (number, blank.clone(), Parts::new());
        for axis in axes {
            let part = rest % axis.len();
            rest /= axis.len();
            axis.place(part, &mut input);
            cell.push(1 << part);
        }
        if let Some(answer) = ask(&input) {
            found.entry(answer).or_default().push(cell);
        }
    }
    let region = |(answer, cells): (T, Vec<Parts>)| {
        let boxes = joined(cells, axes.len());
        let axes = axes.to_vec();
        (answer, Region { axes, boxes })
    };
    found.into_iter().map(region).collect()
}

/// Joins boxes that differ along one axis only, axis by axis, until nothing changes. They never overlap.
fn joined(mut boxes: Vec<Parts>, axes: usize) -> Vec<Parts> {
    loop {
        let before = boxes.len();
        for axis in (0..axes).rev() {
            let mut alike: BTreeMap<Parts, u128> = BTreeMap::new();
            for one in &boxes {
                let mut rest = one.clone();
                rest[axis] = 0;
                *alike.entry(rest).or_default() |= one[axis];
            }
            boxes = alike
                .into_iter()
                .map(|(mut rest, parts)| {
                    rest[axis] = parts;
                    rest
                })
                .collect();
        }
        if boxes.len() == before {
            return boxes;
        }
    }
}

fn bits(parts: &[usize]) -> u128 {
    parts.iter().fold(0, |bits, part| bits | 1 << part)
}

fn numbers(bits: u128) -> Vec<usize> {
    (0..128).filter(|part| bits & (1 << part) != 0).collect()
}
