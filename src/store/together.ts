// Work that costs the same for one and for many: what comes while it is done is done next, together. Knows no work.

interface Waiting<In, Out> {
  item: In;
  done(result: Out): void;
  fail(error: unknown): void;
}

/** @param work does a list, and gives the results in its order */
export function together<In, Out>(work: (items: In[]) => Promise<Out[]>): (item: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = [];
  let isWorking = false;

  async function go(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      const now = waiting;
      waiting = [];
      try {
        const results = await work(now.map(({ item }) => item));
        for (const [i, { done }] of now.entries()) done(results[i]!);
      } catch (error) {
        for (const { fail } of now) fail(error);
      }
    }
    isWorking = false;
  }

  return (item) =>
    new Promise((done, fail) => {
      waiting.push({ item, done, fail });
      if (!isWorking) go();
    });
}
