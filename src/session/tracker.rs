//! Which run a statement belongs to: streams, jump hosts, ends and beginnings.

use super::run::Run;
use super::scope::{self, Of};
use crate::model::server::Stamp;
use crate::model::session::Typed;
use crate::model::{At, Author, Kind, Outcome, Session};
use crate::shell::{Aim, Place};

/// Sessions that are kept of one source, and statements that are kept of each once there are many: a source made
/// to be large costs no more.
const MOST_SESSIONS: usize = 8000;
const KEPT_OF_MANY: usize = 150;

/// Nested clients that are followed: jump hosts behind jump hosts.
const DEPTH: usize = 10;

/// Connections that are followed side by side; the one that was silent longest is closed for a further one.
const STREAMS: usize = 256;

/// Hosts that tools' own commands went to and that are kept; of further ones a name of the inventory tells nothing.
const EXECUTED: usize = 256;

/// Whose lines: a program's, and of its connections one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stream {
    author: Author,
    name: Option<String>,
}

/// The runs of one stream that are being read: a jump host's above that of its target.
#[derive(Debug, Default)]
struct Stack {
    stream: Stream,
    runs: Vec<Run>,
    used: u64,
}

/// Makes sessions of statements.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    stacks: Vec<Stack>,
    /// The stack that took the last statement.
    last: usize,
    /// Ended sessions, each with its place in the order of first appearance.
    done: Vec<(u64, Session)>,
    begun: u64,
    taken: u64,
    typed: Option<Typed>,
    /// As `typed`, of a program that only another client's session can be of.
    elsewhere: Option<Typed>,
    called: Option<String>,
    /// Where the tool that runs the client says that the next run goes.
    aim: Option<Aim>,
    /// Where the tools' own commands went so far, each host once.
    executed: Vec<Place>,
}

impl Tracker {
    /// The command that starts the next session, where no log has to show it.
    pub(crate) fn typed(&mut self, typed: Typed, called: String) {
        self.typed = Some(typed);
        self.called = Some(called);
    }

    /// The session that is being read.
    pub(crate) fn current(&self) -> Option<&Session> {
        let open = self.stacks.get(self.last).and_then(|stack| stack.runs.last());
        open.map(|run| &run.session).or(self.done.last().map(|(_, session)| session))
    }

    /// The sessions that have ended so far, and those that are being read.
    pub(crate) fn so_far(&self) -> impl Iterator<Item = &Session> {
        let open = self.stacks.iter().flat_map(|stack| &stack.runs).map(|run| &run.session);
        self.done.iter().map(|(_, session)| session).chain(open)
    }

    /// The statement that was taken last was written at this time.
    pub(crate) fn was_written(&mut self, when: Stamp) {
        let open = self.stacks.get_mut(self.last).and_then(|stack| stack.runs.last_mut());
        if let Some(session) =
            open.map(|run| &mut run.session).or_else(|| self.done.last_mut().map(|(_, session)| session))
        {
            session.was_written(when);
        }
    }

    /// Takes the next statement. `author` is `None` where the line may be anybody's.
    pub(crate) fn take(&mut self, author: Option<Author>, stream: Option<&str>, at: At, kind: Kind) {
        match kind {
            Kind::Several(kinds) => {
                kinds.into_iter().for_each(|kind| self.take(author, stream, at.clone(), kind));
            }
            kind => self.take_one(author, stream, at, kind),
        }
    }

    fn take_one(&mut self, author: Option<Author>, stream: Option<&str>, at: At, kind: Kind) {
        match &kind {
            // GIT_TRACE=1: git tells how it runs ssh, in the middle of its own run.
            Kind::Command(typed) if is_traced(&at.text) => {
                let running = self.current().is_some_and(|session| session.outcome == Outcome::Unknown);
                if self.typed.is_none() && !running {
                    self.typed = Some(typed.clone());
                }
                return;
            }
            // At -vvv ssh tells its own command, in the middle of its run.
            Kind::Command(typed) if !is_openssh(&typed.program) => {
                self.close_foreign();
                self.elsewhere = Some(typed.clone());
                return;
            }
            Kind::Command(typed) if !at.text.contains("debug3: ") => {
                self.close_all();
                self.typed = Some(typed.clone());
                return;
            }
            Kind::OverHttp => {
                if self.top().is_some_and(|run| run.is_hearsay())
                    && let Some(stack) = self.stack()
                {
                    stack.runs.pop();
                }
                return;
            }
            _ => {}
        }
        self.taken += 1;
        self.find(author, stream, &kind);
        if let Kind::ClientVersion { version } = &kind {
            self.start(version.clone(), at);
            return;
        }
        let scope = scope::of(&kind);
        self.surface(&kind, scope.of);
        let anew = match self.top() {
            None => self.typed.is_some() || scope.begins,
            Some(run) => run.is_over(&kind, &at, scope.after_end) || run.is_left_by(&kind),
        };
        if anew {
            self.close_stack(self.last);
            self.open();
        }
        if let Some(run) = self.top() {
            run.apply(at, kind);
        }
    }

