import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuFairTimeout } from '../../../engine/cpu-fair-timeout.ts';
import type { DnsResult } from '../dns/message.ts';
import { queryTcp } from '../dns/query-tcp.ts';
import { queryUdp } from '../dns/query-udp.ts';
import { isLocalShortage, tryConnect } from '../try-connect.ts';
import type { Assignment, ProberReply, ProberRequest } from './prober-request.ts';

/**
 * Sends every request at once, in this process's own network namespace. Never throws; replies are in the order of the
 * requests.
 */
export async function sendAll({ requests, limitMs }: Assignment, signal: AbortSignal): Promise<readonly ProberReply[]> {
  return Promise.all(requests.map((one) => replyTo(one, limitMs, signal)));
}

function replyTo(one: ProberRequest, limitMs: number, signal: AbortSignal): Promise<ProberReply> {
  if (one.kind === 'tcp') return connectTo(one, limitMs, signal);
  if (one.kind === 'udp') return sendTo(one, limitMs, signal);
  return lookUp(one, limitMs, signal);
}

/** The kernel itself sends a second SYN after one second, so a longer limit allows two attempts. */
async function connectTo({ host, port }: ProberRequest, limitMs: number, signal: AbortSignal): Promise<ProberReply> {
  const connect = await tryConnect({ host, port }, limitMs, signal);
  if (connect.kind === 'connected') return { kind: 'answer', how: 'connected', ms: connect.ms };
  if (connect.kind === 'no-answer') return { kind: 'silent', ms: connect.ms };
  if (connect.code === 'ECONNREFUSED' || connect.code === 'ECONNRESET')
    return { kind: 'answer', how: 'reset', ms: connect.ms };
  return failure(connect.code, connect.ms);
}

/** Sends one datagram of one byte, and a second one halfway. Only the reply matters. */
function sendTo({ host, port }: ProberRequest, limitMs: number, signal: AbortSignal): Promise<ProberReply> {
  return new Promise((resolve) => {
    const started = performance.now();
    const ms = (): number => Math.round(performance.now() - started);
    const over = new AbortController();
    const socket = createSocket('udp4');
    const settle = (reply: ProberReply): void => {
      over.abort();
      cancelTimeout();
      signal.removeEventListener('abort', giveUp);
      socket.removeAllListeners().on('error', () => {});
      try {
        socket.close();
      } catch {
        // A socket that never opened cannot be closed.
      }
      resolve(reply);
    };
    const giveUp = (): void => settle({ kind: 'silent', ms: ms() });
    const fail = (error: unknown): void => {
      const { code = 'ERROR' } = error as NodeJS.ErrnoException;
      settle(code === 'ECONNREFUSED' ? { kind: 'answer', how: 'port-unreachable', ms: ms() } : failure(code, ms()));
    };
    const send = (): void =>
      socket.send(Buffer.alloc(1), (error) => {
        if (error) fail(error);
      });
    const cancelTimeout = cpuFairTimeout(limitMs, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', fail);
    socket.on('message', () => settle({ kind: 'answer', how: 'datagram', ms: ms() }));
    socket.connect(port, host, send);
    sleep(limitMs / 2, undefined, { signal: over.signal }).then(send, () => {});
  });
}

async function lookUp(
  { over, host, port, name, type }: Extract<ProberRequest, { kind: 'dns' }>,
  limitMs: number,
  signal: AbortSignal,
): Promise<ProberReply> {
  const server = { address: host, port };
  const question = { name, type: type ?? 'A' } as const;
  if (over === 'tcp') return replyOf(await queryTcp(server, question, { limitMs, signal }));
  // A datagram may be lost by chance, so a second one is sent halfway.
  const rest = new AbortController();
  const both = AbortSignal.any([signal, rest.signal]);
  const first = queryUdp(server, question, { limitMs, signal: both });
  const again = sleep(limitMs / 2, undefined, { signal: both }).then(
    () => queryUdp(server, question, { limitMs: limitMs / 2, signal: both }),
    () => first,
  );
  const result = await Promise.race([first, again.then((second) => (second.kind === 'answer' ? second : first))]);
  rest.abort();
  return replyOf(result);
}

function replyOf(result: DnsResult): ProberReply {
  if (result.kind === 'answer') {
    const { rcode, addresses, ms } = result;
    return { kind: 'answer', how: 'dns', rcode, addresses, ms };
  }
  const { why, code, ms } = result;
  if (why === 'silent') return { kind: 'silent', ms };
  if (why === 'refused') return { kind: 'answer', how: 'port-unreachable', ms };
  if (why === 'garbled') return { kind: 'answer', how: 'datagram', ms };
  if (why === 'closed') return { kind: 'answer', how: 'reset', ms };
  return failure(code ?? 'ERROR', ms);
}

/** Codes with which the kernel reports an ICMP error from another host. */
const ICMP: readonly string[] = ['EHOSTUNREACH', 'ENOPROTOOPT', 'ENONET', 'EHOSTDOWN'];

function failure(code: string, ms: number): ProberReply {
  return !isLocalShortage(code) && ICMP.includes(code) ? { kind: 'rejected', code, ms } : { kind: 'not-sent', code };
}
