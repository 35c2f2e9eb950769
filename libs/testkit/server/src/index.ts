export { apiServerOf, type ServerParts } from './api-server-of.ts';
export type { ApiWrite } from './api-write.ts';
export { Journal } from './journal.ts';
export { type Answer, answerOf, requestFor } from './request-for.ts';
export { storeWith } from './store-with.ts';
export { type TestServer, testServer } from './test-server.ts';
export type { TestWatch } from './test-watch.ts';
export { Traffic } from './traffic.ts';
export { until } from './until.ts';
