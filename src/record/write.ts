import { open, rm } from 'node:fs/promises';
import { mayLeave } from '../vault/tripwire.ts';
import { RECORDING_SCHEMA, type Recording } from './recording.ts';

/** The file's text: one outcome a line, so that two recordings can be compared by eye. */
export function serialize(recording: Recording): string {
  const { facts, ...head } = recording;
  const lines = [...facts].map(([name, gathered]) => `  ${JSON.stringify(name)}: ${JSON.stringify(gathered)}`);
  const top = JSON.stringify({ schema: RECORDING_SCHEMA, ...head }, null, 1).slice(0, -2);
  return `${top},\n "facts": {\n${lines.join(',\n')}\n }\n}\n`;
}

/**
 * Writes a recording readable by its owner only. Rejects with the system's error; a file that exists is left alone
 * (EEXIST), and one that the disk does not take whole is taken away again. One that holds a secret is withheld, and no file is made.
 */
export async function writeRecording(path: string, recording: Recording): Promise<'written' | 'withheld'> {
  const text = serialize(recording);
  if (!mayLeave(text)) return 'withheld';
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return 'written';
}
