import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import type { Assignment } from './prober-request.ts';

/**
 * The only argument of a single executable that runs as the prober. It reads its assignment from standard input, as
 * JSON.
 */
export const AS_PROBER = '--as-prober';

/** The start of the prober: the arguments after the path of this process's own executable, and the standard input. */
export type ProberCommand = {
  readonly words: readonly [typeof AS_PROBER] | readonly ['--input-type=module', '-'];
  readonly input: string;
};

/** The command for an assignment; null if the prober is missing from this installation. */
export async function proberCommand(assignment: Assignment): Promise<ProberCommand | null> {
  if (isSea()) return { words: [AS_PROBER], input: JSON.stringify(assignment) };
  const program = await proberProgram();
  if (program === null) return null;
  const input = `globalThis.assignment=${JSON.stringify(assignment)};\n${program}`;
  return { words: ['--input-type=module', '-'], input };
}

let program: Promise<string | null> | undefined;

/** The prober's text, read once. It is beside the bundle, or in dist/ if the sources are run directly. */
function proberProgram(): Promise<string | null> {
  program ??= read(dirname(fileURLToPath(import.meta.url)));
  return program;
}

async function read(folder: string): Promise<string | null> {
  for (const path of ['prober.mjs', 'dist/prober.mjs']) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  const parent = dirname(folder);
  return parent === folder ? null : read(parent);
}
