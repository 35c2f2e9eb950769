import { faultsOfEach, requiredOneOf } from '@kubernest/definitions';
import { type FieldError, fieldForbidden, fieldInvalid, fieldRequired, validateDns1035Label } from '@kubernest/meta';
import type { Conversion, WebhookClient } from './definition-parts.ts';
import type { Leniency } from './leniency.ts';
import { validateCaBundle, validateConverterService, validateWebhookUrl } from './webhook-client.validation.ts';

const strategies = ['None', 'Webhook'];
const reviewVersions = ['v1', 'v1beta1'];

export const isReviewVersion = (version: string): boolean => reviewVersions.includes(version);

/** compat: told in Kubernetes' own form, in which what is under `webhook` stands one level higher. */
export function validateConversion(conversion: Conversion | undefined, path: string, leniency: Leniency): FieldError[] {
  if (!conversion) return [];
  const { clientConfig, conversionReviewVersions: versions = [] } = conversion.webhook ?? {};
  const [client, reviews] = [`${path}.webhookClientConfig`, `${path}.conversionReviewVersions`];
  const unknown = requiredOneOf(`${path}.strategy`, conversion.strategy, strategies);
  if (conversion.strategy === 'Webhook')
    return [...validateClient(clientConfig, client, leniency), ...validateReviews(versions, reviews, leniency)];
  const needless = 'should not be set when strategy is not set to Webhook';
  return [
    ...unknown,
    ...(clientConfig ? [fieldForbidden(client, needless)] : []),
    ...(versions.length > 0 ? [fieldForbidden(reviews, needless)] : []),
  ];
}

function validateClient(client: WebhookClient | undefined, path: string, leniency: Leniency): FieldError[] {
  if (!client) return [fieldRequired(path, 'required when strategy is set to Webhook')];
  return [
    ...validatePlace(client, path),
    ...(leniency.caBundle ? [] : validateCaBundle(client.caBundle, `${path}.caBundle`)),
  ];
}

function validatePlace({ url, service }: WebhookClient, path: string): FieldError[] {
  if (url !== undefined && !service) return validateWebhookUrl(url, `${path}.url`);
  if (service && url === undefined) return validateConverterService(service, `${path}.service`);
  return [fieldRequired(path, 'exactly one of url or service is required')];
}

function validateReviews(versions: readonly string[], path: string, leniency: Leniency): FieldError[] {
  if (versions.length === 0) return [fieldRequired(path)];
  const seen = new Set<string>();
  const faults = faultsOfEach(versions, (version, i) => {
    const field = `${path}[${i}]`;
    if (seen.has(version)) return [fieldInvalid(field, version, 'duplicate version')];
    seen.add(version);
    return validateDns1035Label(version).map((fault) => fieldInvalid(field, version, fault));
  });
  if (!leniency.reviewVersions && !versions.some(isReviewVersion))
    faults.push(fieldInvalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`));
  return faults;
}
