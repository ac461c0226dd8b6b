// Loads the application. Until it is there, index.html shows the spine and a skeleton.
import init from '{{chat.js}}';

init({ module_or_path: '{{chat_bg.wasm}}' }).catch(() => {
  const boot = document.getElementById('boot');
  const note = document.createElement('p');
  note.className = 'boot-note';
  note.setAttribute('role', 'alert');
  note.textContent = 'Chancery could not be loaded. Nothing is lost. Check your connection and reload the page.';
  if (boot) boot.replaceWith(note); else document.body.append(note);
});

// Keeps the shell for the next time. Without it everything works, only not without a line.
if ('serviceWorker' in navigator) addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => {}));
