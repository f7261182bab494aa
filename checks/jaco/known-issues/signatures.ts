import type { SignatureName } from '../../../src/catalog/generated/releases.ts';
import {
  containerWithoutResolver,
  oldEnvironment,
  pendingWithoutHealthCheck,
  removedServiceRunning,
  sharedVolume,
} from './container-signatures.ts';
import {
  certificateAuditNoise,
  followerNoise,
  socketInPrivateNamespace,
  unitLeftDisabled,
} from './daemon-signatures.ts';
import {
  followerPromotes,
  followerWithoutCertificate,
  repeatedPromotion,
  stagingLeafAfterClearing,
  stagingLeafNotCleared,
  stagingStateOnly,
  twoCatchAlls,
} from './ingress-signatures.ts';
import { silentUpstreamFirst, stackedForwardRules } from './network-signatures.ts';
import { leaderWithoutSuffrages, pinnedToUnknownHost } from './placement-signatures.ts';
import { oneCredentialPerHost, pullWithoutLogin } from './registry-signatures.ts';
import type { Signature } from './signature.ts';

/** The signature of each name that releases.yaml gives. A name without a signature does not compile. */
export const SIGNATURES: { readonly [N in SignatureName]: Signature } = {
  'certificate-audit-noise': certificateAuditNoise,
  'container-without-resolver': containerWithoutResolver,
  'follower-noise': followerNoise,
  'follower-promotes': followerPromotes,
  'follower-without-certificate': followerWithoutCertificate,
  'leader-without-suffrages': leaderWithoutSuffrages,
  'old-environment': oldEnvironment,
  'one-credential-per-host': oneCredentialPerHost,
  'pending-without-health-check': pendingWithoutHealthCheck,
  'pinned-to-unknown-host': pinnedToUnknownHost,
  'pull-without-login': pullWithoutLogin,
  'removed-service-running': removedServiceRunning,
  'repeated-promotion': repeatedPromotion,
  'shared-volume': sharedVolume,
  'silent-upstream-first': silentUpstreamFirst,
  'socket-in-private-namespace': socketInPrivateNamespace,
  'stacked-forward-rules': stackedForwardRules,
  'staging-leaf-after-clearing': stagingLeafAfterClearing,
  'staging-leaf-not-cleared': stagingLeafNotCleared,
  'staging-state-only': stagingStateOnly,
  'two-catch-alls': twoCatchAlls,
  'unit-left-disabled': unitLeftDisabled,
};
