/** The rules of a catalogue's fields: which there are, which must be there, and what each may hold. */
const severities = ['fail', 'warn', 'none'];
const effects = ['read', 'restart', 'write', 'destructive'];
const needs = ['root', 'group-jaco', 'token', 'nobody'];
const conditions = ['leader', 'no-leader', 'systemd', 'no-systemd', 'raft-state', 'no-raft-state'];
const origins = ['jaco-docs', 'jacqos-docs', 'jaco-source', 'doctor'];
const places = 'affected-node leader any-node each-node other-node operator registry dns-zone network app'.split(' ');
const kinds = 'heading replica-state deployment-status node-status rollout-state audit-event statement'.split(' ');
const idRule = /^[a-z][a-z0-9_]*$/;

/** What is wrong with a catalogue, where, and what to do about it. */
export class CatalogError extends Error {}

/** A field's rule: whether it must be there, its value otherwise, and a reader that throws what is wrong with it. */
const must = (read) => ({ read, required: true });
const may = (read, otherwise) => ({ read, required: false, otherwise });
const text = (v) => (typeof v === 'string' && v.trim() !== '' ? v.trim() : bad('write a text that is not empty'));
const oneOf = (allowed) => (v) =>
  allowed.includes(v) ? v : bad(`"${v}" is not known; use one of ${allowed.join(', ')}`);
const listOf = (read) => (v) => (Array.isArray(v) ? v.map((item) => read(item)) : bad('write a list'));
const argv = (v) => (Array.isArray(v) && v.length > 0 ? v.map(text) : bad('write the command as a list of words'));
const id = (v) => (idRule.test(v) ? v : bad(`"${v}" does not match ${idRule}; use small letters, digits and _`));
const caught = (v) => {
  const how = typeof v === 'string' ? { how: v, why: null } : { how: v?.how, why: v?.why ?? null };
  oneOf(['live', 'planned', 'from-text', 'explain-only'])(how.how);
  return how.how === 'explain-only' && !how.why ? bad('explain-only needs a why') : how;
};
const retry = (v) => {
  if (v?.kind === 'transient') return { kind: 'transient', after: text(v.after) };
  return { kind: oneOf(['no', 'after-fix', 'redo', 'wait'])(v?.kind) };
};
const verify = (v) => {
  if (v !== null && typeof v.only === 'string')
    return { only: v.only, flags: v.flags === undefined ? [] : argv(v.flags) };
  return v !== null && Array.isArray(v.run) ? { run: argv(v.run) } : bad('write {only: CHECK} or {run: [argv]}');
};
const docs = (v) => (/^(docs\/|https:\/\/)\S+$/.test(v) ? v : bad(`"${v}" is no page; write docs/PAGE.md#ANCHOR`));

/** The fields of one step of a fix. */
export const step = {
  why: must(text),
  run: may(argv, null),
  do: may(text, null),
  effect: must(oneOf(effects)),
  on: must(oneOf(places)),
  needs: must(oneOf(needs)),
  note: may(text, null),
  for: may(listOf(text), []),
  when: may(listOf(oneOf(conditions)), []),
};
const confusable = { id: must(id), because: must(text) };
/** The fields of an id's entry. */
export const entry = {
  id: must(id),
  title: must(text),
  severity: must(oneOf(severities)),
  origin: must(oneOf(origins)),
  scope: may(text, null),
  meaning: must(text),
  impact: must(text),
  differs: may(text, null),
  fix: { each: step },
  verify: may(verify, null),
  retry: must(retry),
  docs: must(docs),
  symptom_of: may(listOf(id), []),
  not_to_be_confused_with: { each: confusable },
  caught: must(caught),
};
/** The fields of a topic. */
export const topic = {
  kind: must(oneOf(kinds)),
  name: must(text),
  meaning: must(text),
  written: may(oneOf([true, false]), null),
  ids: may(listOf(id), []),
  docs: must(docs),
};

function bad(remedy) {
  throw new CatalogError(remedy);
}
