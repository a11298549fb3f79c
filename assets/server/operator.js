// The operator's page works without this; printing and copying are easier with it.
for (const button of document.querySelectorAll('[data-print]')) {
  button.addEventListener('click', () => window.print());
}
