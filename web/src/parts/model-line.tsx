// The short form of a model's card, to stand beside an answer. Knows the card, no answers.
import { modelName, unseenOf, useCard } from "../api/cards.ts";
import type { ModelCard } from "../api/types.ts";
import { hrefTo } from "../router.ts";
import { modelLine } from "../strings/model-line.ts";
import { Card } from "./layout.tsx";
import styles from "./model-line.module.css";
import { ErrorState } from "./states.tsx";
import { SkeletonLines } from "./waiting.tsx";

/** @param model name, with or without its version */
export function ModelLine({ model }: { model: string }) {
  const { data: card, error, reload } = useCard(model);
  return (
    <Card title={modelLine.title} aside={<a href={hrefTo(["models", modelName(model)])}>{modelLine.more}</a>}>
      <p>{model}</p>
      {card ? <Lines card={card} /> : error ? <ErrorState error={error} retry={reload} /> : <SkeletonLines />}
    </Card>
  );
}

function Lines({ card }: { card: ModelCard }) {
  const unseen = unseenOf(card);
  const languages = [...new Set(card.corpora.flatMap((corpus) => corpus.languages))];
  return (
    <dl className={styles.list}>
      <div>
        <dt>{modelLine.trainedOn}</dt>
        {card.corpora.length === 0 && <dd>{modelLine.unknown}</dd>}
        {card.corpora.map(({ name, speakers, clips }) => (
          <dd key={name}>{modelLine.corpus(name, speakers, clips)}</dd>
        ))}
        {languages.length > 0 && <dd>{modelLine.languages(languages)}</dd>}
      </div>
      <div>
        <dt>{modelLine.unseen}</dt>
        <dd>{unseen ? modelLine.score(unseen.low, unseen.high) : modelLine.notMeasured}</dd>
        {unseen && <dd>{modelLine.heldOut(unseen.heldOut)}</dd>}
      </div>
      <div>
        <dt>{modelLine.weak}</dt>
        <dd>
          {unseen?.weakest.map(({ emotion, recall }) => modelLine.recall(emotion, recall)).join(", ") ||
            modelLine.notMeasured}
        </dd>
      </div>
      <div>
        <dt>{modelLine.licence}</dt>
        <dd>{card.licence ?? modelLine.unknown}</dd>
      </div>
    </dl>
  );
}