    /// Takes a statement with which the client stopped. It may say once more, in other words, what has ended the run.
    pub(crate) fn stop(&mut self, author: Option<Author>, stream: Option<&str>, at: At, kind: Kind) {
        let kind = match kind {
            // Its last part is what it stops with.
            Kind::Several(mut parts) => {
                let Some(last) = parts.pop() else { return };
                self.take(author, stream, at.clone(), Kind::Several(parts));
                last
            }
            kind => kind,
        };
        self.find(author, stream, &kind);
        let scope = scope::of(&kind);
        if let Some(run) = self.top()
            && run.is_ended()
        {
            let over = run.session.outcome == Outcome::Authenticated && !run.ends_before(&kind, scope.after_end);
            if run.has_told(&kind, &at) {
                run.apply(at, kind);
                return;
            }
            // Whatever a program stops with after a login is about something else.
            if over {
                return;
            }
        }
        let more_to_come = kind == Kind::ClientEnded;
        self.take(author, stream, at.clone(), kind);
        if let Some(run) = self.top().filter(|_| !more_to_come) {
            run.stopped(&at);
        }
    }

    /// Chooses the stack for a statement.
    fn find(&mut self, author: Option<Author>, name: Option<&str>, kind: &Kind) {
        // What comes behind a client's command, in nobody's words, is of its run.
        let typed = self.elsewhere.as_ref().and_then(|typed| crate::dialect::of_program(&typed.program));
        let author = match author.or(typed) {
            Some(author) => author,
            None if self.stacks.get(self.last).is_some() => return,
            None => Author::default(),
        };
        self.last = match self.known(author, name, kind) {
            Some(known) => known,
            None => {
                if self.stacks.len() >= STREAMS
                    && let Some(oldest) = (0..self.stacks.len()).min_by_key(|index| self.stacks[*index].used)
                {
                    self.close_stack(oldest);
                    self.stacks.swap_remove(oldest);
                }
                let stream = Stream { author, name: name.map(str::to_owned) };
                self.stacks.push(Stack { stream, ..Stack::default() });
                self.stacks.len() - 1
            }
        };
        self.stacks[self.last].used = self.taken;
    }

    /// The stack of a stream. A line without a name is of its author's last one, unless it opens a connection; and
    /// what began without a name has the first new name that comes.
    fn known(&mut self, author: Author, name: Option<&str>, kind: &Kind) -> Option<usize> {
        let mine = |stack: &Stack| stack.stream.author == author;
        let Some(name) = name else {
            let last = self.stacks.iter().enumerate().filter(|(_, stack)| mine(stack));
            let (index, last) = last.max_by_key(|(_, stack)| stack.used)?;
            let opens = last.stream.name.is_some() && matches!(kind, Kind::Connecting { address: None, .. });
            return (!opens).then_some(index);
        };
        let named = self.stacks.iter().position(|stack| mine(stack) && stack.stream.name.as_deref() == Some(name));
        let unnamed = self.stacks.iter().position(|stack| mine(stack) && stack.stream.name.is_none());
        let over = |index: usize| self.stacks[index].runs.last().is_none_or(Run::is_ended);
        match (named, unnamed) {
            (named, None) => named,
            (Some(named), Some(_)) if !over(named) => Some(named),
            (named, Some(unnamed)) => {
                // A later run of the program counts anew.
                if let Some(named) = named {
                    self.close_stack(named);
                    self.stacks[named].stream.name = Some(String::new());
                }
                self.stacks[unnamed].stream.name = Some(name.to_owned());
                Some(unnamed)
            }
        }
    }

