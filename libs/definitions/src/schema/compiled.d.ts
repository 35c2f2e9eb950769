/** What `tools/compile-schema.ts` writes: uncommitted, so the compiler knows it by its form alone. */
declare module '*/generated/schema/shapes.mjs' {
  /** Each type as a text of JSON, which most starts never read. */
  export const data: Readonly<Record<string, string>>;
}

declare module '*/generated/schema/descriptions.mjs' {
  export const data: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
