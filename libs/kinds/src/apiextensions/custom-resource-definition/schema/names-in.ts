/** Texts in quotes, of which the last may not end, comments, what stands behind a dot, names, numbers: in linear time. */
const tokens = new RegExp(
  [
    /[rb]{0,2}"""(?:[^"]|"(?!""))*(?:""")?/,
    /[rb]{0,2}'''(?:[^']|'(?!''))*(?:''')?/,
    /(?:r|rb|br)(?:"[^"\n]*"?|'[^'\n]*'?)/,
    /b?(?:"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)/,
    /\/\/[^\n]*/,
    /\.\s*[a-z_]\w*/,
    /[a-z_]\w*/,
    /\d[\w.]*/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);

/** The names that an expression in CEL refers to, whatever they are bound to; fields of what they refer to are none. */
export function namesIn(expression: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [token] of expression.matchAll(tokens)) if (name.test(token)) names.add(token);
  return names;
}

const name = /^[a-z_]\w*$/i;