    fn stack(&mut self) -> Option<&mut Stack> {
        self.stacks.get_mut(self.last)
    }

    fn top(&mut self) -> Option<&mut Run> {
        self.stack().and_then(|stack| stack.runs.last_mut())
    }

    fn open(&mut self) {
        let (called, typed, aim) = (self.called.take(), self.typed.take(), self.aim.take());
        self.begun += 1;
        let begun = self.begun;
        let author = self.stack().map(|stack| stack.stream.author);
        let foreign = author.is_some_and(|author| author != Author::OPENSSH);
        // A command is the next run's, unless it is known to run another client.
        let fits = |typed: &Typed| crate::dialect::of_program(&typed.program).is_none_or(|known| Some(known) == author);
        let elsewhere =
            self.elsewhere.take_if(|typed| foreign && fits(typed)).or_else(|| self.run_by_git().filter(|_| foreign));
        if let (Some(stack), Some(author)) = (self.stack(), author) {
            let typed = typed.or(elsewhere);
            let session = Session { called, typed, author, ..Session::default() };
            let mut run = Run::new(session, begun);
            run.aim = aim;
            stack.runs.push(run);
        }
    }

    /// Git's command, where git itself has spoken so far and now another client than ssh does: it is git's.
    fn run_by_git(&mut self) -> Option<Typed> {
        let waiting = |run: &Run| {
            let git = run.session.typed.as_ref().is_some_and(|typed| typed.program == "git");
            git && run.is_prelude() && run.session.outcome == Outcome::Unknown
        };
        let ours = |stack: &&mut Stack| stack.stream.author == Author::OPENSSH;
        let stack = self.stacks.iter_mut().find(ours)?;
        stack.runs.last().filter(|run| waiting(run))?;
        stack.runs.pop()?.session.typed
    }

    /// The client's first line.
    fn start(&mut self, version: String, at: At) {
        let depth = self.stack().map_or(0, |stack| stack.runs.len());
        match self.top() {
            Some(run) if run.is_prelude() => {}
            Some(run) if depth < DEPTH && run.jump && run.session.server_software.is_none() && !run.is_ended() => {
                self.open()
            }
            _ => {
                self.close_stack(self.last);
                self.open();
            }
        }
        if let Some(run) = self.top() {
            run.session.client = Some(version.clone());
            run.keep(at, Kind::ClientVersion { version });
        }
    }

    /// Goes back to the session behind a jump host where a line can only be that one's.
    fn surface(&mut self, kind: &Kind, of: Of) {
        while self.stack().is_some_and(|stack| stack.runs.len() > 1) {
            let Some(top) = self.top() else { return };
            let through = matches!(top.session.outcome, Outcome::Authenticated);
            let back = match of {
                Of::Target => true,
                Of::Once => top.session.server_software.is_some(),
                Of::Later => top.is_ended() || through,
                Of::Behind => through,
                Of::BehindAfterOwn => through && top.session.any(|kind| matches!(kind, Kind::SessionOpened)),
                Of::Either => top.is_ended() && !through && top.ends_before(kind, scope::of(kind).after_end),
            };
            if !back {
                return;
            }
            self.close(self.last);
        }
    }

    fn close(&mut self, index: usize) {
        let Some(stack) = self.stacks.get_mut(index) else { return };
        if let Some(mut run) = stack.runs.pop() {
            run.session.jump_host = !stack.runs.is_empty();
            let begun = run.begun;
            let mut session = run.finish();
            if self.done.len() >= MOST_SESSIONS {
                return;
            }
            if self.done.len() >= MOST_SESSIONS / 4 {
                session.events.truncate(KEPT_OF_MANY);
            }
            self.done.push((begun, session));
        }
    }

    fn close_stack(&mut self, index: usize) {
        while self.stacks.get(index).is_some_and(|stack| !stack.runs.is_empty()) {
            self.close(index);
        }
    }

    /// A program says where it goes: in the run that is being read, or in the next.
    pub(crate) fn bound(&mut self, at: &At, typed: Typed) {
        let foreign = |run: &&mut Run| run.is_foreign() && !run.is_ended();
        match self.top().filter(foreign) {
            Some(run) => {
                let Typed { user, host, port, .. } = typed;
                run.apply(at.clone(), Kind::Destination { user, host, port });
            }
            None => self.elsewhere = Some(typed),
        }
    }

