import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { releaseData } from '../../src/catalog/generated/releases.ts';
import { COMMAND_SINCE, FLAG_SINCE, jaco } from './commands.ts';

const { entries } = await loadCatalog('jaco');

/** Known releases, oldest first. A step without a limit begins with the first release that was tried. */
const tags = releaseData.releases.map(({ tag }) => tag).reverse();
const OLDEST_TRIED = 'v0.1.1';

const steps = entries.flatMap(({ id, fix }) =>
  fix.map((step) => ({
    id,
    step,
    oldest: step.since ?? OLDEST_TRIED,
    newest: step.until ?? (tags.at(-1) as string),
  })),
);
const isOlder = (release: string, other: string): boolean => tags.indexOf(release) < tags.indexOf(other);

test('the oldest release of a range has the command and the flags of the step', () => {
  for (const { id, step, oldest } of steps.filter(({ step: { run } }) => run?.[0] === 'jaco')) {
    const [, ...words] = step.run ?? [];
    const name = Object.hasOwn(jaco, words.slice(0, 2).join(' ')) ? words.slice(0, 2).join(' ') : (words[0] ?? '');
    const firsts = [COMMAND_SINCE[name], ...words.map((word) => FLAG_SINCE[word])].filter((one) => one !== undefined);
    for (const first of firsts)
      expect(isOlder(oldest, first), `${id}: jaco ${words.join(' ')} needs ${first}`).toBe(false);
  }
});

test('dns.forwarders is not advised for a release that does not start with it', () => {
  const naming = steps.filter(({ step }) => /dns\.forwarders/.test(step.do ?? ''));
  expect(naming.length).toBeGreaterThan(0);
  for (const { id, step, oldest, newest } of naming) {
    const warns = step.do?.includes('has no dns.forwarders') === true;
    expect(warns ? isOlder(newest, 'v0.3.6') : !isOlder(oldest, 'v0.3.6'), `${id}: ${step.do}`).toBe(true);
  }
});

test('an additional set is advised to no release that answers it by one more copy of its rules', () => {
  const adding = steps.filter(({ step }) => /nft,? add,? set/.test(`${step.run?.join(' ')} ${step.do}`));
  expect(adding.length).toBeGreaterThan(0);
  for (const { id, oldest } of adding) expect(isOlder(oldest, 'v0.1.2'), id).toBe(false);
});

test('a step that has a limit has a counterpart, so that no release is left without it', () => {
  const ends = steps.filter(({ step }) => step.until !== null);
  for (const { id, step } of ends) {
    const next = tags[tags.indexOf(step.until as string) + 1];
    const counterpart = steps.find(
      (one) => one.id === id && one.step.since === next && one.step.for.join() === step.for.join(),
    );
    expect(counterpart, `${id}: nothing continues ${step.why} with ${next}`).toBeDefined();
  }
});

test('each known release gets a step for every cause of every id that a check finds', () => {
  // A key that the release rejects cannot be wrong in its configuration.
  const exempt = ['dns_forwarder_loop forwarders'];
  for (const { id, causes, fix, caught } of entries) {
    if (caught.how !== 'live') continue;
    for (const cause of causes.length === 0 ? [''] : causes)
      for (const tag of tags) {
        if (exempt.includes(`${id} ${cause}`)) continue;
        const left = fix.filter(
          ({ for: only, since, until }) =>
            (only.length === 0 || only.includes(cause)) &&
            (since === null || !isOlder(tag, since)) &&
            (until === null || !isOlder(until, tag)),
        );
        expect(left.length, `${id} ${cause} on ${tag}`).toBeGreaterThan(0);
      }
  }
});
