import { type Result, value } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { childFailure } from '../io/child-failure.ts';
import { type ChildResult, runChild } from '../io/run-child.ts';

/**
 * A question to the kernel about the route of a packet to `to`. A forwarded packet has `from` and its input interface.
 * `source` is the address that this host's own packet already has, for example as an answer.
 */
export type RouteQuery = {
  readonly to: string;
  readonly source?: string;
  readonly forwarded: { readonly from: string; readonly iif: string } | null;
};

/**
 * The kernel's answer, which considers all rules and tables. `type` is `unicast`, `local`, `blackhole`, … ; `table` is
 * the table's name or number, unless it is the main one. An `error` is the kernel's text, such as "Network is
 * unreachable".
 */
export type KernelRoute = RouteQuery &
  (
    | {
        readonly kind: 'route';
        readonly type: string;
        readonly dev: string | null;
        readonly gateway: string | null;
        readonly table: string | null;
      }
    | { readonly kind: 'error'; readonly error: string }
  );

/**
 * A network interface of this host and its IPv4 addresses. `up` is the administrative state; `carrier` that of the
 * link.
 */
export type Link = {
  readonly name: string;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly addresses: readonly string[];
};

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const INTERFACE = /^[^\s/]{1,15}$/;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Asks the kernel for each route, with one `ip -batch` of `route get` lines only. Answers are in the order of the
 * questions. Fails with `missing-tool` without ip.
 */
export async function queryRoutes(
  questions: readonly RouteQuery[],
  signal: AbortSignal,
): Promise<Result<readonly KernelRoute[]>> {
  const valid = questions.filter(
    ({ to, source = to, forwarded }) =>
      ADDRESS.test(to) &&
      ADDRESS.test(source) &&
      (forwarded === null || (ADDRESS.test(forwarded.from) && INTERFACE.test(forwarded.iif))),
  );
  if (valid.length === 0) return value([]);
  const lines = valid.map(({ to, source, forwarded }) =>
    forwarded === null
      ? `route get ${to}${source === undefined ? '' : ` from ${source}`}`
      : `route get ${to} from ${forwarded.from} iif ${forwarded.iif}`,
  );
  const ended = await runChild(['ip', '-j', '-force', '-batch', '-'], {
    signal,
    input: `${lines.join('\n')}\n`,
    maxBytes: MAX_BYTES,
  });
  if (ended.kind === 'failed') return ended;
  const answers = parseRouteAnswers(ended, valid.length);
  if (answers === null) return childFailure('ip route get', ended, { kind: 'run', argv: ['ip', 'route', 'show'] });
  return value(valid.map((question, index) => ({ ...question, ...(answers[index] as Answer) })));
}

type Answer =
  | Pick<Extract<KernelRoute, { kind: 'route' }>, 'kind' | 'type' | 'dev' | 'gateway' | 'table'>
  | Pick<Extract<KernelRoute, { kind: 'error' }>, 'kind' | 'error'>;

/**
 * The answers of a batch in order. Errors are on stderr with the number of their line. Null if the numbers do not
 * match.
 */
export function parseRouteAnswers(
  { stdout, stderr }: Pick<ChildResult, 'stdout' | 'stderr'>,
  count: number,
): readonly Answer[] | null {
  const errors = new Map<number, string>();
  // stderr is bounded and on one line: "RTNETLINK answers: Network is unreachable Command failed -:3 …".
  for (const [, words = '', line = ''] of stderr.matchAll(/(.*?)\s*Command failed -:(\d+)/g))
    errors.set(Number(line), clean(words.replace(/^.*RTNETLINK answers:\s*/, ''), 100) || 'refused');
  const routes: unknown[] = [];
  for (const line of stdout.split('\n')) {
    if (line.trim() === '') continue;
    try {
      routes.push((JSON.parse(line) as unknown[])[0]);
    } catch {
      return null;
    }
  }
  if (routes.length + errors.size !== count) return null;
  return Array.from({ length: count }, (_, index): Answer => {
    const error = errors.get(index + 1);
    return error === undefined ? routeOf(routes.shift()) : { kind: 'error', error };
  });
}

function routeOf(entry: unknown): Answer {
  const { type, dev, gateway, table } = Object(entry) as { readonly [key: string]: unknown };
  const text = (field: unknown): string | null => (typeof field === 'string' ? clean(field, 40) : null);
  return { kind: 'route', type: text(type) ?? 'unicast', dev: text(dev), gateway: text(gateway), table: text(table) };
}

/** All interfaces of this network namespace. With an IPv4 filter, `ip` would omit those without such an address. */
export async function readLinks(signal: AbortSignal): Promise<Result<readonly Link[]>> {
  const ended = await runChild(['ip', '-j', 'addr', 'show'], { signal, maxBytes: MAX_BYTES });
  if (ended.kind === 'failed') return ended;
  const links = parseLinks(ended.stdout);
  return links === null
    ? childFailure('ip addr show', ended, { kind: 'run', argv: ['ip', 'addr', 'show'] })
    : value(links);
}

/** Parses `ip -j addr show`; null if it is not a list. */
export function parseLinks(text: string): readonly Link[] | null {
  try {
    const list = JSON.parse(text) as unknown;
    if (!Array.isArray(list)) return null;
    return list.flatMap((entry) => {
      const { ifname, flags, addr_info } = Object(entry) as { readonly [key: string]: unknown };
      if (typeof ifname !== 'string') return [];
      const words = Array.isArray(flags) ? flags : [];
      const addresses = (Array.isArray(addr_info) ? addr_info : []).flatMap((one) => {
        const { local } = Object(one) as { readonly local?: unknown };
        return typeof local === 'string' && ADDRESS.test(local) ? [local] : [];
      });
      return [{ name: clean(ifname, 15), up: words.includes('UP'), carrier: words.includes('LOWER_UP'), addresses }];
    });
  } catch {
    return null;
  }
}
