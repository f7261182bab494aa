import { isShowable } from '../reader/id-shape.ts';
import { stateOfValue } from '../reader/keys.ts';

/** The documented keys of a bundle. The shapes of its checks and findings are not documented. */
export type Bundle =
  | { readonly kind: 'malformed'; readonly problem: string }
  | {
      readonly kind: 'read';
      readonly appId: string | null;
      /** `passed`, `failed` or `skipped` according to the page; any other word unchanged; null for none. */
      readonly status: string | null;
      /** The showable names of failed checks and fixtures. */
      readonly failing: readonly string[];
      /** Number of all failed checks and fixtures. */
      readonly failed: number;
      readonly redactionFindings: number;
      readonly evaluatorDigest: string | null;
    };

const MAX_NAMES = 20;

/** Parses a bundle; a missing key is null. */
export function parseBundle(text: string): Bundle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'malformed', problem: 'it is not JSON' };
  }
  if (!isRecord(json)) return { kind: 'malformed', problem: 'it is not a record of keys' };
  const status = parseStatus(json['status']);
  if (status === null) return { kind: 'malformed', problem: 'it has no status' };
  const failedEntries = [json['checks'], json['fixtures']].flatMap((list) =>
    Array.isArray(list) ? list.filter(hasFailed) : [],
  );
  const findings = json['redaction_findings'];
  return {
    kind: 'read',
    appId: typeof json['app_id'] === 'string' ? json['app_id'].slice(0, 200) : null,
    status,
    failing: failedEntries.flatMap((entry) => entryName(entry) ?? []).slice(0, MAX_NAMES),
    failed: failedEntries.length,
    redactionFindings: Array.isArray(findings) ? findings.length : 0,
    evaluatorDigest: typeof json['evaluator_digest'] === 'string' ? json['evaluator_digest'].slice(0, 200) : null,
  };
}

type Fields = { readonly [key: string]: unknown };

function isRecord(json: unknown): json is Fields {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function parseStatus(status: unknown): string | null {
  if (typeof status !== 'string' || status.trim() === '') return null;
  return isShowable(status.trim()) ? status.trim() : 'a word that is not shown';
}

function hasFailed(entry: unknown): entry is Fields {
  if (!isRecord(entry)) return false;
  return Object.entries(entry).some(
    ([key, value]) =>
      (typeof value === 'string' || typeof value === 'boolean') && stateOfValue(key, value) === 'failing',
  );
}

function entryName(entry: Fields): string | null {
  for (const key of ['name', 'id', 'check', 'fixture', 'title', 'path', 'code']) {
    const name = entry[key];
    // The name of a fixture is its path.
    if (typeof name === 'string' && name.split('/').every(isShowable)) return name;
  }
  return null;
}
