import { createSocket } from 'node:dgram';

/** What happens to a question for one name. */
export type DnsFault =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'server-failure' }
  | { readonly kind: 'silent' };

/** A name server on loopback that misbehaves as told, name by name. */
export interface FaultDns {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly questions: number;
  behave(name: string, fault: DnsFault): void;
  close(): Promise<void>;
}

const NO_ERROR = 0;
const SERVER_FAILURE = 2;
const NAME_ERROR = 3;
const TYPE_A = 1;

/** Speaks as much of RFC 1035 as one question with one answer takes. */
export async function startFaultDns(): Promise<FaultDns> {
  const faults = new Map<string, DnsFault>();
  const socket = createSocket('udp4');
  let questions = 0;
  socket.on('message', (message, from) => {
    questions++;
    const { name, type, end } = readQuestion(message);
    const fault = faults.get(name) ?? { kind: 'not-found' };
    if (fault.kind === 'silent') return;
    const hasAddress = fault.kind === 'address' && type === TYPE_A;
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    const code = fault.kind === 'not-found' ? NAME_ERROR : fault.kind === 'server-failure' ? SERVER_FAILURE : NO_ERROR;
    header.writeUInt16BE(0x8180 | code, 2); // an answer, recursion desired and available
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(hasAddress ? 1 : 0, 6);
    const parts: Uint8Array[] = [header, message.subarray(12, end)];
    if (hasAddress) parts.push(addressRecord(fault.address));
    socket.send(Buffer.concat(parts), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    get questions() {
      return questions;
    },
    behave: (name, fault) => faults.set(name, fault),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** The name by a pointer to the question, type A, class IN, no time to live, four bytes. */
function addressRecord(address: string): Buffer {
  return Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
}
