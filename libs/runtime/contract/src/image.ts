export interface ImageState {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly sizeBytes: number;
  /** `User` of the image's config: '' is root. */
  readonly user: string;
}

export interface RegistryCredentials {
  readonly server: string;
  readonly username: string;
  readonly password: string;
}
