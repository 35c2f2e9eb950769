/** Tells whoever started this process that it can serve now. Started by hand there is nobody to tell. */
export function announceReady(): void {
  if (!process.connected) return;
  process.send?.({ ready: true });
  process.disconnect?.();
}

/** Tells whoever started this process why it ends without having served. Started by hand there is nobody to tell. */
export function announceFailure(message: string): void {
  if (process.connected) process.send?.({ failed: message });
}
