export { type ConfigSources, describeConfig, InvalidConfiguration, loadConfig } from './load.ts';
export { type Config, OPTIONS, type Option, type OptionName } from './options.ts';
