const modules = 'https?|http2|net|tls|dns|dns/promises|dgram';
const opens = new Set(['Agent', 'connect', 'createConnection', 'get', 'lookup', 'request', 'resolve', 'Socket']);

/** What a source takes from Node to look up or connect to somebody else, line by line. */
export function diallingIn(source: string): readonly string[] {
  const found: string[] = [];
  const imports = new RegExp(`import\\s(?!\\s*type\\b)([^;]*?)\\sfrom\\s'(?:node:)?(?:${modules})'`, 'g');
  for (const { 1: given = '', index } of source.matchAll(imports)) {
    const clause = given.trim();
    const names = clause.startsWith('{') ? clause.replace(/[{}]/g, '').split(',') : [clause];
    const taken = names.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
    for (const name of taken)
      if (!clause.startsWith('{') || opens.has(name.split(/\sas\s/)[0]!.trim())) found.push(at(source, index, name));
  }
  for (const { index } of source.matchAll(/(?:(?:await|return|void|=>?|[(,])\s+|\()fetch\(|new WebSocket\(/g))
    found.push(at(source, index, 'fetch'));
  return found;
}

const at = (source: string, index: number, what: string): string =>
  `line ${source.slice(0, index).split('\n').length}: ${what}`;
