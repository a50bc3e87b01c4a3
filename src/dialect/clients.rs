//! Which programs there are, and what each can.

use super::DIALECTS;
use crate::model::{Author, Client};

/// What a client can and cannot. `None`: a server, or a client that is only recognised.
pub(crate) fn client(author: Author) -> Option<&'static Client> {
    DIALECTS.iter().find(|dialect| dialect.author == author)?.client
}

/// All clients whose lines are read, and what each can.
pub(crate) fn clients() -> impl Iterator<Item = (Author, &'static Client)> {
    DIALECTS.iter().filter_map(|dialect| Some((dialect.author, dialect.client?)))
}

/// Whether a sentence that begins with this word begins with a program's name.
pub(crate) fn is_program(word: &str) -> bool {
    DIALECTS.iter().any(|dialect| dialect.author.name == word)
}

/// The client that a program of this name is, or speaks through.
pub(crate) fn of_program(name: &str) -> Option<Author> {
    let name = name.rsplit(['/', '\\']).next()?.trim_end_matches(".exe");
    clients()
        .find(|(author, client)| *author != Author::OPENSSH && client.also.contains(&name))
        .map(|(author, _)| author)
}
