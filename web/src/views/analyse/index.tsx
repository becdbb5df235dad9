// The view that takes recordings and shows what was heard: home, and a recording's own address. Knows where files come from.
import { useCallback, useEffect, useState } from "react";
import { useStore } from "../../api/store.ts";
import { toast } from "../../parts/index.ts";
import { hrefTo, navigate } from "../../router.ts";
import { service } from "../../shell/service.ts";
import type { ViewProps } from "../../shell/views.ts";
import { intake } from "../../strings/analyse.ts";
import { answeringModel } from "./answering.ts";
import { filesOf, sift } from "./gather.ts";
import { Home } from "./home.tsx";
import { remember } from "./known.ts";
import { RecordingView } from "./recording.tsx";
import { Sending } from "./sending.tsx";
import { addUploads, uploads } from "./uploads.ts";

export function View({ path }: ViewProps) {
  const id = path[0];
  const [sending, setSending] = useState<number | null>(null);
  const one = useStore(uploads).find(({ key }) => key === sending);

  const give = useCallback((files: readonly File[]) => {
    const { kept, leftOut } = sift(files);
    const limit = service.get()?.limits.bytes ?? Number.POSITIVE_INFINITY;
    const fitting = kept.filter(({ size }) => size <= limit);
    for (const { name } of kept.filter(({ size }) => size > limit)) {
      toast(intake.tooLarge(name, limit), { kind: "error" });
    }
    if (kept.length === 0) toast(intake.nothing, { kind: "error" });
    else if (leftOut > 0) toast(intake.leftOut(leftOut));
    if (fitting.length === 0) return;
    const keys = addUploads(fitting, answeringModel()?.name);
    setSending(keys.length === 1 ? keys[0]! : null);
    if (keys.length > 1) navigate("#/");
  }, []);

  // One file leads to its own page as soon as it has one.
  useEffect(() => {
    if (!one?.recording) return;
    remember(one.recording);
    setSending(null);
    navigate(hrefTo(["recordings", one.recording.id]));
  }, [one?.recording]);

  const isOver = useDropAndPaste(give);
  if (one) return <Sending upload={one} onAway={() => setSending(null)} onFiles={give} />;
  if (id) return <RecordingView key={id} id={id} isOver={isOver} onFiles={give} />;
  return <Home isOver={isOver} onFiles={give} />;
}

/** Files dropped or pasted anywhere on the view. Gives whether some are held over it now. */
function useDropAndPaste(give: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
    const onOver = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = async (event: DragEvent) => {
      if (!event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      give(await filesOf(event.dataTransfer));
    };
    const onPaste = async (event: ClipboardEvent) => {
      if (!event.clipboardData?.types.includes("Files")) return;
      event.preventDefault();
      give(await filesOf(event.clipboardData));
    };
    addEventListener("dragover", onOver);
    addEventListener("dragleave", onLeave);
    addEventListener("drop", onDrop);
    addEventListener("paste", onPaste);
    return () => {
      removeEventListener("dragover", onOver);
      removeEventListener("dragleave", onLeave);
      removeEventListener("drop", onDrop);
      removeEventListener("paste", onPaste);
    };
  }, [give]);
  return isOver;
}
