// What the service counts of itself, for Prometheus. Knows routes by their pattern: no name, no id, nobody's words.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Gauges {
  waiting(): number;
  running(): number;
  listeners(): number;
}

export function createMetrics({ waiting, running, listeners }: Gauges) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("undertone_analyses_waiting", "Analyses in the queue", waiting);
  gauge("undertone_analyses_running", "Analyses under way", running);
  gauge("undertone_event_listeners", "Open streams of events", listeners);
  return {
    registry,
    requests: new Histogram({
      name: "undertone_http_request_seconds",
      help: "Time from a request to the end of its answer",
      labelNames: ["method", "route", "status"] as const,
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    analyses: new Histogram({
      name: "undertone_analysis_seconds",
      help: "Time of an analysis, without its waiting",
      labelNames: ["outcome"] as const,
      buckets: [0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60],
      registers,
    }),
    received: new Counter({
      name: "undertone_received_bytes_total",
      help: "Bytes of sound received",
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
