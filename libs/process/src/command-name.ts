/** The environment variable in which `kubernest` tells the programs that it starts how it was called. */
export const commandNameVariable = 'KUBERNEST_COMMAND';

/** `kubernest`, as whoever reads a message of this program can call it. */
export const commandName = (): string => process.env[commandNameVariable] ?? 'kubernest';
