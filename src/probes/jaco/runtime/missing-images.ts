import { type Result, value } from '../../../engine/outcome.ts';
import { dockerContainers } from '../../docker/containers.ts';
import { getJson } from '../../docker/docker-api.ts';
import { dockerEngine, dockerTarget } from '../../docker/engine.ts';
import { identity } from '../../host/identity.ts';
import { probe } from '../jaco-probe.ts';
import { replicas } from './replicas.ts';

/** Images that this engine does not have, of replicas that were placed here and have no container. */
export type MissingImages = { readonly images: readonly string[] };

const MAX_IMAGES = 20;

/**
 * Whether the images of replicas without a container are on this node. With `pull_policy: never`, nothing else shows it
 * (docs/jaco-daemon/runtime.md#replica-faults).
 */
export const missingImages = probe({
  name: 'docker.missing-images',
  right: 'root or group docker',
  after: { engine: dockerEngine, identity, replicas, containers: dockerContainers },
  deadlineMs: 2_500,
  async collect(io, { identity, replicas: { rows }, containers }, signal): Promise<Result<MissingImages>> {
    const existing = new Set(containers.list.map((one) => one.replica));
    const wanted = rows.filter((row) => row.host === identity.hostname && !existing.has(row.id));
    const images = [...new Set(wanted.flatMap(({ image }) => image || []))].slice(0, MAX_IMAGES);
    const missing = await Promise.all(
      images.map(async (image) => {
        const path = `/images/${image.split('/').map(encodeURIComponent).join('/')}/json`;
        const asked = await getJson(dockerTarget(io), path, { limitMs: 1_500, signal });
        // An engine that stopped meanwhile also has no image.
        const unknownHere =
          asked.kind === 'failed' && asked.failure.phase === 'answer' && asked.failure.why === 'absent';
        return unknownHere ? [image] : [];
      }),
    );
    return value({ images: missing.flat() });
  },
});
