import { resolve } from 'node:path';
import { Command, Option as CommandOption, InvalidArgumentError } from 'commander';
import {
  type Config,
  describeConfig,
  InvalidConfiguration,
  loadConfig,
  OPTIONS,
  type OptionName,
} from './config/index.ts';
import { type Behaviour, DemoControlError, paint, runDemo, sendControl } from './demo/index.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { VERSION } from './version.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The command line: parse, start, signals. Resolves with the exit code. */
export async function runCommandLine(environment: Environment): Promise<number> {
  // Whoever read the output may have read enough (`weir config | head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await parse(environment);
    return 0;
  } catch (error: unknown) {
    tell(explain(error));
    return 1;
  }
}

async function parse(environment: Environment): Promise<void> {
  const readConfig = (flags: Readonly<Record<string, unknown>>): Config =>
    loadConfig({ flags, environment, directory: process.cwd() });
  const program = new Command('weir')
    .description('A GraphQL gateway that keeps answering when its upstreams do not.')
    .version(VERSION, '-v, --version')
    .showHelpAfterError('(weir --help lists the commands)');

  withOptions(program.command('start').description('start the gateway'))
    .option('--json', 'print where it listens as one line of JSON')
    .action(async (flags: Record<string, unknown>) => start(readConfig(flags), flags.json === true));

  const demo = withOptions(program.command('demo').description('start example upstreams and a gateway over them'))
    .option('--tour', 'walk down every rung of the ladder and up again, then end')
    .action(async (flags: Record<string, unknown>) => startDemo(readConfig(flags), flags));
  demo
    .command('break')
    .description('break an upstream of the running demo')
    .argument('<upstream>', 'bookshop, bookshop-backup or rates')
    .addOption(new CommandOption('--how <how>', 'what to do to it').choices(['down', 'slow', 'errors']).default('down'))
    .action(async (upstream: string, flags: { how: Behaviour }) =>
      report(await sendControl({ upstream, behaviour: flags.how })),
    );
  demo
    .command('heal')
    .description('heal one upstream of the running demo, or all')
    .argument('[upstream]')
    .action(async (upstream: string | undefined) => {
      const names = upstream === undefined ? Object.keys(await sendControl(undefined)) : [upstream];
      for (const name of names) await sendControl({ upstream: name, behaviour: 'normal' });
      report(await sendControl(undefined));
    });
  demo
    .command('status')
    .description('say what each upstream of the running demo is doing')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => report(await sendControl(undefined), flags.json));

  withOptions(program.command('config').description('list every option with its value'))
    .option('--json', 'as JSON')
    .action((flags: Record<string, unknown>) => listConfig(readConfig(flags), flags.json === true));

  await program.parseAsync();
}

function withOptions(command: Command): Command {
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const option = OPTIONS[name];
    if (option.flag === undefined) continue;
    const shown = Array.isArray(option.default) ? 'none' : String(option.default);
    command.option(`--${option.flag} <value>`, `${option.help} [${option.environment}, default ${shown}]`);
  }
  return command;
}

async function start(config: Config, json: boolean): Promise<void> {
  const stop = stopSignal();
  const gateway = await createGateway(config);
  const url = await listen(gateway, config);
  const facts = {
    graphql: `${url}/graphql`,
    sandbox: `${url}/sandbox`,
    sources: gateway.sourceCount,
    graphVersion: gateway.graphVersion,
    dataDir: resolve(config.dataDir),
  };
  if (json) process.stdout.write(`${JSON.stringify(facts)}\n`);
  else {
    tell(`${bold(`Weir ${VERSION}`)}
  GraphQL  ${facts.graphql}
  Sandbox  ${facts.sandbox}
  Sources  ${facts.sources} in the graph (version ${facts.graphVersion})
  Data     ${facts.dataDir}`);
  }
  if (gateway.newAdminKey !== undefined) {
    tell(`\n${bold('Admin key')}, shown this once; keep it:\n  ${gateway.newAdminKey}\n`);
  }
  await stop.requested;
  tell('weir: finishing the requests in flight');
  await gateway.close();
}

async function startDemo(config: Config, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const stop = stopSignal();
  await runDemo({
    // The demo tells its own story: the log's lines would drown it.
    config: config.logLevel === 'info' ? { ...config, logLevel: 'warn' } : config,
    startGateway: async (demoConfig) => {
      const gateway = await createGateway(demoConfig);
      return {
        calls: gateway.calls,
        newAdminKey: gateway.newAdminKey,
        listen: () => listen(gateway, demoConfig),
        close: () => gateway.close(),
      };
    },
    tour: flags.tour === true,
    keepData: flags.dataDir !== undefined,
    say: (text) => process.stdout.write(`${text}\n`),
    stopped: stop.requested,
    stop: stop.now,
  });
}

/** Ctrl-C and SIGTERM ask for a graceful end; a second one ends at once. */
function stopSignal(): { readonly requested: Promise<void>; readonly now: () => void } {
  const { promise, resolve: now } = Promise.withResolvers<void>();
  let asked = false;
  const ask = (): void => {
    if (asked) process.exit(130);
    asked = true;
    now();
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  process.on('SIGHUP', ask);
  return { requested: promise, now };
}

async function listen(gateway: Gateway, config: Config): Promise<string> {
  try {
    return await gateway.listen();
  } catch (error: unknown) {
    await gateway.close();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new StartError(`port ${config.port} on ${config.host} is taken: choose another with --port or PORT.`);
    }
    if (code === 'EACCES') throw new StartError(`port ${config.port} on ${config.host} may not be used by this user.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(`${config.host} is no address of this machine: choose another with --host or HOST.`);
    }
    throw error;
  }
}

/** The gateway cannot start, and the user can mend why. */
class StartError extends Error {
  override readonly name = 'StartError';
}

function report(status: Readonly<Record<string, Behaviour>>, json = false): void {
  const lines = Object.entries(status).map(([name, behaviour]) => `${name.padEnd(16)} ${behaviour}`);
  process.stdout.write(json ? `${JSON.stringify(status)}\n` : `${lines.join('\n')}\n`);
}

function listConfig(config: Config, json: boolean): void {
  const options = describeConfig(config);
  if (json) {
    process.stdout.write(`${JSON.stringify(options, null, 2)}\n`);
    return;
  }
  for (const option of options) {
    const flag = option.flag === undefined ? '' : `, --${option.flag}`;
    process.stdout.write(
      `${paint('bold', option.name)} = ${JSON.stringify(option.value) ?? 'unset'}\n  ${option.environment}${flag} (${option.type})\n  ${option.help}\n`,
    );
  }
}

const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const bold = (text: string): string => paint('bold', text, process.stderr);

/** Errors a user can mend print as one line; anything else keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof InvalidConfiguration) {
    return error.problems.map((problem) => `weir: ${problem.path}: ${problem.message}`).join('\n');
  }
  const plain = ['StartError', 'DemoControlError', 'UnusableDatabase', 'UnusableAdminKey', 'UnusableEncryptionKey'];
  if (error instanceof DemoControlError || (error instanceof Error && plain.includes(error.name))) {
    return `weir: ${error.message}`;
  }
  if (error instanceof InvalidArgumentError) return `weir: ${error.message}`;
  return `weir: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
