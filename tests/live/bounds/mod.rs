//! Every run comes to an end, in its time and within its memory, whatever the other side does; and where this
//! machine gives no threads, no processes or no memory, it ends in a sentence.
//!
//! needs: openssh-client openssh-server golang-go golang-golang-x-crypto-dev libnss-wrapper util-linux

mod blame;
mod endless;
mod ends;
mod limits;
mod measured;
mod peers;
mod words;
