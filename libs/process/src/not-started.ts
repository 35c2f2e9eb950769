/** Why a program could not be started. Node.js says `spawn iptables ENOENT` of one that is not there. */
export const notStarted = (program: string, error: NodeJS.ErrnoException): Error =>
  error.code === 'ENOENT'
    ? new Error(`${program} is not installed, or in no folder of PATH (${process.env['PATH'] ?? ''})`, { cause: error })
    : error;
