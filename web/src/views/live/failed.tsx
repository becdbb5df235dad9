// Why it does not listen, and what to do about it. Knows failures, no microphone.
import { ErrorState } from "../../parts/index.ts";
import { live as words } from "../../strings/live.ts";
import { microphone } from "../../strings/microphone.ts";
import type { Failure } from "./state.ts";

export function Failed({ failure, seconds }: { failure: Failure; seconds: number }) {
  if (failure.kind === "microphone") {
    return <ErrorState title={microphone.title} error={microphone.explain[failure.problem]} />;
  }
  if (failure.kind === "refused") return <ErrorState title={words.refused} error={failure.message} />;
  return <ErrorState title={words.lost} error={words.lostText(seconds)} />;
}
