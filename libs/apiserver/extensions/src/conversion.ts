import type { KubeObject } from '@kubernest/meta';

/** From one version to another of the same group; objects that are in it already stay as they are. */
export type Convert = (
  objects: readonly KubeObject[],
  to: string,
) => readonly KubeObject[] | Promise<readonly KubeObject[]>;

/** Strategy `None`: nothing but the version's name changes. */
export const convertNames: Convert = (objects, to) =>
  objects.map((object) => (object.apiVersion === to ? object : { ...object, apiVersion: to }));
