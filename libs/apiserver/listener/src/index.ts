export { type Beside, createListener, type Listener, type ListenerOptions } from './create-listener.ts';
export { peerOf } from './peer-of.ts';
