import type { Product } from '../src/engine/product.ts';
import { appDir } from '../src/probes/jacqos/app-dir.ts';
import { bundle } from '../src/probes/jacqos/bundle.ts';
import { cliProgram } from '../src/probes/jacqos/cli-program.ts';
import { cliVersion } from '../src/probes/jacqos/cli-version.ts';
import { cloudReadiness } from '../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../src/probes/jacqos/cloud-status.ts';
import { environment } from '../src/probes/jacqos/environment.ts';
import { managementHealth } from '../src/probes/jacqos/management-health.ts';
import { runtimeHealth } from '../src/probes/jacqos/runtime-health.ts';
import { runtimeObservation } from '../src/probes/jacqos/runtime-observation.ts';
import { sessionFolder } from '../src/probes/jacqos/session-folder.ts';
import { situation } from '../src/probes/jacqos/situation.ts';
import accountReadiness from './jacqos/account-readiness.ts';
import activation from './jacqos/activation.ts';
import append from './jacqos/append.ts';
import cli from './jacqos/cli.ts';
import configuration from './jacqos/configuration.ts';
import deploymentStatus from './jacqos/deployment-status.ts';
import hostedEffects from './jacqos/hosted-effects.ts';
import managementPlane from './jacqos/management-plane.ts';
import replay from './jacqos/replay.ts';
import reported from './jacqos/reported.ts';
import runtimeCell from './jacqos/runtime-cell.ts';
import runtimeToken from './jacqos/runtime-token.ts';
import secretMaterial from './jacqos/secret-material.ts';
import verificationBundle from './jacqos/verification-bundle.ts';
import workspace from './jacqos/workspace.ts';

/**
 * The order of JacqOS's checks, which is the triage order of its troubleshooting page. The first failing row is the
 * headline. `owns` are the probes of a check. `with` are the checks that confirm or refute its findings; they also run
 * if --only or an id of a failed command selects the check. `reported` comes first: it lists what the failed command
 * reported.
 */
export const jacqos: Product = {
  name: 'jacqos',
  bin: 'jacqos-doctor',
  situation,
  headerFields: ({ via, version }) => [via ?? (version === null ? 'jacqos version unknown' : `jacqos ${version}`)],
  order: [
    { check: reported, with: [] },
    { check: secretMaterial, with: [] },
    { check: configuration, owns: [environment], with: [] },
    { check: workspace, owns: [appDir, sessionFolder], with: [secretMaterial] },
    { check: cli, owns: [cliProgram, cliVersion], with: [] },
    { check: managementPlane, owns: [managementHealth], with: [configuration] },
    { check: accountReadiness, owns: [cloudReadiness], with: [configuration, managementPlane, cli] },
    { check: runtimeCell, owns: [runtimeHealth], with: [configuration] },
    { check: verificationBundle, owns: [bundle], with: [] },
    { check: deploymentStatus, owns: [cloudStatus], with: [configuration, managementPlane, cli, runtimeCell] },
    { check: activation, with: [configuration, managementPlane, cli, runtimeCell, deploymentStatus] },
    { check: runtimeToken, owns: [runtimeObservation], with: [] },
    { check: hostedEffects, with: [] },
    { check: append, with: [] },
    { check: replay, with: [] },
  ],
};
