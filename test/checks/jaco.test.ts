import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { sourcesOf } from '../../src/engine/probe.ts';
import { ownerOf } from '../../src/engine/selection.ts';

const catalog = await loadCatalog('jaco');
const checks = jaco.order.map(({ check }) => check);
const names = checks.map((check) => check.name);

/**
 * The documented order (docs/architecture.md#order), and the text of a failed command after it: a check moves only on
 * purpose.
 */
const ORDER = [
  ['daemon', ['daemon-config', 'daemon-unit', 'daemon-socket', 'daemon-version']],
  ['raft', ['raft-membership', 'raft-quorum', 'raft-leader', 'raft-voters', 'node-liveness']],
  ['access', ['control-tls', 'operator-token', 'control-exposure']],
  ['releases', ['known-issues']],
  ['engine', ['docker-engine']],
  [
    'isolation',
    ['node-isolation', 'nft-self-test', 'nft-rules', 'overlay-exemptions', 'kernel-network', 'container-traffic'],
  ],
  ['dns', ['dns-upstreams', 'dns-listeners', 'dns-answers', 'mesh']],
  ['runtime', ['subnet-pool', 'deployments', 'containers', 'replicas', 'rollouts']],
  ['ingress', ['ingress-listeners', 'routes', 'certificates']],
  ['versions', ['version-skew']],
  ['reported', ['reported']],
] as const;

test('the order is the one that was decided', () => {
  expect(checks.map((check) => [check.group, check.name])).toEqual(
    ORDER.flatMap(([group, list]) => list.map((name) => [group, name])),
  );
});

/** The daemon reports these for its file, some of them without recognising the problem. */
const TWICE = ['dns_forwarder_loop'];

test('no two checks find the same id, so an id always leads from the same position', () => {
  const ids = checks.flatMap((check) => check.finds);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual(TWICE);
});

test('each id that a check finds is live or from-text in the catalogue, with a severity', () => {
  for (const check of checks) {
    for (const id of check.finds) {
      const { caught, severity } = catalog.entry(id);
      expect({ id, how: caught.how, silent: severity === 'none' }).toEqual({
        id,
        how: check.name === 'reported' ? 'from-text' : 'live',
        silent: false,
      });
    }
  }
});

test('a finding’s verify command names the check that finds it', () => {
  for (const check of checks.filter(({ name }) => name !== 'reported')) {
    for (const id of check.finds)
      expect([id, catalog.entry(id).verify]).toEqual([id, { only: TWICE.includes(id) ? id : check.name, flags: [] }]);
  }
});

test('the owner of a probe comes before all checks that need it', () => {
  for (const { check } of jaco.order) {
    for (const need of sourcesOf(check.needs).filter(({ attempted }) => !attempted)) {
      const owner = ownerOf(jaco, need.source);
      if (owner)
        expect([check.name, need.source.name, names.indexOf(owner.name) <= names.indexOf(check.name)]).toEqual([
          check.name,
          need.source.name,
          true,
        ]);
    }
  }
});

test('no probe has two owners', () => {
  const owned = jaco.order.flatMap(({ owns = [] }) => owns.map(({ name }) => name));
  expect(new Set(owned).size).toBe(owned.length);
});

test('a check’s title is a claim and names no product part twice', () => {
  for (const { title } of checks) expect(title).toMatch(/^[a-z].*[^.]$/);
});
