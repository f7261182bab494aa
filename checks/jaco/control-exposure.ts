import { check } from '../../src/engine/check.ts';
import { type Finding, judged, pass, unknown, unknownBecause } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { type ExposedPort, exposedPorts } from '../../src/probes/jaco/access/exposed-ports.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { servers } from '../../src/probes/jaco/control/servers.ts';

export default check({
  name: 'control-exposure',
  group: 'access',
  where: 'anywhere',
  title: 'the operator and raft ports are on private addresses only',
  reads: { exposure: attempt(exposedPorts), status: attempt(clusterStatus), servers: attempt(servers) },
  finds: ['control_port_exposed'],
  applies: ({ exposure }) => exposure.kind !== 'not-applicable' || exposure.reason,
  judge({ exposure, status, servers: asked }) {
    if (exposure.kind !== 'value') return unknownBecause(exposure);
    const { ports } = exposure.value;
    if (ports.length === 0)
      return unknown('no operator port answered', status.kind === 'failed' ? status.failure : { kind: 'answer' });
    const observation = asked.kind === 'value' ? 'answers Cluster.Status from here without a token' : 'listens';
    const open = ports.filter(({ isPublic }) => isPublic);
    const claimable = status.kind === 'value' && !status.value.initialized;
    if (open.length > 0) return judged(open.map((port) => exposed(port, observation, claimable)));
    const addresses = ports.map(socketAddress).join(', ');
    return pass([`${observation} on ${addresses}: private ${ports.length === 1 ? 'address' : 'addresses'}`]);
  },
});

function exposed(port: ExposedPort, observation: string, claimable: boolean): Finding<'control_port_exposed', never> {
  const claim = claimable && port.port === 'operator' ? ['it is not initialized: the first caller can claim it'] : [];
  const open =
    port.port === 'raft'
      ? 'the raft port uses no encryption and no authentication'
      : 'the operator port serves RPCs that need no token, and one of them writes to raft';
  return {
    id: 'control_port_exposed',
    subject: socketAddress(port),
    evidence: [`${socketAddress(port)}, a public address, ${observation}`, open, ...claim],
    values: { port: String(port.number) },
  };
}

function socketAddress({ address, number }: ExposedPort): string {
  return address.includes(':') ? `[${address}]:${number}` : `${address}:${number}`;
}
