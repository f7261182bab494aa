/** Something that can be found by its words; those of the name count more than those of the body. */
type Document<T> = { readonly of: T; readonly name: string; readonly body: string };

const STOP = new Set(
  'a an and are be but by do does for from has have i in is it its my not of on or our that the then there this though to was we what when why with'.split(
    ' ',
  ),
);
/** What people write, and what the pages write. */
const SAME: Readonly<Record<string, string>> = {
  cert: 'certificate',
  certs: 'certificate',
  certificates: 'certificate',
  hostnames: 'name',
  hostname: 'name',
  dns: 'name',
  names: 'name',
  outside: 'external',
  s: 'second',
  sec: 'second',
  seconds: 'second',
  env: 'environment',
  stuck: 'pending',
  img: 'image',
  prod: 'production',
  real: 'production',
  balancer: 'lb',
  loadbalancer: 'lb',
  old: 'stale',
  permission: 'permissiondenied',
  denied: 'permissiondenied',
  permissiondenied: 'permissiondenied',
};
/** A document counts as meant if it holds at least this share of the query's words, rare words counting more. */
const MEANT = 0.55;

/** The words of a text, without the frequent ones, in one spelling each. */
function wordsOf(text: string): readonly string[] {
  const found = text.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? [];
  return [...new Set(found.filter((word) => !STOP.has(word)).map(stem))];
}

function stem(word: string): string {
  const same = Object.hasOwn(SAME, word) ? SAME[word] : undefined;
  if (same !== undefined) return same;
  return word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, '') : word;
}

/** Ranks documents by the words they share with a query, best first; those that hold too few of them are left out. */
export function rankByWords<T>(query: string, documents: readonly Document<T>[]): readonly { of: T; score: number }[] {
  const asked = wordsOf(query);
  const known = documents.map(({ of, name, body }) => ({
    of,
    name: new Set(wordsOf(name)),
    body: new Set(wordsOf(body)),
  }));
  const weights = asked.map((word) => {
    const holding = known.filter((one) => one.name.has(word) || one.body.has(word)).length;
    return { word, weight: Math.log(1 + documents.length / (1 + holding)) };
  });
  const all = weights.reduce((sum, { weight }) => sum + weight, 0);
  return known
    .map(({ of, name, body }) => {
      const held = weights.filter(({ word }) => name.has(word) || body.has(word));
      const share = held.reduce((sum, { weight }) => sum + weight, 0);
      const inName = held.reduce((sum, { word, weight }) => sum + (name.has(word) ? weight : 0), 0);
      return { of, score: all > 0 && share / all >= MEANT ? share + inName : 0 };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}
