import { check } from '../../src/engine/check.ts';
import { judged, type NotJudged, notJudgedBecause, unknown, unknownBecause } from '../../src/engine/finding.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { memberCertificates } from '../../src/probes/jaco/access/member-certificates.ts';
import { ownCertificate } from '../../src/probes/jaco/access/own-certificate.ts';
import { certificateVerdict } from '../../src/probes/jaco/control/certificate-verdict.ts';
import { clusterCa } from '../../src/probes/jaco/control/cluster-ca.ts';
import { clusterStatus } from '../../src/probes/jaco/control/cluster-status.ts';
import { servers } from '../../src/probes/jaco/control/servers.ts';
import { type CheckFinding, certificateFault, describeTarget } from './control-tls/certificate-fault.ts';
import { wrongClock } from './control-tls/wrong-clock.ts';

const SET_CLOCK: NextStep = {
  kind: 'do',
  text: 'Compare the clocks of both hosts with date -u, and correct the wrong one.',
};
const NAME_CA: NextStep = { kind: 'flag', flag: '--ca-cert', value: 'FILE', why: "the cluster's node/ca.crt" };

export default check({
  name: 'control-tls',
  group: 'access',
  where: 'anywhere',
  title: 'the operator port serves a certificate of this cluster that covers its address',
  reads: {
    own: attempt(ownCertificate),
    members: attempt(memberCertificates),
    ca: attempt(clusterCa),
    status: attempt(clusterStatus),
    servers: attempt(servers),
  },
  finds: ['tls_untrusted', 'tls_name_mismatch', 'tls_bootstrap_certificate'],
  applies({ own, status, servers: asked }) {
    if (own.kind === 'not-applicable') return own.reason;
    if (asked.kind === 'value' || status.kind !== 'value' || status.value.initialized) return true;
    return 'no cluster is joined yet, so the bootstrap certificate is expected';
  },
  judge({ own, members, ca, status, servers: asked }, now) {
    const here = asked.kind === 'value' ? null : (factOf(own)?.targets[0]?.subject ?? null);
    const others = (factOf(status)?.nodes ?? []).filter(({ hostname }) => hostname !== here);
    const targets = [...(factOf(own)?.targets ?? []), ...(factOf(members)?.targets ?? [])];
    const findings: CheckFinding[] = [];
    const evidence: string[] = [];
    const notJudged: NotJudged[] = [];
    for (const target of targets) {
      const { hello, subject, address } = target;
      if (hello.kind !== 'hello') {
        notJudged.push({ subject, reason: `${address}: ${hello.detail}`, next: { kind: 'on-node', node: subject } });
        continue;
      }
      const verdict = certificateVerdict(hello.leaf, now);
      if (target.hearsay && hello.leaf.signedByCa !== true) {
        notJudged.push({
          subject,
          reason: `another machine may have its address from here: ${describeTarget(target)}`,
          next: { kind: 'on-node', node: subject },
        });
        continue;
      }
      const clock = wrongClock(hello.leaf, verdict, others, now);
      const fault = clock === null ? certificateFault(target, verdict, factOf(ca), factOf(status)) : null;
      if (clock !== null) notJudged.push({ subject, reason: clock, next: SET_CLOCK });
      else if (fault !== null) findings.push(fault);
      else if (verdict === 'unverified')
        notJudged.push({ subject, reason: `${describeTarget(target)}; ${withoutCa(ca)}`, next: NAME_CA });
      else evidence.push(`${describeTarget(target)}, signed by the CA in ${factOf(ca)?.path}`);
    }
    if (own.kind === 'failed' && findings.length === 0) return unknownBecause(own);
    if (members.kind === 'failed') notJudged.push(notJudgedBecause('other members', members.failure));
    if (findings.length === 0 && targets.every(({ hello }) => hello.kind !== 'hello') && status.kind === 'failed')
      return unknown('no operator port served a certificate', status.failure);
    return judged(findings, { evidence, notJudged });
  },
});

function withoutCa(ca: {
  readonly kind: string;
  readonly failure?: { readonly why: string; readonly detail: string };
}): string {
  if (ca.failure?.why === 'denied')
    return `its issuer was not verified: only root and user jaco can read the cluster's CA (${ca.failure.detail}); name a copy with --ca-cert`;
  return `its issuer was not verified: no CA is available (${ca.failure?.detail ?? 'none was given'}); name one with --ca-cert`;
}
