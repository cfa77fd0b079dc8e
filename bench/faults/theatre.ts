import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFaultServer } from '../../test/support/fault-server.ts';
import { makeTestCertificate } from '../../test/support/test-certificate.ts';
import { startFaultDns } from './dns/fault-dns.ts';
import { THINGS_DOCUMENT } from './document.ts';
import { startGatewayProcess } from './gateway.ts';
import { goFirst } from './machine.ts';
import { good, SIBLING, type Theatre } from './stage.ts';

/** Starts what all scenarios share: the gateway, its name server, the sibling source and certificates. */
export async function openTheatre(): Promise<Theatre & { close(): Promise<void> }> {
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
  goFirst(gateway.pid);
  const input = {
    name: SIBLING,
    visibility: 'PUBLIC',
    rest: { document: THINGS_DOCUMENT, endpoints: [{ url: sibling.url }] },
  };
  await gateway.admin('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', { input });
  await gateway.admin('mutation ($name: ID!) { publishSource(name: $name) { name } }', { name: SIBLING });
  return {
    gateway,
    dns,
    sibling,
    certificates,
    async close() {
      await gateway.close();
      await sibling.close();
      await dns.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
