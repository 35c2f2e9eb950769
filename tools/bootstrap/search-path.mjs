/** Where a Linux keeps its programs. Cron, `su` without a dash and some units search half of it, and without what root needs. */
const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** A PATH that leaves out none of the system's folders: those that it names come first, as they did. */
export function searchPath(path = process.env.PATH) {
  const named = (path ?? '').split(':').filter((folder) => folder !== '');
  return [...named, ...systemFolders.filter((folder) => !named.includes(folder))].join(':');
}
