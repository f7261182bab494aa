import { formatDuration } from '../../../src/engine/format.ts';
import { type CredentialMatch, matchCredential, registryOf } from '../../../src/probes/jaco/runtime/image-registry.ts';
import { type PullError, pullError } from '../../../src/probes/jaco/runtime/pull-error.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import type { ReplicaView } from '../../../src/probes/jaco/runtime/replica-views.ts';
import { hostOf } from './host-of.ts';
import type { ReplicaContext } from './replica-context.ts';
import { fault, normal, type ReplicaVerdict } from './replica-verdict.ts';

/** A pull without a result counts as hanging after this time, in ms. */
const PULL_HANGING_MS = 15 * 60_000;

/** An image that could not be pulled. The registry's answer shows the reason. */
export function judgePull(view: ReplicaView, { registries }: ReplicaContext): ReplicaVerdict {
  const { row } = view;
  const reason = row.reason ?? 'no reason is given';
  const cause = pullError(reason);
  const credential =
    cause === 'unauthorized' && registries !== null && row.image !== null
      ? [describeCredential(matchCredential(row.image, registries))]
      : [];
  return fault('image_pull_failed', [reason, ...credential], {
    cause,
    ...pullTexts(row, cause),
    values: imageValues(row),
  });
}

/** Which image could not be pulled, and why, as far as the registry's words show it. */
function pullTexts({ image }: Replica, cause: PullError): { readonly title?: string; readonly meaning?: string } {
  if (image === null) return {};
  const registry = registryOf(image);
  const why: { readonly [C in PullError]: string } = {
    dns: `the name of the registry ${registry} is not resolved`,
    unauthorized: `the registry ${registry} denies the pull`,
    'not-found': `the registry ${registry} does not have it`,
    timeout: `the registry ${registry} does not answer in time`,
    unreachable: `the registry ${registry} is unreachable`,
    unknown: 'the evidence has the reason',
  };
  return { title: `image ${image} cannot be pulled`, meaning: `Docker cannot pull ${image}: ${why[cause]}.` };
}

/** PULLING shows that the first attempt is running, but not since when. */
export function judgePulling(view: ReplicaView, context: ReplicaContext): ReplicaVerdict {
  const { row, isLocal, deaths } = view;
  const { now, daemonStartedAtMs } = context;
  const since = view.placedForMs ?? Number.POSITIVE_INFINITY;
  const up = daemonStartedAtMs === null ? 0 : now - daemonStartedAtMs;
  // After a recent end of its container, or a start of the daemon, the image is pulled again.
  if (isLocal && deaths.length === 0 && Math.min(since, up) > PULL_HANGING_MS)
    return fault(
      'image_pull_failed',
      [`the pull of its image has been running for up to ${formatDuration(since)} without a result`],
      {
        cause: 'hanging',
        values: imageValues(row),
      },
    );
  return normal(
    `the image of ${row.id}${row.image === null ? '' : `, ${row.image},`} is being pulled on ${hostOf(row)}`,
  );
}

function imageValues({ image }: Replica): { image?: string; registry?: string } {
  return image === null ? {} : { image, registry: registryOf(image) };
}

/** The credential that JACO used, or why it used none. */
function describeCredential(match: CredentialMatch): string {
  switch (match.kind) {
    case 'prefix':
      return `the registry rejected the credential stored for ${match.registry}`;
    case 'sole':
      return `the registry rejected the credential stored for ${match.registry}, the only one for ${match.host}`;
    case 'none-covers':
      return `credentials are stored for ${match.registries.join(', ')}, but none covers ${match.repository}, so the pull sent none`;
    case 'none-stored':
      return `no credential is stored for ${match.host}, so the pull sent none`;
  }
}
