import { invalidFor, quoted } from '@kubernest/definitions';
import {
  type FieldError,
  fieldInvalid,
  fieldRequired,
  fieldTooLong,
  validateDns1123Label,
  validateDns1123Subdomain,
} from '@kubernest/meta';

const most = { domain: 253, name: 253 + 1 + 63 + 1 + 253 };

/** `example.com/signer`: a domain of two labels at least, and what may be a namespace's and an object's name. */
export function validateSignerName(field: string, name: string | undefined): FieldError[] {
  if (!name) return [fieldRequired(field)];
  const [domain, path, ...more] = name.split('/') as [string, string | undefined];
  if (path === undefined || more.length > 0)
    return [
      fieldInvalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"),
    ];
  const faults: FieldError[] = domain.length > most.domain ? [fieldTooLong(field, most.domain)] : [];
  faults.push(...firstWrong(field, domain, validateDns1123Label));
  if (!domain.includes('.'))
    faults.push(fieldInvalid(field, domain, 'should be a domain with at least two segments separated by dots'));
  faults.push(...firstWrong(field, path, validateDns1123Subdomain));
  if (name.length > most.name) faults.push(fieldTooLong(field, most.name));
  return faults;
}

function firstWrong(field: string, part: string, check: (label: string) => string[]): FieldError[] {
  for (const label of part.split('.')) {
    const sentences = check(label);
    if (sentences.length > 0)
      return invalidFor(
        field,
        part,
        sentences.map((sentence) => `validating label ${quoted(label)}: ${sentence}`),
      );
  }
  return [];
}
