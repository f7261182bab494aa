import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Ended, shell } from './bin.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Tests the function that the README gives for `~/.bashrc` and `~/.zshrc`: `jacqos doctor` starts the doctor, and every
 * other word goes unchanged to the real jacqos, with its exit code.
 */
export async function theFunctionWorks(program: 'bash' | 'zsh'): Promise<void> {
  const [, text = ''] = /```sh\n(jacqos\(\)[\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  expect(text).toMatch(/command jacqos-doctor/);
  const bins = mkdtempSync(join(tmpdir(), 'shell-function-'));
  try {
    symlinkSync(join(root, 'bin/jacqos-doctor.js'), join(bins, 'jacqos-doctor'));
    symlinkSync(process.execPath, join(bins, 'node'));
    writeFileSync(join(bins, 'jacqos'), '#!/bin/sh\nfor word in "$@"; do echo "[$word]"; done\nexit 7\n');
    chmodSync(join(bins, 'jacqos'), 0o755);
    const called = (words: string): Promise<Ended> =>
      shell(`set -u\n${text}\n${words}`, { env: { PATH: `${bins}:/usr/bin:/bin` }, program });
    expect((await called('jacqos doctor --version')).stdout).toMatch(/^jacqos-doctor\/\d/);
    expect((await called('jacqos doctor explain missing_runtime_token')).stdout).toMatch(/^missing_runtime_token/);
    expect((await called('printf no_active_evaluator | jacqos doctor explain -')).stdout).toMatch(
      /^no_active_evaluator/,
    );
    expect(await called(`jacqos cloud select --app-name 'two  words' '$HOME'`)).toMatchObject({
      code: 7,
      stdout: '[cloud]\n[select]\n[--app-name]\n[two  words]\n[$HOME]\n',
    });
    expect(await called('jacqos')).toMatchObject({ code: 7, stdout: '' });
  } finally {
    rmSync(bins, { recursive: true });
  }
}
