// The list of recordings as it grows by pages and changes by events: a pure reducer. Knows recordings, no React, no HTTP.
import type { Recording, RecordingPage } from "../../api/types.ts";

/** A label that a person chose, while the service has not answered; an object of its own for each choice. */
export type Wish = { readonly label: string | null };

export type Recordings = {
  items: readonly Recording[];
  /** Cursor of the page after the last; null: there is none. */
  next: string | null;
  /** How many fit the filter, as the service counts. */
  total: number;
  /** Ids of recordings that came since the list was loaded. They are announced, not pushed in: nothing jumps. */
  fresh: ReadonlySet<string>;
  /** The newest wish for each id. It is what is shown, whatever the service tells of older ones meanwhile. */
  wished: ReadonlyMap<string, Wish>;
  /** False until the first page is here. */
  loaded: boolean;
};

export const noRecordings: Recordings = {
  items: [],
  next: null,
  total: 0,
  fresh: new Set(),
  wished: new Map(),
  loaded: false,
};

export type RecordingsChange =
  | { type: "loaded"; page: RecordingPage }
  | { type: "more"; page: RecordingPage }
  | { type: "changed"; recording: Recording }
  | { type: "removed"; id: string }
  | { type: "wished"; id: string; wish: Wish }
  /** The service has answered a wish, with yes or no. */
  | { type: "settled"; id: string; wish: Wish };

export function changeRecordings(before: Recordings, change: RecordingsChange): Recordings {
  switch (change.type) {
    case "loaded":
      return { ...change.page, fresh: new Set(), wished: before.wished, loaded: true };
    case "more": {
      // A recording that was added meanwhile moves the pages by one: the same one may come twice.
      const known = new Set(before.items.map(({ id }) => id));
      const items = [...before.items, ...change.page.items.filter(({ id }) => !known.has(id))];
      return { ...before, items, next: change.page.next, total: change.page.total };
    }
    case "changed": {
      const { recording } = change;
      if (before.items.some(({ id }) => id === recording.id)) {
        const items = before.items.map((item) => (item.id === recording.id ? recording : item));
        return { ...before, items };
      }
      // An older one than the newest here is on a page that is not loaded yet, and comes with it.
      const newest = before.items[0]?.created ?? "";
      if (!before.loaded || recording.created < newest || before.fresh.has(recording.id)) return before;
      return { ...before, fresh: new Set([...before.fresh, recording.id]) };
    }
    case "removed": {
      const items = before.items.filter(({ id }) => id !== change.id);
      const fresh = new Set([...before.fresh].filter((id) => id !== change.id));
      const total = before.total - (before.items.length - items.length);
      return { ...before, items, fresh, total };
    }
    case "wished":
      return { ...before, wished: new Map([...before.wished, [change.id, change.wish]]) };
    case "settled": {
      if (before.wished.get(change.id) !== change.wish) return before;
      return { ...before, wished: new Map([...before.wished].filter(([id]) => id !== change.id)) };
    }
  }
}

/** As they are shown: with what is wished. */
export function shownOf({ items, wished }: Recordings): readonly Recording[] {
  return items.map((item) => {
    const wish = wished.get(item.id);
    return wish ? { ...item, label: wish.label } : item;
  });
}

/** The emotion that counts: a person's word before the model's. null: uncertain, or not answered. */
export function emotionOf({ label, analysis }: Recording): string | null {
  return label ?? analysis?.emotion ?? null;
}

/**
 * What a recording can be corrected to, in the order of the keys 1 to 9: what its model could have said.
 *
 * @param others where there is no telling, as in silence: the emotions of the models here
 */
export function emotionsFor({ analysis }: Recording, others: readonly string[]): readonly string[] {
  return analysis?.probabilities ? Object.keys(analysis.probabilities) : others;
}
