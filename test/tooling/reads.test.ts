import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const CHECKS = fileURLToPath(new URL('../../checks', import.meta.url));

/** Keys of `reads` that neither `applies` nor `judge` uses, for every check that a text declares. */
function unusedReads(text: string): readonly string[] {
  const file = ts.createSourceFile('check.ts', text, ts.ScriptTarget.ES2022, true);
  return descendants(file)
    .filter(ts.isCallExpression)
    .filter((call) => call.expression.getText() === 'check')
    .flatMap(({ arguments: [definition] }) => {
      const members = new Map(
        ts.isObjectLiteralExpression(definition as ts.Node)
          ? (definition as ts.ObjectLiteralExpression).properties.map((member) => [member.name?.getText(), member])
          : [],
      );
      const reads = initializerOf(members.get('reads'));
      if (!reads || !ts.isObjectLiteralExpression(reads)) return ['reads is not an object literal'];
      const used = ['applies', 'judge'].flatMap((name) =>
        members.has(name) ? keysUsed(initializerOf(members.get(name))) : [],
      );
      return reads.properties
        .map((read) => read.name?.getText() ?? read.getText())
        .filter((key) => !used.includes(key));
    });
}

function initializerOf(member: ts.ObjectLiteralElementLike | undefined): ts.Node | undefined {
  return member && ts.isPropertyAssignment(member) ? member.initializer : member;
}

/** The keys of its first parameter that a function uses. If it passes the whole object on, the keys are unknown. */
function keysUsed(value: ts.Node | undefined): readonly string[] {
  if (!value || !(ts.isMethodDeclaration(value) || ts.isArrowFunction(value)) || !value.body) return [];
  const [facts] = value.parameters;
  if (!facts) return [];
  const identifiers = descendants(value.body).filter(ts.isIdentifier).filter(isReference);
  if (!ts.isObjectBindingPattern(facts.name)) {
    const parameter = facts.name.getText();
    return identifiers.flatMap(({ text, parent }) =>
      text === parameter && ts.isPropertyAccessExpression(parent) ? [parent.name.text] : [],
    );
  }
  return facts.name.elements
    .filter((element) => boundNames(element.name).some((name) => identifiers.some(({ text }) => text === name)))
    .map((element) => (element.propertyName ?? element.name).getText());
}

/** The name of a member, which only looks like the name of a variable. */
function isReference({ parent, pos }: ts.Identifier): boolean {
  const isMemberName =
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name.pos === pos;
  return !isMemberName;
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

function descendants(node: ts.Node): readonly ts.Node[] {
  const all: ts.Node[] = [];
  const visit = (one: ts.Node): void => {
    all.push(one);
    one.forEachChild(visit);
  };
  visit(node);
  return all;
}

it('every check uses all that it reads', () => {
  const files = readdirSync(CHECKS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const checks = files.map((name) => ({ name, text: readFileSync(join(CHECKS, name), 'utf8') }));
  const declaring = checks.filter(({ text }) => /\bcheck\(\{/.test(text));
  expect(declaring.length).toBeGreaterThan(35);
  expect(declaring.flatMap(({ name, text }) => unusedReads(text).map((key) => `${name}: ${key}`))).toEqual([]);
});

it.each([
  ['a key that is not taken', 'judge: ({ a }) => pass([a])', ['b']],
  ['a key that is taken and not used', 'judge({ a, b }) { return pass([a]); }', ['b']],
  ['a renamed key of which only the name of a member is used', 'judge: ({ a, b: c }) => pass([a.c])', ['b']],
  ['a member that is not accessed', 'judge: (facts) => pass([facts.a])', ['b']],
  ['facts that are passed on as a whole', 'judge: (facts) => judgeAll(facts)', ['a', 'b']],
  ['keys that applies and judge share', 'applies: ({ a }) => a, judge: ({ b: { c } }) => pass([c])', []],
])('reports %s', (_, functions, unused) => {
  expect(unusedReads(`export default check({ name: 'x', reads: { a, b: attempt(b) }, ${functions} });`)).toEqual(
    unused,
  );
});
