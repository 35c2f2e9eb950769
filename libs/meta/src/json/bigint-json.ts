export {};

declare global {
  interface BigInt {
    toJSON(): object;
  }
  interface JSON {
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

// JSON.stringify knows no bigints. Told once for all who write, so that values without any cost nothing more.
Object.defineProperty(BigInt.prototype, 'toJSON', {
  value(this: bigint): object {
    return JSON.rawJSON(String(this));
  },
  configurable: true,
  writable: true,
});
