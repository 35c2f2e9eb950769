export * from './cut-off-dialer.ts';
export * from './dialled.ts';
export * from './refused-addresses.ts';
