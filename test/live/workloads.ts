import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectSaid, findings, ids, type Said } from '../real/expect.ts';
import { type Run, until } from '../real/shell.ts';
import type { Lab } from './lab.ts';

/** Expected in these labs, where the mesh is a veth: a warning if no traffic shows that it works. */
const LAB_MESH = 'mesh_unavailable';

export const IMAGE = 'test/busybox:1';

/** A service of a deployment: lines of its compose entry, and of its entry in jaco.yaml. */
export type ServiceOf = {
  readonly compose?: readonly string[];
  readonly jaco?: readonly string[];
  readonly image?: string;
  readonly pull?: 'never' | 'always';
  /** The node on which it is placed; the default is 1. */
  readonly on?: number;
};

/** What operators do with a lab of real engines: apply, delete, run the doctor and run its steps. */
export class Workloads {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Applies a deployment with the network `net`, and with lines of routes in jaco.yaml. */
  async apply(
    name: string,
    services: { readonly [service: string]: ServiceOf },
    routes: readonly string[] = [],
  ): Promise<void> {
    const folder = join(this.#lab.folder, 'apps');
    mkdirSync(folder, { recursive: true });
    const compose = Object.entries(services).flatMap(([service, { compose = [], image = IMAGE, pull = 'never' }]) => [
      `  ${service}:`,
      `    image: ${image}`,
      `    pull_policy: ${pull}`,
      '    networks: [net]',
      ...compose.map((line) => `    ${line}`),
    ]);
    const jaco = Object.entries(services).flatMap(([service, { jaco: lines = [], on = 1 }]) => [
      `  - name: ${service}`,
      '    placement: hosts',
      `    hosts: [jaco-${on}]`,
      ...lines.map((line) => `    ${line}`),
    ]);
    const lines = [
      `deployment: ${name}`,
      'services:',
      ...jaco,
      ...(routes.length > 0 ? ['routes:', ...routes] : []),
      '',
    ];
    writeFileSync(join(folder, `${name}.jaco`), lines.join('\n'));
    writeFileSync(join(folder, `${name}.compose`), ['services:', ...compose, 'networks: {net: {}}', ''].join('\n'));
    await this.#lab.sh(
      `lab_wait 'a leader' lab_leads 1; j "$(lab_leader 1)" apply ${folder}/${name}.jaco --compose ${folder}/${name}.compose`,
    );
  }

  /**
   * Deletes deployments and, unless told to leave them, the Docker networks that JACO leaves behind. Replicas that end
   * while they are deleted may outlive their deployment (docs/jaco-daemon/runtime.md#ghost-replicas): let them run
   * first.
   */
  async remove(names: readonly string[], networks: 'networks too' | 'networks stay' = 'networks too'): Promise<void> {
    for (const name of names) {
      await this.#lab.sh(`lab_wait 'a leader' lab_leads 1; lab_operator delete ${name} >/dev/null`);
      await until(`the containers of ${name} are gone`, async () => (await this.#listed('ps -a', name)).length === 0);
    }
    if (networks === 'networks stay') return;
    for (const name of names)
      for (const [node, id] of await this.#listed('network ls', name)) await this.docker(node, `network rm ${id}`);
  }

  /** Ids of a deployment's containers or networks, with their node. */
  async #listed(what: 'ps -a' | 'network ls', name: string): Promise<readonly (readonly [number, string])[]> {
    const all = [];
    for (let node = 1; node <= this.#lab.nodes; node++) {
      const ids = await this.#lab.sh(`d ${node} ${what} -q --filter label=jaco.deployment=${name} 2>/dev/null || true`);
      all.push(...ids.split('\n').flatMap((id) => (id === '' ? [] : [[node, id] as const])));
    }
    return all;
  }

  docker(node: number, words: string): Promise<string> {
    return this.#lab.sh(`d ${node} ${words}`);
  }

  /** Docker's state of a replica's container; empty if there is none. */
  container(node: number, replica: string): Promise<string> {
    return this.docker(node, `inspect -f '{{.State.Status}}' jaco_${replica} 2>/dev/null || true`);
  }

  /** Waits until JACO reports this state for a replica. */
  async until(replica: string, state: string, limitMs = 60_000): Promise<void> {
    await until(
      `${replica} is ${state}`,
      async () => {
        const said = await this.#lab.sh(`j 1 get replica ${replica} -o json 2>/dev/null || true`);
        return new RegExp(`"state": *"${state}"`, 'i').test(said);
      },
      limitMs,
    );
  }

  /** Runs the doctor on a node and keeps the report; a normal oddity must not be reported. */
  async looks(what: string, said: Partial<Said> & { note?: RegExp; on?: number }): Promise<Run> {
    const { note, on = 1, ...rest } = said;
    const run = await this.#lab.doctor(on);
    const first = rest.first ?? null;
    expectSaid(what, run, { first, exit: first === null ? 0 : 1, ...rest });
    if (first === null && rest.warned === undefined) expect(ids(run).filter((id) => id !== LAB_MESH)).toEqual([]);
    if (note) expect(run.report.checks.flatMap(({ notes }) => notes).join('\n')).toMatch(note);
    return run;
  }

  /** Waits until the doctor finds these, or notes what matches. */
  async sees(what: readonly string[] | RegExp, limitMs = 30_000): Promise<void> {
    await until(
      `the doctor says ${what}`,
      async () => {
        const run = await this.#lab.doctor(1);
        return what instanceof RegExp
          ? run.report.checks.some(({ notes }) => notes.some((note) => what.test(note)))
          : what.every((id) => ids(run).includes(id));
      },
      limitMs,
    );
  }

  /** A command that a finding prints, found by its words. */
  step(run: Run, id: string, words: RegExp): readonly string[] {
    const steps = findings(run)
      .filter((one) => one.id === id)
      .flatMap(({ fix }) => fix.flatMap((one) => (one.run === null ? [] : [one.run])));
    const found = steps.find((argv) => words.test(argv.join(' ')));
    expect(found, JSON.stringify(steps)).toBeDefined();
    return found ?? [];
  }

  /** The printed verify command of a finding reports that it is fixed. */
  async isFixed(what: string, run: Run, id: string): Promise<void> {
    const after = await this.verify(1, run, id);
    console.log(`${what}, fixed: ${after.report.first ?? 'nothing failed'}; exit ${after.code}`);
    expect([after.report.first, after.code]).toEqual([null, 0]);
  }

  /** Runs a printed step on a node. */
  printed(node: number, argv: readonly string[]): Promise<string> {
    const quoted = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    return this.#lab.sh(`lab_on ${node} env PATH="$PATH:$(dirname "$JACO")" ${quoted}`);
  }

  /** Runs the verify command that a finding printed, on a node. */
  async verify(node: number, run: Run, id: string): Promise<Run> {
    const [program, ...words] =
      run.report.checks.flatMap(({ findings }) => findings).find((one) => one.id === id)?.verify ?? [];
    if (program !== 'jaco-doctor') throw new Error(`${id} prints no verify command`);
    return this.#lab.doctor(node, words);
  }
}
