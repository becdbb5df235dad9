// How the page is built: hashed files in dist/page, each with its .br and .gz beside it. Knows Vite and Node, no views.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync, constants as zlib } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const SERVICE = process.env.UNDERTONE_SERVICE ?? "http://127.0.0.1:8787";
const COMPRESSIBLE = /\.(js|css|html|svg)$/;

/** Compressed once here, so that the service only has to send files. */
function precompress(): Plugin {
  let folder = "";
  return {
    name: "undertone-precompress",
    apply: "build",
    configResolved(config) {
      folder = fileURLToPath(new URL(config.build.outDir, `file://${config.root}/`));
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      await Promise.all(
        entries
          .filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name))
          .map(async (entry) => {
            const path = join(entry.parentPath, entry.name);
            const bytes = await readFile(path);
            const br = brotliCompressSync(bytes, { params: { [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
            await Promise.all([
              writeFile(`${path}.br`, br),
              writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 })),
            ]);
          }),
      );
    },
  };
}

// Whoever builds builds for people: from a test, say, NODE_ENV is something else, and React would come with its tools.
const forPeople: Plugin = {
  name: "undertone-for-people",
  apply: "build",
  config() {
    process.env.NODE_ENV = "production";
  },
};

const config = defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [forPeople, react(), precompress()],
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    // light-dark(), nested rules and :has() as they are.
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
    // The service's content policy allows files of its own only: nothing becomes a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: {
    proxy: { "/api": { target: SERVICE, ws: true }, "/healthz": SERVICE, "/readyz": SERVICE },
  },
});

// biome-ignore lint/style/noDefaultExport: Vite reads the default export
export default config;
