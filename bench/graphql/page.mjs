/** The figures of a run, and the page that shows them. */
import { cpus, loadavg } from 'node:os';
import { versionOf } from './hive.mjs';

const MOST_OF_HIVE = 0.5;

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const quantile = (numbers, q) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(q * numbers.length))];

function figures(rounds) {
  const latencies = rounds.flatMap((round) => round.latencies);
  const cpuMs =
    rounds[0].cpuMs === undefined
      ? undefined
      : quantile(
          rounds.map((round) => round.cpuMs),
          0.5,
        );
  return { cpuMs, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

export function summary(results) {
  return results.map(({ query, rounds, ...ways }) => {
    const [direct, weir, hive] = [ways.direct, ways.weir, ways.hive].map(figures);
    const ratio = weir.cpuMs / hive.cpuMs;
    return { query, rounds, direct, weir, hive, ratio, met: ratio <= MOST_OF_HIVE };
  });
}

const ms = (number) => number.toFixed(2);

function rows({ query, direct, weir, hive }) {
  const row = (who, { cpuMs, p50, p99 }) => {
    const added = who === 'direct' ? ['', ''] : [ms(p50 - direct.p50), ms(p99 - direct.p99)];
    return `| ${query.name} | ${who} | ${cpuMs === undefined ? '' : ms(cpuMs)} | ${ms(p50)} | ${ms(p99)} | ${added.join(' | ')} |`;
  };
  return [row('direct', direct), row('Weir', weir), row('Hive Gateway', hive)].join('\n');
}

export function page(results, loadBefore) {
  const verdict = ({ query, ratio, met }) =>
    `- ${query.name}: Weir takes ${ratio.toFixed(2)} of Hive Gateway's CPU; wanted is at most ${MOST_OF_HIVE}: ${met ? 'met' : '**not met**'}`;
  const streams = results.map(
    ({ query }) => `- ${query.name}: ${query.what}; ${query.requests} requests a round, ${query.perSecond} a second`,
  );
  return `# GraphQL services, beside Hive Gateway

Measured by \`npm run bench:graphql\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0].model}), Node ${process.versions.node},
Hive Gateway ${versionOf('@graphql-hive/gateway')}, its supergraph made by @theguild/federation-composition ${versionOf('@theguild/federation-composition')}.
The load average was ${loadBefore.toFixed(1)} before the run and ${loadavg()[0].toFixed(1)} after it, the run itself included.

Two GraphQL services, the client and both gateways are processes of their own on one machine. Both gateways run on the same
Node in production mode, with the settings they have when none are given: one process, nothing kept for later requests to
be answered with. Hive Gateway serves a Federation supergraph (\`hive-gateway supergraph\`), and merges by \`_entities\`; Weir
has both services registered with \`Product\` as an entity, and merges by the bulk field \`stockByIds(ids)\`.
The client is an open loop over kept connections, and no two requests in flight are the same. Before anything is measured
both must answer as the services themselves do, and are warmed up.

${streams.join('\n')}

*CPU* is what the process of the gateway took, its children included, user and system, for one request: the median of
${results[0].rounds} rounds, in turns. *Added* is over a client that asks the services itself, one after the other.

| query | by way of | CPU ms | p50 ms | p99 ms | added p50 ms | added p99 ms |
|---|---|--:|--:|--:|--:|--:|
${results.map(rows).join('\n')}

${results.map(verdict).join('\n')}
`;
}
