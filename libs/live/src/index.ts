export { createLive, type Live, type Subscription } from './live.ts';
export type * from './view.ts';
