// A mail server that does what the recipient's name says, and an issuer of tokens for XOAUTH2 beside it.
// Environment: PORT, ISSUER_PORT, KEY, CERT, OUT (folder for mails), MODE (starttls | tls | clear), GREETING (a code, or empty),
// CHAOS (not empty: every so many mails fail in some way, whoever they are for).
// Accounts: app / mailpw, and app with the token that was issued last.
import fs from 'node:fs';
import http from 'node:http';
import { SMTPServer } from 'smtp-server';

const { PORT, ISSUER_PORT, KEY, CERT, OUT, MODE, GREETING, CHAOS } = process.env;
// What befalls one mail after the other when nobody's name says so.
const FATES = ['busy', '', 'later', 'drop', '', 'late451', 'vanish', '', ''];
const answer = (code, words) => Object.assign(new Error(words), { responseCode: code });
const name = (session) => session.envelope.rcptTo.at(-1).address.split('@')[0];
const hangUp = (session) => {
  for (const connection of server.connections) if (connection.session === session) connection._socket.destroy();
};

// It may have been started before.
let mails = fs.readdirSync(OUT).length;
let tried = 0;
let vanished = 0;
let issued = 0;
let lifetime = 3600;
let connections = 0;
// Answers that wait until they are asked for.
const held = [];

function keep(session, bytes) {
  const file = `${OUT}/${String(++mails).padStart(6, '0')}-${name(session)}.eml`;
  fs.writeFileSync(`${file}.new`, bytes);
  fs.renameSync(`${file}.new`, file);
}

// What is answered instead of taking the mail, once it was read to the end.
const atTheEnd = {
  late451: (session, done) => done(answer(451, '4.3.0 try later')),
  late554: (session, done) => done(answer(554, '5.7.1 we do not like it\u202e\u001b[31m')),
  silent: (session) => void session,
  vanish: (session) => hangUp(session),
};

const server = new SMTPServer({
  secure: MODE === 'tls',
  hideSTARTTLS: MODE === 'clear',
  disabledCommands: MODE === 'clear' ? ['STARTTLS'] : [],
  allowInsecureAuth: MODE === 'clear',
  key: fs.readFileSync(KEY),
  cert: fs.readFileSync(CERT),
  authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
  authOptional: true,
  closeTimeout: 100,
  disableReverseLookup: true,
  onConnect(session, done) {
    connections += 1;
    done(GREETING ? answer(Number(GREETING), 'not today') : undefined);
  },
  onAuth(auth, session, done) {
    const right =
      auth.method === 'XOAUTH2'
        ? auth.accessToken === `token-${issued}` && issued > 0
        : auth.password === 'mailpw';
    if (auth.username === 'app' && right) return done(null, { user: 'app' });
    if (auth.method === 'XOAUTH2') return done(null, { data: { status: '401', schemes: 'bearer' } });
    done(answer(535, '5.7.8 authentication failed'));
  },
  onMailFrom(address, session, done) {
    if (address.address.startsWith('forbidden')) return done(answer(550, '5.7.1 you may not send as this'));
    if (address.address.startsWith('member') && !session.user) return done(answer(530, '5.7.0 authentication required'));
    done();
  },
  onRcptTo(address, session, done) {
    const who = address.address.split('@')[0];
    if (CHAOS) {
      session.fate = FATES[tried++ % FATES.length];
      if (session.fate === 'busy') return done(answer(421, '4.3.2 closing'));
      if (session.fate === 'later') return done(answer(451, '4.2.0 mailbox is locked'));
    }
    if (who === 'busy') return done(answer(421, '4.3.2 closing'));
    if (who === 'later') return done(answer(451, '4.2.0 mailbox is locked'));
    if (who === 'nobody') return done(answer(550, '5.1.1 no such user'));
    if (who === 'gone') return hangUp(session);
    if (who === 'slow') return held.push(done);
    done();
  },
  onData(stream, session, done) {
    const chunks = [];
    if (session.fate === 'drop') return stream.once('data', () => hangUp(session));
    if (name(session) === 'drop') return stream.once('data', () => hangUp(session));
    if (name(session) === 'deaf') return;
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      if (session.fate === 'late451') return done(answer(451, '4.3.0 try again'));
      if (session.fate === 'vanish') {
        vanished += 1;
        keep(session, Buffer.concat(chunks));
        return hangUp(session);
      }
      const odd = atTheEnd[name(session)];
      if (!odd || name(session) === 'silent' || name(session) === 'vanish') keep(session, Buffer.concat(chunks));
      if (odd) odd(session, done);
      else done(null, `queued as ${mails}`);
    });
  },
});
server.on('error', () => {});

http
  .createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const form = new URLSearchParams(body);
      const say = (status, json) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      if (request.url === '/counts') return say(200, { issued, connections, mails, vanished, held: held.length });
      if (request.url === '/go') return held.splice(0).forEach((done) => done()), say(200, {});
      if (request.url === '/revoke') return (issued += 1), say(200, {});
      if (request.url === '/short') return (lifetime = 30), say(200, {});
      if (request.url === '/ill') return say(503, { error: 'temporarily_unavailable' });
      if (request.url === '/empty') return say(200, { token_type: 'Bearer' });
      const grant = form.get('grant_type');
      const known = form.get('client_id') === 'chancery' && form.get('client_secret') === 's%cret: +&=';
      const allowed =
        (grant === 'client_credentials' && form.get('scope') === 'mail/.default') ||
        (grant === 'refresh_token' && form.get('refresh_token') === 'refresh+&=');
      if (!known) return say(401, { error: 'invalid_client', error_description: body });
      if (!allowed) return say(400, { error: 'invalid_grant', error_description: body });
      say(200, { token_type: 'Bearer', access_token: `token-${++issued}`, expires_in: lifetime });
    });
  })
  .listen(Number(ISSUER_PORT), '127.0.0.1');

server.listen(Number(PORT), '127.0.0.1');
