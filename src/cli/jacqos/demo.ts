import { faults } from '../../demo/jacqos/faults.ts';
import type { StandInCloud } from '../../demo/jacqos/stand-in-cloud.ts';
import { withFault } from '../../demo/jacqos/with-fault.ts';
import type { Product } from '../../engine/product.ts';
import type { JacqosIo, JacqosSettings, ReportedOutput } from '../../probes/jacqos/jacqos-probe.ts';
import { readOutput } from '../../probes/jacqos/reader/read-output.ts';
import type { Recording } from '../../record/recording.ts';
import { type Demo, examineStandIn } from '../run-demo.ts';
import { selectionFor } from './selection.ts';

const LIMIT_MS = 8_000;
const PATIENCE_MS = 2_000;

/** The stand-in cloud of JacqOS. */
export const demo: Demo = {
  defaultFault: 'cell-down',
  faultsOf: () => [...faults.values()],
  withFault: (product, name, act) =>
    withFault(name, (cloud, { title, expects, verdict }) =>
      act({
        title,
        expected: expects ?? `nothing, and the verdict "${verdict}"`,
        isExpected: (report) => report.first === expects && report.verdict === verdict,
        examine: (show) => examine(product, cloud, show),
      }),
    ),
};

/** The doctor's run on a stand-in cloud. `given` replaces settings of the stand-in. */
export function examine(
  product: Product,
  cloud: StandInCloud,
  show: (open: readonly string[]) => void = () => {},
  given: Partial<JacqosSettings> = {},
): Promise<Recording> {
  const { pasted, deep } = cloud;
  const from: ReportedOutput | null =
    pasted === null ? null : { ...readOutput(pasted, { failed: true }), bytes: pasted.length, cut: false };
  const { selection, leftOut } = selectionFor(product, { only: [], skip: [] }, from, deep);
  const isNamedByEnv = ['JACQOS_MANAGEMENT_URL', 'JACQOS_LIVE_MANAGEMENT_URL'].some(
    (name) => cloud.env[name] !== undefined,
  );
  const settings: JacqosSettings = {
    appDir: cloud.app.dir,
    managementUrl: isNamedByEnv ? null : cloud.management.url,
    runtimeUrl: cloud.runtime.url,
    appId: null,
    environmentId: null,
    deep,
    from,
    skippedProbes: leftOut,
    requestLimitMs: PATIENCE_MS,
    caCert: null,
    ca: cloud.ca,
    ...given,
  };
  const io = { settings, env: cloud.environment } satisfies JacqosIo;
  return examineStandIn({ product, io, selection }, LIMIT_MS, show);
}
