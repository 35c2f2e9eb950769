/**
 * A one-time link carries its code behind the `#`: no log on the way has it, and nothing that only looks at the address (HEAD, a prefetch)
 * uses it up. Here it is taken out of the address and the history and exchanged for a session. Loaded by the page and by the refusal alike.
 */
(() => {
  const enter = async () => {
    const code = /^#link=([\w-]+)$/.exec(location.hash)?.[1];
    if (code === undefined) return;
    history.replaceState(null, '', location.pathname + location.search);
    const refusal = document.querySelector('[data-refusal]');
    refusal?.toggleAttribute('hidden', true);
    const answer = await fetch('./session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    }).catch(() => undefined);
    if (answer?.ok) return location.reload();
    const reason = refusal?.querySelector('[data-reason]');
    if (reason) {
      reason.textContent =
        answer?.status === 401
          ? 'This link was used already, or it is older than ten minutes.'
          : 'The cluster did not answer. The link may still be good: open it again.';
    }
    refusal?.toggleAttribute('hidden', false);
  };
  addEventListener('hashchange', enter);
  enter();
})();
