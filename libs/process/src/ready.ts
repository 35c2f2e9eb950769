/** Tells whoever started this process that it can serve now. Started by hand there is nobody to tell. */
export function announceReady(): void {
  if (!process.connected) return;
  process.send?.({ ready: true });
  process.disconnect?.();
}
