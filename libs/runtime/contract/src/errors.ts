export class RuntimeUnavailableError extends Error {
  override readonly name = 'RuntimeUnavailableError';
}
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}
export class ContainerStartError extends Error {
  override readonly name = 'ContainerStartError';
}
export class ImagePullError extends Error {
  override readonly name = 'ImagePullError';
}
