import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { theFunctionWorks } from '../cli/shell-function.ts';

test('the shell function of the README works in zsh, which macOS has as its shell', async () => {
  expect(execFileSync('zsh', ['--version'], { encoding: 'utf8' })).toMatch(/^zsh 5/);
  await theFunctionWorks('zsh');
});
