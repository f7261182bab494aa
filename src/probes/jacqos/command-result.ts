import type { CommandAnswer } from './run-jacqos.ts';

/** The result of one command's answer besides ids. */
export type CommandResult = {
  /** Null if the answer says that everything is healthy; else why that cannot be concluded. */
  readonly doubt: string | null;
  readonly evidence: readonly string[];
};

/**
 * Reads the state words of an answer (docs/jacqos.md#conclusions). Few count as healthy, and none after a failed
 * command.
 */
export function commandResult({ code, end, cut, reading }: CommandAnswer, command: string): CommandResult {
  const { words, unrecognised, withheld, documents, present } = reading;
  const evidence = words.map(({ key, word }) => `${key}: ${word}`);
  const doubt = ((): string | null => {
    const unknownWords = [
      ...unrecognised.map((word) => `"${word}"`),
      ...(withheld > 0 ? [`${withheld} that look like secrets`] : []),
    ];
    const unknownSuffix =
      unknownWords.length === 0 ? '' : `; it names ${unknownWords.join(', ')}, which no page documents`;
    if (end === 'limit') return `${command} did not end in time${unknownSuffix}`;
    if (end === 'endless') return `${command} printed without end and was ended${unknownSuffix}`;
    if (end === 'signal') return `${command} was ended by a signal${unknownSuffix}`;
    if (code !== 0)
      return `${command} ended with exit ${code}${present.length > 0 ? '' : ' and named no documented id'}${unknownSuffix}`;
    if (cut) return `${command} printed more than the doctor reads`;
    if (unknownWords.length > 0) return `${command} names ${unknownWords.join(', ')}, which no page documents`;
    if (documents.whole + documents.broken === 0) return `${command} answered without JSON`;
    if (documents.broken > 0) return `the JSON of ${command} is damaged`;
    const otherWords = words.filter((word) => word.standing === 'other');
    if (otherWords.length > 0)
      return `${command} says ${otherWords.map(({ key, word }) => `${key}: ${word}`).join(', ')}, which is not a documented healthy state`;
    if (!words.some((word) => word.standing === 'good')) return `${command} does not report a state`;
    return null;
  })();
  return { doubt, evidence };
}
