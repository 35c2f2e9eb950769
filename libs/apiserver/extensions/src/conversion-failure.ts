/** What kept a converter's answer from being taken, by Kubernetes' names. */
export type FailureType =
  | 'conversion_webhook_call_failure'
  | 'conversion_webhook_partial_response_failure'
  | 'conversion_webhook_invalid_converted_object_failure';

export class ConversionFailure extends Error {
  override readonly name = 'ConversionFailure';

  constructor(
    message: string,
    readonly type: FailureType,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
