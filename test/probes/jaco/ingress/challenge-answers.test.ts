import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type ChallengeAnswers, challengeAnswers } from '../../../../src/probes/jaco/ingress/challenge-answers.ts';
import { collectFromProxies } from './collect-from-proxies.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe('the challenge path', () => {
  const ask = async (listen: RequestListener): Promise<ChallengeAnswers['nodes'][number]['answer'] | undefined> => {
    const server = createServer(listen);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const http = (server.address() as { port: number }).port;
    return (await collectFromProxies<ChallengeAnswers>(challengeAnswers, [{ http, https: 1 }], 1)).nodes[0]?.answer;
  };

  test('is asked for once on each node, with GET and the name of the domain', async () => {
    const requests: string[] = [];
    const answer = await ask(({ method, url, headers }, response) => {
      requests.push(`${method} ${headers.host}${url}`);
      response.writeHead(404, { Server: 'Caddy' }).end('404 page not found\n');
    });
    expect(requests).toEqual(['GET d0.test/.well-known/acme-challenge/jaco-doctor']);
    expect(answer).toMatchObject({ kind: 'answer', status: 404, server: 'Caddy', body: '404 page not found' });
  });

  test('redirects: the redirect is not followed', async () => {
    const to = 'http://192.0.2.1/x';
    const answer = await ask((_, response) => void response.writeHead(302, { Location: to }).end());
    expect(answer).toMatchObject({ kind: 'answer', status: 302, location: to });
  });

  test('an answer without end is cut', async () => {
    const answer = await ask((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed) return;
        if (response.write('x'.repeat(10_000))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    expect(answer).toMatchObject({ kind: 'answer', status: 200, body: expect.stringMatching(/^x{50,100}/) });
  });

  test('silence ends at its limit, with the phase', async () => {
    expect(await ask(() => {})).toMatchObject({ kind: 'failure', why: 'silent', phase: 'first-byte' });
  });

  test('a reset and a closed port', async () => {
    expect(await ask(({ socket }) => void socket.resetAndDestroy())).toMatchObject({
      kind: 'failure',
      code: 'ECONNRESET',
    });
    const { nodes } = await collectFromProxies<ChallengeAnswers>(challengeAnswers, [{ http: 1, https: 1 }], 1);
    expect(nodes[0]?.answer).toMatchObject({ kind: 'failure', phase: 'connect', code: 'ECONNREFUSED' });
  });
});
