import type { CommandAnswer } from './command.ts';

/** What one command's answer shows as a whole, its ids aside. */
export type Standing = {
  /** Null where it says that all is well and nothing else; else why that cannot be concluded. */
  readonly doubt: string | null;
  readonly evidence: readonly string[];
};

/**
 * Reads the words of an answer (docs/jacqos.md#conclusions): only few count as well, and none of them after a command
 * that failed.
 */
export function commandResult({ code, end, cut, reading }: CommandAnswer, command: string): Standing {
  const { words, unrecognised, withheld, documents, present } = reading;
  const evidence = words.map(({ key, word }) => `${key}: ${word}`);
  const doubt = ((): string | null => {
    const strangers = [
      ...unrecognised.map((word) => `"${word}"`),
      ...(withheld > 0 ? [`${withheld} that look like secrets`] : []),
    ];
    const unknown = strangers.length === 0 ? '' : `; it names ${strangers.join(', ')}, which no page knows`;
    if (end === 'limit') return `${command} did not come to an end in time${unknown}`;
    if (end === 'endless') return `${command} printed without end and was ended${unknown}`;
    if (end === 'signal') return `${command} was ended by a signal${unknown}`;
    if (code !== 0)
      return `${command} ended with exit ${code}${present.length > 0 ? '' : ' and named no documented id'}${unknown}`;
    if (cut) return `${command} printed more than is read of it`;
    if (strangers.length > 0) return `${command} names ${strangers.join(', ')}, which no page knows`;
    if (documents.whole + documents.broken === 0) return `${command} answered without JSON`;
    if (documents.broken > 0) return `the JSON of ${command} is damaged`;
    const strange = words.filter((word) => word.standing === 'other');
    if (strange.length > 0)
      return `${command} says ${strange.map(({ key, word }) => `${key}: ${word}`).join(', ')}, which is no documented word of well-being`;
    if (!words.some((word) => word.standing === 'good')) return `${command} says nothing about how it stands`;
    return null;
  })();
  return { doubt, evidence };
}
