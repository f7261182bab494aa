import { formatDuration, formatTime } from '../../../src/engine/format.ts';
import type { LoadState } from '../../../src/probes/jaco/ingress/load-state.ts';
import type { LoadRefusal } from '../../../src/probes/jaco/journal/proxy-lines.ts';

/** What an unloaded configuration means for the routes of this node, in sentences. */
export function describeState(state: LoadState | null, refusal: LoadRefusal | null, now: number): readonly string[] {
  if (state === null) return [];
  switch (state.kind) {
    case 'foreign':
      return ["the admin endpoint of the proxy answers with another program's configuration"];
    case 'none':
      return [
        `the proxy has loaded no configuration, so this node serves no route; ${state.stored} ${state.stored === 1 ? 'is' : 'are'} stored`,
      ];
    case 'loaded': {
      const age = refusal === null ? '' : ` and ${formatDuration(now - refusal.sinceMs)} old`;
      const { missing, old } = state;
      return [
        ...(missing.length === 0
          ? []
          : [
              `the loaded configuration is incomplete${age}: it lacks ${listed(missing)}, which this node answers with 404`,
            ]),
        ...(old.length === 0 ? [] : [`it still has ${listed(old)}, which is no longer stored`]),
        ...(missing.length === 0 && old.length === 0 && refusal !== null
          ? [
              `the loaded configuration is frozen for ${formatDuration(now - refusal.sinceMs)}: it has every route, with the upstreams of that time`,
            ]
          : []),
      ];
    }
  }
}

/** Since when the proxy rejects its configuration, and its error text. */
export function describeRefusal({ sinceMs, atMs, text }: LoadRefusal): string {
  return `the proxy has refused its configuration since ${formatTime(sinceMs)}; last refusal at ${formatTime(atMs)}: ${text}`;
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
