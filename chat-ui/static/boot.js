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
