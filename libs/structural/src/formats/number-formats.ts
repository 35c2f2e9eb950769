import { type Formats, matching } from './formats.ts';

const card =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;

/** Numbers that carry a check digit. */
export const numberFormats: Formats = {
  creditcard(text) {
    const digits = text.replace(/[^0-9]+/g, '');
    return card.test(digits) && luhn(digits) % 10 === 0;
  },
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  ssn: (text) => text.length === 11 && matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/)(text),
};

function luhn(digits: string): number {
  let sum = 0;
  for (let i = digits.length - 1, doubled = false; i >= 0; i--, doubled = !doubled) {
    const digit = Number(digits[i]) * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum;
}

const bare = (text: string): string => text.replace(/[\t\n\f\r -]+/g, '');

function isIsbn10(text: string): boolean {
  const isbn = bare(text);
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(isbn)) return false;
  const sum = [...isbn].reduce((total, digit, i) => total + (i + 1) * (digit === 'X' ? 10 : Number(digit)), 0);
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const isbn = bare(text);
  if (!/^[0-9]{13}$/.test(isbn)) return false;
  const sum = [...isbn].reduce((total, digit, i) => total + (i % 2 === 0 ? 1 : 3) * Number(digit), 0);
  return sum % 10 === 0;
}
