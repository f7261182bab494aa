/** `--config PATH` or `--config=PATH`, with one dash or two, as Go's flags accept them; the last one applies. */
export function configArgument(words: readonly string[]): string | null {
  let configPath: string | null = null;
  for (const [index, word] of words.entries()) {
    if (word === '-config' || word === '--config') configPath = words[index + 1] ?? null;
    else if (/^--?config=/.test(word)) configPath = word.slice(word.indexOf('=') + 1);
  }
  return configPath;
}
