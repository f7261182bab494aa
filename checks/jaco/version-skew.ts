import { check } from '../../src/engine/check.ts';
import { judged, pass } from '../../src/engine/finding.ts';
import { areDifferentReleases } from '../../src/probes/jaco/release/release-window.ts';
import { type NodeRelease, nodeReleases } from '../../src/probes/jaco/runtime/node-releases.ts';

export default check({
  name: 'version-skew',
  group: 'versions',
  where: 'anywhere',
  title: 'all nodes whose release is visible run the same release',
  reads: { releases: nodeReleases },
  finds: ['version_skew'],
  applies: ({ releases: { list } }) => {
    if (list.length < 2) return 'the cluster has one member';
    return list.filter((one) => !isUnknown(one)).length > 1 || 'the releases of other nodes are not visible from here';
  },
  judge({ releases: { list } }) {
    const known = list.filter((one) => !isUnknown(one));
    const hidden = list.filter(isUnknown).map(({ hostname }) => hostname);
    const evidence = [
      ...known.map(({ hostname, leads, described }) => `${hostname}${leads ? ' (leader)' : ''}: ${described}`),
      ...(hidden.length === 0
        ? []
        : [
            `the release of ${hidden.slice(0, 5).join(', ')}${hidden.length > 5 ? ` and ${hidden.length - 5} more` : ''} is not visible from here; jaco-doctor shows it there`,
          ]),
    ];
    const pair = differingPair(known);
    const unseen = hidden.length === 0 ? [] : [`the releases of ${hidden.length} more nodes are not visible from here`];
    if (pair === null) return pass(evidence, { notes: unseen });
    const [one, other] = pair;
    const summary = `${one.hostname} runs ${one.described}, and ${other.hostname} runs ${other.described}`;
    return judged([{ id: 'version_skew', subject: null, evidence: [summary, ...(list.length > 2 ? evidence : [])] }]);
  },
});

function differingPair(known: readonly NodeRelease[]): readonly [NodeRelease, NodeRelease] | null {
  for (const [index, one] of known.entries()) {
    const other = known.slice(index + 1).find(({ version }) => areDifferentReleases(one.version, version));
    if (other !== undefined) return [one, other];
  }
  return null;
}

function isUnknown({ version }: NodeRelease): boolean {
  return (
    version.kind === 'unknown' || (version.kind === 'window' && version.oldest === null && version.newest === null)
  );
}
