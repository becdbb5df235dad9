// What a person changes about a recording: its label and its note, seen at once, taken back where the service refuses.
import { useCallback } from "react";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Recording } from "../../api/types.ts";
import { toast } from "../../parts/index.ts";
import { history } from "../../strings/history.ts";
import { emotionName } from "../../strings/shell.ts";
import type { Wish } from "./recordings.ts";
import { saveLabel } from "./save-label.ts";
import type { RecordingList } from "./use-recordings.ts";

export type Corrections = {
  /** @param label null takes the correction back */
  label(recording: Recording, label: string | null): void;
  /** Rejects where it could not be saved. */
  note(recording: Recording, note: string): Promise<void>;
};

/** `put` shows a recording as the service has it; a label that is wished is shown until that is settled. */
export function useCorrections({
  put,
  wish,
  settle,
}: Pick<RecordingList, "put" | "wish" | "settle">): Corrections {
  const set = useCallback(
    async (id: string, label: string | null) => {
      const mine: Wish = { label };
      wish(id, mine);
      try {
        put(await saveLabel(id, label));
        return true;
      } catch (error) {
        toast(sentenceOf(error), { kind: "error" });
        return false;
      } finally {
        settle(id, mine);
      }
    },
    [put, wish, settle],
  );
  const label = useCallback(
    ({ id, label: before }: Recording, label: string | null) => {
      if (before === label) return;
      void set(id, label).then((isSaved) => {
        if (!isSaved) return;
        const said = label === null ? history.unlabelled : history.labelled(emotionName(label));
        toast(said, { action: { label: history.undo, run: () => void set(id, before) } });
      });
    },
    [set],
  );
  const note = useCallback(
    async (recording: Recording, text: string) => {
      put(await api.patch(recording.id, { note: text }));
      toast(history.noted);
    },
    [put],
  );
  return { label, note };
}
