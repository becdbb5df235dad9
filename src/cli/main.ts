#!/usr/bin/env node
// The command `undertone`: finds the command that is called, loads it alone, and turns errors into exit codes.
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT, UsageError } from "./errors.ts";
import { err, filled, oneLine, say, textWidth } from "./output.ts";

/** A command's file: adds the command to the program. */
interface CommandModule {
  register(program: Command): void;
}

/** Every command, in the order of the help: what it is called, what it is for, and where it lives. */
const COMMANDS: { name: string; summary: string; load: () => Promise<CommandModule> }[] = [
  {
    name: "analyze",
    summary: "say how the voices in files and folders sound",
    load: () => import("./analyze.ts"),
  },
  {
    name: "serve",
    summary: "open the page and the service: drop a recording, speak, look back",
    load: () => import("./serve.ts"),
  },
  {
    name: "voice",
    summary: "how one person usually sounds, for analyze --voice",
    load: () => import("./voice.ts"),
  },
  {
    name: "card",
    summary: "what a model is, and how it scores on voices it never heard",
    load: () => import("./card.ts"),
  },
  {
    name: "corpora",
    summary: "what is known of each corpus; what a folder holds and lacks",
    load: () => import("./corpora.ts"),
  },
  {
    name: "train",
    summary: "train a recipe on a data folder, into a model and a report",
    load: () => import("./train.ts"),
  },
  {
    name: "evaluate",
    summary: "measure a model on a data folder",
    load: () => import("./evaluate.ts"),
  },
  {
    name: "crossval",
    summary: "train a recipe once a fold, and measure it on what it never heard",
    load: () => import("./crossval.ts"),
  },
  {
    name: "bench",
    summary: "this machine against the peers that are installed",
    load: () => import("./bench.ts"),
  },
  { name: "demo", summary: "hear a sample and read the answer", load: () => import("./demo.ts") },
];

const HELP = `
Examples:
  undertone demo                              hear a sample and read the answer
  undertone analyze interview.mp3 --timeline  one file, and how it changes
  undertone analyze calls/ --csv > calls.csv  a folder, as a table
  undertone card universal                    what a model is, and its scores

"undertone help COMMAND" tells more of each command, with examples.

Exit codes: 0 every input was answered; 1 some were not (each is named on standard error, with the reason);
2 the call itself is wrong.`;

async function main(args: string[]): Promise<void> {
  const program = new Command("undertone")
    .description("Hears the emotion beneath the words: estimates how a voice sounds to listeners.")
    .version(version())
    .helpCommand("help [command]", "tell more of a command")
    .addHelpText("after", HELP)
    .configureOutput({
      getOutHelpWidth: () => textWidth(process.stdout),
      getErrHelpWidth: () => textWidth(process.stderr),
      // Commander wraps what it says of options and arguments, not the text around.
      writeOut: (text) => process.stdout.write(filled(text, textWidth(process.stdout))),
      writeErr: (text) => process.stderr.write(filled(text, textWidth(process.stderr))),
      outputError: (text) => process.stderr.write(text.replace(/^error: /, `${err.red("undertone:")} `)),
    })
    .showHelpAfterError('("undertone help COMMAND" tells how it is called)')
    .exitOverride();
  // The options of the program itself take no values, so the first word is the command.
  const words = args.filter((arg) => !arg.startsWith("-"));
  const called = words[0] === "help" ? words[1] : words[0];
  for (const { name, summary, load } of COMMANDS) {
    if (name === called) (await load()).register(program);
    else program.command(name).summary(summary);
  }
  for (const command of program.commands) hintAfterError(command, "undertone");
  // Of "help nothing" and "nothing --help" Commander would say all there is, and not that there is no such command.
  const known = called === undefined || called === "help" || COMMANDS.some(({ name }) => name === called);
  await program.parseAsync(known ? args : [called], { from: "user" });
}

/** After an error, names the help of the very command; so of those below it. */
function hintAfterError(command: Command, above: string): void {
  const call = `${above} ${command.name()}`;
  command.showHelpAfterError(`("${call} --help" tells how it is called)`);
  for (const below of command.commands) hintAfterError(below, call);
}

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

/** What an error means for the exit code; says it on standard error. */
function report(error: unknown): number {
  // Commander has written its own message; help and version that were asked for end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.answered : EXIT.wrongCall;
  if (error instanceof UsageError) {
    say(`${err.red("undertone:")} ${oneLine(error.message)}`);
    return EXIT.wrongCall;
  }
  const { stack, message } = error instanceof Error ? error : { stack: undefined, message: String(error) };
  const hint = process.env.UNDERTONE_DEBUG ? "" : " (UNDERTONE_DEBUG=1 shows where)";
  say(`${err.red("undertone:")} stopped: ${oneLine(message)}${hint}`);
  if (process.env.UNDERTONE_DEBUG && stack) say(stack);
  return EXIT.someUnanswered;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads may have read enough (`undertone ... | head`): that is no error of anybody's.
  if (error.code === "EPIPE") process.exit();
  say(`${err.red("undertone:")} the output cannot be written: ${oneLine(error.message)}`);
  process.exit(EXIT.someUnanswered);
});
// Nobody is left to be told.
process.stderr.on("error", () => {});

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
