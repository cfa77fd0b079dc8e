import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import { systemRandom } from '../runtime/index.ts';
import { openControl } from './control.ts';
import { onKeys } from './keys.ts';
import { narrateCall } from './narrate.ts';
import { paint } from './paint.ts';
import { type DemoModel, demoModel, registerDemoPrompts } from './prompts.ts';
import { registerDemoSources } from './sources.ts';
import { takeTour } from './tour.ts';
import type { StartGateway } from './types.ts';
import { type Behaviour, type DemoUpstream, startUpstream } from './upstreams.ts';

export interface DemoOptions {
  readonly config: Config;
  readonly startGateway: StartGateway;
  /** Walk through every rung, then end. */
  readonly tour: boolean;
  /** Keep the data in config.dataDir instead of a folder that ends with the demo. */
  readonly keepData: boolean;
  readonly say: (text: string) => void;
  /** Resolves when the user wants to end. */
  readonly stopped: Promise<void>;
  readonly stop: () => void;
}

/** Example upstreams, a gateway, their registration by mutations, and a way to break them. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { say } = options;
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const upstreams = await startUpstreams(closers);
    const dataDir = options.keepData ? options.config.dataDir : mkdtempSync(join(tmpdir(), 'weir-demo-'));
    if (!options.keepData) closers.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const adminKey = options.config.adminKey ?? `demo_${systemRandom.bytes(32).toString('base64url')}`;

    const gateway = await options.startGateway({ ...options.config, dataDir, adminKey });
    closers.push(() => gateway.close());
    const base = await gateway.listen();
    const endpoint = `${base}/graphql`;
    await registerDemoSources(endpoint, adminKey, {
      bookshop: upstream(upstreams, 'bookshop').url,
      bookshopBackup: upstream(upstreams, 'bookshop-backup').url,
      rates: upstream(upstreams, 'rates').url,
      reviews: upstream(upstreams, 'reviews').url,
    });
    // The tour asks no vendor: it is the same wherever it is taken.
    const model = demoModel(options.tour ? {} : process.env, upstream(upstreams, 'phrases').url);
    await registerDemoPrompts(endpoint, adminKey, model);

    const become = async (name: string, behaviour: Behaviour): Promise<void> => {
      await upstream(upstreams, name).become(behaviour);
      say(`  ${paint('bold', `${name} is now ${behaviour}`)}`);
    };
    if (options.tour) {
      await takeTour({ endpoint, become, say });
      return;
    }

    gateway.calls.on((call) => {
      if (call.shared !== true) say(narrateCall(call, new Date()));
    });
    const control = await openControl(systemRandom.bytes(24).toString('base64url'), async (command) => {
      if (command !== undefined) await become(command.upstream, command.behaviour);
      return Object.fromEntries([...upstreams].map(([name, one]) => [name, one.behaviour]));
    });
    closers.push(() => control.close());
    say(welcome(base, adminKey, upstreams, model));
    closers.push(onKeys({ become, stop: options.stop }));
    await options.stopped;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function startUpstreams(closers: (() => Promise<void> | void)[]): Promise<ReadonlyMap<string, DemoUpstream>> {
  const wanted = {
    bookshop: 'bookshop',
    'bookshop-backup': 'bookshop',
    rates: 'rates',
    reviews: 'reviews',
    phrases: 'phrases',
  };
  const started = await Promise.all(
    Object.entries(wanted).map(async ([name, example]) => {
      const one = await startUpstream(name, example);
      closers.push(() => one.close());
      return [name, one] as const;
    }),
  );
  return new Map(started);
}

function upstream(upstreams: ReadonlyMap<string, DemoUpstream>, name: string): DemoUpstream {
  const found = upstreams.get(name);
  if (found !== undefined) return found;
  throw new Error(`expected one of ${[...upstreams.keys()].join(', ')}, got ${name}`);
}

function welcome(
  base: string,
  adminKey: string,
  upstreams: ReadonlyMap<string, DemoUpstream>,
  model: DemoModel,
): string {
  const query = '{ bookshop { getBook(bookId: 2) { title author { name } priceEur priceIn(currency: USD) } } }';
  const joined = '{ reviews { latestReviews(first: 2) { text book { title averageRating priceEur } } } }';
  const prompted = '{ bookshop { listBooks(first: 3) { nodes { title pitch } } } }';
  const servers = [...upstreams.values()].map((one) => `${one.name} ${one.url}`).join(', ');
  return `
${paint('bold', 'Weir demo')}
  GraphQL    ${base}/graphql
  Sandbox    ${base}/sandbox
  Admin key  ${adminKey}
  Upstreams  ${servers}
  Prompts    pitch and translate, answered by ${model.model}: ${model.label}

${paint('bold', 'A first query')} (or open the sandbox)
  curl -s ${base}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query })}'

${paint('bold', 'An entity')}: reviews come from a GraphQL service, and their books from both
  curl -s ${base}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query: joined })}'

${paint('bold', 'A prompt over the books')}, and one in OpenAI's format or as REST (docs/openai.md)
  curl -s ${base}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query: prompted })}'
  curl -s ${base}/prompts/translate -H 'content-type: application/json' -d '{"text": "Good day", "to": "FR"}'

${paint('bold', 'Break an upstream')} with a key here, or from another terminal, and run the query again
  1  kill the bookshop          npm run weir -- demo break bookshop
  2  kill its backup            npm run weir -- demo break bookshop-backup
  3  make the bookshop slow     npm run weir -- demo break bookshop --how slow
  4  make it answer 503         npm run weir -- demo break bookshop --how errors
  5  kill the rates             npm run weir -- demo break rates
  6  kill the reviews           npm run weir -- demo break reviews
  h  heal everything            npm run weir -- demo heal
  q  quit

Each call shows below, with the rung of the ladder that served it.
`;
}
