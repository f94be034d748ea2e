// Fetches what is live anew when files were saved, and knows a few keys. Everything works without it, by hand.
'use strict';
const refresh = async () => {
  const live = document.querySelector('[data-live]');
  if (!live) return;
  const response = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const open = [...live.querySelectorAll('details[open][id]')].map(details => details.id);
  const next = fresh.querySelector('[data-live]');
  if (next) live.replaceChildren(...next.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  const nav = fresh.querySelector('nav');
  if (nav) document.querySelector('nav').replaceChildren(...nav.childNodes);
};
new EventSource('/events').onmessage = refresh;
let wentBefore = false;
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  if (event.key === '/') {
    event.preventDefault();
    const input = document.getElementById('q');
    if (input) input.select(); else location.href = '/';
  } else if (wentBefore) {
    const link = document.querySelector(`nav a[data-key="${CSS.escape(event.key)}"]`);
    if (link) location.href = link.href;
  }
  wentBefore = event.key === 'g';
});
