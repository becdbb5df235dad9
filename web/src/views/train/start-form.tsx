// Starts a run: recipe, epochs, seed. Knows the route that starts one.
import { type FormEvent, useState } from "react";
import { api } from "../../api/client.ts";
import type { Run, Training } from "../../api/types.ts";
import { Button, ErrorState, Field, toast } from "../../parts/index.ts";
import { train as words } from "../../strings/train.ts";
import styles from "./train.module.css";

const LARGEST_SEED = 2 ** 31 - 1;
const MOST_EPOCHS = 1000;

export function StartForm({
  training: { recipes },
  onStarted,
}: {
  training: Training;
  onStarted: (run: Run) => void;
}) {
  const [name, setName] = useState(recipes[0]?.name ?? "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const recipe = recipes.find((one) => one.name === name);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const epochs = String(fields.get("epochs"));
    const seed = String(fields.get("seed"));
    setBusy(true);
    setError(null);
    try {
      const run = await api.startRun({
        recipe: name,
        ...(epochs && { epochs: Number(epochs) }),
        ...(seed && { seed: Number(seed) }),
      });
      toast(words.started(words.runName(run.recipe, run.seed)));
      onStarted(run);
    } catch (cause) {
      setError(cause as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <Field label={words.recipe} hint={recipe?.summary}>
        <select value={name} onChange={(event) => setName(event.target.value)} required>
          {recipes.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </Field>
      <div className={styles.two}>
        <Field label={words.epochs} hint={recipe && words.epochsHint(recipe.epochs)}>
          <input
            name="epochs"
            type="number"
            inputMode="numeric"
            min={1}
            max={MOST_EPOCHS}
            placeholder={String(recipe?.epochs ?? "")}
          />
        </Field>
        <Field label={words.seed} hint={words.seedHint}>
          <input name="seed" type="number" inputMode="numeric" min={0} max={LARGEST_SEED} />
        </Field>
      </div>
      {error && <ErrorState title={words.startFailed} error={error} />}
      <div>
        <Button type="submit" variant="primary" busy={busy} disabled={!recipe}>
          {words.begin}
        </Button>
      </div>
    </form>
  );
}
