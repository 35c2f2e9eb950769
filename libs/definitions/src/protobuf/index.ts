export { encodeMessage } from './encode.ts';
export { encodeMessageInSteps } from './encode-in-steps.ts';
export * from './envelope.ts';
export { hasProtobuf } from './message.ts';
