import { largestDocuments } from './documents.mjs';
import { measureDocument } from './measure.mjs';

const want = process.argv[2];
const program = process.env.PROGRAM;
const nodeArgs = (process.env.NODE_ARGS ?? '').split(' ').filter((x) => x);
for (const d of largestDocuments().filter((one) => one.name.includes(want))) {
  const { stalls, ...rest } = await measureDocument(d, { nodeArgs, program });
  console.log(JSON.stringify(rest));
  for (const s of stalls) console.log(s.phase, s.since, Math.round(s.ms), Math.round(s.cpuMs));
}
