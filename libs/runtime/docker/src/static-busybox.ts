import { readFile } from 'node:fs/promises';

/** The program of which images are made on this machine. Throws, with the package to install, where there is none. */
export async function readStaticBusybox(path: string): Promise<Buffer> {
  const busybox = await readFile(path).catch((error: unknown) => {
    throw new Error(`there is no static busybox at ${path}: install busybox-static`, { cause: error });
  });
  if (!isStaticElf(busybox)) throw new Error(`${path} is not a statically linked program: install busybox-static`);
  return busybox;
}

/** A dynamically linked program names its interpreter in a program header of type 3. */
export function isStaticElf(file: Buffer): boolean {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) return false;
  const is64 = file[4] === 2;
  const start = is64 ? Number(file.readBigUInt64LE(32)) : file.readUInt32LE(28);
  const size = file.readUInt16LE(is64 ? 54 : 42);
  const count = file.readUInt16LE(is64 ? 56 : 44);
  for (let i = 0; i < count; i++) if (file.readUInt32LE(start + i * size) === 3) return false;
  return true;
}
