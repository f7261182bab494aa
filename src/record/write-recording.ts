import { open, rm } from 'node:fs/promises';
import { passesOutputGuard } from '../vault/output-guard.ts';
import { RECORDING_SCHEMA, type Recording } from './recording.ts';

/** The text of the file: one outcome per line, so that two recordings can be compared. */
export function serialize(recording: Recording): string {
  const { facts, ...head } = recording;
  const lines = [...facts].map(([name, fact]) => `  ${JSON.stringify(name)}: ${JSON.stringify(fact)}`);
  const top = JSON.stringify({ schema: RECORDING_SCHEMA, ...head }, null, 1).slice(0, -2);
  return `${top},\n "facts": {\n${lines.join(',\n')}\n }\n}\n`;
}

/**
 * Writes a recording that only its owner can read. Rejects with the error of the system. An existing file is not
 * changed (EEXIST); a partly written file is removed. A recording that holds a secret is withheld, and no file is
 * written.
 */
export async function writeRecording(path: string, recording: Recording): Promise<'written' | 'withheld'> {
  const text = serialize(recording);
  if (!passesOutputGuard(text)) return 'withheld';
  const handle = await open(path, 'wx', 0o600);
  try {
    // A network file system may report only at close that it is full.
    await handle.writeFile(text).finally(() => handle.close());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return 'written';
}
