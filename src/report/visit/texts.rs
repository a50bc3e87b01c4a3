//! What a pass goes over: texts, and what holds some.

use crate::model::facts::Fact;

/// What is done to each text.
pub(super) type Pass<'a> = &'a mut dyn FnMut(&mut String);

/// Holds texts.
pub(super) trait Texts {
    fn each(&mut self, pass: Pass<'_>);
}

impl Texts for String {
    fn each(&mut self, pass: Pass<'_>) {
        pass(self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each(&mut self, pass: Pass<'_>) {
        if let Some(inner) = self {
            inner.each(pass);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each(&mut self, pass: Pass<'_>) {
        for inner in self {
            inner.each(pass);
        }
    }
}

impl<A: Texts, B: Texts> Texts for (A, B) {
    fn each(&mut self, pass: Pass<'_>) {
        self.0.each(pass);
        self.1.each(pass);
    }
}

impl<T: Texts> Texts for Fact<T> {
    fn each(&mut self, pass: Pass<'_>) {
        match self {
            Self::Known(inner) => inner.each(pass),
            Self::Absent => {}
            Self::Unknown(why) => why.each(pass),
        }
    }
}

impl Texts for bool {
    fn each(&mut self, _: Pass<'_>) {}
}

impl Texts for u32 {
    fn each(&mut self, _: Pass<'_>) {}
}
