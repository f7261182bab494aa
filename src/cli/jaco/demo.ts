import { type Fault, faults } from '../../demo/jaco/faults.ts';
import type { DemoNode } from '../../demo/jaco/node.ts';
import { withFault } from '../../demo/jaco/with-fault.ts';
import type { Product } from '../../engine/product.ts';
import type { JacoIo } from '../../probes/jaco/jaco-probe.ts';
import type { Recording } from '../../record/recording.ts';
import { type Demo, examineStandIn } from '../run-demo.ts';

const LIMIT_MS = 15_000;

/** The stand-in cluster of JACO. */
export const demo: Demo = {
  defaultFault: 'quorum-lost',
  faultsOf({ order }) {
    const ids = new Set<string>(order.flatMap(({ check }) => check.finds));
    const canBeNamed = ({ expects }: Fault) => expects === null || ids.has(expects);
    return [...faults.values()].filter(canBeNamed);
  },
  withFault: (product, name, act) =>
    withFault(name, (_cluster, node, { title, expects }) =>
      act({
        title: `${title}. The doctor runs on ${node.hostname}`,
        expected: expects ?? 'that nothing is wrong',
        isExpected: ({ first }) => first === expects,
        examine: (show) => examine(product, node, show),
      }),
    ),
};

/**
 * The doctor's run on a node of the stand-in. `docker` is the socket of its engine; the stand-in's own socket is the
 * default.
 */
export function examine(
  product: Product,
  node: DemoNode,
  show: (open: readonly string[]) => void = () => {},
  docker = node.docker.socketPath,
): Promise<Recording> {
  const standIn = {
    hostname: node.hostname,
    version: node.release,
    runningSinceMs: node.state === 'down' ? null : node.startedAtMs,
    docker,
    proxies: node.proxies,
    journal: node.journal.path,
  };
  const io: JacoIo = {
    token: null,
    settings: {
      // jacod.yaml says where the socket is, as on a real host.
      socket: null,
      config: node.configPath,
      caCert: null,
      servers: [],
      standIn,
      from: null,
      deep: false,
      outside: [],
      sinceMs: 86_400_000,
    },
  };
  const hostUnavailable = 'the stand-in of the demo does not have this';
  return examineStandIn({ product, io, selection: { only: [], skip: [] }, hostUnavailable }, LIMIT_MS, show);
}
