// The machine that a measurement was taken on, in words. Knows the operating system, no measurement.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, availableParallelism, cpus, platform } from "node:os";

export interface Machine {
  bench: "machine";
  cpu: string;
  /** Cores that this process may use. */
  cores: number;
  system: string;
  node: string;
  onnxruntime: string;
}

export function machine(): Machine {
  const manifest = createRequire(import.meta.url).resolve("onnxruntime-node/package.json");
  return {
    bench: "machine",
    cpu: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    onnxruntime: JSON.parse(readFileSync(manifest, "utf8")).version,
  };
}
