import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';

/** The tar of a root file system in which the machine's busybox answers to its usual names. */
export function busyboxRootfs(): Readable {
  const tar = pack();
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp', 'root', 'var'])
    tar.entry({ name, type: 'directory', mode: 0o755 });
  tar.entry({ name: 'bin/busybox', mode: 0o755 }, readFileSync('/bin/busybox'));
  const applets = [
    'sh',
    'cat',
    'echo',
    'ls',
    'ps',
    'grep',
    'head',
    'yes',
    'stty',
    'hostname',
    'sleep',
    'nc',
    'httpd',
    'wget',
    'ping',
    'id',
    'true',
    'false',
    'ip',
    'dd',
    'wc',
    'md5sum',
    'seq',
    'mkdir',
    'nslookup',
  ];
  for (const name of applets) tar.entry({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' });
  tar.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  tar.finalize();
  return tar as unknown as Readable;
}
