import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { productNames } from '../catalog/generated/catalogs.ts';
import type { CollectedFact } from '../engine/collect-facts.ts';
import { clean } from '../engine/text.ts';
import { RECORDING_SCHEMA, type Recording } from './recording.ts';

/** A recording larger than this was not made by this program. */
const MAX_BYTES = 64 * 1024 * 1024;

const text = v.string();
const failure = v.object({ why: text, phase: text, detail: text, root: text });
const outcome = v.variant('kind', [
  v.object({ kind: v.literal('value'), value: v.any() }),
  v.object({ kind: v.literal('failed'), failure }),
  v.object({ kind: v.literal('not-applicable'), reason: text }),
]);
const schema = v.object({
  schema: text,
  tool: v.object({ name: text, version: text }),
  product: v.picklist(productNames),
  mode: v.picklist(['node', 'anywhere']),
  // A clock that a date can hold.
  now: v.pipe(v.number(), v.integer(), v.minValue(-8.64e15), v.maxValue(8.64e15)),
  durationMs: v.pipe(v.number(), v.integer(), v.minValue(0)),
  selection: v.object({ only: v.array(text), skip: v.array(text) }),
  failOn: v.picklist(['fail', 'warn', 'never']),
  repeat: v.array(text),
  facts: v.record(text, v.object({ outcome, startedMs: v.number(), endedMs: v.number() })),
});

/** Reads a recording, or says in one sentence what is wrong with the file and where. */
export async function readRecording(path: string): Promise<{ recording: Recording } | { problem: string }> {
  let content: string;
  try {
    const info = await stat(path);
    if (!info.isFile()) return { problem: `${path} is not a file` };
    if (info.size > MAX_BYTES) return { problem: `${path} is larger than any recording (${MAX_BYTES} bytes)` };
    content = await readFile(path, 'utf8');
  } catch (error) {
    return { problem: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}` };
  }
  return parseRecording(content, path);
}

/** The recording in a text; `path` is what a problem calls it. */
export function parseRecording(content: string, path: string): { recording: Recording } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    return { problem: `${path} is not JSON: ${clean((error as Error).message, 120)}` };
  }
  const named = v.safeParse(v.object({ schema: text }), json);
  if (!named.success) return { problem: `${path} is not a recording: it has no "schema"` };
  if (named.output.schema !== RECORDING_SCHEMA)
    return {
      problem: `${path} has schema "${clean(named.output.schema, 40)}"; this version reads ${RECORDING_SCHEMA}`,
    };
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = issue.path?.map((part) => String(part.key)).join('.') ?? 'top level';
    return { problem: `${path} is damaged at ${clean(where, 120)}: ${clean(issue.message, 160)}` };
  }
  const { schema: _, facts, ...head } = parsed.output;
  return { recording: { ...head, facts: new Map(Object.entries(facts) as [string, CollectedFact][]) } };
}
