import { YamlError } from './parse-yaml.ts';

/**
 * Validates the directives before the document as yaml.v3 does, which accepts `%YAML 1.1` and `%TAG`. Throws {@link
 * YamlError}.
 */
export function requireDirectives(text: string): void {
  let versions = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (!line.startsWith('%')) return;
    const at = { line: index + 1, column: 1 };
    const [, version] = /^%YAML\s+(\S+)/.exec(line) ?? [];
    if (version === undefined && !/^%TAG\s/.test(line)) throw new YamlError('found unknown directive name', at);
    if (version === undefined) continue;
    versions += 1;
    if (versions > 1) throw new YamlError(`line ${index}: found duplicate %YAML directive`, at);
    if (version !== '1.1') throw new YamlError('found incompatible YAML document', at);
  }
}
