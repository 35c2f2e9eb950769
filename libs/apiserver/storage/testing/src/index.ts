export { Converter, type Gadget, gadget, gadgetsIn, partial, pathIn, specIn, tables, v1, v2, v3 } from './gadgets.ts';
