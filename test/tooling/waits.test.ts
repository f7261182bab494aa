import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const PROBES = fileURLToPath(new URL('../../src/probes', import.meta.url));

/** Lines of calls of setTimeout, under any name, that no abort signal ends. */
function waitsWithoutSignal(text: string): readonly number[] {
  const file = ts.createSourceFile('probe.ts', text, ts.ScriptTarget.ES2022, true);
  const names = ['setTimeout', /setTimeout as (\w+)/.exec(text)?.[1]];
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && names.includes(node.expression.getText())) {
      const options = node.arguments[2];
      const given = options && ts.isObjectLiteralExpression(options) ? options.properties : [];
      if (!given.some((property) => property.name?.getText() === 'signal'))
        lines.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return lines;
}

it('no probe waits on when its time is over', () => {
  const files = readdirSync(PROBES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  // The drain of a child's pipes ends itself and with the child.
  const probes = files.filter((name) => name !== join('io', 'run-child.ts'));
  expect(probes.length).toBeGreaterThan(100);
  const waits = probes.flatMap((name) =>
    waitsWithoutSignal(readFileSync(join(PROBES, name), 'utf8')).map((line) => `${name}:${line}`),
  );
  expect(waits).toEqual([]);
});

it('a wait without the signal is reported with its line', () => {
  const text = `import { setTimeout as sleep } from 'node:timers/promises';
await sleep(5);
await sleep(5, undefined, { signal });
setTimeout(() => {}, 5);`;
  expect(waitsWithoutSignal(text)).toEqual([2, 4]);
});
