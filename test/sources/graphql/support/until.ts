/** Lets a condition come true that real sockets bring about. The bound is against hanging only. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 4_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It never came true: ${holds}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
