import type { DemoContainer, DemoEvent, DemoNetwork } from './objects.ts';

/** The part of an engine's state that its API shows. */
export type Engine = {
  readonly containers: readonly DemoContainer[];
  readonly networks: readonly DemoNetwork[];
  readonly events: readonly DemoEvent[];
  readonly images: ReadonlySet<string>;
};

type Answer = { readonly status: number; readonly type: string; readonly body: string | Buffer };

/** Answers one GET in the format of API 1.41. */
export function answerRequest(engine: Engine, url: URL): Answer {
  const path = url.pathname;
  if (path === '/_ping') return { status: 200, type: 'text/plain', body: 'OK' };
  if (path === '/info') return json({ ServerVersion: '20.10.24+dfsg1', DockerRootDir: '/', Driver: 'overlay2' });
  if (path === '/containers/json') return json(engine.containers.map(listEntry));
  if (path === '/networks') return json(engine.networks.map(network));
  if (path === '/events') return events(engine.events);
  const image = /^\/images\/(.+)\/json$/.exec(path)?.[1];
  if (image !== undefined) {
    const name = decodeURIComponent(image);
    return engine.images.has(name) ? json({ RepoTags: [name] }) : errorAnswer(404, `No such image: ${name}`);
  }
  const [, id = '', subresource] = /^\/containers\/([0-9a-f]+)\/(json|logs)$/.exec(path) ?? [];
  const container = engine.containers.find((container) => container.id === id);
  if (subresource === undefined) return errorAnswer(404, 'page not found');
  if (container === undefined) return errorAnswer(404, `No such container: ${id}`);
  return subresource === 'json'
    ? json(inspection(container))
    : log(container, Number(url.searchParams.get('tail') ?? 10));
}

function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

function errorAnswer(status: number, message: string): Answer {
  return { status, type: 'application/json', body: JSON.stringify({ message }) };
}

function listEntry(container: DemoContainer) {
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: container.image,
    Created: Math.floor(container.createdAt / 1000),
    Labels: container.labels,
    State: container.state,
    Status: statusOf(container),
    NetworkSettings: { Networks: networksOf(container) },
    Mounts: (container.volumes ?? []).map((name) => ({ Type: 'volume', Name: name })),
  };
}

/** The status text of `docker ps`. */
function statusOf({ state, startedAt, health }: DemoContainer): string {
  if (state !== 'running') return state;
  const minutes = Math.floor((Date.now() - (startedAt ?? Date.now())) / 60_000);
  const up =
    minutes < 1 ? '5 seconds' : minutes < 46 ? `${minutes} minutes` : minutes < 90 ? 'About an hour' : '2 hours';
  return `Up ${up}${health === null ? '' : health.status === 'starting' ? ' (health: starting)' : ` (${health.status})`}`;
}

/** Includes an environment, as a real one does, so that tests can prove that the doctor does not read it. */
function inspection(container: DemoContainer) {
  const { health } = container;
  return {
    Id: container.id,
    Created: timestamp(container.createdAt),
    Name: `/${container.name}`,
    State: {
      Status: container.state,
      ...(container.pid === undefined ? {} : { Pid: container.pid }),
      OOMKilled: container.outOfMemory,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: timestamp(container.startedAt),
      FinishedAt: timestamp(container.finishedAt),
      ...(health === null
        ? {}
        : {
            Health: {
              Status: health.status,
              FailingStreak: health.status === 'unhealthy' ? 3 : 0,
              Log: [{ ExitCode: health.status === 'unhealthy' ? 1 : 0, Output: health.output }],
            },
          }),
    },
    Config: {
      Image: container.image,
      Env: ['PATH=/usr/local/bin:/usr/bin', 'DATABASE_PASSWORD=canary-of-the-environment-1'],
      ...(health === null ? {} : { Healthcheck: { Test: ['CMD', 'check'], StartPeriod: health.startPeriodMs * 1e6 } }),
    },
    HostConfig: { Dns: container.dns ?? null },
    NetworkSettings: { Networks: networksOf(container) },
  };
}

function networksOf({ networks, state }: DemoContainer) {
  const running = state === 'running' || state === 'paused';
  return Object.fromEntries(Object.entries(networks).map(([name, ip]) => [name, { IPAddress: running ? ip : '' }]));
}

function network({ name, subnet, labels, bridge }: DemoNetwork) {
  const gateway = subnet.replace(/0\/\d+$/, '1');
  return {
    Name: name,
    Id: Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64),
    Driver: 'bridge',
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
    Options: bridge === undefined ? {} : { 'com.docker.network.bridge.name': bridge },
    Labels: labels,
  };
}

function events(list: readonly DemoEvent[]): Answer {
  const lines = list.map(({ action, container, replica, at, exitCode }) =>
    JSON.stringify({
      Type: 'container',
      Action: action,
      Actor: { ID: container, Attributes: { exitCode: String(exitCode), 'jaco.replica_id': replica } },
      time: Math.floor(at / 1000),
      timeNano: at * 1e6,
    }),
  );
  return { status: 200, type: 'application/json', body: lines.map((line) => `${line}\n`).join('') };
}

/** A multiplexed log: each piece has a header with its stream and its length. */
function log({ log }: DemoContainer, tail: number): Answer {
  const pieces = log.slice(-tail).map((line) => {
    const body = Buffer.from(`${line}\n`);
    const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(body.length, 4);
    return Buffer.concat([head, body]);
  });
  return { status: 200, type: 'application/octet-stream', body: Buffer.concat(pieces) };
}

function timestamp(at: number | null): string {
  return at === null ? '0001-01-01T00:00:00Z' : new Date(at).toISOString();
}
