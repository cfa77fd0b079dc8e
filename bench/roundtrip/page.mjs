/** docs/roundtrip.md from the results of a run. */
const COLUMNS = ['as described', 'no success', 'unanswered', 'drift told', 'rejected', 'refused', 'not sent', 'wrong'];

export function page(results) {
  const calls = results.flatMap((result) => result.calls);
  const count = (list, outcome) => list.filter((one) => one.outcome === outcome).length;
  const rows = results.map(
    ({ name, version, operations, calls: own }) =>
      `| ${name} | ${version} | ${operations} | ${own.length} | ${COLUMNS.map((outcome) => count(own, outcome) || '').join(' | ')} |`,
  );
  const operations = results.reduce((sum, one) => sum + one.operations, 0);
  const proven = results.reduce(
    (sum, one) =>
      sum +
      new Set(one.calls.filter(({ outcome }) => outcome === 'as described').map(({ operation }) => operation)).size,
    0,
  );
  const unexplained = calls.filter(({ outcome, why }) => outcome !== 'as described' && why === undefined);
  const reasons = new Map();
  for (const { name, calls: own } of results) {
    for (const { outcome, why } of own) {
      if (outcome === 'as described') continue;
      const key = `${outcome} | ${why ?? 'not explained'}`;
      const known = reasons.get(key) ?? { calls: 0, documents: new Set() };
      known.calls++;
      known.documents.add(name);
      reasons.set(key, known);
    }
  }
  const reasonRows = [...reasons]
    .sort(([, a], [, b]) => b.calls - a.calls)
    .map(([key, { calls: number, documents }]) => `| ${key} | ${number} | ${[...documents].join(', ')} |`);
  return `# Round trip

Measured by \`npm run roundtrip\` on ${new Date().toISOString().slice(0, 10)}: ${results.length} documents, ${operations} operations, ${calls.length} calls.

Each document is registered and published by mutation in a running gateway, and its operations are called over HTTP.
The upstream is [Prism](https://github.com/stoplightio/prism) 5.16, made from the same document: it checks path,
parameters, body and credentials of every request against the document, and answers from the document's examples or,
where these do not fit their own schema, with an answer made from the schema. Every operation is called with the required
arguments only and with all of them, the values made from the document; every field of the answer is selected, four levels
deep. A call is *as described* when Prism accepted the request and the gateway read the answer without one error.

**${count(calls, 'as described')} of ${calls.length} calls came back as described, which proves ${proven} of ${operations} operations. ${unexplained.length === 0 ? 'No call went wrong that is not explained below' : `${unexplained.length} calls went wrong and are not explained`}.**

| document | version | operations | calls | ${COLUMNS.join(' | ')} |
|---|---|--:|--:|${COLUMNS.map(() => '--:').join('|')}|
${rows.join('\n')}

## What did not come back as described

| what | why | calls | documents |
|---|---|--:|---|
${reasonRows.join('\n')}

*Unanswered*: Prism found nothing wrong with the request but has no answer that fits, or broke over it; the gateway said so. *No success*: the document has no
response of success, and the one it has came back as the error it is. *Rejected*: Prism found the request wrong; whether
that is the gateway's doing is told by comparing what arrived with what was made from the document.

Two documents were tried and left out, since Prism cannot stand for them: googleapis.com/docs.json, which it does not finish
reading, and amazonaws.com/sqs.json, whose paths differ only after a \`#\`, which never leaves a client.
`;
}
