import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { forwarding } from './daemon-host-facts.ts';
import { EXTERNAL_ADDRESS, kernelRoutes } from './kernel-routes.ts';

/** Where the kernel does not forward JACO's traffic: on the whole host, or on some of its interfaces. */
export type StoppedForwarding = { readonly everywhere: boolean; readonly interfaces: readonly string[] };

/**
 * JACO's bridges and its mesh (docs/jaco-daemon/network.md#mesh, docs/jaco-daemon/runtime.md#docker-names).
 */
const OURS = /^jaco(0$|-)/;

/**
 * The kernel settings that stop traffic of containers. Answers arrive through the interface through which their packets
 * leave.
 */
export const stoppedForwarding = derive({
  name: 'jaco.stopped-forwarding',
  where: 'node',
  from: { forwarding, kernel: attempt(kernelRoutes) },
  derive({ forwarding: { all, off }, kernel }) {
    const outer = (factOf(kernel)?.routes ?? []).flatMap((route) =>
      route.to === EXTERNAL_ADDRESS && route.forwarded !== null && route.kind === 'route' ? [route.dev] : [],
    );
    return value<StoppedForwarding>({
      everywhere: !all,
      interfaces: off.filter((name) => OURS.test(name) || outer.includes(name)),
    });
  },
});
