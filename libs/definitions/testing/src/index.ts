export * from './conformance.ts';
export * from './wide-objects.ts';
export { widgetLike } from './widget.ts';
