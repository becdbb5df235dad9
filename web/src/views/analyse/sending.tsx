// One file on its way: the frame of its answer, waiting to be filled. Knows the uploads, no service.
import { Button, ErrorState, Page } from "../../parts/index.ts";
import { uploads as words } from "../../strings/analyse.ts";
import { AnswerFrame } from "./answer.tsx";
import { type Give, Ways } from "./intake.tsx";
import { stepWord } from "./upload-list.tsx";
import { forget, retry, stop, type Upload } from "./uploads.ts";

export function Sending({ upload, onAway, onFiles }: { upload: Upload; onAway: () => void; onFiles: Give }) {
  const { key, file, state, progress, error } = upload;
  const away = (how: (key: number) => void) => () => {
    how(key);
    onAway();
  };
  if (state === "failed") {
    return (
      <Page title={file.name} actions={<Ways onFiles={onFiles} />}>
        <ErrorState title={words.notRead(file.name)} error={error} retry={() => retry(key)} />
        <div>
          <Button onClick={away(forget)}>{words.remove}</Button>
        </div>
      </Page>
    );
  }
  return (
    <Page
      title={file.name}
      actions={
        <Button variant="quiet" onClick={away(stop)}>
          {words.stop}
        </Button>
      }
    >
      <AnswerFrame
        label={stepWord[state === "waiting" || state === "sending" ? state : "analysing"]}
        progress={state === "waiting" ? 0 : progress}
      />
    </Page>
  );
}
