// A queue between a producer that pushes and a reader that asks. Knows no platform.

/** Blocks on their way to one reader; says when there are enough, so that memory stays bounded. */
export class BlockQueue implements AsyncIterable<Float32Array> {
  private readonly limit: number;
  private readonly onRoom: () => void;
  private blocks: Float32Array[] = [];
  private held = 0;
  private ended = false;
  private error: unknown;
  private wake: (() => void) | undefined;

  /** @param limit samples held at which the queue is full @param onRoom called when a full queue has room again */
  constructor(limit: number, onRoom: () => void) {
    this.limit = limit;
    this.onRoom = onRoom;
  }

  get full(): boolean {
    return this.held >= this.limit;
  }

  push(block: Float32Array): void {
    this.blocks.push(block);
    this.held += block.length;
    this.wake?.();
  }

  /** No more blocks; what is held can still be read. */
  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** No more blocks, because of `error`: the reader gets it at once, before what is held. */
  fail(error: unknown): void {
    if (this.ended) return;
    this.error = error;
    this.blocks = [];
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Float32Array> {
    for (;;) {
      const block = this.blocks.shift();
      if (block) {
        const wasFull = this.full;
        this.held -= block.length;
        if (wasFull && !this.full) this.onRoom();
        yield block;
      } else if (this.ended) {
        if (this.error !== undefined) throw this.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        this.wake = undefined;
      }
    }
  }
}
