import { existsSync } from 'node:fs';
import type { Context } from '@kubernest/kit';
import type { Document } from 'yaml';
import {
  clusterOf,
  currentContextOf,
  dropEntry,
  edited,
  hasContext,
  hasEntry,
  type KubeconfigEntry,
  type OwnEntry,
  othersOf,
  putKubeconfigEntry,
  userOf,
} from './document.ts';
import { parseKubeconfig } from './load.ts';
import { changeLocked, readUnlocked, rehearseLocked } from './locked-file.ts';
import { documentOf } from './parsed.ts';

/*
 * `paths` are the files of a user's kubeconfig, the first counts. Each is written to as kubectl would: what is there already stays in its
 * file, what is new goes into the first that exists, and into the last where none does.
 */

/**
 * Adds the entry, or replaces the own one of its name, and touches nothing else, comments included. Throws rather than to replace what is
 * somebody else's. Resolves with the context that was current before; empty for none.
 */
export async function addToKubeconfig(
  paths: readonly string[],
  entry: KubeconfigEntry,
  how: Pick<OwnEntry, 'owns'> & { readonly makeCurrent: boolean },
  ctx: Context,
): Promise<string> {
  const files = await readAll(paths);
  const own = { name: entry.name, owns: how.owns };
  const before = currentOf(files);
  const place = placeOf(files, entry.name);
  const others = files.find(({ document }) => othersOf(document, own) !== undefined);
  if (others) throw taken(others.path, own.name, othersOf(others.document, own));
  const current = how.makeCurrent || before === '' ? newPlace(files) : undefined;
  await change(
    place,
    (document) => {
      // Whoever was faster than this command keeps what is theirs.
      const others = othersOf(document, own);
      if (others !== undefined) throw taken(place, own.name, others);
      putKubeconfigEntry(document, entry);
      if (current === place) document.set('current-context', own.name);
      return true;
    },
    ctx,
  );
  if (current !== undefined && current !== place) await setCurrent(current, own.name, ctx);
  return before;
}

const taken = (path: string, name: string, others: string | undefined): Error =>
  new Error(`the kubeconfig ${path} has "${name}" already, ${others}`);

/**
 * Makes `to` the current context where `from` still is: whoever has switched since keeps what they chose. A `to` that is gone, and an empty one,
 * leave none. Resolves with the context that is current then.
 */
export async function giveBackContext(
  paths: readonly string[],
  from: OwnEntry,
  to: string,
  ctx: Context,
): Promise<string> {
  const files = await readAll(paths);
  const current = currentOf(files);
  if (current !== from.name || files.some(({ document }) => othersOf(document, from) !== undefined)) return current;
  const next = files.some(({ document }) => hasContext(document, to)) ? to : '';
  for (const { path } of files.filter(({ document }) => currentContextOf(document) === from.name))
    await change(
      path,
      (document) => {
        if (currentContextOf(document) !== from.name) return false;
        document.set('current-context', next);
        return true;
      },
      ctx,
    );
  return next;
}

/** Throws, and says why, when an entry could not be added. Resolves with whose it is where somebody else has one of that name. Changes nothing. */
export async function checkKubeconfig(
  paths: readonly string[],
  own: OwnEntry,
  ctx: Context,
): Promise<string | undefined> {
  const files = await readAll(paths);
  for (const { document } of files) {
    const others = othersOf(document, own);
    if (others !== undefined) return others;
  }
  for (const path of new Set([placeOf(files, own.name), newPlace(files)]))
    await rehearseLocked(path, (text) => void documentOf(text, path), ctx);
  return undefined;
}

/**
 * Takes the entry out again, of every file. What is not there, file included, and one of somebody else, is success. A current context that
 * points to it is emptied. A file that holds no more then than one has that was made for the entry goes.
 */
export async function removeFromKubeconfig(paths: readonly string[], own: OwnEntry, ctx: Context): Promise<void> {
  const { name } = own;
  const isOwn = (document: Document): boolean => hasEntry(document, name) && othersOf(document, own) === undefined;
  const files = await readAll(paths);
  const isShared = files.some(({ document }) => hasEntry(document, name) && !isOwn(document));
  for (const { path, document } of files) {
    if (!isOwn(document) && (isShared || currentContextOf(document) !== name)) continue;
    const drop = (document: Document): boolean => {
      if (isOwn(document)) dropEntry(document, name);
      else if (hasEntry(document, name)) return false;
      if (currentContextOf(document) === name) document.set('current-context', '');
      return true;
    };
    await changeLocked(path, (text) => orNothing(edited(text, path, drop)), ctx);
  }
}

/** What a kubeconfig holds that was made for one entry, without that. */
const bare = /^(apiVersion: v1\n|kind: Config\n|current-context: ""\n)*$/;

const orNothing = (text: string | undefined): string | undefined => (text !== undefined && bare.test(text) ? '' : text);

/** A kubeconfig of its own, as text: what `kubernest kubeconfig` prints. */
export function renderKubeconfig(entry: KubeconfigEntry): string {
  const { name } = entry;
  const document = parseKubeconfig('{}', name);
  document.contents = document.createNode({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: clusterOf(entry) }],
    users: [{ name, user: userOf(entry) }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  }) as typeof document.contents;
  return document.toString({ lineWidth: 0 });
}

interface KubeconfigFile {
  readonly path: string;
  readonly exists: boolean;
  readonly document: Document;
}

async function readAll(paths: readonly string[]): Promise<readonly KubeconfigFile[]> {
  const files: KubeconfigFile[] = [];
  for (const path of new Set(paths)) {
    const text = await readUnlocked(path);
    files.push({ path, exists: existsSync(path), document: documentOf(text, path) });
  }
  return files;
}

const currentOf = (files: readonly KubeconfigFile[]): string =>
  files.map(({ document }) => currentContextOf(document)).find((name) => name !== '') ?? '';

const newPlace = (files: readonly KubeconfigFile[]): string =>
  (files.find(({ exists }) => exists) ?? files.at(-1)!).path;

const placeOf = (files: readonly KubeconfigFile[], name: string): string =>
  files.find(({ document }) => hasEntry(document, name))?.path ?? newPlace(files);

const setCurrent = (path: string, name: string, ctx: Context): Promise<void> =>
  change(
    path,
    (document) => {
      document.set('current-context', name);
      return true;
    },
    ctx,
  );

const change = (path: string, edit: (document: Document) => boolean, ctx: Context): Promise<void> =>
  changeLocked(path, (text) => edited(text, path, edit), ctx);
