// `undertone serve`: the page and the service, in one process. Knows options, folders and signals, no routes.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, Option } from "commander";
import { pino } from "pino";
import { ModelError, readModelBytes, readModelFile } from "../recognizer/index.node.ts";
import { type Analysis, createAnalyst, createService, isLoopback, LIMITS } from "../server/index.ts";
import { openStore, StoreError } from "../store/index.ts";
import { orWrongCall, UsageError } from "./errors.ts";
import { modelPath } from "./models.ts";
import { err, out, print, say } from "./output.ts";
import { provenance } from "./provenance.ts";
import { wholeNumber } from "./training-data.ts";
import { openTrainingRuns } from "./training-runs.ts";

// From here they are two folders up, in a checkout and built.
const PAGE = fileURLToPath(new URL("../../dist/page", import.meta.url));
const SHIPPED = fileURLToPath(new URL("../../models", import.meta.url));

/** A token that can be guessed is none. */
const SHORTEST_TOKEN = 16;
const LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

interface Options {
  host: string;
  port: number;
  data?: string;
  models?: string;
  model?: string;
  token?: string;
  trainData?: string;
  open: boolean;
  maxBytes: number;
  maxSeconds: number;
  log: (typeof LEVELS)[number];
}

/** @throws UsageError */
function port(text: string): number {
  const value = wholeNumber("--port", 0)(text);
  if (value < 65_536) return value;
  throw new UsageError(`--port is ${value}, expected 0 to 65535`);
}

export function register(program: Command): void {
  program
    .command("serve")
    .description(
      "Open the page and the service: drop a recording, speak, look back. One process; nothing leaves this machine.",
    )
    .option("--host <address>", "where to listen; any but this machine's own needs a token", "127.0.0.1")
    .option("--port <n>", "the port; 0: any that is free", port, 8787)
    .option("--data <dir>", `where recordings are kept (default: ${defaultData()})`)
    .option("--models <dir>", "a folder of more models")
    .option("--model <file>", "the model to hear with where none is chosen (default: the one that ships)")
    .addOption(
      new Option(
        "--token <text>",
        "who asks must know it (default: made and printed where one is needed)",
      ).env("UNDERTONE_TOKEN"),
    )
    .option("--train-data <dir>", "a folder of corpora; the page then trains on it")
    .option("--no-open", "do not open a browser")
    .option("--max-bytes <n>", "of one recording; K, M and G are understood", bytes, LIMITS.bytes)
    .option("--max-seconds <n>", "of one recording", wholeNumber("--max-seconds", 1), LIMITS.seconds)
    .addOption(
      new Option("--log <level>", "what is written to standard error, a line of JSON each")
        .choices(LEVELS)
        .default(process.stderr.isTTY ? "warn" : "info"),
    )
    .addHelpText(
      "after",
      `
The data folder holds the record (SQLite), the sounds, runs of training and the models that they made. One server uses it at a time.
Ctrl-C stops cleanly: what is being heard is finished, or heard again after the next start.

On this machine's own address everyone who uses this machine may ask. On any other, a token is demanded: the page asks
for it once, programs send "Authorization: Bearer TOKEN". Put TLS before it where others can listen.

Examples:
  undertone serve
  undertone serve --data interviews/ --port 9000 --no-open
  undertone serve --train-data data/
  UNDERTONE_TOKEN=... undertone serve --host 0.0.0.0`,
    )
    .action(serve);
}

