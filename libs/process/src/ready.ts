/** Tells whoever started this process that it can serve now. Started by hand there is nobody to tell. */
export function announceReady(): void {
  const send = process.send?.bind(process);
  if (!process.connected || !send) return;
  send({ ready: true });
  process.disconnect();
}
