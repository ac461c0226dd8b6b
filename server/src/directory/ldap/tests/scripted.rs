//! Servers on loopback that do what a test says: nothing, garbage, one thing for every question.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Tags of questions.
pub const BIND: u8 = 0x60;
pub const SEARCH: u8 = 0x63;
pub const EXTENDED: u8 = 0x77;

type Questions = Arc<std::sync::Mutex<Vec<(u8, Vec<u8>)>>>;

/// A scripted server.
pub struct Scripted {
    /// Where it listens.
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    questions: Questions,
    task: JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Scripted {
    /// Answers every question (message id, tag of the operation, its content) with some bytes; none closes the line.
    pub async fn answering(
        answer: impl Fn(u8, u8, &[u8]) -> Option<Vec<u8>> + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::start(answer, false).await
    }

    /// The same, but hangs up after an answer.
    pub async fn answering_once(
        answer: impl Fn(u8, u8, &[u8]) -> Option<Vec<u8>> + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::start(answer, true).await
    }

    async fn start(
        answer: impl Fn(u8, u8, &[u8]) -> Option<Vec<u8>> + Clone + Send + Sync + 'static,
        once: bool,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::<AtomicUsize>::default();
        let questions = Questions::default();
        let (count, heard) = (connections.clone(), questions.clone());
        let task = tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (answer, heard) = (answer.clone(), heard.clone());
                tokio::spawn(async move {
                    while let Some((id, tag, content)) = question(&mut line).await {
                        heard.lock().unwrap().push((tag, content.clone()));
                        match answer(id, tag, &content) {
                            Some(bytes) => line.write_all(&bytes).await.ok()?,
                            None => return None,
                        }
                        if once {
                            return None;
                        }
                    }
                    Some(())
                });
            }
        });
        Self { address, connections, questions, task }
    }

    /// Takes connections and questions, and never says anything.
    pub async fn silent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::<AtomicUsize>::default();
        let count = connections.clone();
        let task = tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move { tokio::io::copy(&mut line, &mut tokio::io::sink()).await });
            }
        });
        Self { address, connections, questions: Arc::default(), task }
    }

    /// How often somebody came.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Tags of what was asked.
    pub fn asked(&self) -> Vec<u8> {
        self.questions.lock().unwrap().iter().map(|(tag, _)| *tag).collect()
    }
}

/// Reads a question of at most 64 KiB with an id below 128.
async fn question(line: &mut TcpStream) -> Option<(u8, u8, Vec<u8>)> {
    let mut head = [0; 2];
    line.read_exact(&mut head).await.ok()?;
    let mut length = usize::from(head[1]);
    if length > 0x80 {
        let mut bytes = vec![0; length - 0x80];
        line.read_exact(&mut bytes).await.ok()?;
        length = bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body).await.ok()?;
    Some((*body.get(2)?, *body.get(3)?, body.split_off(4)))
}

/// One element.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}

/// A whole message.
pub fn message(id: u8, operation: &[u8]) -> Vec<u8> {
    element(0x30, &[&[2, 1, id], operation].concat())
}

/// The answer that an operation came to this code, with more after the text.
pub fn result(id: u8, tag: u8, code: u8, text: &str, more: &[u8]) -> Vec<u8> {
    let text = element(4, text.as_bytes());
    message(id, &element(tag, &[&[0x0a, 1, code, 4, 0], &text[..], more].concat()))
}

/// The tag of the answer to a question.
pub fn tag_of_answer(question: u8) -> u8 {
    match question {
        SEARCH => 0x65,
        EXTENDED => 0x78,
        other => other + 1,
    }
}

/// An entry.
pub fn entry(id: u8, dn: &str, attributes: &[(&str, &[&[u8]])]) -> Vec<u8> {
    let attributes: Vec<u8> = attributes
        .iter()
        .flat_map(|(name, values)| {
            let values: Vec<u8> = values.iter().flat_map(|value| element(4, value)).collect();
            element(0x30, &[element(4, name.as_bytes()), element(0x31, &values)].concat())
        })
        .collect();
    message(id, &element(0x64, &[element(4, dn.as_bytes()), element(0x30, &attributes)].concat()))
}
