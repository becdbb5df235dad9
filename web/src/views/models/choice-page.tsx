// Which model answers new recordings: each with what it is worth on voices it never heard. Knows the list of models.
import { useEffect } from "react";
import { api } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { useStore } from "../../api/store.ts";
import type { ModelSummary } from "../../api/types.ts";
import { ButtonLink, EmptyState, ErrorState, Notice, Page, SkeletonLines, toast } from "../../parts/index.ts";
import { hrefTo } from "../../router.ts";
import { models as shared } from "../../shell/service.ts";
import { formatBytes, formatCount, languageName, listOf } from "../../strings/format.ts";
import { formatScore, models as words } from "../../strings/models.ts";
import { useAnsweringModel } from "../analyse/answering.ts";
import { chosenModel } from "./choice.ts";
import { Interval } from "./interval.tsx";
import styles from "./models.module.css";

export function Choice() {
  const known = useStore(shared);
  const { data, error, loading, reload } = useResource("models", (signal) => api.models(signal));
  useEffect(() => {
    if (data) shared.set(data);
  }, [data]);
  const models = data ?? known;
  return (
    <Page title={words.title} lead={words.lead}>
      {error && <ErrorState title={words.failed} error={error} retry={reload} />}
      {!models && loading && <SkeletonLines lines={6} height="4rem" />}
      {models?.length === 0 && <EmptyState title={words.empty}>{words.emptyText}</EmptyState>}
      {models && models.length > 0 && <Models models={models} />}
      <Notice />
    </Page>
  );
}

function Models({ models }: { models: readonly ModelSummary[] }) {
  const current = useAnsweringModel()?.name;
  return (
    <fieldset className={styles.models}>
      <legend>{words.choice}</legend>
      {models.map((model) => (
        <Model
          key={model.name}
          model={model}
          isChosen={model.name === current}
          onChoose={() => {
            chosenModel.set(model.isDefault ? null : model.name);
            toast(words.chosen(model.name));
          }}
        />
      ))}
    </fieldset>
  );
}

function Model({
  model,
  isChosen,
  onChoose,
}: {
  model: ModelSummary;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const { name, id, isDefault, unseen, emotions, bytes, parameters, languages, corpora, licence } = model;
  const facts: [string, string][] = [
    [words.languages, languages.length > 0 ? listOf(languages.map(languageName)) : words.unknown],
    [words.corpora, corpora.length > 0 ? listOf(corpora) : words.unknown],
    [words.parameters, parameters === null ? words.unknown : formatCount(parameters)],
    [words.size, formatBytes(bytes)],
    [words.licence, licence ?? words.unknown],
  ];
  return (
    <div className={styles.model} data-chosen={isChosen || undefined}>
      <label className={styles.pick}>
        <input type="radio" name="model" checked={isChosen} onChange={onChoose} />
        <span>
          <strong>{name}</strong> <small>{id}</small>
          {isDefault && <small className={styles.tag}>{words.byDefault}</small>}
        </span>
      </label>
      <div className={styles.worth}>
        <span className={styles.label}>{words.unseen}</span>
        {unseen ? (
          <>
            <p className={styles.figure}>
              <strong>{formatScore(unseen.wa)}</strong> {words.right}
            </p>
            <Interval score={unseen} chance={1 / emotions.length} isRange={unseen.parts > 1} />
            <p className={styles.hint}>{words.protocol(unseen.protocol, unseen.heldOut)}</p>
          </>
        ) : (
          <>
            <p className={styles.figure}>
              <strong>{words.notMeasured}</strong>
            </p>
            <p className={styles.hint}>{words.notMeasuredText}</p>
          </>
        )}
      </div>
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div>
        <ButtonLink small href={hrefTo(["models", name])} aria-label={words.card(name)}>
          {words.cardLink}
        </ButtonLink>
      </div>
    </div>
  );
}
