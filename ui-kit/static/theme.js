// Runs before the first paint, so that the page never flashes in the other theme.
(() => {
  let theme = null;
  try { theme = localStorage.getItem('chancery.theme'); } catch { /* storage is forbidden: follow the system */ }
  document.documentElement.setAttribute('data-theme', theme === 'light' || theme === 'dark' ? theme : 'auto');
  // The entrance pages have no spine; the skeleton follows the address.
  if (/^\/(sign-in|link)\b/.test(location.pathname)) document.documentElement.setAttribute('data-entrance', '');
})();
