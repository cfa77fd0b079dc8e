import ipaddr from 'ipaddr.js';

/**
 * The IPv4 addresses that an IPv6 address may lead to, by any of the ways to write or carry one in the other:
 * mapped and compatible (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056),
 * Teredo (RFC 4380: server, and client with its bits inverted) and ISATAP (RFC 5214).
 */
export function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const [p0 = 0, p1 = 0, p2 = 0, p3 = 0, p4 = 0, p5 = 0] = address.parts;
  const at = (index: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(index, index + 4));

  if (p0 === 0x2002) return [at(2)];
  if (p0 === 0x2001 && p1 === 0) return [at(4), new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
  if (p0 === 0x64 && p1 === 0xff9b) {
    if (p2 !== 1) return [at(12)];
    // The local-use prefix 64:ff9b:1::/48 carries it behind the prefix, around the reserved byte 8, or at the end.
    const split = new ipaddr.IPv4([bytes[6] ?? 0, bytes[7] ?? 0, bytes[9] ?? 0, bytes[10] ?? 0]);
    return [at(12), split].filter((one) => one.octets[0] !== 0);
  }
  const startsWithZeros = p0 === 0 && p1 === 0 && p2 === 0 && p3 === 0;
  if (startsWithZeros && ((p4 === 0 && (p5 === 0xffff || p5 === 0)) || (p4 === 0xffff && p5 === 0))) return [at(12)];
  if ((p4 === 0 || p4 === 0x200) && p5 === 0x5efe) return [at(12)];
  return [];
}
