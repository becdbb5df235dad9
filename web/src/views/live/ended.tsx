// After the microphone: keep what was heard as a recording, or let it go. Knows a name, no service.
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Actions, Button, Card, Field } from "../../parts/index.ts";
import { live as words } from "../../strings/live.ts";
import type { Live } from "./state.ts";

export function Ended({
  live,
  onKeep,
  onLetGo,
}: {
  live: Live;
  onKeep: (name: string) => void;
  onLetGo: () => void;
}) {
  const [name, setName] = useState(() => words.defaultName(new Date()));
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onKeep(name.trim());
  };
  return (
    <form onSubmit={submit}>
      <Card title={words.ended}>
        {live.unplugged && <p role="alert">{words.unplugged}.</p>}
        <p>{words.endedText(live.seconds)}</p>
        <Field label={words.name}>
          <input ref={field} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Actions>
          <Button type="submit" variant="primary" busy={live.step === "keeping"}>
            {words.keep}
          </Button>
          <Button variant="danger" onClick={onLetGo}>
            {words.letGo}
          </Button>
        </Actions>
      </Card>
    </form>
  );
}
