// A client that costs little, so that what is measured is the service. Knows HTTP and the form of an upload, no results.
import { Agent, type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Reads so many bytes of the answer at most, then hangs up: streams of events have no end. */
  most?: number;
}

/** Connections that are kept open and used again. */
export class Client {
  readonly #address: URL;
  readonly #agent: Agent;

  constructor(address: string, connections: number) {
    this.#address = new URL(address);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @param path as it stands in the request: not made an address of, so that it can be wrong */
  ask(path: string, { method = "GET", headers, body, most }: Sent = {}): Promise<Answer> {
    const { hostname, port } = this.#address;
    return new Promise((done, fail) => {
      const sent = request({ hostname, port, path, method, headers, agent: this.#agent }, (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        const end = () =>
          done({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks) });
        answer.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (most === undefined || bytes < most) return;
          end();
          answer.destroy();
        });
        answer.on("end", end);
        answer.on("error", fail);
      });
      sent.on("error", fail);
      sent.end(body);
    });
  }

  async json<T>(path: string): Promise<T> {
    const { status, body } = await this.ask(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    return JSON.parse(body.toString());
  }

  close(): void {
    this.#agent.destroy();
  }
}

const BOUNDARY = "undertone-bench-boundary";

/** An upload, ready to be sent. */
export function uploadOf(sound: Uint8Array, name: string, fields: Record<string, string> = {}): Sent {
  const parts = Object.entries(fields).map(
    ([field, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const head =
    `${parts.join("")}--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
    "Content-Type: audio/wav\r\n\r\n";
  const body = Buffer.concat([Buffer.from(head), sound, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  const headers = {
    "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
    "content-length": String(body.length),
  };
  return { method: "POST", headers, body };
}

/** So many workers take items until none is left. */
export async function together<T>(
  items: Iterable<T>,
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const one = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: workers }, one));
}
