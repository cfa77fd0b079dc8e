import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc in a second: USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function processes() {
  const all = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name stands in brackets and may hold anything; after it come the state, the parent and the rest.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      all.push({ pid: Number(pid), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It has ended meanwhile.
    }
  }
  return all;
}

/** Seconds of user and system time that a process and its children have taken so far. */
export function cpuSeconds(pid) {
  const all = processes();
  const sum = (of) =>
    all.filter(({ parent }) => parent === of).reduce((ticks, child) => ticks + sum(child.pid), ticksOf(of));
  const ticksOf = (of) => all.find((one) => one.pid === of)?.ticks ?? 0;
  return sum(pid) / TICKS_PER_SECOND;
}
