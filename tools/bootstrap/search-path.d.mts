export function searchPath(path?: string): string;
