import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Where the API answers while developing in a browser; the desktop program does not use it.
const api = process.env.JITASA_API ?? 'http://127.0.0.1:4180';

export default defineConfig({
  plugins: [svelte()],
  // The desktop host and the browser host both serve the pages from the root of their own origin.
  base: '/',
  clearScreen: false,
  build: {
    target: 'es2022',
    // Fonts and pictures stay files: the content policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    strictPort: true,
    fs: { allow: ['..'] },
    proxy: { '/api': api },
  },
});
