import { rolldown } from 'rolldown';

/** The exports of a TypeScript module with all that it imports: Node 20 cannot load one by itself. */
export async function loadTypeScript(path) {
  const build = await rolldown({ input: path, platform: 'node' });
  try {
    const { output } = await build.generate({ format: 'esm' });
    return await import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
  } finally {
    await build.close();
  }
}
