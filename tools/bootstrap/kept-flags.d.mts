export function keptFlagsRefusal(env: Readonly<Record<string, string | undefined>>): string | undefined;
