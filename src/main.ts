/** The start of the program. Everything else is loaded after the one thing that must be set before. */

// What NODE_ENV says of this deployment is read from this copy. For the libraries it is always production:
// graphql-js decides when it is loaded whether to run slow checks that are meant for people who write schemas.
const environment = { ...process.env };
process.env.NODE_ENV = 'production';

const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(environment);
