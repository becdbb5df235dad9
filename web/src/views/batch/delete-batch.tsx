// Asks before a batch goes with all its recordings. Knows words; others act.
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { Button, Dialog } from "../../parts/index.ts";
import { batch as words } from "../../strings/batch.ts";

/** @param recordings how many would go; null: nothing is asked */
export function DeleteBatch({
  recordings,
  onClose,
  remove,
}: {
  recordings: number | null;
  onClose: () => void;
  remove: () => Promise<void>;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  async function act() {
    setBusy(true);
    setError(undefined);
    try {
      await remove();
    } catch (cause) {
      setError(sentenceOf(cause));
      setBusy(false);
    }
  }
  return (
    <Dialog
      open={recordings !== null}
      onClose={onClose}
      title={words.deleteTitle}
      actions={
        <Button variant="danger" busy={busy} onClick={() => void act()}>
          {words.deleteYes}
        </Button>
      }
    >
      <p>{words.deleteText(recordings ?? 0)}</p>
      {error && <p role="alert">{error}</p>}
    </Dialog>
  );
}
