// Where many files come in: dropped, chosen, or a folder of them. Knows files, no service.
import { type DragEvent, useRef, useState } from "react";
import { Button, Spinner, toast } from "../../parts/index.ts";
import { batch as words } from "../../strings/batch.ts";
import { filesOf, sift } from "../analyse/gather.ts";
import styles from "./batch.module.css";

export function DropZone({
  busy,
  hint,
  onFiles,
}: {
  busy: boolean;
  hint: string | null;
  onFiles: (files: File[]) => void;
}) {
  const [isOver, setIsOver] = useState(false);
  const [isReading, setIsReading] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const isBusy = busy || isReading;

  function take(all: readonly File[]) {
    const { kept, leftOut } = sift(all);
    if (leftOut > 0) toast(words.leftOut(leftOut));
    if (kept.length > 0) onFiles(kept);
    else toast(words.noAudio, { kind: "error" });
  }

  async function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    if (isBusy) return;
    setIsReading(true);
    try {
      take(await filesOf(event.dataTransfer));
    } catch {
      toast(words.unreadable, { kind: "error" });
    } finally {
      setIsReading(false);
    }
  }

  return (
    <section
      className={styles.drop}
      data-over={isOver || undefined}
      aria-label={words.drop}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
      }}
      onDrop={(event) => void drop(event)}
    >
      <p className={styles.call}>{isOver ? words.dropHere : words.drop}</p>
      <div className={styles.choose}>
        <Button variant="primary" busy={isBusy} onClick={() => files.current?.click()}>
          {words.files}
        </Button>
        <Button busy={isBusy} onClick={() => folder.current?.click()}>
          {words.folder}
        </Button>
      </div>
      <p className={styles.hint} role="status">
        {isReading ? (
          <>
            <Spinner /> {words.reading}
          </>
        ) : (
          hint
        )}
      </p>
      <input ref={files} type="file" multiple hidden accept="audio/*,video/*" onChange={chosen} />
      <input ref={folder} type="file" hidden {...{ webkitdirectory: "" }} onChange={chosen} />
    </section>
  );

  function chosen(event: React.ChangeEvent<HTMLInputElement>) {
    const all = [...(event.target.files ?? [])];
    event.target.value = "";
    if (all.length > 0) take(all);
  }
}
