/** docs/benchmarks-models.md from the numbers of a run. */
import { cpus } from 'node:os';

/** Of Portkey's CPU, at most. */
const GOAL = 0.5;

/** The name of the one that reads every piece of a stream as it comes. */
export const UNPACED = 'Weir, `WEIR_STREAM_PACE_MS=0`';

export function page(results, { version, load, countedUsd }) {
  return `# Benchmark: models through Weir

Measured by \`npm run bench:models\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0].model}), Node ${process.version}.
The machine's load average was ${load.toFixed(1)} before the run, of which the run itself is no part.

\`POST /v1/chat/completions\` through Weir and through [Portkey's gateway](https://github.com/Portkey-AI/gateway) ${version}, in one run against
one upstream, which answers everything at once with the same 50 words: whole, or as a stream of 50 chunks, 2 ms apart.
The three are asked in turns, round by round, by one client; every answer is checked to be complete. CPU is user and
system time of the gateway's process. Added latency is the quantile through the gateway less the same quantile direct.

Weir does everything it always does: a consumer's key is checked, each call is reserved and settled in the budgets of its
key, its provider and its model with four limits each (${countedUsd.toFixed(4)} USD were counted for the key), goes through health, breaker,
retry budget and concurrency limit, and is told as an event. Portkey's open-source gateway has no keys, limits or
accounts of its own; it is told by request headers where to go. Both write no log line per request.

Weir reads quick streams once in 16 ms ([the pace of streams](openai.md#the-pace-of-streams)), which their last words wait for, too;
beside it stands a Weir that reads every piece as it comes, and writes once in 5 ms. All are warmed up by 2000 requests of each kind.

${Object.entries(results)
  .map(([name, rows]) => section(name, rows))
  .join('\n')}`;
}

const TITLES = { plain: 'Whole answers', streamed: 'Streams of 50 chunks' };

function section(name, rows) {
  const [direct, weir, portkey] = rows;
  const share = weir.cpuMs / portkey.cpuMs;
  const ms = (number) => `${number.toFixed(2)} ms`;
  const latency = (row, of, q) => (row === direct ? '' : ms(row[of][q] - direct[of][q]));
  const stream = name === 'streamed';
  const line = (row) =>
    `| ${row.name} | ${row === direct ? '' : ms(row.cpuMs)} | ${ms(row.whole.p50)} | ${ms(row.whole.p99)} | ${latency(row, 'whole', 'p50')} | ${latency(row, 'whole', 'p99')} |${stream ? ` ${ms(row.first.p50)} | ${ms(row.first.p99)} |` : ''}`;
  return `## ${TITLES[name]}

${direct.requests} requests each.

| | CPU of a request | p50 | p99 | added p50 | added p99 |${stream ? ' first text p50 | p99 |' : ''}
|---|---|---|---|---|---|${stream ? '---|---|' : ''}
${rows.map(line).join('\n')}

Weir's CPU is ${share.toFixed(2)} × Portkey's: the goal of at most ${GOAL} × is ${share <= GOAL ? 'met' : '**not met**'}.
`;
}
