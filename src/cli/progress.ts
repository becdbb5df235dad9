// A progress line on standard error, when that is a terminal. Knows how much is done, not of what.
import { bar, clock, err, shown } from "./output.ts";

const REDRAW_MS = 100;

/** One line that is redrawn; where standard error is no terminal, nothing at all. */
export class Progress {
  readonly #total: number;
  readonly #noun: string;
  readonly #live: boolean;
  readonly #began = performance.now();
  #drawnAt = Number.NEGATIVE_INFINITY;
  #drawn = false;

  /** @param total how many there are to do; 0: not known @param noun of what, such as "files" */
  constructor(total: number, noun: string, stream: { isTTY?: boolean } = process.stderr) {
    this.#total = total;
    this.#noun = noun;
    this.#live = Boolean(stream.isTTY);
  }

  /** @param note what is at work, such as a file's name */
  update(done: number, note = ""): void {
    const now = performance.now();
    if (!this.#live || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const seconds = (now - this.#began) / 1000;
    const rate = done / seconds;
    const left = done > 0 && this.#total > done ? `, ${clock((this.#total - done) / rate)} left` : "";
    const counted = this.#total > 0 ? `${bar(done / this.#total, 20)} ${done}/${this.#total}` : `${done}`;
    // A line that is wider than the window cannot be drawn over: it would pile up.
    const columns = process.stderr.columns || 80;
    const head = `${counted} ${this.#noun}, ${rate.toFixed(1)}/s${left}`.slice(0, columns - 1);
    const room = columns - head.length - 4;
    const tail = room > 4 ? `  ${tailOf(shown(note), room)}` : "";
    process.stderr.write(`\r\x1b[K${head}${err.dim(tail)}`);
    this.#drawn = true;
  }

  /** Takes the line away: before anything else is written, and at the end. */
  clear(): void {
    if (!this.#drawn) return;
    process.stderr.write("\r\x1b[K");
    this.#drawn = false;
    this.#drawnAt = Number.NEGATIVE_INFINITY;
  }
}

/** The end of a name is what tells it from its neighbours. */
function tailOf(text: string, room: number): string {
  return text.length <= room ? text : `…${text.slice(text.length - room + 1)}`;
}
