/** Runs the faults and prints for each what was injected, promised and seen. See main.mjs for its options. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFaultServer } from '../../test/support/fault-server.ts';
import { makeTestCertificate } from '../../test/support/test-certificate.ts';
import { startFaultDns } from './dns/fault-dns.ts';
import { THINGS_DOCUMENT } from './document.ts';
import { startGatewayProcess } from './gateway.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { good, SIBLING, type Theatre } from './stage.ts';
import { type Result, type RunningScenario, runScenario } from './table.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function runTable(only: string | undefined): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-faults-'));
  const certificates = {
    trusted: makeTestCertificate(['IP:127.0.0.1']),
    untrusted: makeTestCertificate(['IP:127.0.0.1']),
    wrongName: makeTestCertificate(['DNS:elsewhere.test']),
  };
  writeFileSync(join(folder, 'ca.pem'), certificates.trusted.cert + certificates.wrongName.cert);
  const dns = await startFaultDns();
  const sibling = await startFaultServer({ behaviour: good });
  const gateway = await startGatewayProcess({
    preload: [new URL('./dns/preload.mjs', import.meta.url).href],
    environment: { FAULTS_NAME_SERVER: dns.address, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
  });
  const theatre: Theatre = { gateway, dns, sibling, certificates };
  const input = {
    name: SIBLING,
    visibility: 'PUBLIC',
    rest: { document: THINGS_DOCUMENT, endpoints: [{ url: sibling.url }] },
  };
  await gateway.admin('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', { input });
  await gateway.admin('mutation { publishSource(name: "sibling") { name } }');

  const wanted = SCENARIOS.filter(
    ({ name, group }) => only === undefined || only.split(',').some((one) => one === name || one === group),
  );
  const results: Result[] = [];
  const ending: Promise<void>[] = [];
  for (const [index, scenario] of wanted.entries()) {
    let running: RunningScenario;
    try {
      running = await runScenario(theatre, index, scenario);
    } catch (error: unknown) {
      running = {
        result: {
          scenario,
          promised: '',
          seen: '',
          ms: 0,
          broken: [error instanceof Error ? error.message : String(error)],
        },
        finish: async () => [],
      };
    }
    results.push(running.result);
    print(running.result);
    // What is only seen later does not hold up the next scenario.
    ending.push(
      running.finish().then((broken) => {
        if (broken.length === 0) return;
        results[index] = { ...running.result, broken: [...running.result.broken, ...broken] };
        console.log(`  ${scenario.name}: ${broken.join('; ')}`);
      }),
    );
  }
  await Promise.all(ending);
  await gateway.close();
  await sibling.close();
  await dns.close();
  rmSync(folder, { recursive: true, force: true });
  return results;
}

function print({ scenario, promised, seen, ms, broken }: Result): void {
  console.log(`${broken.length === 0 ? 'ok    ' : 'BROKEN'} ${scenario.name}: ${scenario.injected}`);
  console.log(`         promised: ${promised}`);
  console.log(`         seen:     ${seen} (${Math.round(ms)} ms)`);
  for (const line of broken) console.log(`         broken:   ${line}`);
}

if (values.help) {
  console.log('npm run faults -- [--quick] [--only <scenario or group or promise>]');
} else {
  const results = await runTable(values.only);
  const bad = results.filter(({ broken }) => broken.length > 0);
  console.log(`${results.length - bad.length} of ${results.length} scenarios as promised`);
  process.exitCode = bad.length === 0 ? 0 : 1;
}
