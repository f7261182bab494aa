import type { AskOptions, DnsSaid, NameServer, Question } from './dns-message.ts';
import { askTcp } from './dns-tcp.ts';
import { askUdp } from './dns-udp.ts';

export type { DnsFailure, DnsSaid, NameServer, Question, Rcode } from './dns-message.ts';

/** Asks one server once, over UDP as JACO's forwarder does. Never throws, retries nothing, ends with the signal. */
export function ask(server: NameServer, question: Question, options: AskOptions): Promise<DnsSaid> {
  return askUdp(server, question, options);
}

/** The same over TCP. */
export function askOverTcp(server: NameServer, question: Question, options: AskOptions): Promise<DnsSaid> {
  return askTcp(server, question, options);
}
