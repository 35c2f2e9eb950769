/** Loaded on first use: a start that finds valid certificates never pays for it. */
export async function library(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
