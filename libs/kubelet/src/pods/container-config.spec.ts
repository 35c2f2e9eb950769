import { describe, expect, it } from 'vitest';
import type { Container } from '../types.ts';
import { ConfigError } from './config-error.ts';
import { type ContainerInputs, containerConfig, IMAGE_DIGEST_ANNOTATION } from './container-config.ts';

const inputsOf = (container: Container, digests: readonly string[] = []): ContainerInputs => ({
  pod: { metadata: { name: 'p', namespace: 'n', uid: 'u' }, spec: { containers: [container] } },
  entry: { container, kind: 'app', sidecar: false },
  image: { id: 'sha256:i', tags: [], digests, sizeBytes: 1, user: '' },
  ...{ attempt: 0, sandboxId: 's', env: [], mounts: [], nodeMemoryBytes: 1e9, seccompDir: '' },
  log: { maxBytes: 1, maxFiles: 1 },
});

describe('the digest that a container keeps of its image', () => {
  const configOf = (image: string, digests: readonly string[]) =>
    containerConfig(inputsOf({ name: 'a', image }, digests));

  it.each([
    ['host:5000/busy:1', ['other/busy@sha256:a', 'host:5000/busy@sha256:b'], 'host:5000/busy@sha256:b'],
    ['host:5000/busy', ['other/busy@sha256:a', 'host:5000/busy@sha256:b'], 'host:5000/busy@sha256:b'],
    ['busy@sha256:b', ['other/busy@sha256:a', 'busy@sha256:b'], 'busy@sha256:b'],
    ['docker.io/library/busy:1', ['busy@sha256:a'], 'busy@sha256:a'],
    ['local:1', [], undefined],
  ])('of %s, which is known as %j, is %s', (reference, digests, digest) => {
    expect(configOf(reference, digests).annotations[IMAGE_DIGEST_ANNOTATION]).toBe(digest);
  });
});

describe('what a container is started with', () => {
  const env = [{ name: 'A', value: 'x'.repeat(1000) }];
  const made = (container: Partial<Container>) => containerConfig({ ...inputsOf({ name: 'a', ...container }), env });

  it('is made of its variables', () => {
    const { command, args } = made({ command: ['echo'], args: ['$(A)$(B)', '$$(A)'] });
    expect({ command, args }).toEqual({ command: ['echo'], args: [`${env[0]!.value}$(B)`, '$(A)'] });
  });

  it.each<[string, Partial<Container>]>([
    ['one argument', { args: ['$(A)'.repeat(100_000)] }],
    ['the command', { command: ['$(A)'.repeat(132)] }],
    ['all arguments', { args: Array.from({ length: 100 }, () => '$(A)'.repeat(100)) }],
  ])('is refused where %s is longer than the kernel takes', (_, container) => {
    expect(() => made(container)).toThrow(ConfigError);
  });
});
