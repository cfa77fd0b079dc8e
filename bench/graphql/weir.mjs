/** This gateway in production mode with the settings it has when none are given, over both services. */
import { randomBytes } from 'node:crypto';
import { must, PUBLISH, REGISTER, startGateway } from '../figures/gateway-process.mjs';

const ENV = {
  NODE_ENV: 'production',
  WEIR_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  WEIR_EGRESS_ALLOW: '127.0.0.1/32',
};

/** What a service knows of the entity that both have. */
const product = (operation) => ({
  type: 'Product',
  key: ['id'],
  operation,
  arguments: [{ name: 'ids', field: 'id' }],
  batch: { argument: 'ids' },
});

const sources = (urls) => [
  {
    name: 'products',
    visibility: 'PUBLIC',
    // Flat in the root, so that both gateways are asked the same queries.
    graphql: { url: urls.products, namespace: '', entities: [product('productsByIds')] },
  },
  { name: 'stock', visibility: 'PUBLIC', graphql: { url: urls.stock, entities: [product('stockByIds')] } },
];

export async function startWeir(dir, urls) {
  const gateway = await startGateway(dir, { env: ENV });
  try {
    for (const input of sources(urls)) {
      await must(gateway.endpoint, REGISTER, { input });
      await must(gateway.endpoint, PUBLISH, { name: input.name });
    }
  } catch (error) {
    await gateway.end('SIGKILL');
    throw error;
  }
  return { child: gateway.child, url: gateway.endpoint };
}
