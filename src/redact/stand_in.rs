//! What stands in a value's place: the same for the same value, and of the same form.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use super::address::is_hardware;
use super::sort::Sort;
use crate::model::home::{SERVICE, is_service};

/// Values of one sort that are told apart. A log with more has been made to fill memory.
const MOST: usize = 100_000;

/// The stand-ins of all files that are shared together.
///
/// Beyond [`MOST`] a value's stand-in comes of its hash alone: it is the same everywhere, and may be another value's, too.
#[derive(Debug, Default)]
pub(super) struct StandIns {
    /// Of each run another one, so that nobody can try which value has a stand-in.
    hash: RandomState,
    /// The hash of the value whose stand-in is being made, where it is to come of that.
    hashed: Option<u64>,
    of: HashMap<(Group, String), String>,
    /// Addresses and ports as they are written, which are most values of a long log.
    quick: HashMap<String, String>,
    /// How many there are with each stem.
    count: HashMap<&'static str, usize>,
    /// What stands in the logs and looks like a stand-in: none of these is given to another value.
    taken: HashSet<String>,
    /// Different values of each sort that were replaced.
    values: HashMap<Sort, usize>,
}

/// Values that share one table: the same word is the same word, whatever it is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Group {
    Word,
    Address,
    Port,
    Fingerprint,
}

/// Numbers that come of hashes: of ten million, so that an address has room for each.
const HASHED: u64 = 10_000_000;

/// Networks for documentation (RFC 5737).
const NETWORKS: [[u8; 3]; 3] = [[192, 0, 2], [198, 51, 100], [203, 0, 113]];

/// Where stand-ins of ports begin: above all that services are known by; of ports as CI jobs have them, above those.
const PORTS: usize = 40_000;
const HIGH_PORTS: usize = 50_000;

impl StandIns {
    /// Keeps a value that looks like a stand-in from standing for another one.
    pub(super) fn avoid(&mut self, value: &str) {
        if self.taken.len() < MOST {
            self.taken.insert(value.to_ascii_lowercase());
        }
    }

    /// Whether what looks like stand-ins are those of one redaction: each kind has all numbers up to its last.
    pub(super) fn were_given(&self) -> bool {
        let mut kinds: HashMap<&str, (usize, usize)> = HashMap::new();
        for (stem, number) in self.taken.iter().map(|word| number(word)) {
            let (count, last) = kinds.entry(stem).or_default();
            *count += 1;
            *last = number.max(*last);
        }
        !kinds.is_empty() && kinds.values().all(|(count, last)| last <= count)
    }

    /// Puts what stands for `value`.
    pub(super) fn put(&mut self, sort: Sort, value: &str, out: &mut String) {
        let quick = matches!(sort, Sort::Address | Sort::Port);
        if let Some(known) = self.quick.get(value).filter(|_| quick) {
            return out.push_str(known);
        }
        let made = self.of(sort, value);
        out.push_str(&made);
        if quick && self.quick.len() < MOST {
            self.quick.insert(value.to_owned(), made);
        }
    }

    /// What stands for `value`.
    pub(super) fn of(&mut self, sort: Sort, value: &str) -> String {
        let (group, value) = match sort {
            // However it is written.
            Sort::Address if is_hardware(value) => (Group::Address, value.replace('-', ":").to_ascii_lowercase()),
            Sort::Address => {
                (Group::Address, value.parse().map_or_else(|_| value.to_owned(), |ip: IpAddr| ip.to_string()))
            }
            Sort::Port => (Group::Port, value.to_owned()),
            Sort::Fingerprint => (Group::Fingerprint, value.to_owned()),
            Sort::Host => (Group::Word, value.to_ascii_lowercase()),
            _ => (Group::Word, value.to_owned()),
        };
        let mapped = || value.parse::<Ipv6Addr>().ok()?.to_ipv4_mapped();
        if let Some(v4) = mapped().filter(|_| sort == Sort::Address) {
            return format!("::ffff:{}", self.of(sort, &v4.to_string()));
        }
        if sort == Sort::Fingerprint && value.as_bytes().get(2).is_some_and(|byte| matches!(byte, b':' | b'-')) {
            // The same digest is written without colons, too.
            return pairs(&self.of(sort, &value.replace([':', '-'], "").to_ascii_lowercase()));
        }
        let key = (group, value);
        if let Some(known) = self.of.get(&key) {
            return known.clone();
        }
        if self.of.len() >= MOST {
            self.hashed = Some(self.hash.hash_one(&key));
            let made = self.make(sort, &key.1);
            self.hashed = None;
            return made;
        }
        let mut made = self.make(sort, &key.1);
        while self.taken.contains(&made) {
            let next = self.make(sort, &key.1);
            // The last number has no next one.
            if next == made {
                break;
            }
            made = next;
        }
        *self.values.entry(sort).or_default() += 1;
        self.of.insert(key, made.clone());
        made
    }

