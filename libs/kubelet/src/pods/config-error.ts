/** A container cannot be made as its pod says: becomes the waiting reason `CreateContainerConfigError`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