    /// A tool that runs clients says of which host its lines are: of the run that is being read, if nothing has said so
    /// before, or of the next.
    pub(crate) fn aimed(&mut self, aim: Aim) {
        let aim = self.dialled(aim);
        let place = &aim.place;
        let Some(run) = self.top() else { return self.aims(aim) };
        let known =
            [run.session.host.as_ref(), run.session.address.as_ref(), run.aim.as_ref().map(|aim| &aim.place.host)];
        let same = known.contains(&Some(&place.host));
        // Of other clients the tool may tell the end once more, in a line of its own.
        let retold = run.is_foreign() && known == [None; 3];
        if !same && !retold && (run.is_ended() || run.aim.is_some()) {
            self.close_stack(self.last);
            return self.aims(aim);
        }
        if !run.is_ended() || retold {
            let (user, port) = run.aim.take().map_or((None, None), |aim| (aim.place.user, aim.place.port));
            let place = Place { user: place.user.clone().or(user), port: place.port.or(port), ..place.clone() };
            run.aim = Some(Aim { place, ..aim });
        }
        if !retold && self.top().is_some_and(|run| run.is_ended()) {
            self.aims(aim);
        }
    }

    /// Where a tool's ssh goes. The name of an inventory is that of the one address which was dialled, if there is one.
    fn dialled(&mut self, aim: Aim) -> Aim {
        let Aim { place, of_inventory } = &aim;
        if !of_inventory {
            let room = self.executed.len() < EXECUTED;
            match self.executed.iter_mut().find(|known| known.host == place.host) {
                Some(known) => {
                    known.user = place.user.clone().or(known.user.take());
                    known.port = place.port.or(known.port);
                }
                None if room => self.executed.push(place.clone()),
                None => {}
            }
        }
        let same = self.executed.iter().find(|known| known.host == place.host);
        let only = match self.executed.as_slice() {
            [only] if *of_inventory && !place.host.contains(['.', ':']) => Some(only),
            _ => None,
        };
        let found = same.or(only).map(|place| Aim { place: place.clone(), of_inventory: false });
        found.unwrap_or(aim)
    }

    /// The next run goes there. One line names the user, the next the command.
    fn aims(&mut self, Aim { place, of_inventory }: Aim) {
        let before = self.aim.take().map(|aim| aim.place).filter(|before| before.host == place.host);
        let elsewhere = |typed: &mut Typed| place.host != typed.host;
        if self.typed.as_mut().is_some_and(elsewhere) {
            self.typed = None;
        }
        let (user, port) = before.map_or((None, None), |before| (before.user, before.port));
        let place = Place { user: place.user.or(user), port: place.port.or(port), ..place };
        self.aim = Some(Aim { place, of_inventory });
    }

    fn close_foreign(&mut self) {
        let foreign = |stack: &Stack| stack.stream.author != Author::OPENSSH;
        (0..self.stacks.len())
            .filter(|index| foreign(&self.stacks[*index]))
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|index| self.close_stack(index));
    }

    fn close_all(&mut self) {
        (0..self.stacks.len()).for_each(|index| self.close_stack(index));
    }

    /// The sessions, in order: of connections side by side the one that began first, a jump host's before that of
    /// its target.
    pub(crate) fn finish(mut self) -> Vec<Session> {
        self.close_all();
        if self.stacks.len() > 1 {
            self.done.sort_by_key(|(begun, session)| (*begun, !session.jump_host));
        }
        self.done.into_iter().map(|(_, session)| session).collect()
    }
}

/// Whether a command of this name runs OpenSSH's client.
fn is_openssh(program: &str) -> bool {
    matches!(program, "ssh" | "git" | "scp" | "sftp")
}

/// Whether a line with a command is one of git's trace (trace.c): `git.c:479  trace: built-in: git clone …`.
fn is_traced(line: &str) -> bool {
    line.split_once("trace: ").is_some_and(|(before, _)| before.contains(".c:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_hosts_fills_memory() {
        let mut tracker = Tracker::default();
        for number in 0..4 * EXECUTED {
            let place = Place { user: None, host: format!("h{number}.example"), port: None };
            tracker.aimed(Aim { place, of_inventory: false });
        }
        assert_eq!(tracker.executed.len(), EXECUTED);
    }
}
