// The two dialogs of a recording: its note, and deleting it. Know words and forms; others act.
import { type FormEvent, useId, useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import type { Recording } from "../../api/types.ts";
import { Button, Dialog, Field } from "../../parts/index.ts";
import { history } from "../../strings/history.ts";

/** @param save rejects where the service refuses; the dialog then stays, with what was written */
export function NoteDialog({
  recording,
  onClose,
  save,
}: {
  recording: Recording | null;
  onClose: () => void;
  save: (recording: Recording, note: string) => Promise<void>;
}) {
  const form = useId();
  const { busy, error, run } = useAction(onClose);
  return (
    <Dialog
      open={recording !== null}
      onClose={onClose}
      title={recording ? history.noteOf(recording.name) : ""}
      actions={
        <Button type="submit" form={form} variant="primary" busy={busy}>
          {history.saveNote}
        </Button>
      }
    >
      <form
        id={form}
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          const text = String(new FormData(event.currentTarget).get("note")).trim();
          if (recording) run(() => save(recording, text));
        }}
      >
        <Field label={history.note} error={error}>
          <textarea
            name="note"
            rows={5}
            maxLength={10_000}
            defaultValue={recording?.note}
            autoFocus
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
                event.currentTarget.form?.requestSubmit();
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}

export function DeleteDialog({
  recording,
  onClose,
  remove,
}: {
  recording: Recording | null;
  onClose: () => void;
  remove: (recording: Recording) => Promise<void>;
}) {
  const { busy, error, run } = useAction(onClose);
  return (
    <Dialog
      open={recording !== null}
      onClose={onClose}
      title={history.deleteTitle}
      actions={
        <Button variant="danger" busy={busy} onClick={() => recording && run(() => remove(recording))}>
          {history.deleteYes}
        </Button>
      }
    >
      <p>{recording && history.deleteText(recording.name)}</p>
      {error && <p role="alert">{error}</p>}
    </Dialog>
  );
}

/** Something that a dialog does before it closes: it waits for it, and stays open where it fails. */
function useAction(onDone: () => void) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  async function act(action: () => Promise<void>) {
    setBusy(true);
    setError(undefined);
    try {
      await action();
      onDone();
    } catch (cause) {
      setError(sentenceOf(cause));
    } finally {
      setBusy(false);
    }
  }
  return { busy, error, run: (action: () => Promise<void>) => void act(action) };
}
