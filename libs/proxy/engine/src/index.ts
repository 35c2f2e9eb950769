export * from './create-proxy.ts';
export * from './plan-rules.ts';
