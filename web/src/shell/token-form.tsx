// Asks for the service's token where it wants one. Knows the login route.
import { type FormEvent, useState } from "react";
import { api } from "../api/client.ts";
import { ServiceError, sentenceOf } from "../api/problem.ts";
import { needToken } from "../api/session.ts";
import { Button, Field, Page } from "../parts/index.ts";
import { token } from "../strings/shell.ts";
import styles from "./shell.module.css";

export function TokenForm({ onOpen }: { onOpen: () => void }) {
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    try {
      await api.logIn(String(new FormData(event.currentTarget).get("token")).trim());
      needToken(false);
      onOpen();
    } catch (cause) {
      const isWrong = cause instanceof ServiceError && (cause.status === 401 || cause.status === 403);
      setError(isWrong ? token.wrong : sentenceOf(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page title={token.title} lead={token.text}>
      <form className={styles.token} onSubmit={submit}>
        <Field label={token.label} error={error}>
          <input name="token" type="password" autoComplete="current-password" required />
        </Field>
        <div>
          <Button type="submit" variant="primary" busy={busy}>
            {token.enter}
          </Button>
        </div>
      </form>
    </Page>
  );
}
