// A model's card as a page. Knows the card; where it says nothing, the page says that it is not known.
import { isUnseenVoice } from "../../../../src/speech/index.ts";
import { address, api } from "../../api/client.ts";
import { ServiceError } from "../../api/problem.ts";
import { useResource } from "../../api/resource.ts";
import { useStore } from "../../api/store.ts";
import type { ModelCard } from "../../api/types.ts";
import {
  Button,
  ButtonLink,
  Card,
  EmotionBadge,
  EmptyState,
  ErrorState,
  Page,
  SkeletonLines,
  toast,
} from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import { models as shared } from "../../shell/service.ts";
import { formatCount, formatDuration, formatPercent, languageName, listOf } from "../../strings/format.ts";
import { models as words } from "../../strings/models.ts";
import { useAnsweringModel } from "../analyse/answering.ts";
import { chosenModel } from "./choice.ts";
import styles from "./models.module.css";
import { Score } from "./score.tsx";

export function CardPage({ name }: { name: string }) {
  const { data, error, reload } = useResource(name, (signal) => api.card(name, signal));
  const back = <ButtonLink href={hrefTo(["models"])}>{words.back}</ButtonLink>;
  if (!data) {
    const isGone = error instanceof ServiceError && error.status === 404;
    return (
      <Page title={name} actions={back}>
        {isGone && <EmptyState title={words.notFound} />}
        {error && !isGone && <ErrorState title={words.cardFailed} error={error} retry={reload} />}
        {!error && <SkeletonLines lines={8} height="3rem" />}
      </Page>
    );
  }
  return (
    <Page
      title={name}
      lead={data.architecture ?? undefined}
      actions={
        <>
          {back}
          <Use name={name} />
          <ButtonLink href={address.model(name)} download>
            {words.download}
          </ButtonLink>
        </>
      }
    >
      <Card title={words.notice}>
        <p className={styles.notice}>{data.notice}</p>
      </Card>
      <Scores card={data} />
      <Corpora card={data} />
      <About card={data} />
    </Page>
  );
}

function Use({ name }: { name: string }) {
  const isDefault = useStore(shared)?.some((model) => model.name === name && model.isDefault);
  const isCurrent = useAnsweringModel()?.name === name;
  return (
    <Button
      variant="primary"
      disabled={isCurrent}
      onClick={() => {
        chosenModel.set(isDefault ? null : name);
        toast(words.chosen(name));
      }}
    >
      {isCurrent ? words.inUse : words.use}
    </Button>
  );
}

function Scores({ card: { scores, emotions } }: { card: ModelCard }) {
  const unseen = scores.filter(isUnseenVoice);
  const seen = scores.filter((score) => !isUnseenVoice(score));
  const chance = 1 / emotions.length;
  return (
    <>
      <Card title={words.scoresUnseen}>
        {unseen.length === 0 ? (
          <p>
            <strong>{words.notMeasured}.</strong> {words.notMeasuredText}
          </p>
        ) : (
          <>
            <p className={styles.hint}>{words.scoresUnseenText}</p>
            <div className={styles.scores}>
              {unseen.map((score) => (
                <Score key={`${score.protocol} ${score.heldOut}`} score={score} chance={chance} />
              ))}
            </div>
          </>
        )}
      </Card>
      {seen.length > 0 && (
        <Card title={words.scoresSeen}>
          <p className={styles.hint}>{words.scoresSeenText}</p>
          <div className={styles.scores}>
            {seen.map((score) => (
              <Score key={`${score.protocol} ${score.heldOut}`} score={score} chance={chance} />
            ))}
          </div>
        </Card>
      )}
    </>
  );
}

function Corpora({ card: { corpora } }: { card: ModelCard }) {
  return (
    <Card title={words.corporaTitle}>
      {corpora.length === 0 ? (
        <p>{words.noCorpora}</p>
      ) : (
        <ul className={styles.corpora}>
          {corpora.map(({ name, speakers, clips, languages, licence }) => (
            <li key={name}>
              <h3>{name}</h3>
              <p>{words.corpusLine(speakers, clips, listOf(languages.map(languageName)))}</p>
              <p className={styles.hint}>
                {words.licence}: {licence}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function About({ card }: { card: ModelCard }) {
  const { version, features, architecture, parameters, threshold, usual, window, hop, training, licence } =
    card;
  const facts: [string, string][] = [
    [words.version, version ?? words.unknown],
    [words.features, features ?? words.unknown],
    [words.architecture, architecture ?? words.unknown],
    [words.parameters, parameters === null ? words.unknown : formatCount(parameters)],
    [words.window, words.windowText(formatDuration(window), formatDuration(hop))],
    [words.threshold, threshold === null ? words.noThreshold : formatPercent(threshold)],
    ...(usual ? ([[words.unlike, words.unlikeText(usual.limit)]] as [string, string][]) : []),
    [words.licence, licence ?? words.unknown],
  ];
  return (
    <Card title={words.about}>
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.badges}>
        {card.emotions.map((emotion) => (
          <EmotionBadge key={emotion} emotion={emotion} />
        ))}
      </div>
      {training && (
        <div>
          <h3>{words.training}</h3>
          <p>
            <code className={styles.command}>{training.command}</code>
          </p>
          <p className={styles.hint}>
            {words.commit} <code>{training.commit}</code>, {words.seed} {training.seed}
          </p>
        </div>
      )}
    </Card>
  );
}
