export { encodeMessage } from './encode.ts';
export * from './envelope.ts';
export { hasProtobuf } from './message.ts';
