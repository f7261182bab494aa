import { rolldown } from 'rolldown';

/** Loads a TypeScript module with all its imports and returns its exports. Node 20 cannot load one itself. */
export async function loadTypeScript(path) {
  const build = await rolldown({ input: path, platform: 'node' });
  try {
    const { output } = await build.generate({ format: 'esm' });
    return await import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
  } finally {
    await build.close();
  }
}
