import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A property as a declaration file has it. */
export interface DeclaredField {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly description?: string;
}

/** A class or interface of a declaration file. */
export interface DeclaredType {
  readonly description?: string;
  readonly fields: readonly DeclaredField[];
}

const scalars: Readonly<Record<string, string>> = {
  Date: 'date',
  V1MicroTime: 'micro-time',
  IntOrString: 'int-or-string',
  object: 'any',
};

/** `Array<V1Pod>` becomes `[]V1Pod`, `{ [k: string]: T }` becomes `{}T`, anything not a type of its own a word. */
function typeText(node: ts.TypeNode): string {
  if (ts.isArrayTypeNode(node)) return `[]${typeText(node.elementType)}`;
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? `{}${typeText(index.type)}` : 'any';
  }
  if (ts.isUnionTypeNode(node)) return typeText(node.types[0]!);
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    if (name === 'Array' || name === 'Set') return `[]${typeText(node.typeArguments![0]!)}`;
    return scalars[name] ?? name;
  }
  const text = node.getText();
  return ['string', 'number', 'boolean'].includes(text) ? text : 'any';
}

function docOf(node: ts.Node): string | undefined {
  const doc = (node as { jsDoc?: readonly ts.JSDoc[] }).jsDoc?.at(-1);
  const text = doc && (typeof doc.comment === 'string' ? doc.comment : ts.getTextOfJSDocComment(doc.comment));
  return text?.replace(/\\(['"`])/g, '$1').trim() || undefined;
}

function fieldsOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration): DeclaredField[] {
  const fields: DeclaredField[] = [];
  for (const member of node.members) {
    if (!(ts.isPropertyDeclaration(member) || ts.isPropertySignature(member)) || !member.type) continue;
    if (ts.canHaveModifiers(member) && ts.getModifiers(member)?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword))
      continue;
    const name = (ts.isStringLiteral(member.name) ? member.name.text : member.name.getText()).replace(/^_/, '');
    fields.push({ name, optional: !!member.questionToken, type: typeText(member.type), description: docOf(member) });
  }
  return fields;
}

/** Every class and interface of one declaration file, by name. */
export function declaredTypes(file: string): ReadonlyMap<string, DeclaredType> {
  const found = new Map<string, DeclaredType>();
  if (!existsSync(file)) return found;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  source.forEachChild((node) => {
    if (!(ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) || !node.name) return;
    found.set(node.name.text, { description: docOf(node), fields: fieldsOf(node) });
  });
  return found;
}

/** Where the two packages keep their declarations. */
export function declarationPaths(modules: string): { models: string; types: string } {
  return { models: join(modules, '@kubernetes/client-node/dist/gen/models'), types: join(modules, 'kubernetes-types') };
}