async function serve(options: Options): Promise<void> {
  const { host, port, log: level } = options;
  // What people say is nobody's else on this machine, whatever the folder allows.
  process.umask(0o077);
  const fallback = resolve(modelPath(options.model));
  await orWrongCall(readable(fallback), ModelError);
  const token = tokenOf(options);
  const learnFrom = options.trainData && resolve(options.trainData);
  if (learnFrom && !existsSync(learnFrom)) {
    throw new UsageError(
      `the folder to learn from, ${JSON.stringify(learnFrom)}, does not exist (--train-data)`,
    );
  }
  const folder = resolve(options.data ?? defaultData());
  const store = await orWrongCall(openStore<Analysis>(folder), StoreError);
  const analyst = createAnalyst();
  const trainer = learnFrom ? openTrainingRuns({ data: learnFrom, runs: join(folder, "runs") }) : undefined;
  const service = await createService({
    ...{ store, analyst, trainer, host, port, token, page: PAGE, version: provenance().version },
    models: { places: [...(options.models ? [resolve(options.models)] : []), SHIPPED], fallback },
    limits: { bytes: options.maxBytes, seconds: options.maxSeconds },
    log: pino({ level }, pino.destination({ dest: 2, sync: true })),
  });
  const address = await service.start().catch(async (error) => {
    await service.stop();
    throw cannotListen(error, options);
  });
  stopOnSignal(async () => {
    await Promise.all([service.stop(), trainer?.close()]);
  });
  print(`Undertone listens at ${out.bold(address)}`);
  if (token !== undefined && options.token === undefined)
    print(`The token, for this time: ${out.bold(token)}`);
  print(out.dim(`Recordings are kept in ${folder}. Ctrl-C stops.`));
  if (options.open && hasScreen()) openBrowser(address);
}

async function readable(path: string): Promise<void> {
  readModelFile(await readModelBytes(path), basename(path));
}

/** None where everyone who could ask is on this machine and none was named. */
function tokenOf({ host, token }: Options): string | undefined {
  if (token === undefined) return isLoopback(host) ? undefined : randomBytes(24).toString("base64url");
  if (token.length >= SHORTEST_TOKEN) return token;
  throw new UsageError(
    `the token has ${token.length} characters, expected ${SHORTEST_TOKEN} or more; leave it out, and one is made`,
  );
}

/** Where programs of this system keep what people made with them. */
function defaultData(): string {
  const { XDG_DATA_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32")
    return join(LOCALAPPDATA || join(homedir(), "AppData", "Local"), "undertone");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "Undertone");
  // XDG Base Directory Specification: a relative path is to be ignored.
  return join(
    XDG_DATA_HOME?.startsWith("/") ? XDG_DATA_HOME : join(homedir(), ".local", "share"),
    "undertone",
  );
}

function bytes(text: string): number {
  const match = /^(\d{1,12})([KMG]?)$/i.exec(text);
  const value = Number(match?.[1]) * 1024 ** " KMG".indexOf(match?.[2]?.toUpperCase() || " ");
  if (match && value >= 1) return value;
  throw new UsageError(`--max-bytes is ${JSON.stringify(text)}, expected a number such as 500000 or 200M`);
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: Options): Error {
  const where = `${host}:${port}`;
  const why: Record<string, string> = {
    EADDRINUSE: "another program listens there; stop it, or choose another --port (0: any that is free)",
    EACCES: "this user may not listen there; choose a --port above 1023",
    EADDRNOTAVAIL: "that is no address of this machine; choose another --host",
    ENOTFOUND: "no such host is known; choose another --host",
  };
  const said = why[error.code ?? ""];
  return said ? new UsageError(`${where} cannot be opened: ${said}`) : error;
}

function stopOnSignal(stop: () => Promise<void>): void {
  let asked = false;
  const onSignal = () => {
    // Whoever asks twice does not want to wait.
    if (asked) process.exit(1);
    asked = true;
    say(err.dim("stopping; once more to stop at once"));
    stop().then(
      () => process.exit(),
      (error: Error) => {
        say(`${err.red("undertone:")} did not stop cleanly: ${error.message}`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
}

/** Somebody sits at this machine. */
function hasScreen(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, CI } = process.env;
  if (!process.stdout.isTTY || SSH_CONNECTION || CI) return false;
  return process.platform !== "linux" || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === "win32"
      ? ["cmd", "/c", "start", "", address]
      : [process.platform === "darwin" ? "open" : "xdg-open", address];
  // The address stands on the screen: where no browser comes, nothing is lost.
  spawn(command!, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
