// Home: give a recording, and the files of this visit. Knows no answers but their badges.
import { useStore } from "../../api/store.ts";
import { Card, EmotionGlyph, ModelLine, Notice, Page } from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import { intake } from "../../strings/analyse.ts";
import { emotionName } from "../../strings/shell.ts";
import { useAnsweringModel } from "./answering.ts";
import styles from "./home.module.css";
import { type Give, Intake } from "./intake.tsx";
import { UploadList } from "./upload-list.tsx";
import { uploads } from "./uploads.ts";

const MANY = 10;
const SEVEN = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];

export function Home({ isOver, onFiles }: { isOver: boolean; onFiles: Give }) {
  const files = useStore(uploads);
  const model = useAnsweringModel();
  return (
    <Page title={intake.title} lead={intake.lead}>
      <Intake isOver={isOver} onFiles={onFiles} />
      {files.length > 0 && <UploadList files={files} />}
      {files.length > MANY && (
        <p>
          {intake.many} <a href={hrefTo(["batch"])}>{intake.toBatch}</a>
        </p>
      )}
      <Card title={intake.known}>
        <p>{intake.knownLead}</p>
        <ul className={styles.known}>
          {(model?.emotions ?? SEVEN).map((emotion) => (
            <li key={emotion}>
              <EmotionGlyph emotion={emotion} />
              {emotionName(emotion)}
            </li>
          ))}
        </ul>
      </Card>
      {model && <ModelLine model={model.name} />}
      <Notice />
    </Page>
  );
}
