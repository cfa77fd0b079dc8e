/**
 * Loaded into the gateway before the program: points its name lookups at the name server of the faults, on loopback.
 * Nothing else of the way from a name to a connection is changed. Without the variable it does nothing.
 */
import dns from 'node:dns';

const server = process.env.FAULTS_NAME_SERVER;
if (server !== undefined) {
  const { Resolver } = dns.promises;
  dns.promises.Resolver = class extends Resolver {
    constructor(options) {
      super(options);
      this.setServers([server]);
    }
  };
  // The machine's own resolver must not be asked for names that exist here only.
  dns.promises.lookup = async (host) => {
    throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  };
}
