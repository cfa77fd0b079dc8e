import { defineConfig } from 'vite';

/** The pages are served by the gateway under /sandbox, with no other host involved. */
export default defineConfig({
  base: '/sandbox/',
  build: {
    outDir: '../dist/portal',
    emptyOutDir: true,
    // Monaco alone is larger than Vite's hint allows; it is one lazy page.
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: { input: 'portal/sandbox.html' },
  },
});
