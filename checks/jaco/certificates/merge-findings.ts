import type { Id } from '../../../src/catalog/generated/ids.ts';
import type { AnyFinding, Finding } from '../../../src/engine/finding.ts';

/** Most sentences of evidence in one finding. */
const MAX_EVIDENCE = 8;
/** Causes whose fix runs on the node itself, so each node has its own finding. */
const RESTARTED: ReadonlySet<string> = new Set(['stored-newer', 'cached-leaf']);
/** Most findings of one id: 50 domains that wait for one closed port have 50 equal ones. */
const MAX_OF_ID = 20;

type Merged<I extends Id> = { readonly findings: readonly Finding<I, never>[]; readonly notes: readonly string[] };

/** Joins the findings of one subject, id and cause on several nodes or for several domains, in the order of `ids`. */
export function mergeFindings<I extends Id>(found: readonly Finding<I, never>[], ids: readonly I[]): Merged<I> {
  const byKey = new Map<string, Finding<I, never>>();
  for (const finding of found) {
    const { id, subject, node, cause } = finding as AnyFinding;
    const key = JSON.stringify([id, subject, cause ?? null, RESTARTED.has(cause ?? '') ? node : null]);
    const first = byKey.get(key);
    const evidence = [...new Set([...(first?.evidence ?? []), ...finding.evidence])];
    // A text about one domain is not true of several.
    const isOther = first !== undefined && (first.title !== finding.title || first.meaning !== finding.meaning);
    const { title: _title, meaning: _meaning, ...general } = first ?? finding;
    byKey.set(key, { ...(isOther ? (general as Finding<I, never>) : (first ?? finding)), evidence });
  }
  const merged = [...byKey.values()].map((finding) => ({ ...finding, evidence: bounded(finding.evidence) }));
  const groups = ids.map((id) => merged.filter((finding) => finding.id === id));
  return {
    findings: groups.flatMap((group) => group.slice(0, MAX_OF_ID)),
    notes: groups.flatMap((group, index) =>
      group.length > MAX_OF_ID
        ? [`${ids[index]} has ${group.length - MAX_OF_ID} more subjects, which are not listed`]
        : [],
    ),
  };
}

function bounded(evidence: readonly string[]): readonly string[] {
  const more = evidence.length - MAX_EVIDENCE;
  return more <= 0 ? evidence : [...evidence.slice(0, MAX_EVIDENCE), `${more} more lines like these`];
}
