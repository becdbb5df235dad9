// Every recording that fits a filter as one JSON file. Knows the API's pages and the browser's way to save a file.
import { api } from "../../api/client.ts";
import type { Recording } from "../../api/types.ts";
import type { Filter } from "./use-recordings.ts";

const PAGE = 200;

/** Saves `undertone-recordings.json`: a list of recordings as the service gives them, newest first. */
export async function exportJson(filter: Filter): Promise<void> {
  const all: Recording[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.recordings({ ...filter, limit: PAGE, ...(cursor && { cursor }) });
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor);
  const href = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = href;
  link.download = "undertone-recordings.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