    /// Different values of each sort that were replaced.
    pub(super) fn values(&self, sort: Sort) -> usize {
        self.values.get(&sort).copied().unwrap_or_default()
    }

    fn make(&mut self, sort: Sort, value: &str) -> String {
        match sort {
            Sort::User if is_service(value) => format!("{SERVICE}{}", self.next(SERVICE)),
            Sort::Host if value.contains('.') => format!("host{}.example", self.next("host")),
            Sort::Address => self.address(value),
            Sort::Port if value.parse().is_ok_and(|port: usize| port > HIGH_PORTS) => {
                (HIGH_PORTS + self.next("high port") % (usize::from(u16::MAX) - HIGH_PORTS)).to_string()
            }
            Sort::Port => (PORTS + self.next("port") % (HIGH_PORTS - PORTS)).to_string(),
            Sort::Fingerprint if value.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                format!("{:0>width$x}", self.next("hexadecimal"), width = value.len())
            }
            Sort::Fingerprint => sha256(self.next("sha256"), value.len()),
            sort => {
                let stem = sort.singular();
                format!("{stem}{}", self.next(stem))
            }
        }
    }

    /// The next number of a stem; the last one serves for all that come after.
    fn next(&mut self, stem: &'static str) -> usize {
        if let Some(hash) = self.hashed {
            return 2 * MOST + 1 + usize::try_from(hash % HASHED).unwrap_or_default();
        }
        let count = self.count.entry(stem).or_default();
        *count = (*count + 1).min(2 * MOST);
        *count
    }

    fn address(&mut self, value: &str) -> String {
        match value.parse() {
            // For documentation (RFC 7042 §2.1.2), then such as nobody was given.
            _ if is_hardware(value) => {
                let [.., a, b, c] = self.next("hardware").to_be_bytes();
                let number = (a, b, c);
                if number < (0, 1, 0) {
                    format!("00:00:5e:00:53:{c:02x}")
                } else {
                    format!("02:00:00:{a:02x}:{b:02x}:{c:02x}")
                }
            }
            // Addresses that a local proxy makes up stay such (RFC 2544).
            Ok(IpAddr::V4(address)) if matches!(address.octets(), [198, 18 | 19, ..]) => {
                let [.., high, low] = self.next("made up").to_be_bytes();
                format!("198.19.{high}.{low}")
            }
            Ok(IpAddr::V6(_)) => {
                let [.., high, low] = self.next("v6").to_be_bytes();
                Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, u16::from_be_bytes([high, low])).to_string()
            }
            _ => {
                let number = self.next("v4") - 1;
                let [.., a, b, c] = number.to_be_bytes();
                match NETWORKS.get(number / 254) {
                    Some([x, y, z]) => format!("{x}.{y}.{z}.{}", number % 254 + 1),
                    // Reserved for no use (RFC 1112 §4).
                    None => Ipv4Addr::new(240, a, b, c).to_string(),
                }
            }
        }
    }
}

/// A fingerprint that none is: so many base64 digits, of which the last holds four bits only.
fn sha256(number: usize, digits: usize) -> String {
    let digits = digits.max(12);
    format!("fingerprint{number:0>width$}A", width = digits - 12)
}

fn pairs(digits: &str) -> String {
    let pairs: Vec<&str> = (0..digits.len() / 2).filter_map(|at| digits.get(2 * at..2 * at + 2)).collect();
    pairs.join(":")
}

/// How addresses begin that stand for others.
const MADE: &[&str] = &["192.0.2.", "198.51.100.", "203.0.113.", "198.19.", "240.", "2001:", "00:00:5e", "02:00:00"];

/// So many ports of each kind are taken for stand-ins in a log that has nothing else of somebody's own.
const MADE_PORTS: usize = 100;

/// A stand-in's stem and its number.
fn number(made: &str) -> (&str, usize) {
    let word = made.strip_suffix(".example").unwrap_or(made);
    let word = if word.starts_with("fingerprint") { word.trim_end_matches(['A', 'a']) } else { word };
    let (digits, radix) = if word.contains("::") || word.starts_with("0000") {
        (hex as fn(char) -> bool, 16)
    } else {
        (decimal as fn(char) -> bool, 10)
    };
    let stem = word.trim_end_matches(digits);
    let number = usize::from_str_radix(word[stem.len()..].trim_start_matches('0'), radix).unwrap_or_default();
    let port = number.checked_sub(HIGH_PORTS).or(number.checked_sub(PORTS)).filter(|_| stem.is_empty() && radix == 10);
    // The second network is for those that have no place in the first.
    let before = if stem == "198.51.100." || stem == "203.0.113." || stem.starts_with("240.") { MOST } else { 0 };
    if port.is_some_and(|port| port <= MADE_PORTS) {
        (if number > HIGH_PORTS { "high" } else { "low" }, port.unwrap_or_default())
    } else {
        (stem, number + before)
    }
}

