export * from './create-proxy.ts';
export * from './plan-rules.ts';
export * from './refused/apply-taken.ts';
