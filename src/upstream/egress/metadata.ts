import ipaddr from 'ipaddr.js';

/**
 * Addresses at which clouds hand out credentials of the machine itself. Never a source, whoever lists them.
 * Those inside 169.254.0.0/16 and fe80::/10 are refused as link-local already.
 */
const METADATA_ADDRESSES = new Set(
  [
    '100.100.100.200', // Alibaba Cloud
    '168.63.129.16', // Azure wire server: looks public, answers only inside
    '192.0.0.192', // Oracle Cloud
    'fd00:ec2::254', // AWS IMDS
    'fd00:ec2::23', // AWS EKS pod identity
    'fd20:ce::254', // Google Cloud
    'fd00:42::42', // Scaleway
  ].map((address) => ipaddr.parse(address).toNormalizedString()),
);

/** Names under which they are reached; the address is checked too, so this list only makes refusals earlier. */
const METADATA_HOSTS = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.azure.com',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
]);

export function isMetadataAddress(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return METADATA_ADDRESSES.has(address.toNormalizedString());
}

/** `host` in lower case, without a trailing dot. */
export function isMetadataHost(host: string): boolean {
  return METADATA_HOSTS.has(host);
}
