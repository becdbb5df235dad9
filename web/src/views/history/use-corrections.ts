// What a person changes about a recording: its label and its note, seen at once, taken back where the service refuses.
import { useCallback } from "react";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Recording } from "../../api/types.ts";
import { toast } from "../../parts/index.ts";
import { history } from "../../strings/history.ts";
import { emotionName } from "../../strings/shell.ts";

export type Corrections = {
  /** @param label null takes the correction back */
  label(recording: Recording, label: string | null): void;
  /** Rejects where it could not be saved. */
  note(recording: Recording, note: string): Promise<void>;
};

/** @param put shows a recording as it is now */
export function useCorrections(put: (recording: Recording) => void): Corrections {
  const label = useCallback(
    (recording: Recording, label: string | null) => {
      if (recording.label === label) return;
      const set = async (to: string | null, from: string | null) => {
        put({ ...recording, label: to });
        try {
          put(await api.patch(recording.id, { label: to }));
          return true;
        } catch (error) {
          put({ ...recording, label: from });
          toast(sentenceOf(error), { kind: "error" });
          return false;
        }
      };
      void set(label, recording.label).then((isSaved) => {
        if (!isSaved) return;
        const said = label === null ? history.unlabelled : history.labelled(emotionName(label));
        toast(said, { action: { label: history.undo, run: () => void set(recording.label, label) } });
      });
    },
    [put],
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
