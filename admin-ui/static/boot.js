// Loads the console. Until it is there, index.html shows the menu's ground and a skeleton.
import init from '{{console.js}}';

init({ module_or_path: '{{console_bg.wasm}}' }).catch(() => {
  const boot = document.getElementById('boot');
  const note = document.createElement('p');
  note.className = 'boot-note';
  note.setAttribute('role', 'alert');
  note.textContent = 'The console could not be loaded. Nothing was changed. Check your connection and reload the page.';
  if (boot) boot.replaceWith(note); else document.body.append(note);
});
