export * from './cut-off-dialer.ts';
export * from './refused-addresses.ts';
