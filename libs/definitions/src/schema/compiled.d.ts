/** What `tools/compile-schema.ts` writes: uncommitted, so the compiler knows it by its form alone. */
declare module '*/generated/schema/shapes.mjs' {
  export const data: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

declare module '*/generated/schema/descriptions.mjs' {
  export const data: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
