// Keeps the shell (page, script, wasm, styles) so that the client opens at once and without a line. Nothing of anybody's conversations is
// ever kept: requests to /api are not touched. A new build has other names here, so the browser takes the new worker and drops the old shell.
const SHELL = ['{{boot.js}}', '{{chat.js}}', '{{chat_bg.wasm}}', '{{chat.css}}', '{{theme.js}}', '{{tick.js}}', '{{favicon.svg}}'];
const CACHE = 'shell ' + SHELL.join(' ');

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(['/chats', ...SHELL])).then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop).then(() => clients.claim()));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return;
  // The console is an interface of its own, and the shell kept here is not its.
  if (pathname === '/console' || pathname.startsWith('/console/')) return;
  if (SHELL.includes(pathname)) {
    // An asset never changes under its name.
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
  } else if (request.mode === 'navigate') {
    // The page itself is asked for anew; what is kept is for when there is no line.
    event.respondWith(fetch(request).catch(() => caches.match('/chats').then((kept) => kept ?? Response.error())));
  }
});