fn hex(c: char) -> bool {
    c.is_ascii_hexdigit()
}

fn decimal(c: char) -> bool {
    c.is_ascii_digit()
}

/// Whether a word could be one of these stand-ins.
pub(super) fn looks_made(word: &str) -> bool {
    // A fingerprint's, in either form.
    if word.starts_with("fingerprint0") || word.starts_with("00000000") || word.starts_with("00:00:00:00") {
        return true;
    }
    let port = |first: usize, number: usize| (first + 1..=first + MADE_PORTS).contains(&number);
    if word.parse().is_ok_and(|number| port(PORTS, number) || port(HIGH_PORTS, number)) {
        return true;
    }
    if MADE.iter().any(|start| word.starts_with(start)) {
        return true;
    }
    let stem = word.strip_suffix(".example").unwrap_or(word).trim_end_matches(|c: char| c.is_ascii_digit());
    stem.len() < word.len()
        && (stem == SERVICE || Sort::KEPT.iter().any(|sort| stem.eq_ignore_ascii_case(sort.singular())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::key::is_fingerprint;

    #[test]
    fn more_values_than_there_are_numbers_end() {
        let mut all = StandIns::default();
        all.avoid(&format!("user{}", 2 * MOST));
        for number in 0..2 * MOST + 10 {
            all.of(Sort::User, &format!("mona{number}"));
        }
        assert_eq!(all.of(Sort::User, "mona7"), "user8");
        let late = format!("mona{}", 2 * MOST);
        let stand_in = all.of(Sort::User, &late);
        assert_eq!(all.of(Sort::User, &late), stand_in);
        assert_ne!(all.of(Sort::User, &format!("{late}1")), stand_in, "hardly ever the same");
        assert!(all.of(Sort::Address, "10.0.0.7").starts_with("240."));
    }

    #[test]
    fn the_same_value_has_the_same_stand_in() {
        let mut all = StandIns::default();
        all.avoid("user2");
        assert_eq!(all.of(Sort::User, "mona"), "user1");
        assert_eq!(all.of(Sort::User, "lisa"), "user3", "user2 is somebody's name");
        assert_eq!(all.of(Sort::Repository, "mona"), "user1", "whatever it is said to be");
        assert_eq!(all.of(Sort::Host, "Box.corp"), all.of(Sort::Host, "box.corp"));
        assert_eq!(all.values(Sort::User), 2);
    }

    #[test]
    fn stand_ins_have_the_form_of_what_they_stand_for() {
        let mut all = StandIns::default();
        for number in 0..2000 {
            let v4 = all.of(Sort::Address, &format!("10.0.{}.{}", number / 256, number % 256));
            assert!(v4.parse::<Ipv4Addr>().is_ok(), "{v4}");
            let v6 = all.of(Sort::Address, &format!("fd00::{number:x}"));
            assert!(v6.parse::<Ipv6Addr>().is_ok_and(|address| address.segments()[..2] == [0x2001, 0xdb8]), "{v6}");
            let port: u16 = all.of(Sort::Port, &number.to_string()).parse().unwrap();
            assert!(port > 40_000);
        }
        let print = format!("SHA256:{}", all.of(Sort::Fingerprint, "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s"));
        assert!(is_fingerprint(&print), "{print}");
        let print = all.of(Sort::Fingerprint, "c3:f2:0a:7e:5f:70:36:9e:b2:84:6c:2c:40:64:a1:fc");
        assert!(is_fingerprint(&print), "{print}");
        assert_eq!(all.of(Sort::Fingerprint, "c3f20a7e5f70369eb2846c2c4064a1fc"), print.replace(':', ""));
        assert_eq!(all.of(Sort::Address, "FD00:0:0::7cf"), all.of(Sort::Address, "fd00::7cf"));
        assert_eq!(all.of(Sort::Address, "::ffff:10.0.0.0"), "::ffff:192.0.2.1");
        assert_eq!(all.of(Sort::Address, "52-54-00-AB-CD-9E"), "00:00:5e:00:53:01");
        assert_eq!(all.of(Sort::Address, "52:54:00:ab:cd:9e"), "00:00:5e:00:53:01");
        assert_eq!(all.of(Sort::User, "root"), "service1");
        assert_eq!(all.of(Sort::Address, "198.18.0.5"), "198.19.0.1");
    }

    #[test]
    fn memory_has_an_end() {
        let mut all = StandIns::default();
        for number in 0..3 * MOST {
            all.of(Sort::User, &number.to_string());
        }
        assert_eq!(all.of.len(), MOST);
    }
}
