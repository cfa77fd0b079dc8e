import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { Problem } from '../errors/index.ts';
import { type Config, OPTIONS, type Option, type OptionName } from './options.ts';

/** The configuration is wrong. Every problem is listed with where it comes from. */
export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((p) => `${p.path}: ${p.message}`).join('\n'));
    this.problems = problems;
  }
}

export interface ConfigSources {
  /** Values of command-line flags by option name. */
  readonly flags?: Partial<Record<OptionName, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder in which weir.config.json or weir.config.yaml is looked for. */
  readonly directory: string;
}

const names = Object.keys(OPTIONS) as OptionName[];

/** Flag over environment over file over default. Throws InvalidConfiguration listing every problem. */
export function loadConfig(sources: ConfigSources): Config {
  const problems: Problem[] = [];
  const file = readConfigFile(sources.directory, problems);
  const config: Partial<Record<OptionName, unknown>> = {};
  for (const name of names) {
    const option: Option<unknown> = OPTIONS[name];
    const found = find(name, option, sources, file);
    if (found === undefined) {
      config[name] = option.default;
      continue;
    }
    try {
      config[name] = option.kind.parse(found.value);
    } catch (error: unknown) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ path: found.where, message: option.secret ? `expected ${option.kind.type}` : message });
    }
  }
  for (const key of Object.keys(file.values)) {
    if (!(key in OPTIONS)) {
      problems.push({ path: `${file.name}: ${key}`, message: `expected one of ${names.join(', ')}` });
    }
  }
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return config as Config;
}

function find(
  name: OptionName,
  option: Option<unknown>,
  sources: ConfigSources,
  file: ConfigFile,
): { value: unknown; where: string } | undefined {
  const flag = sources.flags?.[name];
  if (flag !== undefined && option.flag !== undefined) return { value: flag, where: `--${option.flag}` };
  const variable = sources.environment[option.environment];
  if (variable !== undefined && variable !== '') return { value: variable, where: option.environment };
  if (Object.hasOwn(file.values, name)) return { value: file.values[name], where: `${file.name}: ${name}` };
  return undefined;
}

interface ConfigFile {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

function readConfigFile(directory: string, problems: Problem[]): ConfigFile {
  for (const name of ['weir.config.json', 'weir.config.yaml']) {
    const path = join(directory, name);
    if (!existsSync(path)) continue;
    try {
      const content = readFileSync(path, 'utf8');
      const values: unknown = name.endsWith('.json') ? JSON.parse(content) : parseYaml(content);
      if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
        return { name, values: values as Record<string, unknown> };
      }
      problems.push({ path: name, message: 'expected an object of options' });
    } catch (error: unknown) {
      problems.push({ path: name, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { name: 'weir.config.json', values: {} };
}

/** The configuration as it may be shown: secrets are masked. */
export function describeConfig(config: Config): readonly {
  readonly name: OptionName;
  readonly environment: string;
  readonly flag: string | undefined;
  readonly type: string;
  readonly help: string;
  readonly value: unknown;
  readonly default: unknown;
}[] {
  return names.map((name) => {
    const option: Option<unknown> = OPTIONS[name];
    const value = config[name];
    return {
      name,
      environment: option.environment,
      flag: option.flag,
      type: option.kind.type,
      help: option.help,
      value: option.secret === true && value !== undefined ? '[secret]' : value,
      default: option.default,
    };
  });
}
