import type { AskOptions, DnsResult, NameServer, Question } from './message.ts';
import { askTcp } from './tcp.ts';
import { askUdp } from './udp.ts';

export type { DnsFailure, DnsResult, NameServer, Question, Rcode } from './message.ts';

/** Asks one server once, over UDP as JACO's forwarder does. Never throws, retries nothing, ends with the signal. */
export function ask(server: NameServer, question: Question, options: AskOptions): Promise<DnsResult> {
  return askUdp(server, question, options);
}

/** The same over TCP. */
export function askOverTcp(server: NameServer, question: Question, options: AskOptions): Promise<DnsResult> {
  return askTcp(server, question, options);
}
