//! A public key that nobody has: a server that says yes to it says yes to any.

use std::hash::{BuildHasher, RandomState};

use crate::wire::put_string;

/// 2^255 - 19 in words of 64 bits, the lowest first.
const P: [u64; 4] = [u64::MAX - 18, u64::MAX, u64::MAX, u64::MAX >> 1];

/// The curve's constant d = -121665/121666 (RFC 8032 section 5.1).
const D: [u64; 4] = [0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73];

/// An ed25519 public key, drawn anew each time. Its private half never was.
pub(super) fn blob() -> Vec<u8> {
    loop {
        let mut point = [0; 32];
        for piece in point.chunks_mut(8) {
            // Each state is seeded anew; the numbers need be new, not secret.
            piece.copy_from_slice(&RandomState::new().hash_one(piece.as_ptr()).to_le_bytes());
        }
        point[31] &= 0x7f;
        // Some servers take a key apart at once, and are offended by what is no point of the curve.
        if is_point(&point) {
            return key(&point);
        }
    }
}

fn key(point: &[u8; 32]) -> Vec<u8> {
    let mut blob = Vec::new();
    put_string(&mut blob, b"ssh-ed25519");
    put_string(&mut blob, point);
    blob
}

/// Whether there is an x to this y: whether (y² - 1) / (dy² + 1) is a square (RFC 8032 section 5.1.3).
fn is_point(bytes: &[u8; 32]) -> bool {
    let mut y = [0; 4];
    for (word, piece) in y.iter_mut().zip(bytes.chunks(8)) {
        *word = piece.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    }
    y[3] &= u64::MAX >> 1;
    if !less(&y, &P) {
        return false;
    }
    let one = [1, 0, 0, 0];
    let square = times(&y, &y);
    let above = plus(&square, &minus_one());
    let below = plus(&times(&D, &square), &one);
    // By Euler, the product to the power (p - 1) / 2 = 2^254 - 10 is 1.
    let product = times(&above, &below);
    let mut power = one;
    for bit in (0..254).rev() {
        power = times(&power, &power);
        // 2^254 - 10 has ones all through but at 3 and 0.
        if !matches!(bit, 3 | 0) {
            power = times(&power, &product);
        }
    }
    power == one
}

fn minus_one() -> [u64; 4] {
    [P[0] - 1, P[1], P[2], P[3]]
}

fn less(left: &[u64; 4], right: &[u64; 4]) -> bool {
    left.iter().rev().lt(right.iter().rev())
}

/// Takes p away where the number is not below it.
fn reduce(number: [u64; 4]) -> [u64; 4] {
    let mut number = number;
    while !less(&number, &P) {
        let mut borrow = false;
        for (word, p) in number.iter_mut().zip(P) {
            let (first, one) = word.overflowing_sub(p);
            let (second, two) = first.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (second, one || two);
        }
    }
    number
}

/// Both are below p, so the sum is below 2^256.
fn plus(left: &[u64; 4], right: &[u64; 4]) -> [u64; 4] {
    let mut sum = [0; 4];
    let mut carry = 0;
    for at in 0..4 {
        let total = u128::from(left[at]) + u128::from(right[at]) + carry;
        (sum[at], carry) = (low(total), total >> 64);
    }
    reduce(sum)
}

fn times(left: &[u64; 4], right: &[u64; 4]) -> [u64; 4] {
    let mut product = [0_u64; 8];
    for i in 0..4 {
        let mut carry = 0;
        for j in 0..4 {
            let total = u128::from(left[i]) * u128::from(right[j]) + u128::from(product[i + j]) + carry;
            (product[i + j], carry) = (low(total), total >> 64);
        }
        product[i + 4] = low(carry);
    }
    // 2^256 is 38 modulo p.
    let mut folded = [0; 4];
    let mut carry = 0;
    for at in 0..4 {
        let total = u128::from(product[at]) + u128::from(product[at + 4]) * 38 + carry;
        (folded[at], carry) = (low(total), total >> 64);
    }
    while carry > 0 {
        let mut more = carry * 38;
        carry = 0;
        for word in &mut folded {
            let total = u128::from(*word) + more;
            (*word, more) = (low(total), total >> 64);
        }
        carry += more;
    }
    reduce(folded)
}

fn low(number: u128) -> u64 {
    (number & u128::from(u64::MAX)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(line: &str) -> [u8; 32] {
        let blob = crate::wire::public_line(line).unwrap().blob;
        blob[19..].try_into().unwrap()
    }

    #[test]
    fn real_keys_are_points() {
        // Published host keys of git hosts.
        for line in [
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ4bqs3d63QSMzYVa0MuJ2e2gKTKqu+UUO",
        ] {
            assert!(is_point(&point(line)), "{line}");
        }
    }

    #[test]
    fn half_of_all_numbers_are_none() {
        let points = (0..=255).filter(|byte| is_point(&[*byte; 32].map(|b: u8| b & 0x7f))).count();
        assert!((90..170).contains(&points), "{points}");
        let mut two = [0; 32];
        two[0] = 2;
        assert!(!is_point(&two), "y = 2 has no x");
    }

    #[test]
    fn each_is_new() {
        let (one, two) = (blob(), blob());
        assert_ne!(one, two);
        assert_eq!(crate::wire::public_key(&one, "").unwrap().kind, "ED25519");
        assert!(is_point(one[19..].try_into().unwrap()));
    }
}
